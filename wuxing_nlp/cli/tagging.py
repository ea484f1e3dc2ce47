"""``wuxing classify`` and ``wuxing explain``: documents and single units to tags."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track
from rich.text import Text

from wuxing_nlp import batch
from wuxing_nlp.cli import terminal
from wuxing_nlp.codebook import Codebook
from wuxing_nlp.model.results import TaggedUnit
from wuxing_nlp.model.tagger import Tagger, load

Outcome = batch.Result | batch.Failure
ModelOption = Annotated[
    Path | None, typer.Option("--model", help="A bundle folder instead of the shipped model.")
]


class ClassifyFormat(StrEnum):
    """What ``classify`` prints."""

    TABLE = "table"
    JSONL = "jsonl"
    CSV = "csv"


def classify(
    paths: Annotated[
        list[str], typer.Argument(help="Files, folders, or - for standard input.", metavar="PATH...")
    ],
    form: Annotated[ClassifyFormat, typer.Option("--format", help="What to print.")] = ClassifyFormat.TABLE,
    out: Annotated[
        Path | None, typer.Option(help="Folder for results.jsonl, units.csv and documents.csv.")
    ] = None,
    model: ModelOption = None,
) -> None:
    """Tag documents: a profile of each, or every unit with its codes."""
    tagger = load(model)
    inputs, failures = batch.find_inputs(paths)
    stream = sys.stdin.buffer.read() if batch.STREAM in inputs else b""
    outcomes = _reported(chain(failures, batch.classify(tagger, _progress(inputs), stream=stream)))
    book = tagger.model.codebook
    if out is None:
        failed = _print(form, outcomes, book, to_files=False)
    else:
        with batch.ResultFiles(out, book) as files:
            failed = _print(form, _written(outcomes, files), book, to_files=True)
        names = ", ".join(str(out / name) for name in files.NAMES)
        typer.echo(f"\nFull results 完整结果: {names}", err=form is not ClassifyFormat.TABLE)
    if failed:
        raise typer.Exit(1)


def _progress(inputs: list[str]) -> Iterator[str]:
    """The inputs, behind a progress bar where standard error is a terminal and there are several."""
    shown = terminal.console(error=True)
    quiet = not shown.is_terminal or len(inputs) < 2
    return iter(track(inputs, "tagging", console=shown, disable=quiet, transient=True))


def _reported(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """The outcomes, each failure said on standard error as it comes."""
    for outcome in outcomes:
        if isinstance(outcome, batch.Failure):
            typer.echo(f"wuxing: {outcome.reason}", err=True)
        yield outcome


def _written(outcomes: Iterable[Outcome], files: batch.ResultFiles) -> Iterator[Outcome]:
    """The outcomes, each written as it comes."""
    for outcome in outcomes:
        files.add(outcome)
        yield outcome


def _print(form: ClassifyFormat, outcomes: Iterable[Outcome], book: Codebook, *, to_files: bool) -> bool:
    """Print the outcomes in the form asked for (JSON and CSV only where they go to no file); True
    where an input failed."""
    failed = False
    results: list[batch.Result] = []
    if form is ClassifyFormat.CSV and not to_files:
        typer.echo(batch.csv_line(batch.unit_header(book)), nl=False)
    for outcome in outcomes:
        if isinstance(outcome, batch.Failure):
            failed = True
        elif form is ClassifyFormat.TABLE:
            results.append(outcome)
        elif not to_files:
            _print_result(form, outcome, book)
    if results:
        _print_profiles(results, book)
    return failed


def _print_result(form: ClassifyFormat, result: batch.Result, book: Codebook) -> None:
    if form is ClassifyFormat.JSONL:
        typer.echo(json.dumps(result.to_dict(), ensure_ascii=False))
    else:
        typer.echo("".join(batch.csv_rows(result, book)), nl=False)


def _print_profiles(results: list[batch.Result], book: Codebook) -> None:
    shown = terminal.console()
    shown.print(terminal.profiles(results, book))
    shown.print(
        "\nMost telling units: code, probability, text with its evidence 最能说明问题的单位", style="bold"
    )
    for result in results:
        shown.print(Text(f"\n{result.document.name}", style="underline"))
        for line in terminal.telling_lines(result):
            shown.print(line)


def explain(
    text: Annotated[str, typer.Argument(help="One coding unit: a sentence or list item.")],
    model: ModelOption = None,
) -> None:
    """Say why a unit gets its codes: labels, probabilities, and the evidence highlighted."""
    tagger = load(model)
    shown = terminal.console()
    unit = tagger.tag_units([text])[0]
    shown.print(f"status: {unit.status}   codes: {','.join(unit.codes) or '0'}")
    for tag in unit.tags:
        stance = f" ({tag.stance})" if tag.stance else ""
        head = Text(f"{tag.code} {tag.name}{stance} {tag.probability:.2f}  ", style="bold")
        shown.print(Text.assemble(head, terminal.highlighted(unit, tag.evidence)))
        for span in tag.evidence:
            shown.print(Text(f"    {span.weight:+.3f}  {text[span.start : span.end]}"))
    _print_likeliest(tagger, unit)


def _print_likeliest(tagger: Tagger, unit: TaggedUnit) -> None:
    letters = tagger.letter_probabilities([unit.text])[0]
    thresholds = tagger.model.calibration.letter_thresholds
    book = tagger.model.codebook
    rows = [
        (f"{letter} {book.name(letter)}", f"{p:.3f}", f"{limit:.3f}")
        for letter, p, limit in sorted(
            zip(tagger.letters, letters, thresholds, strict=True), key=lambda row: -row[1]
        )
    ]
    terminal.console().print(terminal.grid(("letter", "probability", "given from"), rows))
