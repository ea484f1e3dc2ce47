"""Which script a text is in, and its one canonical Simplified form with exact source offsets.

Conversion is OpenCC's ``t2s`` and, for lines in Traditional script, a reviewed table of what
``t2s`` leaves: the particle 著, variants, and the vocabulary that converters (``s2twp``) and
Taiwan's usage put in the place of mainland words. Phrase mode (``tw2sp``) is never used: it turns
文件 into 文档 even in Simplified text. A line that is already Simplified is never touched.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Literal

from wuxing_nlp.errors import LexiconError
from wuxing_nlp.text import opencc
from wuxing_nlp.text.aligned import AlignedText, Edit
from wuxing_nlp.text.characters import clean
from wuxing_nlp.text.glosses import drop_glosses
from wuxing_nlp.text.late_pattern import late_pattern
from wuxing_nlp.text.linebreaks import join_all_breaks, join_soft_breaks
from wuxing_nlp.text.marks import count_marks, simplified_marks, traditional_marks
from wuxing_nlp.text.phrases import Found, Phrases
from wuxing_nlp.text.plain import Simplify, simplifier
from wuxing_nlp.text.settling import settle

Script = Literal["simplified", "traditional", "mixed", "neutral"]
Region = Literal["mainland", "taiwan", "hongkong"]

_FOLDER = Path(__file__).parent
_MIXED_SHARE = 0.1
_QUOTES = {"「": "“", "」": "”", "『": "‘", "』": "’"}

# Words by which a Traditional text shows where its vocabulary comes from. What plain conversion of
# a mainland text yields (隨着, 裏, 品質) is in neither list, nor what both regions write (透過).
_TAIWAN = late_pattern(
    "網路|資訊(?!科技)|網際|軟體|硬體|計畫|專案|最佳化|智慧型|數位[化經政轉]|入口網|程式|行政院|縣府|"
    "議會臨時會|公所|縣市長|著力|沿著|隨著|視窗|線上申辦|民眾"
)
# Every alternative begins with a character of its own: re then skips to where one may begin.
_HONG_KONG = late_pattern(
    "本港|政務司|財政司|律政司|立法會|公務員隊伍|資訊科技|巴士|港元|創(?<![原開首]創)科(?![技研])|屋邨|公屋|居屋|"
    "施政報告|説|税|屬下|轄下|政府統計處|廉政公署|申訴專員"
)
_FEWEST_MARKS = 1 / 3000
"""Regional words a character of text: a few in a long text prove nothing."""
_MOST_ROUNDS = 20
"""How often a text is gone through again; documents need five rounds at most. A text that was made to
need more, one for every line, would take quadratic time."""


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
    lines = (_FOLDER / name).read_text(encoding="utf-8").splitlines()
    table: dict[str, Variant] = {}
    for number, row in enumerate(csv.reader(lines[1:], delimiter="\t"), start=2):
        if len(row) != 5 or not all(row):
            raise LexiconError(f"{name}, line {number}: five filled columns expected, {row!r} found")
        if row[0] in table:
            raise LexiconError(f"{name}, line {number}: {row[0]} stands there twice; keep one")
        table[row[0]] = Variant(*row)
    return tuple(table.values())


def _words() -> dict[str, str]:
    return {entry.source: entry.target for entry in variants()}


@cache
def _mainland_words() -> Phrases:
    return Phrases(_words())


@cache
def _simplifier() -> Simplify:
    return simplifier(_QUOTES, _words())


@cache
def _converter() -> opencc.Converter:
    return opencc.Converter(_QUOTES)


def detect_script(text: str) -> ScriptProfile:
    """Count the characters of one script only, and look for regional vocabulary.

    ``neutral``: no character tells. ``mixed``: the rarer script has more than a tenth of those
    that do.
    """
    traditional, simplified = count_marks(text)
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
    for _ in range(_MOST_ROUNDS):
        joined = join_soft_breaks(current)
        if joined is current:
            return current
        current = _pass(joined)
    return _pass(join_all_breaks(current))


def _pass(text: AlignedText) -> AlignedText:
    return _plain(text) or _ruled(text)


def _ruled(text: AlignedText) -> AlignedText:
    tidy = drop_glosses(clean(text))
    return _plain(tidy) or to_simplified(tidy)


def _plain(text: AlignedText) -> AlignedText | None:
    """The text in Simplified script as compiled code has it; None where it leaves a text to the rules."""
    plain = _simplifier()(text.text)
    if plain is None:
        return None
    content, has_words = plain
    if content is not text.text:
        text = text.with_characters(content)
    return _with_mainland_words(text) if has_words else text


def to_simplified(text: AlignedText) -> AlignedText:
    """Convert the lines that are not Simplified already; see the module's first lines."""
    content = text.text
    if not simplified_marks().are_in(content):
        return _with_mainland_words(text.with_characters(_converter().convert(content)))
    if not traditional_marks().are_in(content):
        return text
    lines = content.split("\n")
    traditional = [_is_traditional(line) for line in lines]
    blocks = groupby(zip(lines, traditional, strict=True), key=itemgetter(1))
    converted = (_converted("\n".join(line for line, _ in block), verdict) for verdict, block in blocks)
    return _with_mainland_words(text.with_characters("\n".join(converted)), traditional)


def _is_traditional(line: str) -> bool:
    """True for a line with more Traditional than Simplified marks, or with none of either."""
    if not simplified_marks().are_in(line):
        return True
    if not traditional_marks().are_in(line):
        return False
    traditional, simplified = count_marks(line)
    return traditional > simplified


def _converted(lines: str, traditional: bool) -> str:
    """The lines in Simplified characters; the length stays. Simplified lines keep their ambiguous
    characters (乾, 於): only characters of Traditional script alone are converted there."""
    if traditional:
        return _converter().convert(lines)
    return traditional_marks().replace(lines, opencc.character_table())


def _with_mainland_words(text: AlignedText, traditional: list[bool] | None = None) -> AlignedText:
    """Apply the reviewed table until it finds nothing more, to the ``traditional`` lines or to all."""
    for _ in range(_MOST_ROUNDS):
        edits = _regional_edits(text.text, _mainland_words().find(text.text), traditional)
        if not edits:
            return text
        text = text.edit(edits)
    return settle(text, _mainland_words(), traditional)


def _regional_edits(content: str, found: list[Found], traditional: list[bool] | None) -> list[Edit]:
    edits: list[Edit] = []
    line = at = 0
    for start, end, new in found:
        line += content.count("\n", at, start)
        at = start
        # Entries that only protect a word change nothing.
        if (traditional is None or traditional[line]) and content[start:end] != new:
            edits.append((start, end, new))
    return edits
