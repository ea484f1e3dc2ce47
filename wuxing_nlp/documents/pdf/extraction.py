"""A PDF's bytes to its text: that of every page, without furniture, one line a paragraph.

Where pages cannot be read the others are, and the user is told; a document most of which cannot be
read is refused, for half a text looks like a whole one in a table of results.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from threading import Lock
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from wuxing_nlp.documents.options import ReadOptions
from wuxing_nlp.documents.pdf.furniture import without_furniture
from wuxing_nlp.documents.pdf.garble import exchange_of, garble_of
from wuxing_nlp.documents.pdf.lines import Line, page_lines
from wuxing_nlp.documents.pdf.paragraphs import paragraphs
from wuxing_nlp.errors import DocumentError

MAX_PAGES = 5_000
"""The longest PDF that is read, in pages."""

MOST_UNREAD = 0.5
"""The largest share of a document's pages (empty ones aside) that may be unreadable."""

_MARK = b"%PDF-"
_END = b"%%EOF"
_NEAR_EDGE = 1024  # in bytes: where mark and end are looked for, as readers of PDF do

_FEWEST_CHARACTERS = 30
"""A page with fewer is looked at: is it an image?"""
_LEAST_IMAGE = 0.5
"""Share of a page that images cover on a scanned one."""
_FEWEST_SHAPES = 30
"""So many shapes and no character: text drawn as outlines."""
_MOST_OBJECTS = 5_000
_MOST_UNSHOWN = 10_000
"""Characters beside those of a text: beyond a page's edges, aslant, put in by pdfium."""

_NO_LAYER = "no text layer"
_GARBLED = "garbled text"
_DAMAGED = "damage"
_ADVICE = {
    _NO_LAYER: "it is a scan or holds text as drawings: OCR it first, or find the original file",
    _GARBLED: "its fonts do not tell their characters: OCR it, or find the original file (.docx, web page)",
    _DAMAGED: "the file is damaged: download it again, or open it in a PDF reader and print it to a PDF",
}

# pdfium is one state for the whole process, and no two threads may be in it.
_PDFIUM = Lock()


@dataclass(slots=True)
class _Page:
    """A page as it was read; ``fault`` says why nothing can be made of it."""

    lines: list[Line] = field(default_factory=list)
    characters: int = 0
    unreadable: int = 0
    fault: str = ""


def extract(data: bytes, name: str, options: ReadOptions) -> str:
    """The text layer of a PDF; how many characters without a meaning were left out and which pages could
    not be read is told through ``options.notify``.

    Raises:
        DocumentError: it is no PDF, encrypted, damaged, has no page or more than :data:`MAX_PAGES`, or no
            text; more than :data:`MOST_UNREAD` of its pages are scans, garbled or damaged; or its text is
            as a whole.
    """
    if _MARK not in data[:_NEAR_EDGE]:
        raise DocumentError(name, "no PDF: the mark %PDF- is missing", "give it the suffix of its format")
    with _PDFIUM:
        pages = _read_pages(data, name, options)
    _check_pages(pages, name, options)
    text = "\n".join(paragraphs(without_furniture([page.lines for page in pages]))) + "\n"
    if not text.strip():
        raise DocumentError(name, "a PDF without any text", _ADVICE[_NO_LAYER])
    unreadable = sum(page.unreadable for page in pages)
    if reason := garble_of(text, unreadable) or exchange_of(text):
        raise DocumentError(name, reason, _ADVICE[_GARBLED])
    if unreadable:
        options.say(f"{name}: characters without a meaning, left out: {unreadable:,}")
    if _END not in data[-_NEAR_EDGE:]:
        options.say(f"{name}: its end is missing, and text may be missing too; copy it again")
    return text


def _read_pages(data: bytes, name: str, options: ReadOptions) -> list[_Page]:
    handle = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if not handle:
        raise _unopened(data, name, pdfium.FPDF_GetLastError())
    with pypdfium2.PdfDocument(handle) as document:
        if not 0 < len(document) <= MAX_PAGES:
            seen = f"{len(document):,} pages, the limit is {MAX_PAGES:,}" if len(document) else "no pages"
            raise DocumentError(name, seen, f"give a PDF of 1 to {MAX_PAGES:,} pages")
        pages: list[_Page] = []
        room = options.max_characters
        for number in range(len(document)):
            pages.append(_read_page(document, number, 2 * room + _MOST_UNSHOWN))
            if (room := room - pages[-1].characters) < 0:
                raise DocumentError(
                    name,
                    f"more than {options.max_characters:,} characters, which is the limit",
                    "split the document or raise max_characters",
                )
        return pages


def _unopened(data: bytes, name: str, code: int) -> DocumentError:
    if code == pdfium.FPDF_ERR_PASSWORD:
        return DocumentError(name, "encrypted with a password", "save a copy without a password")
    if code == pdfium.FPDF_ERR_SECURITY:
        return DocumentError(name, "encrypted in an unknown way", "save a copy without encryption")
    seen = "a damaged PDF" if _END in data[-_NEAR_EDGE:] else "a PDF that was cut off: its end is missing"
    return DocumentError(name, seen, _ADVICE[_DAMAGED].partition(": ")[2])


def _read_page(document: Any, number: int, most: int) -> _Page:
    """A page; an empty one with its fault where it cannot be read, and with no more than their number
    where it has more characters than ``most``."""
    try:
        with closing(document[number]) as page, closing(page.get_textpage()) as textpage:
            if (characters := textpage.count_chars()) > most:
                return _Page(characters=characters)
            lines, characters, unreadable = page_lines(page, textpage, number)
            drawn = characters < _FEWEST_CHARACTERS and _is_drawn(page)
    except pypdfium2.PdfiumError:
        return _Page(fault=_DAMAGED)
    if drawn:
        return _Page(lines, characters, fault=_NO_LAYER)
    if garble_of("\n".join(line.text for line in lines), unreadable):
        return _Page(characters=characters, fault=_GARBLED)
    return _Page(lines, characters, unreadable)


def _is_drawn(page: Any) -> bool:
    """Is a page without text an image, or text drawn as outlines? Else it is empty."""
    width, height = page.get_size()
    covered, shapes = 0.0, 0
    for shown in islice(page.get_objects(max_depth=1), _MOST_OBJECTS):
        if shown.type in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM):
            left, bottom, right, top = shown.get_bounds()
            covered += abs(right - left) * abs(top - bottom)
        shapes += shown.type == pdfium.FPDF_PAGEOBJ_PATH
    return covered > _LEAST_IMAGE * width * height or shapes >= _FEWEST_SHAPES


def _check_pages(pages: Sequence[_Page], name: str, options: ReadOptions) -> None:
    """Say which pages could not be read. Raises DocumentError: most of them."""
    faults = [page.fault for page in pages if page.fault]
    if not faults:
        return
    told = ", ".join(
        f"{faults.count(fault)} of {len(pages)} pages have {fault} ({_numbers(pages, fault)})"
        for fault in dict.fromkeys(faults)
    )
    advice = _ADVICE[max(_ADVICE, key=faults.count)]
    filled = sum(bool(page.characters or page.fault) for page in pages)
    if len(faults) > MOST_UNREAD * filled:
        raise DocumentError(name, told, advice)
    options.say(f"{name}: {told}; the other pages were read; {advice}")


def _numbers(pages: Sequence[_Page], fault: str) -> str:
    """The numbers of the pages with a fault, from 1, neighbours as a range."""
    runs: list[list[int]] = []
    for number in (number for number, page in enumerate(pages, start=1) if page.fault == fault):
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
