"""``wuxing classify`` and ``wuxing explain``: documents and single units to tags."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
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
from wuxing_nlp.model.preference import Preference
from wuxing_nlp.model.results import TaggedUnit
from wuxing_nlp.model.tagger import LEAST_HAN, SHORTEST, Tagger, load

ModelOption = Annotated[
    Path | None, typer.Option("--model", help="A bundle folder instead of the shipped model.")
]
PreferOption = Annotated[
    Preference,
    typer.Option(
        "--prefer", help="Precision: fewer wrong labels, and more missed. Recall: the other way round."
    ),
]

_NOT_JUDGED = {
    "too_short": f"not judged: fewer than {SHORTEST} Chinese characters",
    "not_chinese": f"not judged: less than {LEAST_HAN:.0%} of its letters are Chinese",
}


class ClassifyFormat(StrEnum):
    """What ``classify`` prints."""

    TABLE = "table"
    JSONL = "jsonl"
    CSV = "csv"


def classify(
    paths: Annotated[
        list[str], typer.Argument(help="Files, folders, or - for standard input.", metavar="PATH")
    ],
    form: Annotated[ClassifyFormat, typer.Option("--format", help="What to print.")] = ClassifyFormat.TABLE,
    out: Annotated[
        Path | None, typer.Option(help=f"Folder to write {', '.join(batch.ResultFiles.NAMES)} to.")
    ] = None,
    model: ModelOption = None,
    prefer: PreferOption = Preference.BALANCED,
) -> None:
    """Tag documents: a profile of each, or every unit with its codes."""
    tagger = load(model, prefer=prefer)
    inputs, failures = batch.find_inputs(paths)
    stream = sys.stdin.buffer.read() if batch.STREAM in inputs else b""
    outcomes = chain(failures, batch.classify(tagger, _progress(inputs), stream=stream))
    book = tagger.model.codebook
    with batch.ResultFiles(out, book) if out else nullcontext() as files:
        shown, failed = _work_off(outcomes, form, book, files)
    # The files stand by now: a table that cannot be printed (a closed pipe) costs no results.
    if shown:
        terminal.print_profiles(shown, book)
    if out:
        names = ", ".join(batch.ResultFiles.NAMES)
        typer.echo(f"\nFull results 完整结果: {out} ({names})", err=form is not ClassifyFormat.TABLE)
    if failed:
        raise typer.Exit(1)


def _progress(inputs: list[str]) -> Iterator[str]:
    """The inputs, behind a progress bar where standard error is a terminal and there are several."""
    shown = terminal.console(error=True)
    quiet = not shown.is_terminal or len(inputs) < 2
    return iter(track(inputs, "tagging", console=shown, disable=quiet, transient=True))


def _work_off(
    outcomes: Iterable[batch.Result | batch.Failure],
    form: ClassifyFormat,
    book: Codebook,
    files: batch.ResultFiles | None,
) -> tuple[list[terminal.Summary], bool]:
    """Say, write or print every outcome as it comes (JSON and CSV only where they go to no file).

    Returns what the table needs, and True where an input failed.
    """
    shown: list[terminal.Summary] = []
    failed = False
    if form is ClassifyFormat.CSV and not files:
        typer.echo(batch.csv_line(batch.unit_header(book)), nl=False)
    for outcome in outcomes:
        if files:
            files.add(outcome)
        if isinstance(outcome, batch.Failure):
            failed = True
            typer.echo(f"wuxing: {outcome.reason}", err=True)
        elif form is ClassifyFormat.TABLE:
            shown.append(terminal.Summary.of(outcome))
        elif not files:
            _print_result(form, outcome, book)
    return shown, failed


def _print_result(form: ClassifyFormat, result: batch.Result, book: Codebook) -> None:
    if form is ClassifyFormat.JSONL:
        typer.echo(json.dumps(result.to_dict(), ensure_ascii=False))
    else:
        typer.echo("".join(batch.csv_rows(result, book)), nl=False)


def explain(
    text: Annotated[str, typer.Argument(help="One coding unit: a sentence or list item.")],
    model: ModelOption = None,
    prefer: PreferOption = Preference.BALANCED,
) -> None:
    """Explain the codes of one unit: probabilities and evidence."""
    tagger = load(model, prefer=prefer)
    shown = terminal.console()
    unit = tagger.tag_units([text])[0]
    shown.print(f"status: {unit.status}   codes: {','.join(unit.codes) or '0'}")
    if reason := _NOT_JUDGED.get(unit.status):
        shown.print(reason)
        return
    for tag in unit.tags:
        stance = f" ({tag.stance})" if tag.stance else ""
        head = Text(f"{tag.code} {tag.name}{stance} {tag.probability:.2f}  ", style="bold")
        shown.print(Text.assemble(head, terminal.highlighted(unit, tag.evidence)))
        for span in tag.evidence:
            shown.print(Text(f"    {span.weight:+.3f}  {text[span.start : span.end]}"))
    _print_likeliest(tagger, unit)


def _print_likeliest(tagger: Tagger, unit: TaggedUnit) -> None:
    letters = tagger.letter_probabilities([unit.text])[0]
    thresholds = tagger.rule.letter_thresholds
    book = tagger.model.codebook
    rows = [
        (f"{letter} {book.name(letter)}", f"{p:.3f}", f"{limit:.3f}")
        for letter, p, limit in sorted(
            zip(tagger.letters, letters, thresholds, strict=True), key=lambda row: -row[1]
        )
    ]
    terminal.console().print(terminal.grid(("letter", "probability", "threshold"), rows))
