"""Text to coding units: one unit is a sentence or list item, up to 。！？； or a line break.

The unit of coding is the codebook's. Nothing is cut inside brackets and titles that close on the
line, nor after a quotation's own full stop where the sentence goes on (“马上就办。”的要求).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from wuxing_nlp.text.aligned import AlignedText
from wuxing_nlp.text.characters import HAN
from wuxing_nlp.text.furniture import FurnitureReader

Kind = Literal["sentence", "heading", "furniture"]

_TERMINALS = "。！？；!?;"
_CLOSERS = "”’」』）)》〉】"
_PAIRS = {"（": "）", "(": ")", "《": "》", "〈": "〉", "【": "】", "“": "”", "「": "」", "『": "』"}
_QUOTES = "“「『"
_SEARCHED = re.compile(f"[{re.escape(_TERMINALS + ''.join(_PAIRS))}]")
_LONGEST_PAIR = 300
# After a closing quotation mark these carry the sentence on; anything else begins a new one.
_GOES_ON = re.compile(r"[，、：；。！？,:;)）》的之等地得是为和与及或这那并而]")

_NUMBER = "[一二三四五六七八九十百零〇0-9]"
_MARK = re.compile(
    rf" *(?:[（(]{_NUMBER}{{1,4}}[)）]|{_NUMBER}{{1,4}}[、.．)）]"
    rf"|第{_NUMBER}{{1,5}}[章节编部分条款]|附件{_NUMBER}*[：:]?)"
)
_ARTICLE = re.compile(rf" *第{_NUMBER}{{1,5}}条")
_HAN = re.compile(f"[{HAN}]")
_LONGEST_HEADING = 40


@dataclass(frozen=True, slots=True)
class Cut:
    """A coding unit as a span of the canonical text, white space around it left out."""

    start: int
    end: int
    kind: Kind


def cut_units(text: AlignedText | str) -> list[Cut]:
    """The units of a canonical text, in order; together they hold all its visible characters."""
    content = text if isinstance(text, str) else text.text
    cuts: list[Cut] = []
    furniture = FurnitureReader(content.split("\n"))
    at = 0
    for number, line in enumerate(content.split("\n")):
        if line.strip():
            whole = furniture.is_furniture(number)
            cuts += _trimmed(line, at, (0, len(line)), "furniture") if whole else _line_units(line, at)
        at += len(line) + 1
    return cuts


def _line_units(line: str, at: int) -> list[Cut]:
    spans = list(_sentences(line))
    kinds: list[Kind] = [
        "heading" if _is_heading(line[start:end], first=start == 0, alone=len(spans) == 1) else "sentence"
        for start, end in spans
    ]
    return [cut for span, kind in zip(spans, kinds, strict=True) for cut in _trimmed(line, at, span, kind)]


def _trimmed(line: str, at: int, span: tuple[int, int], kind: Kind) -> list[Cut]:
    """The span without white space around it, as a unit of the text; none where it is all white."""
    piece = line[span[0] : span[1]]
    start = at + span[0] + len(piece) - len(piece.lstrip())
    end = at + span[0] + len(piece.rstrip())
    return [Cut(start, end, kind)] if end > start else []


def _sentences(line: str) -> Iterator[tuple[int, int]]:
    """Spans of the line's sentences, end to end."""
    start = position = 0
    while match := _SEARCHED.search(line, position):
        if match.group() in _PAIRS:
            position = _after_opening(line, match.start())
            continue
        end = _after_terminal(line, match.start())
        position = max(end, match.end())
        if end:
            yield start, end
            start = end
    if start < len(line):
        yield start, len(line)


def _after_opening(line: str, at: int) -> int:
    """Where to go on after an opening mark: behind its partner where nothing inside is cut."""
    opening = line[at]
    close = line.find(_PAIRS[opening], at + 1, at + _LONGEST_PAIR)
    if close < 0:
        return at + 1
    if opening not in _QUOTES:
        return close + 1
    # A quotation is cut like other text unless the sentence that holds it goes on behind it.
    return close + 1 if _GOES_ON.match(line, close + 1) else at + 1


def _after_terminal(line: str, at: int) -> int:
    """End of the sentence whose terminal stands at ``at``; 0 where the mark ends none."""
    if line[at] in "!?;" and not (at and _HAN.match(line, at - 1)):
        return 0
    end = at + 1
    while end < len(line) and line[end] in _TERMINALS:
        end += 1
    while end < len(line) and line[end] in _CLOSERS:
        end += 1
    return end


def _is_heading(piece: str, *, first: bool, alone: bool) -> bool:
    """A numbered or short line without a full stop; or a numbered run-in title before its text."""
    text = piece.strip()
    if len(text) > _LONGEST_HEADING or not first:
        return False
    closed = text[-1] in _TERMINALS + _CLOSERS and text[-1] not in "）)》”"
    if _MARK.match(text):
        # Behind 第三条 stands the article's text, not a title that runs into it.
        return not closed or not (alone or _ARTICLE.match(text))
    return alone and not closed and not re.search("[，：:,]", text) and len(text) <= 30
