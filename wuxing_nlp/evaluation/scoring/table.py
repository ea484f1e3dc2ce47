"""The tables of scores: every label and average of every level, with intervals by document."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from wuxing_nlp.codebook import Codebook
from wuxing_nlp.errors import EvaluationError
from wuxing_nlp.evaluation.bootstrap import Interval, IntervalTable, bootstrap_scores, bootstrap_stance
from wuxing_nlp.evaluation.calibration import brier_score, expected_calibration_error
from wuxing_nlp.evaluation.levels import score_levels
from wuxing_nlp.evaluation.precision_recall import average_precision
from wuxing_nlp.evaluation.scores import (
    check_same_length,
    indicators,
    mean_of_defined,
    score_labels,
    score_stances,
)
from wuxing_nlp.evaluation.scoring.answers import Answers, Floats

AVERAGES = ("micro", "macro", "weighted")
"""Of all decisions together; the mean over labels; their mean weighted by units that carry the label."""


@dataclass(frozen=True, slots=True)
class Resampling:
    """How intervals are made: draws of whole documents, the confidence of the intervals, the seed."""

    draws: int = 1000
    level: float = 0.95
    seed: int = 0


DEFAULT = Resampling()


@dataclass(frozen=True)
class Coded:
    """What a person gave to units.

    Attributes:
        labels: the letters and base codes of each unit, see
            :func:`wuxing_nlp.evaluation.scoring.answers.with_letters`.
        documents: the document of each unit.

    Raises:
        EvaluationError: the sequences differ in length, or there is no unit.
    """

    labels: Sequence[frozenset[str]]
    documents: Sequence[Hashable]
    number_of_documents: int = field(init=False)

    def __post_init__(self) -> None:
        check_same_length(labels=self.labels, documents=self.documents)
        if not self.labels:
            raise EvaluationError("there are no units; scores need at least one")
        object.__setattr__(self, "number_of_documents", len(set(self.documents)))

    def take(self, places: Sequence[int]) -> Coded:
        """What was given to some of the units."""
        return Coded([self.labels[at] for at in places], [self.documents[at] for at in places])


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """The scores of a label, or an average.

    Attributes:
        label: a letter or base code, or one of :data:`AVERAGES`.
        support: units that truly carry it, ``predicted`` those to which it was given; of averages the sums.
        precision, recall, f1: with their intervals, whose ends are nan where there is one document only.
        average_precision, calibration_error, brier: of its probabilities; nan without any. Micro is of all
            pairs of unit and label together.
    """

    label: str
    support: int
    predicted: int
    precision: Interval
    recall: Interval
    f1: Interval
    average_precision: float
    calibration_error: float
    brier: float


@dataclass(frozen=True, slots=True)
class LevelTable:
    """The scores of a level: its labels in the codebook's order, then the averages."""

    name: str
    labels: tuple[ScoreRow, ...]
    averages: tuple[ScoreRow, ...]

    @property
    def rows(self) -> tuple[ScoreRow, ...]:
        """All of them."""
        return self.labels + self.averages


@dataclass(frozen=True, slots=True)
class Scored:
    """Scores of some units.

    Attributes:
        units, documents: how many there are.
        levels: name of every level of the codebook to its table.
        found: problem letters, unit by unit, that both sides found.
        stance: the share of those whose stance is right.
        resampling: how intervals were made.
    """

    units: int
    documents: int
    levels: Mapping[str, LevelTable]
    found: int
    stance: Interval
    resampling: Resampling


def score(coded: Coded, answers: Answers, book: Codebook, resampling: Resampling = DEFAULT) -> Scored:
    """Score answers beside what a person gave.

    Raises:
        EvaluationError: sequences of different length, a probability outside 0 to 1, bad draws or level.
    """
    check_same_length(coded=coded.labels, answered=answers.labels)
    return Scored(
        units=len(coded.labels),
        documents=coded.number_of_documents,
        levels={
            name: _level_table(name, labels, coded, answers, resampling)
            for name, labels in score_levels(book).items()
        },
        found=score_stances(coded.labels, answers.labels).found,
        stance=_stance(coded, answers, resampling),
        resampling=resampling,
    )


def without_spread(interval: Interval) -> Interval:
    """The figure alone: of one document nothing can be said about others."""
    return Interval(interval.point, math.nan, math.nan)


def _level_table(
    name: str, labels: tuple[str, ...], coded: Coded, answers: Answers, resampling: Resampling
) -> LevelTable:
    counts = score_labels(coded.labels, answers.labels, labels)
    found = bootstrap_scores(
        coded.labels,
        answers.labels,
        coded.documents,
        labels,
        draws=resampling.draws,
        level=resampling.level,
        seed=resampling.seed,
    )
    sizes = [*counts.labels.values(), *[counts.micro] * len(AVERAGES)]
    precision, recall, f1 = (_shown(table, coded) for table in (found.precision, found.recall, found.f1))
    likely = _likely(labels, coded, answers)
    columns = zip((*labels, *AVERAGES), sizes, precision, recall, f1, likely, strict=True)
    rows = tuple(
        ScoreRow(label, size.support, size.predicted, first, second, third, *figures)
        for label, size, first, second, third, figures in columns
    )
    return LevelTable(name, rows[: len(labels)], rows[len(labels) :])


def _shown(table: IntervalTable, coded: Coded) -> Sequence[Interval]:
    return table.rows if coded.number_of_documents > 1 else [*map(without_spread, table.rows)]


def _stance(coded: Coded, answers: Answers, resampling: Resampling) -> Interval:
    found = bootstrap_stance(
        coded.labels,
        answers.labels,
        coded.documents,
        draws=resampling.draws,
        level=resampling.level,
        seed=resampling.seed,
    )
    return found if coded.number_of_documents > 1 else without_spread(found)


class _Likely(NamedTuple):
    """Figures of probabilities."""

    average_precision: float
    calibration_error: float
    brier: float


_MEASURES: tuple[Callable[[Floats, Floats], float], ...] = (
    average_precision,
    expected_calibration_error,
    brier_score,
)


def _likely(labels: tuple[str, ...], coded: Coded, answers: Answers) -> list[_Likely]:
    """Figures of the labels, then of their averages."""
    if not answers.probabilities:
        return [_Likely(math.nan, math.nan, math.nan)] * (len(labels) + len(AVERAGES))
    true = indicators(coded.labels, labels).astype(np.float64)
    likely = np.stack([answers.probabilities[label] for label in labels], axis=1)
    each = [_figures(likely[:, at], true[:, at]) for at in range(len(labels))]
    means = [mean_of_defined(np.transpose(each), weights) for weights in (1.0, true.sum(axis=0))]
    return [*each, _figures(likely.ravel(), true.ravel()), *(_Likely(*map(float, mean)) for mean in means)]


def _figures(likely: Floats, true: Floats) -> _Likely:
    return _Likely(*(measure(likely, true) for measure in _MEASURES))
