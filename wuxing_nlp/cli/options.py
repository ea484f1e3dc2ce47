"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wuxing_nlp.model.preference import Preference

ModelOption = Annotated[
    Path | None, typer.Option("--model", help="A bundle folder instead of the shipped model.")
]
PreferOption = Annotated[
    Preference,
    typer.Option(
        "--prefer", help="Precision: fewer wrong labels, and more missed. Recall: the other way round."
    ),
]
