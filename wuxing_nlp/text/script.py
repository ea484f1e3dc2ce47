"""Which script a text is in, and its one canonical Simplified form with exact source offsets.

Conversion is OpenCC's ``t2s`` and, for lines in Traditional script, a reviewed table of what
``t2s`` leaves: the particle 著, variants, and the vocabulary that converters (``s2twp``) and
Taiwan's usage put in the place of mainland words. Phrase mode (``tw2sp``) is never used: it turns
文件 into 文档 even in Simplified text. A line that is already Simplified is never touched.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from wuxing_nlp.errors import LexiconError
from wuxing_nlp.text import opencc
from wuxing_nlp.text.aligned import AlignedText
from wuxing_nlp.text.characters import clean
from wuxing_nlp.text.glosses import drop_glosses
from wuxing_nlp.text.linebreaks import join_soft_breaks

Script = Literal["simplified", "traditional", "mixed", "neutral"]
Region = Literal["mainland", "taiwan", "hongkong"]

_MIXED_SHARE = 0.1
_QUOTES = str.maketrans("「」『』", "“”‘’")

# Words by which a Traditional text shows where its vocabulary comes from. What plain conversion of
# a mainland text yields (隨着, 裏, 品質) is in neither list, nor what both regions write (透過).
_TAIWAN = re.compile(
    "網路|資訊(?!科技)|網際|軟體|硬體|計畫|專案|最佳化|智慧型|數位[化經政轉]|入口網|程式|行政院|縣府|"
    "議會臨時會|公所|縣市長|著力|沿著|隨著|視窗|線上申辦|民眾"
)
_HONG_KONG = re.compile(
    "本港|政務司|財政司|律政司|立法會|公務員隊伍|資訊科技|巴士|港元|(?<![原開首])創科(?![技研])|屋邨|公屋|居屋|"
    "施政報告|説|税|屬下|轄下|政府統計處|廉政公署|申訴專員"
)
_FEWEST_MARKS = 1 / 3000
"""Regional words a character of text: a few in a long text prove nothing."""


@dataclass(frozen=True, slots=True)
class ScriptProfile:
    """The script of a text, with the counts behind it.

    ``traditional`` and ``simplified`` count the characters that only one of the scripts has;
    ``region`` says whose vocabulary a Traditional or mixed text uses (``None`` otherwise).
    """

    script: Script
    region: Region | None
    traditional: int
    simplified: int


@dataclass(frozen=True, slots=True)
class Variant:
    """One line of the reviewed table: a word in ``t2s`` output and its mainland form.

    ``source == target`` protects a longer word that only looks like an entry. The example and its
    expected form are run by the tests.
    """

    source: str
    target: str
    reason: str
    example: str
    expected: str


@cache
def variants() -> tuple[Variant, ...]:
    """The reviewed table. Raises LexiconError where a line is incomplete or doubled."""
    name = "variants.tsv"
    lines = (files(__package__) / name).read_text(encoding="utf-8").splitlines()
    table: dict[str, Variant] = {}
    for number, row in enumerate(csv.reader(lines[1:], delimiter="\t"), start=2):
        if len(row) != 5 or not all(row):
            raise LexiconError(f"{name}, line {number}: five filled columns expected, {row!r} found")
        if row[0] in table:
            raise LexiconError(f"{name}, line {number}: {row[0]} stands there twice; keep one")
        table[row[0]] = Variant(*row)
    return tuple(table.values())


@cache
def _traditional_only() -> re.Pattern[str]:
    # GB 2312 holds the characters of everyday Simplified text: 乾, 於, 后 … are in it and prove nothing.
    marks = (c for c in opencc.character_table() if len(c.encode("gb2312", "ignore")) != 2)
    return re.compile(f"[{''.join(marks)}]")


@cache
def _simplified_only() -> re.Pattern[str]:
    return re.compile(f"[{''.join(sorted(opencc.simplified_forms()))}]")


@cache
def _characters() -> dict[int, str]:
    return {ord(old): new for old, new in opencc.character_table().items()}


@cache
def _phrases() -> re.Pattern[str]:
    return opencc.longest_match(opencc.phrase_table())


@cache
def _regional() -> tuple[re.Pattern[str], dict[str, str]]:
    table = {entry.source: entry.target for entry in variants()}
    return opencc.longest_match(table), table


def detect_script(text: str) -> ScriptProfile:
    """Count the characters of one script only, and look for regional vocabulary.

    ``neutral``: no character tells. ``mixed``: the rarer script has more than a tenth of those
    that do.
    """
    traditional = len(_traditional_only().findall(text))
    simplified = len(_simplified_only().findall(text))
    if not traditional and not simplified:
        return ScriptProfile("neutral", None, 0, 0)
    share = traditional / (traditional + simplified)
    if share < _MIXED_SHARE:
        return ScriptProfile("simplified", None, traditional, simplified)
    script: Script = "traditional" if share > 1 - _MIXED_SHARE else "mixed"
    return ScriptProfile(script, _region(text), traditional, simplified)


def _region(text: str) -> Region:
    taiwan, hong_kong = len(_TAIWAN.findall(text)), len(_HONG_KONG.findall(text))
    if taiwan + hong_kong <= _FEWEST_MARKS * len(text):
        return "mainland"
    return "taiwan" if taiwan > hong_kong else "hongkong"


def normalise(text: str) -> AlignedText:
    """The canonical form of a text: clean characters, no glosses, whole lines, Simplified script.

    Total on any string, idempotent, and linear in its length. Every character of the result maps
    to a span of ``text`` (see AlignedText.span).
    """
    current = _pass(AlignedText.of(text))
    # A joined line can show a gloss or a word that the break had hidden: go on until nothing moves.
    while (joined := join_soft_breaks(current)) is not current:
        current = _pass(joined)
    return current


def _pass(text: AlignedText) -> AlignedText:
    return to_simplified(drop_glosses(clean(text)))


def to_simplified(text: AlignedText) -> AlignedText:
    """Convert the lines that are not Simplified already; see the module's first lines."""
    content = text.text
    has_traditional = _traditional_only().search(content)
    if not has_traditional and _simplified_only().search(content):
        return text
    lines = content.split("\n")
    regional = [_is_traditional(line) for line in lines]
    text = text.with_characters("\n".join(map(_convert_line, lines, regional)))
    return _mainland_words(text, regional)


def _is_traditional(line: str) -> bool:
    """True for a line with more Traditional than Simplified marks, or with none of either."""
    simplified = len(_simplified_only().findall(line))
    return not simplified or len(_traditional_only().findall(line)) > simplified


def _convert_line(line: str, traditional: bool) -> str:
    """``t2s`` of a line; it never changes the length. A Simplified line keeps its ambiguous
    characters (乾, 於): only characters of Traditional script alone are converted there."""
    if not traditional:
        table = opencc.character_table()
        return _traditional_only().sub(lambda match: table[match.group()], line)
    pieces: list[str] = []
    done = 0
    table_of_phrases = opencc.phrase_table()
    for match in _phrases().finditer(line):
        pieces += (line[done : match.start()].translate(_characters()), table_of_phrases[match.group()])
        done = match.end()
    return "".join([*pieces, line[done:].translate(_characters())]).translate(_QUOTES)


def _mainland_words(text: AlignedText, regional: list[bool]) -> AlignedText:
    """Apply the reviewed table to the lines marked ``regional`` until it finds nothing more."""
    pattern, table = _regional()
    while True:
        edits, at = [], 0
        for line, wanted in zip(text.text.split("\n"), regional, strict=True):
            for match in pattern.finditer(line) if wanted else ():
                if (new := table[match.group()]) != match.group():
                    edits.append((at + match.start(), at + match.end(), new))
            at += len(line) + 1
        if not edits:
            return text
        text = text.edit(edits)
