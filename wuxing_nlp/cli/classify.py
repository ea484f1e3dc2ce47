"""``wuxing classify``: documents to codes, in the terminal or as a folder of tables."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from wuxing_nlp import batch
from wuxing_nlp.batch.columns import UnitTable
from wuxing_nlp.batch.joining import RESULTS
from wuxing_nlp.batch.lines import json_line
from wuxing_nlp.batch.tables import FORMATS
from wuxing_nlp.batch.tables import csv as csv_table
from wuxing_nlp.cli import terminal
from wuxing_nlp.cli.options import (
    GroupByOption,
    Language,
    LanguageOption,
    ModelOption,
    PreferOption,
    names_of,
)
from wuxing_nlp.cli.progress import Progress
from wuxing_nlp.codebook import Codebook
from wuxing_nlp.documents import STREAM, Found, ReadOptions, Source, find_sources
from wuxing_nlp.model.preference import Preference
from wuxing_nlp.model.tagger import Tagger
from wuxing_nlp.report import write_report

MOST_SHOWN = 50
"""Documents that the table in the terminal shows; the files have all."""

MOST_NOTICES = 20
"""Notices of readers that are told; run.json has all."""

_MANY_BYTES = 20_000_000
"""Input from which on several processes pay for their start."""


class ClassifyFormat(StrEnum):
    """What ``classify`` prints."""

    TABLE = "table"
    JSONL = "jsonl"
    CSV = "csv"


TableName = StrEnum("TableName", {name.upper(): name for name in FORMATS})  # type: ignore[misc]


def classify(
    paths: Annotated[
        list[str],
        typer.Argument(help="Files, folders, archives, or - for standard input.", metavar="PATH"),
    ],
    form: Annotated[ClassifyFormat, typer.Option("--format", help="What to print.")] = ClassifyFormat.TABLE,
    out: Annotated[Path | None, typer.Option(help="Folder to write all results to.")] = None,
    tables: Annotated[
        list[TableName] | None,
        typer.Option("--tables", help="With --out: the formats of the tables; may be given several times."),
    ] = None,
    include: Annotated[
        list[str] | None,
        typer.Option(
            help="Of folders and archives only files that fit this pattern, as '*.docx' or '2024/*'."
        ),
    ] = None,
    exclude: Annotated[list[str] | None, typer.Option(help="The same for files that are left out.")] = None,
    text_column: Annotated[
        str | None, typer.Option(help="The column of a table that holds the text; guessed without it.")
    ] = None,
    id_column: Annotated[
        str | None, typer.Option(help="The column of a table that names its rows; guessed without it.")
    ] = None,
    text: Annotated[
        bool, typer.Option("--text/--no-text", help="Whether outputs may quote the documents.")
    ] = True,
    workers: Annotated[
        int, typer.Option(min=0, help="With --out: processes; 0 takes all cores where the input is large.")
    ] = 0,
    strict: Annotated[bool, typer.Option("--strict", help="Stop at the first document that fails.")] = False,
    restart: Annotated[
        bool, typer.Option("--restart", help="With --out: discard an unfinished run instead of going on.")
    ] = False,
    report: Annotated[
        bool, typer.Option("--report/--no-report", help="With --out: whether to write report.html as well.")
    ] = True,
    language: LanguageOption = Language.ZH,
    group_by: GroupByOption = "",
    quiet: Annotated[
        bool, typer.Option("--quiet", help="No table, no progress; failures are still told.")
    ] = False,
    model: ModelOption = None,
    prefer: PreferOption = Preference.BALANCED,
) -> None:
    """Tag documents: a profile of each, or every unit with its codes."""
    options = ReadOptions(text_column=text_column, id_column=id_column)
    forms = tuple(dict.fromkeys(table.value for table in tables or [])) or ("csv",)
    settings = batch.Settings(model, prefer, text, forms, options)
    tagger = settings.tagger()
    found = find_sources(_sources(paths), include=include or (), exclude=exclude or ())
    shown = _Shown(form, tagger.model.codebook, quiet)
    if out is None:
        failed = _print(tagger, found, settings, shown, strict)
    else:
        plan = batch.Plan(found, settings, tagger.model)
        with Progress(plan.size(), quiet=quiet) as progress:
            counts = batch.run(
                plan, out, workers=_workers(workers, plan), restart=restart, strict=strict, watcher=progress
            )
        if report:
            write_report(out, language=language.value, group_by=names_of(group_by))
        failed = counts.failures > 0
        shown.written(out, counts, settings)
    if failed:
        raise typer.Exit(1)


def _sources(paths: Sequence[str]) -> list[str | Source]:
    """The paths; standard input is read here, once, however often it is named."""
    given = list(dict.fromkeys(paths))
    return [Source(STREAM, data=sys.stdin.buffer.read()) if path == STREAM else path for path in given]


def _workers(wanted: int, plan: batch.Plan) -> int:
    if wanted:
        return wanted
    return os.cpu_count() or 1 if plan.size() > _MANY_BYTES else 1


def _print(tagger: Tagger, found: Found, settings: batch.Settings, shown: _Shown, strict: bool) -> bool:
    """Tag and print one document after the other; True where one failed."""
    options = replace(settings.options, notify=terminal.tell)
    items: list[batch.Item] = [*found.failures, *found.sources]
    failed = False
    shown.begin(settings)
    watched = terminal.watched(items, quiet=shown.quiet)
    for outcome in batch.tag_items(tagger, watched, options, probabilities=shown.wants_probabilities):
        if isinstance(outcome, batch.Failure):
            failed = True
            terminal.tell(str(outcome))
            if strict:
                break
        else:
            shown.add(outcome.to_dict(text=settings.text))
    shown.end(settings)
    return failed


class _Shown:
    """What goes to standard output: a table at the end, or a document's lines as they come."""

    def __init__(self, form: ClassifyFormat, book: Codebook, quiet: bool) -> None:
        self._form = form
        self._book = book
        self.quiet = quiet
        self._summaries: list[terminal.Summary] = []
        self._documents = 0

    @property
    def wants_probabilities(self) -> bool:
        """Whether the form shows the probabilities of labels that were not given."""
        return self._form is not ClassifyFormat.TABLE

    def begin(self, settings: batch.Settings) -> None:
        """Print what stands before the first document."""
        self._units = UnitTable(self._book, text=settings.text)
        if self._form is ClassifyFormat.CSV:
            typer.echo(csv_table.header(self._units.columns), nl=False)

    def add(self, record: batch.Record) -> None:
        """Print a document, or keep what the table needs of it."""
        self._documents += 1
        if self._form is ClassifyFormat.JSONL:
            typer.echo(json_line(record), nl=False)
        elif self._form is ClassifyFormat.CSV:
            typer.echo(csv_table.encode(self._units.rows(record), self._units.columns), nl=False)
        elif len(self._summaries) < MOST_SHOWN:
            self._summaries.append(terminal.Summary.of(record))

    def end(self, settings: batch.Settings) -> None:
        """Print what stands behind the last document."""
        if self._summaries and not self.quiet:
            terminal.print_profiles(self._summaries, self._book, text=settings.text)
            if more := self._documents - len(self._summaries):
                typer.echo(f"\n… {more:,} more documents 另有 {more:,} 篇文档未在此列出")

    def written(self, out: Path, counts: batch.Counts, settings: batch.Settings) -> None:
        """Say what a run wrote; with the form ``table`` show the first documents."""
        to_error = self._form is not ClassifyFormat.TABLE
        for notice in counts.notices[:MOST_NOTICES]:
            terminal.tell(notice)
        if not to_error and not self.quiet:
            with (out / RESULTS).open("rb") as stream:
                for line in islice(stream, MOST_SHOWN):
                    self.add(json.loads(line))
            self._documents = counts.documents
            self.end(settings)
        if not self.quiet:
            typer.echo(f"\n{_summary(counts)}\nFull results 完整结果: {out}", err=to_error)


def _summary(counts: batch.Counts) -> str:
    return (
        f"{counts.documents:,} documents, {counts.units:,} units, {counts.failures:,} failures "
        f"{counts.documents:,} 篇文档，{counts.units:,} 个单位，{counts.failures:,} 个失败"
    )
