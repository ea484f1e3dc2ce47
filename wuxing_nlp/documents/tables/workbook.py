"""The reader of Excel workbooks (.xlsx): a row a document, all sheets that have a column of text."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import TypeVar
from xml.parsers.expat import ExpatError
from zipfile import ZipFile

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from wuxing_nlp.documents.archives.directory import check_directory
from wuxing_nlp.documents.archives.unpacking import ERRORS, over_limit
from wuxing_nlp.documents.document import Document
from wuxing_nlp.documents.formats import Maker
from wuxing_nlp.documents.options import ReadOptions
from wuxing_nlp.documents.source import Source, one_line, told
from wuxing_nlp.documents.tables.cells import to_shown
from wuxing_nlp.documents.tables.columns import documents, header
from wuxing_nlp.documents.tables.headers import folded, ranked
from wuxing_nlp.documents.tables.sheets import TooLarge, check_sheets
from wuxing_nlp.documents.tables.table import Table
from wuxing_nlp.errors import DocumentError

MAX_UNPACKED = 500_000_000
"""Declared size of all parts of a workbook, unpacked, in bytes."""

_T = TypeVar("_T")

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ZIP = b"PK"
_ABOVE_HEADER = 10
_MOST_TOLD = 3  # sheets
_SAVE = "open it in Excel, WPS or LibreOffice and save it as .xlsx"


def read(source: Source, options: ReadOptions) -> Iterator[Document | DocumentError]:
    """Read the visible sheets of a workbook, values as the sheet shows them.

    Rows have the numbers that Excel shows. Above the header may stand a title and a line on who
    reports what: the header is the first row with a known name of a text column, otherwise the first
    with two cells. A sheet without a column of text is told and left out. With several sheets their
    names stand in the documents' names.

    Raises:
        DocumentError: too large, encrypted, broken, no workbook, or no sheet with text.
    """
    return read_rows(source, options, lambda table: documents(table, options))


def read_rows(source: Source, options: ReadOptions, make: Maker[_T]) -> Iterator[_T]:
    """What ``make`` makes of each sheet, which is read as by :func:`read`; one that it refuses is left
    out."""
    data = source.read(options.max_bytes)
    _check(data, source.name)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
            yield from _made(workbook, source.name, options, make)
    except CalamineError as error:
        raise DocumentError(source.name, f"a broken workbook ({told(error)})", _SAVE) from None


def _check(data: bytes, name: str) -> None:
    """Raises DocumentError: no workbook, or one that would not fit into memory."""
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise DocumentError(name, "protected by a password", "take the password off and save it again")
        raise DocumentError(name, "an old Excel or WPS workbook (.xls, .et), not .xlsx", _SAVE)
    if not data.startswith(_ZIP):
        raise DocumentError(name, "no Excel workbook, whatever its suffix says", _SAVE)
    stream = io.BytesIO(data)
    check_directory(stream, name)
    try:
        with ZipFile(stream) as archive:
            _check_size(archive, name)
            check_sheets(archive)
    except TooLarge as error:
        raise DocumentError(name, str(error), "give the rows as .csv, or split the sheet") from None
    except (*ERRORS, ExpatError, LookupError) as error:
        raise DocumentError(name, f"a broken workbook ({told(error)})", _SAVE) from None


def _check_size(archive: ZipFile, name: str) -> None:
    total = sum(info.file_size for info in archive.infolist())
    seen = next(filter(None, map(over_limit, archive.infolist())), "")
    if total > MAX_UNPACKED:
        seen = f"{total:,} bytes unpacked, the limit is {MAX_UNPACKED:,}"
    if seen:
        raise DocumentError(name, seen, "give the rows as .csv")


def _made(workbook: CalamineWorkbook, name: str, options: ReadOptions, make: Maker[_T]) -> Iterator[_T]:
    titles = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]
    left: list[DocumentError] = []
    for title in titles:
        table = name if len(titles) == 1 else one_line(f"{name}/{title}")
        try:
            yield from make(_table(table, workbook.get_sheet_by_name(title), options))
        except DocumentError as error:
            left.append(error)
    if not titles:
        raise DocumentError(name, "no visible sheet", "show the sheet that holds the rows")
    if len(left) == len(titles):
        raise left[0] if len(left) == 1 else _none(name, left)
    for sheet in left:
        options.say(f"{sheet.name}: left out, {sheet.seen}")


def _none(name: str, left: Sequence[DocumentError]) -> DocumentError:
    told = (f"sheet {error.name.removeprefix(f'{name}/')!r}: {error.seen}" for error in left[:_MOST_TOLD])
    more = f"; and {len(left) - _MOST_TOLD} more" if len(left) > _MOST_TOLD else ""
    return DocumentError(name, f"no sheet that can be used ({'; '.join(told)}{more})", left[0].advice)


def _table(table: str, sheet: CalamineSheet, options: ReadOptions) -> Table:
    first_column = sheet.start[1] + 1 if sheet.start else 1
    rows = _filled(sheet)
    beginning = list(islice(rows, _ABOVE_HEADER))
    if not beginning:
        raise DocumentError(table, "an empty sheet", "give a sheet with a row for each document")
    at = _header_row([cells for _, cells in beginning], options)
    names = header(table, beginning[at][1], options, first=first_column)
    if names is None:
        names = [f"column {place}" for place, _ in enumerate(beginning[at][1], first_column)]
    else:
        at += 1
    rest = ((number, dict(zip(names, cells, strict=True))) for number, cells in chain(beginning[at:], rows))
    return Table(table, rest, names)


def _filled(sheet: CalamineSheet) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, with the numbers that Excel shows."""
    for number, cells in enumerate(sheet.iter_rows(), 1):
        shown = [to_shown(cell) for cell in cells]
        if any(map(str.strip, shown)):
            yield number, shown


def _header_row(rows: Sequence[Sequence[str]], options: ReadOptions) -> int:
    """Which of the first rows is the header; 0 if none is plainly it."""
    wide = [place for place, row in enumerate(rows) if sum(map(bool, row)) > 1 or len(row) == 1]
    wanted = folded(options.text_column or "")
    for place in wide:
        if wanted in map(folded, rows[place]) if wanted else ranked("text", rows[place]):
            return place
    return wide[0] if wide else 0
