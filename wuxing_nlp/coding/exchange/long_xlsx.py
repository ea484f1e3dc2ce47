"""A table of codings as an Excel workbook, by XlsxWriter and calamine; text is text there, whatever
it begins with."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

from wuxing_nlp.atomic import write_file
from wuxing_nlp.codebook import Codebook
from wuxing_nlp.coding.exchange import table
from wuxing_nlp.coding.exchange.items import Item
from wuxing_nlp.coding.exchange.outcomes import Outcome
from wuxing_nlp.documents.formats import FORMATS
from wuxing_nlp.documents.options import ReadOptions
from wuxing_nlp.documents.source import Source
from wuxing_nlp.documents.tables.excel import LONGEST_CELL, MADE, MOST_ROWS, TEXT_IS_TEXT
from wuxing_nlp.errors import CorpusError, DocumentError

_MAX_BYTES = 500_000_000
_NO_XML = ("\ufffe", "\uffff")
_OPTIONS = {**TEXT_IS_TEXT, "in_memory": True}


def write(items: Sequence[Item], path: Path, model: str, book: Codebook) -> list[Path]:
    """Write the workbook; see :func:`wuxing_nlp.coding.exchange.table.row`.

    Raises:
        CorpusError: XlsxWriter is missing, or a text or the table is larger than Excel's limit.
    """
    if len(items) > MOST_ROWS:
        raise CorpusError(f"{len(items):,} units; a sheet of Excel holds {MOST_ROWS:,}: export as csv")
    rows = [table.row(item, book) for item in items]
    for item, cells in zip(items, rows, strict=True):
        _check(item, cells)
    write_file(path, [_workbook([table.header(book), *rows])])
    return [path]


def _check(item: Item, cells: Sequence[str | int]) -> None:
    texts = [cell for cell in cells if isinstance(cell, str)]
    if any(sign in text for text in texts for sign in _NO_XML):
        raise CorpusError(f"the unit {item.unit.id!r} holds U+FFFE or U+FFFF, no characters: export as csv")
    longest = max(len(text.encode("utf-16-le")) // 2 for text in texts)
    if longest > LONGEST_CELL:
        raise CorpusError(
            f"the unit {item.unit.id!r} has a field of {longest:,} characters; a cell of Excel holds "
            f"{LONGEST_CELL:,}: export as csv"
        )


def _workbook(rows: Sequence[Sequence[str | int]]) -> bytes:
    stream = io.BytesIO()
    book = _xlsxwriter().Workbook(stream, _OPTIONS)
    book.set_properties({"created": MADE})
    sheet = book.add_worksheet("codings")
    sheet.freeze_panes(1, 1)
    for number, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            _put(sheet, number, column, cell)
    book.close()
    return stream.getvalue()


def _put(sheet: Any, number: int, column: int, cell: str | int) -> None:
    if isinstance(cell, int):
        sheet.write_number(number, column, cell)
    elif cell:
        sheet.write_string(number, column, cell)


def _xlsxwriter() -> ModuleType:
    try:
        import xlsxwriter
    except ModuleNotFoundError:
        raise CorpusError(
            "to write a workbook the library xlsxwriter is needed: pip install 'wuxing_nlp[documents]'"
        ) from None
    module: ModuleType = xlsxwriter
    return module


def read(path: Path, empty_is_none: bool, book: Codebook) -> Iterator[Outcome]:
    """The codings of all visible sheets that are such tables.

    Args:
        path: the file.
        empty_is_none: of no effect, since the cells say what was coded.
        book: whose labels.

    Raises:
        CorpusError: no workbook, its library is missing, or no sheet has what is needed.
    """
    options = ReadOptions(max_bytes=_MAX_BYTES, text_column="text")
    try:
        reader = FORMATS[".xlsx"].table_reader(str(path))
        yield from reader(Source(str(path), path), options, partial(table.outcomes, path, book))
    except DocumentError as error:
        raise CorpusError(str(error)) from error
