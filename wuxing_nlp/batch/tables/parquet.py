"""Parquet, by pyarrow: typed columns for R, pandas, DuckDB and Spark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Any, BinaryIO, Self

import pyarrow as pa
import pyarrow.parquet as pq

from wuxing_nlp.batch.columns import Column, Row, storable

GROUP = 50_000
"""Rows that a row group has at least, but for the last one."""

_TYPES = {"text": pa.string(), "count": pa.int64(), "share": pa.float64()}


def schema(columns: Sequence[Column]) -> Any:
    """The Arrow schema of a table."""
    return pa.schema([(column.name, _TYPES[column.type]) for column in columns])


def table(rows: Iterable[Row], columns: Sequence[Column]) -> Any:
    """Rows as an Arrow table."""
    fields = schema(columns)
    cells = list(zip(*rows, strict=True))
    if not cells:
        return fields.empty_table()
    arrays = [
        pa.array(map(storable, column), field.type) for column, field in zip(cells, fields, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=fields)


def encode(rows: Iterable[Row], columns: Sequence[Column]) -> bytes:
    """Rows as an Arrow stream; see :class:`TableFormat`."""
    whole = table(rows, columns)
    if not whole.num_rows:
        return b""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, whole.schema) as stream:
        stream.write_table(whole)
    return bytes(sink.getvalue())


class ParquetWriter:
    """Writes rows in groups of a size that readers like; see :class:`TableWriter`."""

    def __init__(self, stream: BinaryIO, columns: Sequence[Column]) -> None:
        self._writer = pq.ParquetWriter(stream, schema(columns), compression="zstd")
        self._waiting: list[Any] = []

    def __enter__(self) -> Self:
        return self

    def write(self, encoded: bytes) -> None:
        """Append rows."""
        if encoded:
            with pa.ipc.open_stream(encoded) as stream:
                self._waiting.append(stream.read_all())
        if sum(table.num_rows for table in self._waiting) >= GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            self._writer.write_table(pa.concat_tables(self._waiting))
            self._waiting.clear()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._flush()
        self._writer.close()


def writer(stream: BinaryIO, columns: Sequence[Column], title: str) -> ParquetWriter:
    """A writer of Parquet; see :class:`TableFormat`."""
    return ParquetWriter(stream, columns)
