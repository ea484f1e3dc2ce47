"""Excel workbooks, by XlsxWriter: text is text there, whatever it begins with."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import Any, BinaryIO, Self

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from wuxing_nlp.batch.columns import Column, Row
from wuxing_nlp.batch.lines import json_line
from wuxing_nlp.errors import OutputError

MOST_COLUMNS = 16_384
"""Columns of a sheet."""

MOST_ROWS = 1_048_575
"""Rows of a sheet below its header; further ones go to further sheets."""

LONGEST_CELL = 32_767
"""Characters that Excel keeps in a cell; longer text is cut there, and ends with an ellipsis."""

_IN_MEMORY = 8_000_000
_WIDTHS = {"text": 24, "count": 8, "share": 8}
_DAY = datetime(2000, 1, 1, tzinfo=UTC)  # a workbook records when it was made: the same bytes every time
# A cell is written as what it is: no text becomes a formula, a link or a number.
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "nan_inf_to_errors": True,
}


def encode(rows: Iterable[Row], columns: Sequence[Column]) -> bytes:
    """Rows as lines of JSON; see :class:`TableFormat`."""
    return b"".join(map(json_line, rows))


class XlsxWriter:
    """Writes a workbook row by row; see :class:`TableWriter`."""

    def __init__(self, stream: BinaryIO, columns: Sequence[Column], title: str) -> None:
        self._columns = columns
        self._title = title
        self._stream = stream
        # XlsxWriter would go on writing to a stream that failed when it is thrown away.
        self._whole = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 (closed with the writer)
        self._book = xlsxwriter.Workbook(self._whole, _OPTIONS)
        self._book.use_zip64()
        self._book.set_properties({"title": title, "created": _DAY})
        self._header = self._book.add_format({"bold": True, "bottom": 1})
        self._sheets = 0
        self._add_sheet()

    def __enter__(self) -> Self:
        return self

    def write(self, encoded: bytes) -> None:
        """Append rows."""
        for line in encoded.splitlines():
            if self._row > MOST_ROWS:
                self._add_sheet()
            self._put(json.loads(line), None)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._whole:
            try:
                self._book.close()
            except XlsxWriterException as error:
                raise OSError(str(error)) from error
            self._whole.seek(0)
            shutil.copyfileobj(self._whole, self._stream)

    def _add_sheet(self) -> None:
        self._sheets += 1
        name = self._title if self._sheets == 1 else f"{self._title} {self._sheets}"
        self._sheet = self._book.add_worksheet(name)
        self._sheet.freeze_panes(1, 1)
        for at, column in enumerate(self._columns):
            self._sheet.set_column(at, at, 60 if column.name == "text" else _WIDTHS[column.type])
        self._row = 0
        self._put([column.name for column in self._columns], self._header)

    def _put(self, cells: Row, style: Any) -> None:
        for at, cell in enumerate(cells):
            if isinstance(cell, str) and cell:
                self._sheet.write_string(self._row, at, _fitting(cell), style)
            elif isinstance(cell, int | float):
                self._sheet.write_number(self._row, at, cell, style)
        self._row += 1


def _fitting(cell: str) -> str:
    # XML has no place for half a surrogate pair.
    cell = cell.encode("utf-8", "backslashreplace").decode()
    return cell if len(cell) <= LONGEST_CELL else cell[: LONGEST_CELL - 1] + "…"


def writer(stream: BinaryIO, columns: Sequence[Column], title: str) -> XlsxWriter:
    """A writer of a workbook; see :class:`TableFormat`. Raises OutputError: too many columns."""
    if len(columns) > MOST_COLUMNS:
        raise OutputError(
            f"{len(columns):,} columns do not fit into a sheet of Excel, which holds {MOST_COLUMNS:,}; "
            "choose another format with --tables, or leave columns out of the input"
        )
    return XlsxWriter(stream, columns, title)
