"""``wuxing agree``: coders' files to how far they agree, and to what they have to settle."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from wuxing_nlp.cli import terminal
from wuxing_nlp.cli.options import TableLanguageOption, names_of
from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.codebook.naming import Naming
from wuxing_nlp.coding.coders import read_codings
from wuxing_nlp.evaluation.tables import Form


class Match(StrEnum):
    """What tells units apart."""

    ID = "id"
    PLACE = "place"
    TEXT = "text"


def agree(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Tables of one row a unit: a file a coder, with a column codes; or one with the columns "
            "coder and codes; or one with a column of codes for every coder."
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for the table (agreement.csv, .md, .tex), disagreements.csv, and adjudication.csv: "
            "the disputed units with an empty column codes to fill, then the agreed ones."
        ),
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="How to print it.")] = Form.TABLE,
    language: TableLanguageOption = None,
    match: Annotated[
        Match | None,
        typer.Option(
            help="What tells units apart: the column id, the columns document and unit, or the text; "
            "without it the first of them that all files have."
        ),
    ] = None,
    coder_columns: Annotated[
        str, typer.Option(help="Columns that hold a coder's codes each, with commas between them.")
    ] = "",
    draws: Annotated[int, typer.Option(help="Draws of the bootstrap.")] = 1000,
    level: Annotated[float, typer.Option(help="Confidence of the intervals.")] = 0.95,
    seed: Annotated[int, typer.Option(help="Seed of the draws.")] = 0,
) -> None:
    """Measure how far coders agree, and list what they have to settle."""
    from wuxing_nlp.cli import agreeing

    codings = read_codings(files, by=match, coder_columns=names_of(coder_columns), notify=terminal.tell)
    naming = Naming(load_codebook(), language)
    found = agreeing.measured(codings, out, naming, draws=draws, level=level, seed=seed)
    agreeing.show(found, form.value, naming)
    if out:
        typer.echo(f"Written to 已写入: {out}", err=form is not Form.TABLE)
