"""Soft line breaks: breaks that a page's width put inside a sentence."""

from __future__ import annotations

from itertools import accumulate

from wuxing_nlp.text.aligned import AlignedText, Edit
from wuxing_nlp.text.characters import HAN
from wuxing_nlp.text.late_pattern import late_pattern

# What a line cannot end a unit with: a comma, an enumeration comma, or an opening bracket.
_UNFINISHED = frozenset("，、,（(《〈“‘「『【—")
_TERMINALS = frozenset("。！？；：!?;:…")
_CLOSERS = "”’」』）)》】"
_INSIDE = late_pattern(r"[，、；]")
_NEW_ITEM = late_pattern(
    r" *(?:[（(]?[一二三四五六七八九十百零〇0-9]{1,4}[)）、.．]"
    r"|第[一二三四五六七八九十百零〇0-9]{1,5}[条章节编款]"
    r"|[①-⑳●■◆▲★☆○◇□►·•※*-]|——|[A-Za-z][.)、]|附件|附：|目录|（[此])"
)
_NEXT_POINT = late_pattern(r" *[一二三四五六七八九十]是")
_NO_BREAK_BEFORE = late_pattern(r" *(?:[，。、；：！？）》”’」』】]|的(?![士确]))")
_BREAK = late_pattern("\n")
_NARROW = late_pattern("[\x20-\x7e]")
_EDGE = late_pattern(f"[{HAN}0-9A-Za-z％%{_CLOSERS}]")

_WRAP_RUN = 3
_WRAP_WIDTH = 18
_WRAP_WIDEST = 60
_RAGGED = 6
"""By how much lines set to one width differ: indents, marks that may not begin a line, numbers kept whole."""


def join_soft_breaks(text: AlignedText) -> AlignedText:
    """Drop every soft break (and the indent after it); the same object where there is none."""
    if "\n" not in text.text:
        return text
    page = _Page(text)
    edits: list[Edit] = []
    for number in page.soft_breaks():
        line, following = page.lines[number], page.lines[number + 1]
        start = page.begins[number] + len(line.rstrip(" "))
        end = page.begins[number + 1] + len(following) - len(following.lstrip(" "))
        edits.append((start, end, ""))
    return text.edit(edits)


def join_all_breaks(text: AlignedText) -> AlignedText:
    """Drop every line break, soft or not."""
    return text.substitute(_BREAK, lambda _: "")


class _Page:
    """The lines of a text, and what of each stood on one line of the page."""

    def __init__(self, text: AlignedText) -> None:
        self._text = text
        self.lines = text.text.split("\n")
        self.begins = list(accumulate((len(line) + 1 for line in self.lines), initial=0))
        self._widths = [len(line.strip()) for line in self.lines]

    def soft_breaks(self) -> list[int]:
        """Numbers of the lines with a soft break behind them. Asked from the end, so that breaks
        of which each falls only after the next are all found in one round."""
        wrapped = _wrapped(self._widths)
        soft: list[int] = []
        whole = _is_finished(self.lines[-1])
        for number in range(len(self.lines) - 2, -1, -1):
            finished = _is_finished(self.lines[number])
            if self._is_soft(number, finished, wrapped[number], whole):
                soft.append(number)
            else:
                whole = finished
        return soft[::-1]

    def _is_soft(self, number: int, finished: bool, wrapped: bool, whole: bool) -> bool:
        """``finished``: this line ends with a terminal; ``whole``: so does the last of the lines
        that the next one goes on in. What costs most is asked last: nearly every break is judged
        by the edges of its two lines."""
        if not self._widths[number] or not self._widths[number + 1]:
            return False
        line, following = self.lines[number], self.lines[number + 1]
        if not (line.rstrip(" ")[-1] in _UNFINISHED or _NO_BREAK_BEFORE.match(following)):
            if finished or not _EDGE.match(line, len(line) - 1):
                return False
            if not (wrapped or (whole and self._is_begun(number))):
                return False
        return not _starts_item(following)

    def _is_begun(self, number: int) -> bool:
        """Does the line begin a sentence (it holds a comma) that had no room on it? Not where the
        next line is much wider: then this one is a title, and what follows is its paragraph."""
        line = self.lines[number]
        if not _INSIDE.search(line) or _NEW_ITEM.match(line):
            return False
        width = _width(line)
        next_width = min(_width(self.lines[number + 1]), _width(self._on_page(number + 1)))
        return width >= _WRAP_WIDTH and next_width <= width + _RAGGED

    def _on_page(self, number: int) -> str:
        """What of a line was the first line on the page: all of it, or what others were joined to."""
        line, at = self.lines[number], self.begins[number]
        start, _ = self._text.span(at, at)
        end = self._text.source.find("\n", start, start + len(line))
        return line if end < 0 else self._text.source[start:end]


def _is_finished(line: str) -> bool:
    """Does the line end with a terminal, or with one that closing marks follow?"""
    return line.rstrip(" ").rstrip(_CLOSERS)[-1:] in _TERMINALS


def _starts_item(line: str) -> bool:
    return bool(_NEW_ITEM.match(line) or _NEXT_POINT.match(line))


def _width(line: str) -> float:
    """Width in Chinese characters; Latin letters and digits are half as wide."""
    return len(line) - len(_NARROW.findall(line)) / 2


def _wrapped(widths: list[int]) -> list[bool]:
    """For every line: does it stand in a block set to one width and fill that width?"""
    marks = [False] * len(widths)
    start = first = 0
    for number, width in enumerate([*widths, 0]):
        if width and first and -1 <= width - first <= 1:
            continue
        # The block's last, shorter line ends it: its first lines of equal width are what was wrapped.
        if number - start >= _WRAP_RUN - 1 and _WRAP_WIDTH <= first <= _WRAP_WIDEST:
            marks[start:number] = [True] * (number - start)
        start, first = number, width
    return marks
