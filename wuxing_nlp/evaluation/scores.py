"""Precision, recall and F1 of predicted label sets, per label and on average; stance of found problems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wuxing_nlp.codebook.book import BOTH
from wuxing_nlp.errors import EvaluationError

LabelSets = Sequence[AbstractSet[str]]
"""One set of labels a unit, in the order of the units."""

_STANCE_MARKS = frozenset(BOTH)


@dataclass(frozen=True, slots=True)
class Scores:
    """Counts of units for one label (or summed over labels), and the shares that follow from them.

    A share of nothing is nan: precision where nothing was predicted, recall where nothing is true,
    F1 where neither is. A label that was missed altogether has F1 = 0.
    """

    true_positives: int
    false_positives: int
    false_negatives: int

    @property
    def support(self) -> int:
        """Units that truly carry the label."""
        return self.true_positives + self.false_negatives

    @property
    def predicted(self) -> int:
        """Units to which the label was given."""
        return self.true_positives + self.false_positives

    @property
    def precision(self) -> float:
        """Share of the predicted that is true; nan where nothing was predicted."""
        return float(ratio(self.true_positives, self.predicted))

    @property
    def recall(self) -> float:
        """Share of the true that was predicted; nan where nothing is true."""
        return float(ratio(self.true_positives, self.support))

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, 2·tp / (2·tp + fp + fn); nan where all are 0."""
        return float(f1_of(self.true_positives, self.false_positives, self.false_negatives))


@dataclass(frozen=True, slots=True)
class Averages:
    """Means over labels; nan where no label has the figure."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """Scores of every label in the order given, their sum (``micro``), their mean (``macro``) and their
    mean weighted by the units that truly carry the label (``weighted``).

    A figure that is nan for a label (see Scores) is left out of the means of that figure: a label
    with no truth and no prediction does not enter macro-F1.
    """

    labels: Mapping[str, Scores]
    micro: Scores
    macro: Averages
    weighted: Averages

    @property
    def rows(self) -> tuple[Scores | Averages, ...]:
        """Those of the labels, then the averages: micro, macro, weighted."""
        return *self.labels.values(), self.micro, self.macro, self.weighted


@dataclass(frozen=True, slots=True)
class StanceScore:
    """How often the stance of a found problem is right.

    ``found`` counts the problem letters, unit by unit, that stand in both truth and prediction;
    ``right`` those of them whose stances are exactly the true ones.
    """

    found: int
    right: int

    @property
    def share(self) -> float:
        """``right / found``; nan where no problem was found."""
        return float(ratio(self.right, self.found))


def score_labels(truth: LabelSets, predicted: LabelSets, labels: Sequence[str]) -> ScoreTable:
    """Compare two label sets a unit; labels of the sets that are not in ``labels`` do not count.

    Raises:
        EvaluationError: the sequences differ in length; ``labels`` is empty or names one twice.
    """
    check_same_length(truth=truth, predicted=predicted)
    counts = confusion_counts(indicators(truth, labels), indicators(predicted, labels)).sum(axis=0)
    table = {label: Scores(*map(int, column)) for label, column in zip(labels, counts.T, strict=True)}
    rows = table.values()
    figures = [[row.precision for row in rows], [row.recall for row in rows], [row.f1 for row in rows]]
    support = [row.support for row in rows]
    macro = Averages(*map(float, mean_of_defined(figures)))
    weighted = Averages(*map(float, mean_of_defined(figures, support)))
    return ScoreTable(table, Scores(*map(int, counts.sum(axis=1))), macro, weighted)


def score_stances(truth: LabelSets, predicted: LabelSets) -> StanceScore:
    """Compare the stances of problem letters that both sides found.

    The sets hold codes, base (``J!``, ``J-``) or written (``J!-``); codes of types are passed over.

    Raises:
        EvaluationError: the sequences differ in length.
    """
    found, right = stance_counts(truth, predicted).sum(axis=0).tolist()
    return StanceScore(found, right)


def stance_counts(truth: LabelSets, predicted: LabelSets) -> NDArray[np.int64]:
    """Problem letters that both sides found, and those of them with the right stance: shape (n_units, 2).

    Raises:
        EvaluationError: the sequences differ in length.
    """
    check_same_length(truth=truth, predicted=predicted)
    counts = []
    for true, given in zip(map(_stances, truth), map(_stances, predicted), strict=True):
        both = true.keys() & given.keys()
        counts.append([len(both), sum(true[letter] == given[letter] for letter in both)])
    return np.array(counts, dtype=np.int64).reshape(-1, 2)


def _stances(codes: AbstractSet[str]) -> dict[str, frozenset[str]]:
    """Problem letter → its stance marks."""
    stances: dict[str, frozenset[str]] = {}
    for code in codes:
        if marks := _STANCE_MARKS.intersection(code[1:]):
            stances[code[0]] = stances.get(code[0], frozenset()) | marks
    return stances


def indicators(sets: LabelSets, labels: Sequence[str]) -> NDArray[np.bool_]:
    """Which unit has which label: bool, shape (n_units, n_labels).

    Raises:
        EvaluationError: ``labels`` is empty or names one twice.
    """
    if not labels or len(set(labels)) < len(labels):
        raise EvaluationError(f"labels are {list(labels)}; give at least one, and each once")
    rows = [[label in unit for label in labels] for unit in sets]
    return np.array(rows, dtype=np.bool_).reshape(len(sets), len(labels))


def confusion_counts(truth: NDArray[np.bool_], predicted: NDArray[np.bool_]) -> NDArray[np.int64]:
    """0 or 1 a unit for true positive, false positive, false negative: shape (n_units, 3, n_labels)."""
    cases = (truth & predicted, predicted & ~truth, truth & ~predicted)
    return np.stack(cases, axis=1).astype(np.int64)


def ratio(part: ArrayLike, whole: ArrayLike) -> NDArray[np.float64]:
    """``part / whole`` element by element, nan where the whole is 0."""
    part, whole = np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    result = np.full(np.broadcast_shapes(part.shape, whole.shape), np.nan)
    np.divide(part, whole, out=result, where=whole != 0)
    return result


def f1_of(
    true_positives: ArrayLike, false_positives: ArrayLike, false_negatives: ArrayLike
) -> NDArray[np.float64]:
    """F1 of counts (or sums of weights), element by element; nan where all three are 0."""
    twice = 2 * np.asarray(true_positives, dtype=np.float64)
    return ratio(twice, twice + np.asarray(false_positives) + np.asarray(false_negatives))


def mean_of_defined(values: ArrayLike, weights: ArrayLike = 1.0) -> NDArray[np.float64]:
    """Mean over the last axis of what is not nan; nan where nothing is left, or nothing of any weight."""
    values = np.asarray(values, dtype=np.float64)
    counted = np.where(np.isnan(values), 0.0, weights)
    return ratio((counted * np.nan_to_num(values)).sum(axis=-1), counted.sum(axis=-1))


def check_same_length(**columns: Sequence[object]) -> None:
    """Raise EvaluationError, naming the lengths, where the columns do not speak of the same units."""
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        found = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise EvaluationError(f"the lengths differ ({found}); give one entry a unit in each")
