"""What ``wuxing classify`` prints: a table at the end, or a document's lines as they come."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from itertools import islice
from pathlib import Path

import typer

from wuxing_nlp import batch
from wuxing_nlp.batch.columns import UnitTable
from wuxing_nlp.batch.joining import RESULTS
from wuxing_nlp.batch.lines import json_line
from wuxing_nlp.batch.tables import csv as csv_table
from wuxing_nlp.cli import terminal
from wuxing_nlp.codebook import Codebook

MOST_SHOWN = 50
"""Documents that the table in the terminal shows; the files have all."""

MOST_NOTICES = 20
"""Notices of readers that are told; run.json has all."""


class Form(StrEnum):
    """What is printed."""

    TABLE = "table"
    JSONL = "jsonl"
    CSV = "csv"


class Shown:
    """What goes to standard output.

    Args:
        form: what is printed.
        book: whose labels.
        text: False to print nothing of the documents' words.
        quiet: True to print nothing but lines that were asked for.
    """

    def __init__(self, form: Form, book: Codebook, *, text: bool, quiet: bool) -> None:
        self._form = form
        self._book = book
        self._text = text
        self.quiet = quiet
        self._units = UnitTable(book, text=text)
        self._summaries: list[terminal.Summary] = []
        self._documents = 0

    @property
    def wants_probabilities(self) -> bool:
        """Whether the form shows the probabilities of labels that were not given."""
        return self._form is not Form.TABLE

    def skipped(self, counts: Mapping[str, int]) -> None:
        """Say how many files of folders and archives were no documents."""
        if counts and not self.quiet:
            listed = [f"{suffix or 'no suffix'} {count:,}" for suffix, count in sorted(counts.items())]
            terminal.tell(f"left out as no documents: {', '.join(listed)}")

    def begin(self) -> None:
        """Print what stands before the first document."""
        if self._form is Form.CSV:
            typer.echo(csv_table.header(self._units.columns).encode(), nl=False)

    def add(self, record: batch.Record) -> None:
        """Print a document, or keep what the table needs of it."""
        self._documents += 1
        if self._form is Form.JSONL:
            typer.echo(json_line(record), nl=False)
        elif self._form is Form.CSV:
            typer.echo(csv_table.encode(self._units.rows(record), self._units.columns), nl=False)
        elif len(self._summaries) < MOST_SHOWN:
            self._summaries.append(terminal.Summary.of(record))

    def end(self) -> None:
        """Print what stands behind the last document."""
        if self._summaries and not self.quiet:
            terminal.print_profiles(self._summaries, self._book, text=self._text)
            if more := self._documents - len(self._summaries):
                typer.echo(f"\n… {more:,} more documents 另有 {more:,} 篇文档未在此列出")

    def written(self, out: Path, counts: batch.Counts) -> None:
        """Say what a run wrote; with the form ``table`` show the first documents."""
        if self._form is Form.TABLE and not self.quiet:
            with (out / RESULTS).open("rb") as stream:
                for line in islice(stream, MOST_SHOWN):
                    self.add(json.loads(line))
            self._documents = counts.documents
            self.end()
        self.summed_up(str(out), counts)

    def summed_up(self, out: str, counts: batch.Counts) -> None:
        """Say where the results are, and how many."""
        for notice in counts.notices[:MOST_NOTICES]:
            terminal.tell(notice)
        if not self.quiet:
            said = f"\n{_summary(counts)}\nFull results 完整结果: {out}"
            typer.echo(said, err=self._form is not Form.TABLE)


def _summary(counts: batch.Counts) -> str:
    return (
        f"{counts.documents:,} documents, {counts.units:,} units, {counts.failures:,} failures "
        f"{counts.documents:,} 篇文档，{counts.units:,} 个单位，{counts.failures:,} 个失败"
    )
