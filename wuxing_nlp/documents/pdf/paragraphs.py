"""Lines of a PDF's pages to paragraphs: which breaks are the page's, and which the author's?

A setter breaks a line where what comes next has no room on it. A break behind a line with room to
spare is the author's; so is one before an indent, a wider gap or another size of type. Where a
page ends is neither: the paragraph goes on over it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor

from wuxing_nlp.documents.pdf.lines import ITEM, Line

_INDENT = 1.0
"""In ems: a line that begins further in is indented; Chinese paragraphs begin two ems in."""
_NEAR = 0.5
"""In ems: edges this close are one edge."""
_PLAY = 0.1
"""In ems: what typesetters and rounding may differ by."""
_SAME_LEFT, _SAME_RIGHT = 8, 16
"""In points: by how much the margins of one column differ from page to page."""
_OTHER_SIZE = 1.08
_TALL = 0.8
"""In ems: how far characters reach above their baseline."""
_SMALL_TYPE = 0.9
_WIDER_GAP = 1.3
_WIDEST_GAP = 3.0
"""In ems: from one line of a paragraph to the next."""
_SHORT = 15
"""In ems: a line as long may be a full one, even where no other line shows it."""
_NARROWEST = 10
"""In ems: no column of text is narrower."""
_LEAST_REACHING = 0.2
"""The smallest share of lines that reach the right margin of a text."""
_SMALL_REGION = 8
"""Regions of fewer lines say little about their margins."""
_MANY_LINES = 20

_NO_BREAK_BEFORE = re.compile("[，。、；：！？）》〉”’」』】〕…%％,;:!?)]")
_FINISHED = re.compile("[。！？；：!?;:…][”’」』）)》】]*$")
_LEADERS = re.compile(r"[.…·．]{4,}\s*\S{0,6}$|…{2,}\s*\d+$")
_NOTE = re.compile(r"[①-⑳*＊†]|[\[〔【（(]?\d{1,2}[\]〕】）)]?(?![\d.．、年月日])")
_LATIN = re.compile("[!-~]")


@dataclass(slots=True)
class Region:
    """A column, a cell, a box, or the part of one on a page: lines one below the other.

    Attributes:
        lines: at least one.
        left, right: the margins of its text.
        firm: more lines than one reach the right margin, so that it is one.
        narrow: a table's cell or another small part beside others: its text ends with it.
    """

    lines: list[Line]
    left: float = 0.0
    right: float = 0.0
    firm: bool = False
    narrow: bool = False


def paragraphs(pages: Sequence[list[Line]]) -> list[str]:
    """The texts of paragraphs, headings and cells, in order, from the pages' lines in order;
    footnotes last, for they would stand in the middle of a paragraph."""
    bodies, notes = _without_notes(pages)
    found: list[str] = []
    last: Line | None = None
    for line, ends in _with_ends(_regions([*bodies, *notes])):
        if last is None or ends:
            found.append(line.text)
        else:
            found[-1] += _between(last, line) + line.text
        last = line
    return found


def _without_notes(pages: Sequence[list[Line]]) -> tuple[list[list[Line]], list[list[Line]]]:
    """The pages without their footnotes, and the footnotes of every page that has some: its last
    lines in smaller type, from the first on that begins with a mark."""
    sizes: Counter[float] = Counter()
    for line in (line for lines in pages for line in lines):
        sizes[line.size] += len(line.text)
    small = _SMALL_TYPE * max(sizes, key=sizes.__getitem__, default=0.0)
    bodies, notes = [], []
    for lines in pages:
        start = len(lines)
        while start and lines[start - 1].size < small:
            start -= 1
        start += next(
            (at for at, line in enumerate(lines[start:]) if _NOTE.match(line.text)), len(lines) - start
        )
        bodies.append(lines[:start])
        notes.append(lines[start:])
    return bodies, [lines for lines in notes if lines]


def _regions(pages: Sequence[list[Line]]) -> list[Region]:
    regions: list[Region] = []
    for lines in pages:
        start = len(regions)
        for line in lines:
            if len(regions) > start and _is_below(line, regions[-1].lines[-1]):
                regions[-1].lines.append(line)
            else:
                regions.append(Region([line]))
        _find_narrow(regions[start:])
    _set_margins(regions)
    return regions


def _is_below(line: Line, last: Line) -> bool:
    """Going left instead is a table's next row."""
    return line.baseline < last.baseline and not line.beside(last) and line.right > last.left


def _find_narrow(regions: list[Region]) -> None:
    """Mark the small regions of a page that others stand beside."""
    taken: dict[int, set[int]] = defaultdict(set)
    for number, region in enumerate(regions):
        for height in _heights(region):
            taken[height].add(number)
    for region in regions:
        if len(region.lines) < _SMALL_REGION:
            region.narrow = any(len(taken[height]) > 1 for height in _heights(region))


def _heights(region: Region) -> Iterator[int]:
    """Every full point of height that characters of a region's lines take up."""
    for line in region.lines:
        yield from range(ceil(line.baseline), ceil(line.baseline + _TALL * line.size))


def _set_margins(regions: list[Region]) -> None:
    """Give every region the margins of the column that it is a part of: of those that it fits in,
    the one that most of the document's lines stand in; else its own."""
    for region in regions:
        region.left, region.right = _edges(region.lines)
        region.firm = _is_text(region)
    columns = _columns(regions)
    for region in regions:
        if not region.narrow:
            own = (region.left, region.right)
            em = region.lines[0].size
            fitting = next((column for column in columns if _within(own, column, em)), own)
            region.firm |= fitting != own
            region.left, region.right = fitting


def _columns(regions: list[Region]) -> list[tuple[float, float]]:
    """The margins of columns, to a point; first those that most lines stand between."""
    lines: Counter[tuple[float, float]] = Counter()
    for region in regions:
        if len(region.lines) >= _SMALL_REGION and region.firm:
            lines[round(region.left), floor(region.right)] += len(region.lines)
    votes = {it: sum(lines[other] for other in lines if _alike(it, other)) for it in lines}
    return sorted(lines, key=lambda it: -votes[it])


def _is_text(region: Region) -> bool:
    """Is its right margin one? It is where the column is wide enough for text and a good share of
    lines reach it; of a list of names and figures the longest line shows no margin."""
    reaching = sum(line.right > region.right - line.size for line in region.lines)
    wide = region.right - region.left >= _NARROWEST * min(line.size for line in region.lines)
    return wide and reaching > 1 and reaching >= _LEAST_REACHING * len(region.lines)


def _alike(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return abs(one[0] - other[0]) <= _SAME_LEFT and abs(one[1] - other[1]) <= _SAME_RIGHT


def _edges(lines: list[Line]) -> tuple[float, float]:
    """Left and right margin, by the lines in the most frequent size: titles stand elsewhere. Where
    lines are many, a single one that sticks out says nothing."""
    usual, _ = Counter(round(line.size, 1) for line in lines).most_common(1)[0]
    usual_lines = [line for line in lines if round(line.size, 1) == usual]
    rank = 1 if len(usual_lines) >= _MANY_LINES else 0
    lefts = sorted(line.left for line in usual_lines)
    rights = sorted((line.edge for line in usual_lines), reverse=True)
    return lefts[rank], rights[rank]


def _within(inner: tuple[float, float], outer: tuple[float, float], em: float) -> bool:
    return inner[0] > outer[0] - _NEAR * em and inner[1] < outer[1] + em


def _with_ends(regions: list[Region]) -> Iterator[tuple[Line, bool]]:
    """Every line, and whether the paragraph before it has ended."""
    last: Region | None = None
    for region in regions:
        lines = region.lines
        first = True if last is None else _ends_at_region(last, region)
        yield lines[0], first
        for number, (line, following) in enumerate(pairwise(lines)):
            yield following, _is_wide_gap(lines, number) or _ends(line, following, region, region)
        last = region


def _ends_at_region(last: Region, region: Region) -> bool:
    """Does the paragraph end with the page or column? A cell's always does, and what stood before
    a page that is missing."""
    line, following = last.lines[-1], region.lines[0]
    if last.narrow or region.narrow or not 0 <= following.page - line.page <= 1:
        return True
    return _ends(line, following, last, region)


def _is_wide_gap(lines: list[Line], number: int) -> bool:
    """Is the gap behind a line of a region wider than one next to it, or, where a sentence ends,
    than is usual between the region's lines?"""
    gap = lines[number].baseline - lines[number + 1].baseline
    if gap > _WIDEST_GAP * lines[number].size:
        return True
    if gap > _WIDER_GAP * min(_gaps(lines[max(0, number - 1) : number + 3]), default=gap):
        return True
    if not _FINISHED.search(lines[number].text):
        return False
    gaps = sorted(_gaps(lines[max(0, number - _MANY_LINES) : number + _MANY_LINES]))
    return bool(gaps) and gap > _WIDER_GAP * gaps[len(gaps) // 4]


def _gaps(lines: list[Line]) -> list[float]:
    """From baseline to baseline, of neighbours in the same size."""
    return [high.baseline - low.baseline for high, low in pairwise(lines) if _same_size(high, low)]


def _ends(line: Line, following: Line, region: Region, next_region: Region) -> bool:
    """Does a paragraph end with ``line``, going by where both stand in their columns?"""
    if _NO_BREAK_BEFORE.match(following.text):
        return False
    if not _same_size(line, following) or _LEADERS.search(line.text):
        return True
    em = following.size
    before, behind = line.left - region.left, region.right - line.right
    centred = abs(before - behind) < _NEAR * em and _is_centred(following, next_region)
    room = behind + before if centred else behind
    if room >= following.head + _PLAY * em:
        return True
    finished = _FINISHED.search(line.text) is not None
    if not (region.firm or region.narrow) and (finished or line.right - line.left < _SHORT * em):
        return True
    indent = following.left - next_region.left
    if centred:
        return finished
    if indent < _INDENT * em:
        return finished and ITEM.match(following.text) is not None
    # Of an indented line only a hanging one goes on: below its item's text, or in a block set in.
    hangs = abs(following.left - next_region.left - (line.inner - region.left)) < _NEAR * em
    return not hangs or finished or ITEM.match(following.text) is not None


def _same_size(line: Line, other: Line) -> bool:
    return max(line.size, other.size) < _OTHER_SIZE * min(line.size, other.size)


def _is_centred(line: Line, region: Region) -> bool:
    """Has the line equal room on both sides?"""
    before, behind = line.left - region.left, region.right - line.right
    return before > _NEAR * line.size and abs(before - behind) < _NEAR * line.size


def _between(line: Line, following: Line) -> str:
    """What a break inside a paragraph stands for: a space between Latin words, else nothing. A
    number may have been broken inside."""
    last, first = line.text[-1], following.text[0]
    if line.spaced and (_LATIN.match(last) or _LATIN.match(first)):
        return " "
    latin = _LATIN.match(last) and _LATIN.match(first) and last != "-"
    return " " if latin and not (last.isdigit() and first.isdigit()) and first not in ")]},.;:!?%" else ""
