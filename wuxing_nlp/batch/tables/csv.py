"""CSV (RFC 4180) in UTF-8, for Excel, R and pandas: a cell that a spreadsheet would run is none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import BinaryIO

from wuxing_nlp.batch.columns import Column, Row
from wuxing_nlp.batch.tables.plain import PlainWriter
from wuxing_nlp.documents.tables.formulas import csv_lines, safe

__all__ = ["BOM", "encode", "header", "safe", "writer"]

BOM = "\ufeff"
"""Excel reads a CSV as UTF-8 only where it begins with this mark."""


def header(columns: Iterable[Column]) -> str:
    """The line with the columns' names."""
    return csv_lines([[safe(column.name) for column in columns]])


def encode(rows: Iterable[Row], columns: Sequence[Column]) -> bytes:
    """Rows as lines, every text safe for spreadsheets, empty cells empty; see :class:`TableFormat`."""
    texts = [at for at, column in enumerate(columns) if column.type == "text"]
    return _encoded(csv_lines(_safe_at(row, texts) for row in rows))


def _safe_at(row: Row, places: list[int]) -> Row:
    # Most cells of a row are numbers: only the others need a look.
    row = row.copy()
    for at in places:
        if isinstance(cell := row[at], str):
            row[at] = safe(cell)
    return row


def _encoded(text: str) -> bytes:
    # Half a surrogate pair (in a file name, say) must not cost the whole file.
    return text.encode("utf-8", "backslashreplace")


def writer(stream: BinaryIO, columns: Sequence[Column], title: str) -> PlainWriter:
    """A writer whose file begins with the names of the columns; see :class:`TableFormat`."""
    stream.write(_encoded(BOM + header(columns)))
    return PlainWriter(stream)
