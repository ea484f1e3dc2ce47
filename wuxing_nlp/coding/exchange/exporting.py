"""Units to a labelling tool's file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from wuxing_nlp.codebook import Codebook, load_codebook
from wuxing_nlp.coding.exchange.fields import check_units
from wuxing_nlp.coding.exchange.formats import named
from wuxing_nlp.coding.exchange.items import Item
from wuxing_nlp.coding.units import CodedUnit
from wuxing_nlp.errors import CorpusError


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Codes that a model suggests, one set a unit, and the model's name."""

    model: str
    codes: Sequence[tuple[str, ...]]


def export_units(
    units: Sequence[CodedUnit],
    name: str,
    path: Path | str,
    *,
    blank: bool = False,
    suggestions: Suggestions | None = None,
    codebook: Codebook | None = None,
) -> list[Path]:
    """Write the units for a labelling tool or as a table, each file whole or not at all.

    Args:
        units: what to write, with ids and texts that differ.
        name: a format of :data:`wuxing_nlp.coding.exchange.FORMATS`.
        path: the file; beside it, doccano's labels or Label Studio's interface are put.
        blank: True to leave the units' codes out, for coders to code them afresh.
        suggestions: codes of a model, for coders to correct, in the place of the units' own.
        codebook: whose labels; the shipped one's without it.

    Returns:
        The files that were written.

    Raises:
        CorpusError: an unknown format, units that could not come back, more than the format holds.
        OutputError: a file cannot be written.
    """
    form = named(name)
    if not units:
        raise CorpusError("there is no unit to export")
    check_units(units)
    shown = [None if blank or suggestions else unit.codes for unit in units]
    suggested = suggestions.codes if suggestions else [None] * len(units)
    items = [Item(*parts) for parts in zip(units, shown, suggested, strict=True)]
    return form.write(
        items, Path(path), suggestions.model if suggestions else "", codebook or load_codebook()
    )
