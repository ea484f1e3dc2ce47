"""The sheet of a random sample that coders fill in: text and an empty column, never the model's codes."""

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
from wuxing_nlp.estimates.counts import Counts, judged, sha1
from wuxing_nlp.estimates.drawing import Plan
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
    plan: Plan,
    out: Path,
    *,
    seed: int,
    known: Known | None = None,
    show_model: bool = False,
) -> int:
    """Write the drawn units in random order, those of a document that was drawn as a whole together.

    Args:
        run: the folder of the run.
        counts, plan: what was read of it, and what is drawn.
        out: the file, ``.csv`` or ``.xlsx``.
        seed: that of the drawing.
        known: codes that units have already, from a pilot sample.
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
    if twice := sorted(counts.twice() & {counts.names[at] for at in plan.places}):
        raise EvaluationError(
            f"several documents are called {twice[0]!r}; give them distinct names, and make the run anew"
        )
    reader = _Reader(counts.book, plan, seed, known or {}, show_model)
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


@dataclass
class _Reader:
    """Collects the rows of drawn units, those that stay together in one group."""

    book: Codebook
    plan: Plan
    seed: int
    known: Known
    show_model: bool

    def __post_init__(self) -> None:
        self.groups: list[list[Cells]] = []
        self._at = 0

    def add(self, record: Record) -> None:
        """Collect the drawn units of a document."""
        at, self._at = self._at, self._at + 1
        if at not in self.plan.places:
            return
        units = list(judged(record))
        rows = [self._row(record, at, *unit) for unit in units]
        if self.plan.documents:
            self.groups.append(rows)
        else:
            self.groups += ([rows[place]] for place in self.plan.places[at])

    def _row(self, record: Record, at: int, number: int, unit: Record) -> list[Cell]:
        if "text" not in unit:
            raise EvaluationError(
                "the run holds no text (it was made with --no-text), and coders need it; make a run with text"
            )
        stratum = self.plan.stratum[at]
        cells: Sequence[Cell] = (
            record["document"],
            number,
            unit["text"],
            self._codes(record["document"], number),
            WHY,
            WHOLE if self.plan.documents else "unit",
            self.plan.strata[stratum],
            float(self.plan.inclusion[stratum]),
            self.seed,
            sha1(unit["text"]),
        )
        return [*cells, ",".join(unit["codes"]) or "0"] if self.show_model else [*cells]

    def _codes(self, document: str, number: int) -> str:
        codes = self.known.get((document, number))
        return "" if codes is None else ",".join(self.book.written(codes)) or "0"
