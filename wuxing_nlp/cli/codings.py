"""Files that were checked: what is wrong or doubtful is told, and the sound ones go on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from wuxing_nlp.cli import terminal
from wuxing_nlp.coding import Checked, CodedUnit, Problem
from wuxing_nlp.errors import CorpusError


def sound(checked: Checked, file: Path, undone: str) -> list[CodedUnit]:
    """The units of a file that was checked; every warning is told in a line.

    Raises:
        CorpusError: as :func:`refuse`.
    """
    for warning in checked.warnings:
        terminal.tell(f"warning: {warning}")
    refuse(checked.errors, file, undone)
    return checked.units


def refuse(errors: Sequence[Problem], file: Path, undone: str) -> None:
    """Tell every error of a file in a line.

    Raises:
        CorpusError: there are errors; ``undone`` says what was not done.
    """
    for error in errors:
        terminal.tell(f"error: {error}")
    if errors:
        raise CorpusError(f"{file} has {len(errors)} errors; mend them, nothing was {undone}")
