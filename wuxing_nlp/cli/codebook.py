"""``wuxing codebook``: what the labels mean."""

from __future__ import annotations

import json
from dataclasses import asdict
from enum import StrEnum
from typing import Annotated

import typer

from wuxing_nlp.cli import terminal
from wuxing_nlp.cli.options import ModelOption
from wuxing_nlp.codebook import rendering
from wuxing_nlp.model.bundle import codebook_of


class CodebookFormat(StrEnum):
    """What ``codebook`` prints."""

    TABLE = "table"
    MARKDOWN = "markdown"
    JSON = "json"


def codebook(
    form: Annotated[CodebookFormat, typer.Option("--format", help="How to print it.")] = CodebookFormat.TABLE,
    bundle: ModelOption = None,
) -> None:
    """Print what the labels mean."""
    book = codebook_of(bundle)
    if form is CodebookFormat.MARKDOWN:
        typer.echo(rendering.markdown(book), nl=False)
    elif form is CodebookFormat.JSON:
        # A name without a Traditional or English form has no such field, as in the data file.
        contents = asdict(book.contents, dict_factory=lambda pairs: {k: v for k, v in pairs if v != ""})
        typer.echo(json.dumps(contents, ensure_ascii=False, indent=2))
    else:
        header = ("code", "name", "gloss", "definition")
        terminal.console().print(terminal.listing(header, rendering.rows(book), unbroken=2))
