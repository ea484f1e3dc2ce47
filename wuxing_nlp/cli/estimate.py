"""``wuxing estimate``: a run and hand codings of a random sample to shares with valid intervals."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from wuxing_nlp import estimates
from wuxing_nlp.atomic import write_file
from wuxing_nlp.batch.record import run_codebook
from wuxing_nlp.batch.tables.csv import BOM
from wuxing_nlp.cli import terminal
from wuxing_nlp.cli.options import (
    ByOption,
    LabelsOption,
    OfOption,
    RunArgument,
    TableLanguageOption,
    WhatOf,
    names_of,
)
from wuxing_nlp.codebook.naming import Naming
from wuxing_nlp.codebook.splitting import split_codes
from wuxing_nlp.estimates import Row
from wuxing_nlp.estimates.joining import wanted
from wuxing_nlp.estimates.tables import header, sections
from wuxing_nlp.evaluation.tables import Form


class Predictions(StrEnum):
    """What of the model is put right."""

    PROBABILITIES = "probabilities"
    CODES = "codes"


class About(StrEnum):
    """Whose share is meant."""

    CORPUS = "corpus"
    POPULATION = "population"


_MEANT = {
    About.CORPUS: "the documents of this run",
    About.POPULATION: "the population that the documents of this run are a random sample of",
}


def estimate(
    results: RunArgument,
    coded: Annotated[Path, typer.Argument(help="What `wuxing sample` wrote, with its codes.")],
    by: ByOption = "",
    labels: LabelsOption = "",
    of: OfOption = WhatOf.UNITS,
    about: Annotated[
        About,
        typer.Option(
            help="Corpus: the share in these documents. Population: in a larger one, of which these "
            "documents are a random sample; intervals are then wider."
        ),
    ] = About.CORPUS,
    predictions: Annotated[
        Predictions,
        typer.Option(help="What of the model the codings put right: probabilities give narrower intervals."),
    ] = Predictions.PROBABILITIES,
    form: Annotated[
        Form, typer.Option("--format", help="What to print, or to write with --out.")
    ] = Form.TABLE,
    language: TableLanguageOption = None,
    out: Annotated[Path | None, typer.Option(help="A file to write instead of printing.")] = None,
) -> None:
    """Estimate shares of labels, with 95 % intervals that hold although the model errs.

    用随机抽取、人工编码的样本校正模型误差，估计各标签的占比及其 95 % 置信区间。
    """
    if out is not None and form is Form.TABLE:
        raise typer.BadParameter("a file needs --format markdown, latex, csv or json", param_hint="--out")
    book = run_codebook(results)
    codings = estimates.read_codings(coded, book)
    counts = estimates.read_counts(
        results, split_codes(labels), by=names_of(by), of=of.value, wanted=wanted(codings)
    )
    sample = estimates.join(codings, counts)
    rows = estimates.estimate(counts, sample, predictions=predictions.value, about=about.value)
    for line in (*sample.notes, *_refused(rows)):
        terminal.tell(line)
    notes, naming = _notes(about, of.value), Naming(book, language)
    if form is Form.TABLE:
        _print(rows, of.value, notes, naming)
        return
    text = estimates.rendered(rows, form, of=of.value, notes=notes, naming=naming)
    if out is None:
        typer.echo(text, nl=False)
    else:
        mark = BOM if form is Form.CSV else ""
        write_file(out, [(mark + text).encode("utf-8", "backslashreplace")])
        typer.echo(f"Estimates 估计: {out}")


def _refused(rows: list[Row]) -> list[str]:
    """A line for every group that has no estimate."""
    empty = dict.fromkeys((row.by, row.group) for row in rows if row.hand != row.hand)
    return [
        f"{f'{by} {group!r}' if by else 'all documents'}: no estimate, for no unit in it (or in a part of it "
        "that was drawn) is coded; draw and code some: wuxing sample RESULTS --for-estimate"
        f"{f' --by {by}' if by else ''}"
        for by, group in empty
    ]


def _notes(about: About, of: str) -> list[str]:
    return [
        f"Shares of {of} in {_MEANT[about]}, in per cent with 95 % intervals. Estimate: "
        "prediction-powered inference, the one to report. Hand-coded: the same codings without the model; "
        "gain: how many times as many of them would be needed without it. Naive count: what the model gave. "
        "Adjusted count: right only where the model errs alike in all groups.",
    ]


def _print(rows: list[Row], of: str, notes: list[str], naming: Naming) -> None:
    shown = terminal.console()
    for title, cells in sections(rows, of=of, naming=naming):
        shown.print(Text(f"{title}, %", style="underline"))
        shown.print(terminal.grid(header(naming), cells))
        shown.print()
    for note in notes:
        shown.print(Text(note))
