"""The table of agreement: every measure of every label and level, with its interval."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from wuxing_nlp.codebook import Codebook
from wuxing_nlp.evaluation.agreement.labels import label_statistics
from wuxing_nlp.evaluation.agreement.measures import MEASURES, Sample, mean_over_pairs
from wuxing_nlp.evaluation.agreement.ratings import Ratings
from wuxing_nlp.evaluation.agreement.sets import set_statistics
from wuxing_nlp.evaluation.bootstrap import Interval, Statistic, intervals, resampled
from wuxing_nlp.evaluation.levels import levels

SET = "set"
"""Kind of the rows of whole label sets; their label is the level that the sets are of."""


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """Agreement on one label, or on the label sets of one level.

    Attributes:
        kind: ``set``, or what the label is: ``letter``, ``measure`` or ``stance``.
        label: a letter or base code; of a ``set`` the name of its level.
        measures: every one of :data:`MEASURES`, nan where it is undefined.
        prevalence: coder to the share of this coder's units that got the label, or any of the set.
        note: why measures are undefined; "" where none is.
    """

    kind: str
    label: str
    measures: Mapping[str, Interval]
    prevalence: Mapping[str, float]
    note: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far coders agree.

    Attributes:
        coders: coder to the number of units that this coder coded.
        units: units that two coders or more coded; all figures are of them.
        complete: units that all coders coded.
        documents: documents that the units stand in.
        rows: label sets, then letters, then base codes.
        level: of the intervals.
        draws: of the bootstrap.
        seed: of the draws.
    """

    coders: Mapping[str, int]
    units: int
    complete: int
    documents: int
    rows: tuple[AgreementRow, ...]
    level: float
    draws: int
    seed: int


def agreement(
    ratings: Ratings, book: Codebook, *, draws: int = 1000, level: float = 0.95, seed: int = 0
) -> Agreement:
    """Measure agreement on every label and level of the codebook, resampling documents.

    Raises:
        EvaluationError: bad draws or level.
    """
    compared = ratings.compared()
    return Agreement(
        coders=dict(zip(ratings.coders, map(int, ratings.coded.sum(axis=0)), strict=True)),
        units=len(compared.coded),
        complete=int(compared.complete.sum()),
        documents=len(set(compared.documents)),
        rows=_rows(compared, book, draws, level, seed),
        level=level,
        draws=draws,
        seed=seed,
    )


class _Group(NamedTuple):
    """Rows that are measured together, and the statistics that measure them."""

    rows: Sequence[tuple[str, str, tuple[str, ...]]]
    """Kind and label of each row, and the labels that it is of."""
    statistics: dict[str, list[Statistic]]


def _rows(ratings: Ratings, book: Codebook, draws: int, level: float, seed: int) -> tuple[AgreementRow, ...]:
    groups = list(_groups(ratings, book))
    every = [one for group in groups for several in group.statistics.values() for one in several]
    samples = iter(resampled(every, draws=draws, seed=seed))
    return tuple(row for group in groups for row in _rows_of(ratings, group, samples, level))


def _groups(ratings: Ratings, book: Codebook) -> Iterator[_Group]:
    for sets in levels(book):
        yield _Group([(SET, sets.name, sets.labels)], set_statistics(ratings, sets.labels))
    rows = [(_kind(label, book), label, (label,)) for label in ratings.labels]
    yield _Group(rows, label_statistics(ratings, ratings.labels))


def _kind(label: str, book: Codebook) -> str:
    if label in book.letters:
        return "letter"
    return "stance" if book.stance_of(label) else "measure"


def _rows_of(
    ratings: Ratings, group: _Group, samples: Iterator[Sample], level: float
) -> Iterator[AgreementRow]:
    columns: dict[str, list[Interval]] = {}
    for measure, statistics in group.statistics.items():
        point, sample = mean_over_pairs([next(samples) for _ in statistics])
        columns[measure] = intervals(point, sample, level)
    for at, (kind, label, labels) in enumerate(group.rows):
        measures = {measure: columns[measure][at] for measure in MEASURES}
        yield AgreementRow(
            kind, label, measures, _prevalence(ratings, labels), _note(ratings, labels, measures)
        )


def _prevalence(ratings: Ratings, labels: Sequence[str]) -> dict[str, float]:
    given = ratings.columns(labels).any(axis=2).sum(axis=0) / ratings.coded.sum(axis=0)
    return dict(zip(ratings.coders, map(float, given), strict=True))


def _note(ratings: Ratings, labels: Sequence[str], measures: Mapping[str, Interval]) -> str:
    """Why measures are undefined, in a few words."""
    undefined = [measure for measure, interval in measures.items() if np.isnan(interval.point)]
    if not undefined:
        return ""
    given = ratings.columns(labels)[ratings.coded]
    if not given.any():
        return "never given"
    if given.all():
        return "always given"
    reasons = {
        "fleiss": "no unit was coded by all" if not ratings.complete.any() else "no variation in units of all"
    }
    return "; ".join(dict.fromkeys(reasons.get(measure, "no variation") for measure in undefined))
