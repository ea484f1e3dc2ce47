"""Excel workbooks, by XlsxWriter: text is text there, whatever it begins with."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from tempfile import SpooledTemporaryFile, TemporaryDirectory
from types import TracebackType
from typing import Any, BinaryIO, Self

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from wuxing_nlp.batch.columns import Column, Row
from wuxing_nlp.batch.lines import json_line
from wuxing_nlp.documents.tables.excel import LONGEST_CELL, MADE, MOST_COLUMNS, MOST_ROWS, TEXT_IS_TEXT
from wuxing_nlp.errors import OutputError

_IN_MEMORY = 8_000_000
_WIDTHS = {"text": 24, "count": 8, "share": 8}
_OPTIONS = {**TEXT_IS_TEXT, "constant_memory": True, "nan_inf_to_errors": True}


def encode(rows: Iterable[Row], columns: Sequence[Column]) -> bytes:
    """Rows as lines of JSON; see :class:`TableFormat`."""
    return b"".join(map(json_line, rows))


class _Nowhere:
    """A stream that keeps nothing."""

    def write(self, data: bytes) -> int:
        return len(data)

    def seek(self, *place: int) -> int:
        return 0

    tell = flush = seek


class _Spool:
    """A workbook before it is whole. XlsxWriter's archive goes on writing when it is thrown away, to a
    stream that failed too: from then on it writes to nothing."""

    def __init__(self) -> None:
        self.file: Any = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)

    @contextmanager
    def discarded(self) -> Iterator[None]:
        """At the end of a block the content is gone."""
        with self.file:
            try:
                yield
            finally:
                self.file = _Nowhere()


class XlsxWriter:
    """Writes a workbook row by row, where a sheet is full to a further one; see :class:`TableWriter`.
    Text that is longer than a cell is cut there, and ends with an ellipsis."""

    def __init__(self, stream: BinaryIO, columns: Sequence[Column], title: str) -> None:
        self._columns = columns
        self._title = title
        self._stream = stream
        self._whole = _Spool()
        # XlsxWriter leaves its temporary files where a disk is full.
        self._folder = TemporaryDirectory(ignore_cleanup_errors=True)
        self._book = xlsxwriter.Workbook(self._whole, {**_OPTIONS, "tmpdir": self._folder.name})
        self._book.use_zip64()
        self._book.set_properties({"title": title, "created": MADE})
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
        with self._folder, self._whole.discarded():
            try:
                if kind is None:  # else XlsxWriter would read rows that are half there
                    self._finish()
            finally:
                for sheet in self._book.worksheets():
                    with suppress(OSError):
                        sheet.row_data_fh.close()

    def _finish(self) -> None:
        try:
            self._book.close()
        except XlsxWriterException as failed:
            raise (failed.args[0] if isinstance(failed.args[0], OSError) else OSError(str(failed))) from None
        self._whole.file.seek(0)
        shutil.copyfileobj(self._whole.file, self._stream)

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
    if 2 * len(cell) <= LONGEST_CELL:
        return cell
    units = cell.encode("utf-16-le")  # by which Excel counts
    if len(units) <= 2 * LONGEST_CELL:
        return cell
    return units[: 2 * (LONGEST_CELL - 1)].decode("utf-16-le", "ignore") + "…"


def writer(stream: BinaryIO, columns: Sequence[Column], title: str) -> XlsxWriter:
    """A writer of a workbook; see :class:`TableFormat`. Raises OutputError: too many columns."""
    if len(columns) > MOST_COLUMNS:
        raise OutputError(
            f"{len(columns):,} columns do not fit into a sheet of Excel, which holds {MOST_COLUMNS:,}; "
            "choose another format with --tables, or leave columns out of the input"
        )
    return XlsxWriter(stream, columns, title)
