"""What a PDF's pages repeat: running headers, footers and page numbers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from wuxing_nlp.documents.pdf_lines import Line

_OUTER_ROWS = 3
"""So many rows at the top and at the bottom of a page may be furniture."""
_FEWEST_PAGES = 3
"""On shorter documents nothing is known to repeat."""
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


def without_furniture(pages: Sequence[list[Line]]) -> list[list[Line]]:
    """The pages without the lines that are theirs and not the text's.

    A line near the top or bottom edge goes if pages show it again at the same height, digits aside;
    a number alone only if it counts the pages. What can be nothing but a page number always goes.
    """
    repeated = _repeated(pages) if len(pages) >= _FEWEST_PAGES else frozenset()
    return [
        [line for line in lines if id(line) not in repeated and not _is_numbered(line, lines)]
        for lines in pages
    ]


def _repeated(pages: Sequence[list[Line]]) -> frozenset[int]:
    """Identities of the lines that repeat."""
    outer = [line for lines in pages for line in _outer(lines, _OUTER_ROWS)]
    shown: dict[tuple[str, int], set[int]] = defaultdict(set)
    for line in outer:
        for near in (-1, 0, 1):
            shown[_key(line), round(line.baseline / _DRIFT) + near].add(line.page)
    return frozenset(
        id(line) for line in outer if len(shown[_key(line), round(line.baseline / _DRIFT)]) >= _FEWEST_PAGES
    )


def _key(line: Line) -> str:
    """What lines that repeat one another have in common."""
    text = "".join(line.text.split())
    if _ROMAN.fullmatch(text):
        return "roman"
    digits = _DIGITS.search(text)
    if digits and not _WORDS.search(text):
        return f"page+{int(digits.group()) - line.page}"
    return _DIGITS.sub("#", text)


def _is_numbered(line: Line, lines: list[Line]) -> bool:
    text = "".join(line.text.split())
    return _PAGE_NUMBER.fullmatch(text) is not None and any(line is outer for outer in _outer(lines, 1))


def _outer(lines: list[Line], rows: int) -> Iterator[Line]:
    """The lines of the so many highest and lowest rows."""
    heights: list[Line] = []
    for line in sorted(lines, key=lambda line: -line.baseline):
        if not heights or not line.beside(heights[-1]):
            heights.append(line)
    edges = [*heights[:rows], *heights[-rows:]]
    return (line for line in lines if any(line.beside(edge) for edge in edges))
