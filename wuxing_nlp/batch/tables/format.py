"""What every table format can do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import BinaryIO, Protocol, Self

from wuxing_nlp.batch.columns import Column, Row


class TableWriter(Protocol):
    """Writes a table to a stream; the file is whole once the block ends."""

    def __enter__(self) -> Self: ...

    def write(self, encoded: bytes) -> None:
        """Append rows that the format encoded."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class TableFormat(Protocol):
    """A module of this package: a way to write rows, and to put them together to a file."""

    def encode(self, rows: Iterable[Row], columns: Sequence[Column]) -> bytes:
        """Rows as bytes, which :meth:`TableWriter.write` takes; b"" for none."""

    def writer(self, stream: BinaryIO, columns: Sequence[Column], title: str) -> TableWriter:
        """A writer of a table with the given columns to a stream; ``title`` is what to call it."""
