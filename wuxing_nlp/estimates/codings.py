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


_MOST_NAMED = 5


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
        EvaluationError: a column is missing, cells cannot be understood (the first row of them is quoted
            in full, further ones in short), or no row was drawn at random.
    """
    read = read_table(path, partial(_rows, book), ReadOptions(text_column="codes"))
    if flaws := [row for row in read if isinstance(row, _Flaw)]:
        raise EvaluationError(_told(flaws))
    coded = [row for row in read if isinstance(row, Coding)]
    others = Counter(row for row in read if isinstance(row, str))
    if not coded:
        raise EvaluationError(
            f"{path} has no row that was drawn at random (the column why says how; an estimate needs "
            f"{RANDOM!r}); draw a sample with: wuxing sample RESULTS --for-estimate"
        )
    return Codings(path.name, coded, others)


class _Flaw(Exception):
    """What cannot be understood of a row, and what is expected."""

    def __init__(self, seen: str, expected: str) -> None:
        super().__init__(seen, expected)
        self.seen = seen
        self.expected = expected
        self.table = ""
        self.row = 0


def _told(flaws: Sequence[_Flaw]) -> str:
    first, *others = flaws
    said = f"{first.table}, row {first.row}: {first.seen}; {first.expected}"
    if not others:
        return said
    named = ", ".join(f"row {flaw.row}: {flaw.seen}" for flaw in others[:_MOST_NAMED])
    more = f", and {len(others) - _MOST_NAMED:,} more" if len(others) > _MOST_NAMED else ""
    return f"{said} ({len(others):,} more rows of this file cannot be understood: {named}{more})"


def _rows(book: Codebook, table: Table) -> Iterator[Coding | str | _Flaw]:
    for number, cells in table.sound():
        try:
            yield _coding(f"{table.name}, row {number}", cells, book)
        except _Flaw as flaw:
            flaw.table, flaw.row = table.name, number
            yield flaw


def _coding(place: str, cells: Mapping[str, str], book: Codebook) -> Coding | str:
    """The coding of a row; what it says of why, where it was not drawn at random. Raises _Flaw."""
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
        int(_number("unit", cells["unit"], whole=True)),
        _codes(cells["codes"], book),
        _number("inclusion", cells["inclusion"]),
        bare(cells.get("stratum", "")),
        cells.get("drawn", "").strip() == WHOLE,
        bare(cells.get("text", "")),
        cells.get("sha1", "").strip(),
    )


def _number(column: str, cell: str, *, whole: bool = False) -> float:
    try:
        number = float(int(cell)) if whole else float(cell)
    except ValueError:
        number = float("nan")
    if (whole and number >= 1) or (not whole and 0 < number <= 1):
        return number
    expected = "the number of a unit" if whole else "a probability above 0, up to 1"
    raise _Flaw(f"the column {column} holds {cell[:40]!r}", f"{expected} is expected")


def _codes(cell: str, book: Codebook) -> frozenset[str] | None:
    if not cell.strip():
        return None
    try:
        return book.base(book.parse(cell))
    except CodebookError as error:
        seen, _, expected = str(error).rpartition("; ")
        raise _Flaw(seen, expected) from None
