"""A table of codes that some system gave to coded units, perhaps with probabilities."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from wuxing_nlp.codebook import Codebook
from wuxing_nlp.codebook.columns import label_name
from wuxing_nlp.coding.coder_tables import parse_cell
from wuxing_nlp.coding.files import NO_CODES, Problem
from wuxing_nlp.coding.units import CodedUnit
from wuxing_nlp.documents import ReadOptions, read_table
from wuxing_nlp.documents.tables.columns import listed
from wuxing_nlp.documents.tables.formulas import bare
from wuxing_nlp.documents.tables.table import Table
from wuxing_nlp.errors import CodebookError, CorpusError, DocumentError

_MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a row says of a unit.

    Attributes:
        codes: as they are written.
        probabilities: of every letter and base code, in the codebook's order; None without probabilities.
        judged: False where the row says that it was not judged.
    """

    codes: tuple[str, ...]
    probabilities: tuple[float, ...] | None
    judged: bool = True


@dataclass(frozen=True, slots=True)
class Predicted:
    """Predictions of coded units.

    Attributes:
        predictions: of each unit, in order; fewer where there are errors.
        errors: what must be mended first.
    """

    predictions: list[Prediction]
    errors: list[Problem]


def read_predictions(path: Path, units: Sequence[CodedUnit], codebook: Codebook) -> Predicted:
    """Read the predictions of some units from a table (CSV, TSV, Excel, JSON lines, Parquet).

    It has a column ``codes`` (``"D2, P-"``; ``0`` for none) and tells units by their ``text``, white space
    aside, or where it has no such column by their ``id``. It may have a column ``p_…`` for every letter
    and base code (``p_Z``, ``p_P_exists``), as ``units.csv`` of a run has; a row in which all of them are
    empty was not judged, and has 0 everywhere; another row of the same unit that was goes before it. Rows
    of other units are passed over.

    Errors: a unit without a row, or with two that differ; codes that are unknown or missing; a
    probability that is none, or missing.

    Raises:
        DocumentError: no such file, no table, a broken row, or a column that is missing.
    """
    keys = {f"text {_spaced(unit.text)}": unit for unit in units}
    keys |= {f"{name} {getattr(unit, name)}": unit for unit in units for name in ("text", "id")}
    found: dict[str, Prediction] = {}
    errors: list[Problem] = []
    rows = read_table(path, partial(_rows, codebook, keys), ReadOptions(text_column="codes"))
    for line, unit, outcome in rows:
        if isinstance(outcome, str):
            errors.append(Problem(path, line, outcome))
        elif unit.id not in found or (outcome.judged and not found[unit.id].judged):
            found[unit.id] = outcome
        elif outcome.judged == found[unit.id].judged and outcome != found[unit.id]:
            errors.append(Problem(path, line, f"another answer to {_shown(unit)} than above; keep one"))
    named = {unit.id for _, unit, _ in rows}
    if missing := [unit for unit in units if unit.id not in named]:
        what = (
            f"{len(missing):,} of {len(units):,} coded units have no row, the first is {_shown(missing[0])}"
        )
        errors.append(Problem(path, 1, what))
    return Predicted([found[unit.id] for unit in units if unit.id in found], errors)


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _shown(unit: CodedUnit) -> str:
    return f"{unit.id} ({unit.text[:_MOST_SHOWN]!r}…)"


def _rows(
    codebook: Codebook, units: Mapping[str, CodedUnit], table: Table
) -> Iterator[tuple[int, CodedUnit, Prediction | str]]:
    """The row of each unit: its number, the unit, and what it says, or what is wrong with it."""
    rows = list(table.sound())
    names = table.columns_of(rows)
    likely = _probability_columns(table.name, names, codebook)
    key = "text" if "text" in names else "id"
    for wanted in ("codes", key):
        if wanted not in names:
            advice = "give a column codes, and text or id"
            raise DocumentError(table.name, f"there is no column {wanted!r}; {listed(names)}", advice)
    for number, cells in rows:
        name = bare(cells.get(key, ""))
        # Two units may differ in white space alone; else it does not matter.
        if unit := units.get(f"{key} {name}") or units.get(f"{key} {_spaced(name)}"):
            yield number, unit, _outcome(cells, likely, codebook)


def _probability_columns(table: str, names: Sequence[str], codebook: Codebook) -> list[str]:
    """The columns of the labels' probabilities; none where the table has none of them."""
    columns = [f"p_{label_name(label, codebook)}" for label in (*codebook.letters, *codebook.codes)]
    missing = [name for name in columns if name not in names]
    if len(missing) == len(columns):
        return []
    if missing:
        raise DocumentError(
            table,
            f"there is no column {', '.join(missing)}",
            "give the probabilities of all labels, or of none",
        )
    return columns


def _outcome(cells: Mapping[str, str], likely: Sequence[str], codebook: Codebook) -> Prediction | str:
    try:
        codes = parse_cell(bare(cells.get("codes", "")), codebook)
        if codes is None:
            return NO_CODES
        return _prediction(codes, [cells.get(column, "").strip() for column in likely], likely)
    except (CodebookError, CorpusError) as error:
        return str(error)


def _prediction(codes: tuple[str, ...], values: Sequence[str], columns: Sequence[str]) -> Prediction:
    """Raises CorpusError: a cell is no probability."""
    if not columns:
        return Prediction(codes, None)
    if not any(values):
        return Prediction(codes, (0.0,) * len(columns), judged=False)
    return Prediction(codes, tuple(_probability(*pair) for pair in zip(columns, values, strict=True)))


def _probability(column: str, cell: str) -> float:
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if not 0 <= value <= 1:
        raise CorpusError(f"the column {column} holds {cell[:40]!r}; a probability from 0 to 1 is expected")
    return value
