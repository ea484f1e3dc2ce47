"""A file of hand codings: what ``wuxing sample --for-estimate`` wrote, filled in by a coder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from wuxing_nlp.codebook import Codebook
from wuxing_nlp.documents import ReadOptions, read_table
from wuxing_nlp.documents.tables.formulas import bare
from wuxing_nlp.documents.tables.table import Table
from wuxing_nlp.errors import CodebookError, EvaluationError
from wuxing_nlp.evaluation.sampling import RANDOM

NEEDED = ("document", "unit", "codes", "why", "inclusion")
"""Columns that a file of codings must have; ``stratum``, ``drawn``, ``text`` and ``sha1`` it may have."""

WHOLE = "document"
"""What the column ``drawn`` says of units of a document that was drawn as a whole."""


@dataclass(frozen=True, slots=True)
class Coding:
    """A row of the file.

    ``codes`` are base codes, None where the coder has not written any yet; ``whole`` says that the
    document was drawn as a whole; ``place`` is the file and the row, for messages.
    """

    place: str
    document: str
    unit: int
    codes: frozenset[str] | None
    inclusion: float
    stratum: str
    whole: bool
    text: str
    sha1: str


@dataclass(frozen=True)
class Codings:
    """The rows that were drawn at random, and how many others there are by what they say of why."""

    name: str
    rows: Sequence[Coding]
    others: Mapping[str, int]


def read_codings(path: Path, book: Codebook) -> Codings:
    """Read a table of codings, in any format that ``wuxing classify`` reads tables of. Rows that were
    not drawn at random (their ``why`` does not begin with ``random``) are left out and counted.

    Raises:
        DocumentError: no such file, or no table.
        EvaluationError: a column is missing, a cell cannot be understood, or no row was drawn at random.
    """
    read = read_table(path, partial(_rows, book), ReadOptions(text_column="codes"))
    coded = [row for row in read if isinstance(row, Coding)]
    others = Counter(row for row in read if isinstance(row, str))
    if not coded:
        raise EvaluationError(
            f"{path} has no row that was drawn at random (the column why says how; an estimate needs "
            f"{RANDOM!r}); draw a sample with: wuxing sample RESULTS --for-estimate"
        )
    return Codings(path.name, coded, others)


def _rows(book: Codebook, table: Table) -> Iterator[Coding | str]:
    for number, cells in table.sound():
        yield _coding(f"{table.name}, row {number}", cells, book)


def _coding(place: str, cells: Mapping[str, str], book: Codebook) -> Coding | str:
    """The coding of a row; what it says of why, where it was not drawn at random."""
    if missing := [name for name in NEEDED if name not in cells]:
        raise EvaluationError(
            f"{place}: there is no column {missing[0]!r}; a file of codings has {', '.join(NEEDED)}, as "
            "wuxing sample --for-estimate writes it"
        )
    why = cells["why"].strip()
    if not why.startswith(RANDOM):
        return why or "not said"
    return Coding(
        place,
        bare(cells["document"]),
        int(_number(place, "unit", cells["unit"], whole=True)),
        _codes(place, cells["codes"], book),
        _number(place, "inclusion", cells["inclusion"]),
        bare(cells.get("stratum", "")),
        cells.get("drawn", "").strip() == WHOLE,
        bare(cells.get("text", "")),
        cells.get("sha1", "").strip(),
    )


def _number(place: str, column: str, cell: str, *, whole: bool = False) -> float:
    try:
        number = float(int(cell)) if whole else float(cell)
    except ValueError:
        number = float("nan")
    if (whole and number >= 1) or (not whole and 0 < number <= 1):
        return number
    expected = "the number of a unit" if whole else "a probability above 0, up to 1"
    raise EvaluationError(f"{place}: the column {column} holds {cell[:40]!r}; {expected} is expected")


def _codes(place: str, cell: str, book: Codebook) -> frozenset[str] | None:
    if not cell.strip():
        return None
    try:
        return book.base(book.parse(cell.replace("、", ",").replace("；", ",").replace(";", ",")))
    except CodebookError as error:
        raise EvaluationError(f"{place}: {error}") from None
