"""Soft line breaks: breaks that a page's width put inside a sentence."""

from __future__ import annotations

import re

from wuxing_nlp.text.aligned import AlignedText
from wuxing_nlp.text.characters import HAN

# Where a line cannot end a unit: after a comma, an enumeration comma, or an opening bracket.
_UNFINISHED = re.compile(r"[，、,（(《〈“‘「『【—][ ]*$")
_FINISHED = re.compile(r"[。！？；：!?;:…][”’」』）)》】]* *$")
_INSIDE = re.compile(r"[，、；]")
_NEW_ITEM = re.compile(
    r" *(?:[（(]?[一二三四五六七八九十百零〇0-9]{1,4}[)）、.．]"
    r"|第[一二三四五六七八九十百零〇0-9]{1,5}[条章节编款]"
    r"|[①-⑳●■◆▲★☆○◇□►·•※*-]|——|[A-Za-z][.)、]|附件|附：|目录|（[此])"
)
_NEXT_POINT = re.compile(r" *[一二三四五六七八九十]是")
_NO_BREAK_BEFORE = re.compile(r" *(?:[，。、；：！？）》”’」』】]|的(?![士确]))")
_NARROW = re.compile("[\x20-\x7e]")
_HAN_AT_EDGE = re.compile(f"[{HAN}0-9A-Za-z％%”’」』）)》】]$")

_WRAP_RUN = 3
_WRAP_WIDTH = 18
_WRAP_WIDEST = 60
_RAGGED = 6
"""By how much lines set to one width differ: indents, marks that may not begin a line, numbers kept whole."""


def join_soft_breaks(text: AlignedText) -> AlignedText:
    """Drop every soft break (and the indent after it); the same object where there is none."""
    if "\n" not in text.text:
        return text
    lines = text.text.split("\n")
    soft = _soft_breaks(lines, _page_lines(text, lines))
    edits, at = [], 0
    for line, following, is_soft in zip(lines, lines[1:], soft, strict=False):
        at += len(line)
        if is_soft:
            start = at - (len(line) - len(line.rstrip(" ")))
            edits.append((start, at + 1 + len(following) - len(following.lstrip(" ")), ""))
        at += 1
    return text.edit(edits) if edits else text


def _page_lines(text: AlignedText, lines: list[str]) -> list[str]:
    """What of every line was the first line on the page: all of it, or what others were joined to."""
    firsts, at = [], 0
    for line in lines:
        start, _ = text.span(at, at)
        end = text.source.find("\n", start, start + len(line))
        firsts.append(line if end < 0 else text.source[start:end])
        at += len(line) + 1
    return firsts


def _soft_breaks(lines: list[str], page_lines: list[str]) -> list[bool]:
    """Of every line but the last: is the break behind it soft? Asked from the end, so that
    breaks of which each falls only after the next are all found in one round."""
    wrapped = _wrapped(lines)
    soft = [False] * (len(lines) - 1)
    finished = bool(_FINISHED.search(lines[-1]))
    for number in range(len(lines) - 2, -1, -1):
        line = lines[number]
        following = lines[number + 1]
        next_width = min(_width(following), _width(page_lines[number + 1]))
        full = wrapped[number] or (finished and _is_begun(line, next_width))
        soft[number] = _is_soft(line, following, full)
        if not soft[number]:
            finished = bool(_FINISHED.search(line))
    return soft


def _is_soft(line: str, following: str, full: bool) -> bool:
    """``full``: the line looks as if it had ended for want of room."""
    if not line.strip() or not following.strip() or _starts_item(following):
        return False
    if _NO_BREAK_BEFORE.match(following) or _UNFINISHED.search(line):
        return True
    if _FINISHED.search(line) or not _HAN_AT_EDGE.search(line):
        return False
    return full


def _starts_item(line: str) -> bool:
    return bool(_NEW_ITEM.match(line) or _NEXT_POINT.match(line))


def _width(line: str) -> float:
    """Width in Chinese characters; Latin letters and digits are half as wide."""
    return len(line) - len(_NARROW.findall(line)) / 2


def _is_begun(line: str, next_width: float) -> bool:
    """Does the line begin a sentence (it holds a comma) that had no room on it? Not where the next
    line is much wider: then this one is a title, and what follows is its paragraph."""
    width = _width(line)
    has_room = width < _WRAP_WIDTH or next_width > width + _RAGGED
    return not has_room and bool(_INSIDE.search(line)) and not _NEW_ITEM.match(line)


def _wrapped(lines: list[str]) -> list[bool]:
    """For every line: does it stand in a block set to one width and fill that width?"""
    widths = [len(line.strip()) for line in lines]
    marks = [False] * len(lines)
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and widths[end] and abs(widths[end] - widths[start]) <= 1:
            end += 1
        full = end - start >= _WRAP_RUN - 1 and _WRAP_WIDTH <= widths[start] <= _WRAP_WIDEST
        # The block's last, shorter line ends it: its first lines of equal width are what was wrapped.
        if full:
            marks[start:end] = [True] * (end - start)
        start = max(end, start + 1)
    return marks
