"""Options that several commands have."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from wuxing_nlp.model.preference import Preference


class Language(StrEnum):
    """The languages of a report."""

    ZH = "zh"
    EN = "en"


ModelOption = Annotated[
    Path | None, typer.Option("--model", help="A bundle folder instead of the shipped model.")
]
PreferOption = Annotated[
    Preference,
    typer.Option(
        "--prefer", help="Precision: fewer wrong labels, and more missed. Recall: the other way round."
    ),
]
LanguageOption = Annotated[Language, typer.Option(help="The report's language: Chinese or English.")]
GroupByOption = Annotated[
    str,
    typer.Option(
        help="In the report, profiles by each of these as well: year, script, region, kind, issuer, or "
        "columns of the input, with commas between them."
    ),
]


def names_of(listed: str) -> list[str]:
    """Names with commas between them."""
    return [name.strip() for name in listed.replace("，", ",").split(",") if name.strip()]
