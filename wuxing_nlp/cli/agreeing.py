"""The work of ``wuxing agree``, apart from the command, for it imports what no other command needs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import typer
from rich.text import Text

from wuxing_nlp.cli import agree_files, terminal
from wuxing_nlp.codebook import Codebook
from wuxing_nlp.codebook.naming import Naming
from wuxing_nlp.coding.coders import SharedCodings
from wuxing_nlp.evaluation.agreement import Agreement, Ratings, agreement, disputes, rendering


def measured(
    codings: SharedCodings, out: Path | None, naming: Naming, *, draws: int, level: float, seed: int
) -> Agreement:
    """The agreement of some codings; with ``out`` its files are written there.

    Raises:
        EvaluationError: codings that cannot be compared, bad draws or level.
        OutputError: a file cannot be written, or would replace decisions.
    """
    book = naming.book
    ratings = _ratings(codings, book)
    found = agreement(ratings, book, draws=draws, level=level, seed=seed)
    if out:
        files = agree_files.contents(found, codings, disputes(ratings, book.codes), naming)
        agree_files.write(files, out)
    return found


def show(found: Agreement, form: str, naming: Naming) -> None:
    """Print the table in a form: ``table``, ``markdown``, ``latex``, ``csv`` or ``json``."""
    if form == "table":
        _print_table(found, naming)
        return
    forms: dict[str, Callable[[Agreement, Naming], str | bytes]] = {
        "markdown": rendering.as_markdown,
        "latex": rendering.as_latex,
        "csv": agree_files.figures_csv,
        "json": _json,
    }
    typer.echo(forms[form](found, naming), nl=False)


def _json(found: Agreement, naming: Naming) -> str:
    return json.dumps(rendering.as_record(found, naming), ensure_ascii=False, indent=1) + "\n"


def _ratings(codings: SharedCodings, book: Codebook) -> Ratings:
    """The codings as arrays; a unit of no known document is one by itself."""
    if not any(unit.document for unit in codings.units):
        terminal.tell(
            "no file has a column document: intervals are from resampling single units, and too narrow "
            "where units of one document are alike"
        )
    return Ratings.of(
        {
            coder: [frozenset(unit.codes[coder]) if coder in unit.codes else None for unit in codings.units]
            for coder in codings.coders
        },
        [(unit.document, "" if unit.document else unit.id) for unit in codings.units],
        book,
    )


def _print_table(found: Agreement, naming: Naming) -> None:
    shown = terminal.console()
    header, *rows = rendering.short_rows(found, naming)
    shown.print(Text(rendering.summary(found)))
    shown.print()
    shown.print(terminal.grid(header, rows))
    shown.print()
    if left := rendering.unshown(found):
        shown.print(Text(f"never given 从未使用: {left}"))
    for note, labels in rendering.notes(found).items():
        shown.print(Text(f"— {note}: {labels}"))
