"""Text to coding units: one unit is a sentence or list item, up to 。！？； or a line break.

The unit of coding is the codebook's. Nothing is cut inside brackets and titles that close on the
line, nor after a quotation's own full stop where the sentence goes on (“马上就办。”的要求).
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from wuxing_nlp.text.aligned import AlignedText
from wuxing_nlp.text.characters import HAN
from wuxing_nlp.text.furniture import FurnitureReader
from wuxing_nlp.text.late_pattern import late_pattern

Kind = Literal["sentence", "heading", "furniture"]

_TERMINALS = "。！？；!?;"
_CLOSERS = "”’」』）)》〉】"
_PAIRS = {"（": "）", "(": ")", "《": "》", "〈": "〉", "【": "】", "“": "”", "「": "」", "『": "』"}
_QUOTES = "“「『"
_SEARCHED = re.compile(f"[{re.escape(_TERMINALS + ''.join(_PAIRS))}]")
_LONGEST_PAIR = 300
# After a closing quotation mark these carry the sentence on; anything else begins a new one.
_GOES_ON = late_pattern(r"[，、：；。！？,:;)）》的之等地得是为和与及或这那并而]")

_NUMBER = "[一二三四五六七八九十百零〇0-9]"
_MARK = late_pattern(
    rf" *(?:[（(]{_NUMBER}{{1,4}}[)）]|{_NUMBER}{{1,4}}[、.．)）]"
    rf"|第{_NUMBER}{{1,5}}[章节编部分条款]|附件{_NUMBER}*[：:]?)"
)
_ARTICLE = late_pattern(rf" *第{_NUMBER}{{1,5}}条")
_HAN = late_pattern(f"[{HAN}]")
_PAUSE = late_pattern("[，：:,]")
_CLOSED = frozenset(_TERMINALS + _CLOSERS) - frozenset("）)》”")
_LONGEST_HEADING = 40


class Cut(NamedTuple):
    """A coding unit as a span of the canonical text, white space around it left out."""

    start: int
    end: int
    kind: Kind


def cut_units(text: AlignedText | str) -> list[Cut]:
    """The units of a canonical text, in order; together they hold all its visible characters."""
    content = text if isinstance(text, str) else text.text
    cuts: list[Cut] = []
    lines = content.split("\n")
    furniture = FurnitureReader(lines)
    at = 0
    for number, line in enumerate(lines):
        if line.strip():
            whole = furniture.is_furniture(number)
            cuts += _trimmed(line, at, [(0, len(line))], "furniture") if whole else _line_units(line, at)
        at += len(line) + 1
    return cuts


def _line_units(line: str, at: int) -> list[Cut]:
    spans = _sentences(line)
    if not _is_heading(line[: spans[0][1]], alone=len(spans) == 1):
        return _trimmed(line, at, spans, "sentence")
    return _trimmed(line, at, spans[:1], "heading") + _trimmed(line, at, spans[1:], "sentence")


def _trimmed(line: str, at: int, spans: list[tuple[int, int]], kind: Kind) -> list[Cut]:
    """The spans without white space around them, as units of the text; none for one all white."""
    cuts: list[Cut] = []
    for start, end in spans:
        piece = line[start:end]
        first, last = end - len(piece.lstrip()), start + len(piece.rstrip())
        if first < last:
            cuts.append(Cut(at + first, at + last, kind))
    return cuts


def _sentences(line: str) -> list[tuple[int, int]]:
    """Spans of the line's sentences, end to end."""
    spans: list[tuple[int, int]] = []
    start = position = 0
    while match := _SEARCHED.search(line, position):
        at = match.start()
        if line[at] in _PAIRS:
            position = _after_opening(line, at)
            continue
        end = _after_terminal(line, at)
        position = max(end, at + 1)
        if end:
            spans.append((start, end))
            start = end
    if start < len(line):
        spans.append((start, len(line)))
    return spans


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


def _is_heading(piece: str, *, alone: bool) -> bool:
    """Of a line's first piece: is it a numbered or short line without a full stop, or a numbered
    run-in title before its text?"""
    text = piece.strip()
    if len(text) > _LONGEST_HEADING:
        return False
    closed = text[-1] in _CLOSED
    if _MARK.match(text):
        # Behind 第三条 stands the article's text, not a title that runs into it.
        return not closed or not (alone or _ARTICLE.match(text))
    return alone and not closed and not _PAUSE.search(text) and len(text) <= 30
