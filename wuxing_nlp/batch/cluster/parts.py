"""The files of a partition, written row by row on a worker's own disk before they are published."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from wuxing_nlp.batch.columns import Column, DocumentTable, FailureTable, Row, UnitTable
from wuxing_nlp.batch.lines import json_line
from wuxing_nlp.batch.outcome import Failure, Record, Result
from wuxing_nlp.batch.parts import Counts, packing
from wuxing_nlp.batch.tables import parquet
from wuxing_nlp.codebook import Codebook

ROWS = 4_000
"""Rows that are kept in memory, and that are a row group of Parquet."""

MOST_TOLD = 20
"""Failures of a partition that are told while a run gets on; its table has all."""


class Table:
    """A Parquet file that rows are appended to; it is whole once the block ends."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        self._path = path
        self._columns = columns
        self._rows: list[Row] = []

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stream = stack.enter_context(self._path.open("wb"))
            self._writer = stack.enter_context(parquet.writer(stream, self._columns, self._path.stem))
            self._open = stack.pop_all()
        return self

    def add(self, rows: Iterable[Row]) -> None:
        """Append rows."""
        for row in rows:
            self._rows.append(row)
            if len(self._rows) >= ROWS:
                self._flush()

    def _flush(self) -> None:
        self._writer.write(parquet.encode(self._rows, self._columns))
        self._rows.clear()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._open:
            if kind is None:
                self._flush()


class PartWriter:
    """Writes what a partition gives: its units, its failures, and for the documents a draft, since
    their table has the own columns of all inputs, which nobody knows yet.

    Args:
        folder: a local folder for the files.
        codebook: whose labels.
        text: False for files without the documents' words.

    Attributes:
        units: the Parquet file of the units.
        failures: that of the failures.
        draft: the documents without their units, as gzipped lines of JSON.
        counts: what was added.
        told: its first failures.
    """

    def __init__(self, folder: Path, codebook: Codebook, *, text: bool) -> None:
        self.units = folder / "units.parquet"
        self.failures = folder / "failures.parquet"
        self.draft = folder / "documents.jsonl.gz"
        self.counts = Counts()
        self.told: list[Failure] = []
        self._text = text
        self._unit_table, self._failure_table = UnitTable(codebook, text=text), FailureTable()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._units = stack.enter_context(Table(self.units, self._unit_table.columns))
            self._failures = stack.enter_context(Table(self.failures, self._failure_table.columns))
            draft = stack.enter_context(self.draft.open("wb"))
            self._draft = stack.enter_context(packing(draft))
            self._open = stack.pop_all()
        return self

    def add(self, outcome: Result | Failure) -> None:
        """Append a document's units, or a failure."""
        if isinstance(outcome, Failure):
            self._failures.add(self._failure_table.rows(outcome))
            self.counts.add(Counts.of([outcome]))
            if len(self.told) < MOST_TOLD:
                self.told.append(outcome)
            return
        record = outcome.to_dict(text=self._text)
        self._units.add(self._unit_table.rows(record))
        self.counts.add(Counts.of([record]))
        del record["units"]
        self._draft.write(json_line(record))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.__exit__(kind, error, trace)


def write_documents(draft: Path, path: Path, codebook: Codebook, fields: Sequence[str]) -> None:
    """The table of the documents of a draft; ``fields`` are the own columns of all inputs."""
    table = DocumentTable(codebook, fields)
    with Table(path, table.columns) as documents:
        for record in _records(draft):
            documents.add(table.rows(record))


def _records(draft: Path) -> Iterator[Record]:
    with gzip.open(draft, "rb") as stream:
        for line in stream:
            yield json.loads(line)
