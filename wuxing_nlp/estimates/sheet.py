"""The sheet that coders fill in: text and an empty column, never the model's codes."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from wuxing_nlp.atomic import check_unfilled, write_file
from wuxing_nlp.batch.columns import Cell, Column
from wuxing_nlp.batch.columns import Row as Cells
from wuxing_nlp.batch.outcome import Record
from wuxing_nlp.batch.tables import table_format
from wuxing_nlp.codebook import Codebook
from wuxing_nlp.errors import EvaluationError, OutputError
from wuxing_nlp.estimates.codings import WHOLE
from wuxing_nlp.estimates.counts import Counts, judged, sha1, text_of
from wuxing_nlp.estimates.drawing import Plan
from wuxing_nlp.estimates.pool import Place
from wuxing_nlp.evaluation.sampling import RANDOM, shuffled
from wuxing_nlp.report.folder import read_results

WHY = f"{RANDOM}: drawn for an estimate"
FORMATS = ("csv", "xlsx")

_TEXTS = ("document", "text", "codes", "why", "drawn", "stratum", "sha1", "model_codes")
_ORDER = ("document", "unit", "text", "codes", "why", "drawn", "stratum", "inclusion", "seed", "sha1")

Known = Mapping[tuple[str, int], frozenset[str]]
"""Base codes of units that are coded already, by document and number."""


def write_sheet(
    run: Path,
    counts: Counts,
    plan: Plan | None,
    out: Path,
    *,
    seed: int,
    chosen: Mapping[Place, str] | None = None,
    known: Known | None = None,
    coded: Mapping[str, frozenset[str]] | None = None,
    show_model: bool = False,
) -> int:
    """Write the drawn units in random order, those of a document that was drawn as a whole together.

    Args:
        run: the folder of the run.
        counts, plan: what was read of it, and what is drawn at random.
        out: the file, ``.csv`` or ``.xlsx``.
        seed: that of the drawing.
        chosen: units that were chosen otherwise, with why; they have no probability of inclusion.
        known: codes that units have already, from a pilot sample.
        coded: the same by the SHA-1 of their text.
        show_model: True to show the model's codes, which biases coders.

    Returns:
        The number of rows.

    Raises:
        EvaluationError: drawn documents have the same name, or the run holds no text.
        OutputError: a format that there is not, the file cannot be written, or one of other content is
            there, which may hold codings.
    """
    form = out.suffix.removeprefix(".").lower()
    if form not in FORMATS:
        raise OutputError(f"{out}: a sheet ends in {' or '.join(f'.{name}' for name in FORMATS)}")
    places = _places(plan, chosen or {})
    if twice := sorted(counts.twice() & {counts.names[at] for at in places}):
        raise EvaluationError(
            f"several documents are called {twice[0]!r}; give them distinct names, and make the run anew"
        )
    reader = _Reader(counts.book, plan, places, seed, known or {}, coded or {}, show_model)
    read_results(run, reader)
    groups = reader.groups
    rows = [row for at in shuffled(len(groups), seed) for row in groups[at]]
    names = (*_ORDER, "model_codes") if show_model else _ORDER
    columns = [Column(name, "text" if name in _TEXTS else "count") for name in names]
    tables = table_format(form)
    sheet = io.BytesIO()
    with tables.writer(sheet, columns, "sample") as writer:
        writer.write(tables.encode(rows, columns))
    check_unfilled(out, sheet.getvalue())
    write_file(out, [sheet.getvalue()])
    return len(rows)


def _places(plan: Plan | None, chosen: Mapping[Place, str]) -> dict[int, dict[int, str]]:
    """By document, numbers of drawn units and why; none where a document is drawn as a whole."""
    found = {at: dict.fromkeys(numbers, WHY) for at, numbers in plan.places.items()} if plan else {}
    for (at, number), why in chosen.items():
        found.setdefault(at, {})[number] = why
    return found


@dataclass
class _Reader:
    """Collects the rows of drawn units, those that stay together in one group."""

    book: Codebook
    plan: Plan | None
    places: Mapping[int, Mapping[int, str]]
    seed: int
    known: Known
    coded: Mapping[str, frozenset[str]]
    show_model: bool

    def __post_init__(self) -> None:
        self.groups: list[list[Cells]] = []
        self._at = 0

    def add(self, record: Record) -> None:
        """Collect the drawn units of a document."""
        at, self._at = self._at, self._at + 1
        if at not in self.places:
            return
        units = list(judged(record))
        if self.plan and self.plan.documents:
            self.groups.append([self._row(record, at, WHY, *unit) for unit in units])
        else:
            places = self.places[at].items()
            self.groups += ([self._row(record, at, why, *units[place])] for place, why in places)

    def _row(self, record: Record, at: int, why: str, number: int, unit: Record) -> list[Cell]:
        text = text_of(unit)
        digest = sha1(text)
        cells: Sequence[Cell] = (
            record["document"],
            number,
            text,
            self._codes(record["document"], number, digest),
            why,
            WHOLE if self.plan and self.plan.documents else "unit",
            *self._design(at, why),
            self.seed,
            digest,
        )
        return [*cells, ",".join(unit["codes"]) or "0"] if self.show_model else [*cells]

    def _design(self, at: int, why: str) -> tuple[str, float | None]:
        """Stratum and probability of inclusion; none of a unit that was not drawn at random."""
        if self.plan is None or why != WHY:
            return "", None
        stratum = self.plan.stratum[at]
        return self.plan.strata[stratum], float(self.plan.inclusion[stratum])

    def _codes(self, document: str, number: int, digest: str) -> str:
        codes = self.known.get((document, number), self.coded.get(digest))
        return "" if codes is None else ",".join(self.book.written(codes)) or "0"
