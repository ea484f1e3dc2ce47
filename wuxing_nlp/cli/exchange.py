"""``wuxing corpus export`` and ``import``: coded units to labelling tools and tables, and back."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from wuxing_nlp.cli.options import CodebookOption, ModelOption
from wuxing_nlp.codebook import Codebook, load_codebook
from wuxing_nlp.coding import CodedUnit, read_units
from wuxing_nlp.coding.exchange import (
    Suggestions,
    export_units,
    flaws,
    import_units,
    told,
    write_codings,
)
from wuxing_nlp.errors import CorpusError


class Format(StrEnum):
    """What the units are written for."""

    DOCCANO = "doccano"
    LABEL_STUDIO = "label-studio"
    CSV = "csv"
    XLSX = "xlsx"


FormatArgument = Annotated[
    Format,
    typer.Argument(
        metavar="FORMAT",
        help="doccano: JSON lines of text classification. label-studio: JSON, with choices. "
        "csv, xlsx: a row a unit, a column a label.",
    ),
]


def export_command(
    form: FormatArgument,
    source: Annotated[
        Path,
        typer.Argument(
            metavar="SRC", help="A file of coded units (.tsv, .jsonl, .csv, .xlsx), or a folder of them."
        ),
    ],
    target: Annotated[Path, typer.Argument(metavar="DEST", help="The file to write.")],
    blank: Annotated[
        bool, typer.Option("--blank", help="Leave the codes out, for coders to code the units afresh.")
    ] = False,
    suggest: Annotated[
        bool,
        typer.Option(
            "--suggest",
            help="Show coders the model's codes instead, to correct. They lead: who sees them agrees with "
            "them, so codings that are to measure the model or the coders' agreement need --blank.",
        ),
    ] = False,
    model: ModelOption = None,
    codebook: CodebookOption = None,
) -> None:
    """Write coded units for a labelling tool, or as a table."""
    if blank and suggest:
        raise typer.BadParameter("--blank shows no codes and --suggest the model's: choose one")
    if target.exists() and target.resolve() == source.resolve():
        raise CorpusError(f"{target} is where the units are read from; give another file")
    if blank and target.exists():
        raise CorpusError(f"{target} is there and may hold codings; move it away or name another file")
    book = load_codebook(codebook)
    units = read_units(source, book)
    suggestions = _suggestions(units, model, book) if suggest else None
    files = export_units(units, form, target, blank=blank, suggestions=suggestions, codebook=book)
    typer.echo(f"{len(units)} units written to {', '.join(map(str, files))}")


def _suggestions(units: list[CodedUnit], model: Path | None, book: Codebook) -> Suggestions:
    # Only here, for a model takes seconds to load.
    from wuxing_nlp.model.tagger import load

    tagger = load(model)
    if tagger.model.codebook.fingerprint != book.fingerprint:
        raise CorpusError(
            f"the model {tagger.model.name} has other labels than the codebook {book.version} of the units; "
            "name a model of these labels with --model, or the model's codebook with --codebook"
        )
    return Suggestions(tagger.model.name, tagger.code_units(unit.text for unit in units))


def import_command(
    form: FormatArgument,
    source: Annotated[Path, typer.Argument(metavar="SRC", help="The file that the tool exported.")],
    target: Annotated[
        Path,
        typer.Argument(
            metavar="DEST", help="A .jsonl file, or a folder that gets such a file for each coder."
        ),
    ],
    confirmed: Annotated[
        bool,
        typer.Option(
            "--confirmed",
            help="doccano: only confirmed examples were exported, so that one without labels was coded and "
            "carries none. Otherwise it counts as not coded.",
        ),
    ] = False,
    codebook: CodebookOption = None,
) -> None:
    """Read a labelling tool's export, or a table, into coded units."""
    book = load_codebook(codebook)
    if found := flaws(form, source, empty_is_none=confirmed, codebook=book):
        for flaw in found:
            typer.echo(f"wuxing: {flaw}", err=True)
        raise typer.Exit(1)
    imported = import_units(form, source, empty_is_none=confirmed, codebook=book)
    files = write_codings(imported, target)
    for file, (coder, units) in zip(files, imported.units.items(), strict=True):
        typer.echo(f"{len(units)} units{f' by {coder}' if coder else ''} written to {file}")
    if imported.left:
        typer.echo(f"left out: {told(imported.left)}", err=True)
