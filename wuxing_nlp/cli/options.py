"""Options that several commands have."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from wuxing_nlp.model.preference import Preference


class Language(StrEnum):
    """The languages of reports and tables."""

    ZH = "zh"
    EN = "en"


class WhatOf(StrEnum):
    """What shares are of."""

    UNITS = "units"
    DOCUMENTS = "documents"


ModelOption = Annotated[
    Path | None, typer.Option("--model", help="A bundle folder instead of the shipped model.")
]
CodebookOption = Annotated[
    Path | None,
    typer.Option("--codebook", metavar="FILE.toml", help="A codebook of your own labels (.toml)."),
]
PreferOption = Annotated[
    Preference,
    typer.Option(
        "--prefer", help="Precision: fewer wrong labels, and more missed. Recall: the other way round."
    ),
]
LanguageOption = Annotated[Language, typer.Option(help="The report's language: Chinese or English.")]
TableLanguageOption = Annotated[
    Language | None, typer.Option(help="The language of column heads and of labels' names.")
]
GroupByOption = Annotated[
    str,
    typer.Option(
        help="In the report, profiles by each of these as well: year, script, region, kind, issuer, or "
        "columns of the input, with commas between them."
    ),
]
RunArgument = Annotated[Path, typer.Argument(help="The folder that `wuxing classify --out` wrote.")]
ByOption = Annotated[
    str,
    typer.Option(
        help="By each of these groups as well: year, script, region, kind, issuer, or columns of the input, "
        "with commas between them."
    ),
]
LabelsOption = Annotated[
    str,
    typer.Option(
        help="Letters or codes, with commas between them, such as P,M or F2,J!; all letters without."
    ),
]
OfOption = Annotated[
    WhatOf, typer.Option("--of", help="Shares of units, or of documents with at least one such unit.")
]


def names_of(listed: str) -> list[str]:
    """Names with commas between them."""
    return [name.strip() for name in listed.replace("，", ",").split(",") if name.strip()]
