"""The reader of Parquet: a row a document, batch by batch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, BinaryIO, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from wuxing_nlp.documents.archives.unpacking import MAX_RATIO, RATIO_FROM
from wuxing_nlp.documents.document import Document
from wuxing_nlp.documents.formats import Maker
from wuxing_nlp.documents.options import ReadOptions
from wuxing_nlp.documents.source import Source, told
from wuxing_nlp.documents.tables.cells import to_text
from wuxing_nlp.documents.tables.columns import distinct, documents
from wuxing_nlp.documents.tables.table import Row, Table
from wuxing_nlp.errors import DocumentError

_ROWS = 16
"""Rows of a batch: a long text that many rows share is unpacked so many times, not more."""
_BUFFER = 1 << 20
_T = TypeVar("_T")
_AGAIN = "write the table again, or give it as .csv or .jsonl"


def read(source: Source, options: ReadOptions) -> Iterator[Document | DocumentError]:
    """Read a Parquet file, and of it alone: what its folders' names say (region=江西) is no column.

    Raises:
        DocumentError: broken, encrypted, no Parquet, would grow beyond measure, no rows, no column
            of text.
    """
    return read_rows(source, options, lambda table: documents(table, options))


def read_rows(source: Source, options: ReadOptions, make: Maker[_T]) -> Iterator[_T]:
    """What ``make`` makes of the table, which is read as by :func:`read`."""
    with source.open() as stream, _opened(stream, source.name) as table:
        _check(table.metadata, source.size(), source.name)
        names = distinct(table.schema_arrow.names)
        yield from make(Table(source.name, _rows(source.name, table, names), names))


def _opened(stream: BinaryIO, name: str) -> pq.ParquetFile:
    with _explained(name):
        return pq.ParquetFile(stream, pre_buffer=False, buffer_size=_BUFFER)


@contextmanager
def _explained(name: str) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        seen = f"no Parquet file, or a broken one ({told(error)})"
        raise DocumentError(name, seen, _AGAIN) from None


def _check(metadata: Any, packed: int, name: str) -> None:
    # The sizes of single columns would say more, but pyarrow ends the process where they are damaged.
    size = sum(metadata.row_group(number).total_byte_size for number in range(metadata.num_row_groups))
    if size > RATIO_FROM and size > MAX_RATIO * packed:
        seen = f"{size:,} bytes packed into {packed:,}; the limit is a ratio of {MAX_RATIO}"
        raise DocumentError(name, seen, _AGAIN)


def _rows(name: str, table: pq.ParquetFile, names: list[str]) -> Iterator[Row]:
    numbers = count(1)
    with _explained(name):
        for batch in table.iter_batches(batch_size=_ROWS, use_threads=False):
            for cells in zip(*map(_values, batch.columns), strict=True):
                yield next(numbers), dict(zip(names, map(to_text, cells), strict=True))


def _values(column: pa.Array) -> list[Any]:
    # Without pandas, Python has no type for nanoseconds; a microsecond is exact enough for a date.
    if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
    values: list[Any] = column.to_pylist()
    return values
