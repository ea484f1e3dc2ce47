"""What a PDF's pages repeat: running headers, footers and page numbers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from wuxing_nlp.documents.pdf.lines import Line

_OUTER_ROWS = 3
"""So many rows at the top and at the bottom of a page may be furniture."""
_FEWEST_PAGES = 3
"""On shorter documents nothing is known to repeat."""
_WIDER_GAP = 1.2
"""By how much the gap between furniture and text exceeds that between the document's lines."""
_DRIFT = 3.0
"""In points: by how much the height of a repeated line may differ from page to page."""

_DIGITS = re.compile(r"[0-9０-９]+")
_ROMAN = re.compile(r"[ivxlcIVXLC]+")
_WORDS = re.compile(r"[^\W\d_]")
# What is a page number on any page, even a single one; a bare number may be anything.
_PAGE_NUMBER = re.compile(
    r"[-—–―－─~·•]+[0-9０-９]{1,4}[-—–―－─~·•]+|[0-9]{1,4}[/／][0-9]{1,4}"
    r"|第[0-9０-９一二三四五六七八九十百]{1,5}页(?:[,，/／（(]?共[0-9０-９一二三四五六七八九十百]{1,5}页[）)]?)?"
    r"|共[0-9]{1,4}页[,，/／]?第[0-9]{1,4}页|[Pp]age[0-9]{1,4}(?:of[0-9]{1,4})?",
)

# When a page was printed, and from where.
_BROWSER = re.compile(
    r"\d{1,4}[/-]\d{1,2}[/-]\d{1,4},? *(?:[上下]午)? *\d{1,2}:\d{2}(?::\d{2})? *(?:[AP]M)?|(?:https?|file)://\S+"
)


def without_furniture(pages: Sequence[list[Line]]) -> list[list[Line]]:
    """The pages without the lines that are theirs and not the text's.

    A line near the top or bottom edge and apart from the text goes if pages show it again at the
    same height, digits aside; a number alone only if it counts the pages. What can be nothing but
    a page number always goes from the first or last line of a page.
    """
    repeated = _repeated(pages) if len(pages) >= _FEWEST_PAGES else frozenset()
    gone = repeated | {id(line) for lines in pages for line in _page_numbers(lines)}
    return [[line for line in lines if id(line) not in gone] for lines in pages]


def _repeated(pages: Sequence[list[Line]]) -> frozenset[int]:
    """Identities of the lines that repeat."""
    rows = [_rows(lines) for lines in pages]
    usual = median([gap for page in rows for gap in _gaps(page)] or [0.0])
    outer = [line for page in rows for line in _apart(page, usual)]
    shown: dict[tuple[str, int], set[int]] = defaultdict(set)
    for line in outer:
        for near in (-1, 0, 1):
            shown[_key(line), round(line.baseline / _DRIFT) + near].add(line.page)
    return frozenset(
        id(line) for line in outer if len(shown[_key(line), round(line.baseline / _DRIFT)]) >= _FEWEST_PAGES
    )


def _apart(rows: list[list[Line]], usual: float) -> Iterator[Line]:
    """The lines near a page's top and bottom that a gap wider than usual keeps from the text. A value
    of a table that comes again at the same height has none."""
    gaps = _gaps(rows)
    wide = [number for number, gap in enumerate(gaps) if gap > _WIDER_GAP * usual]
    top = max((number + 1 for number in wide if number < _OUTER_ROWS), default=0)
    bottom = min((number + 1 for number in wide if number >= len(gaps) - _OUTER_ROWS), default=len(rows))
    for row in (*rows[:top], *rows[max(top, bottom) :]):
        yield from row


def _gaps(rows: list[list[Line]]) -> list[float]:
    return [high[0].baseline - low[0].baseline for high, low in pairwise(rows)]


def _key(line: Line) -> str:
    """What lines that repeat one another have in common."""
    text = "".join(line.text.split())
    if _ROMAN.fullmatch(text):
        return "roman"
    digits = _DIGITS.search(text)
    if digits and not _WORDS.search(text):
        return f"page+{int(digits.group()) - line.page}"
    return _DIGITS.sub("#", text)


def _page_numbers(lines: list[Line]) -> Iterator[Line]:
    """Page numbers, and the rows that a browser prints at the top and bottom."""
    rows = _rows(lines)
    for row in (*rows[:1], *rows[-1:]):
        printed = any(_BROWSER.fullmatch(line.text.strip()) for line in row)
        for line in row:
            if printed or _PAGE_NUMBER.fullmatch("".join(line.text.split())):
                yield line


def _rows(lines: list[Line]) -> list[list[Line]]:
    """Lines that stand side by side, from the top of the page."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: -line.baseline):
        if rows and line.beside(rows[-1][0]):
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows
