"""Percentile intervals of F1 by resampling documents (Efron 1979; the cluster bootstrap).

Units of one document are alike, so that resampling single units would make the intervals too
narrow: whole documents are drawn, as many as there are, with replacement. Counts add up, so that
a draw is a vector of document weights and all draws are one matrix product.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wuxing_nlp.errors import EvaluationError
from wuxing_nlp.evaluation.scores import (
    LabelSets,
    check_same_length,
    confusion_counts,
    f1_of,
    indicators,
    mean_of_defined,
)

_BLOCK = 4_000_000
"""Document weights held at once (32 MB): it bounds memory and does not change the result."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure on all documents, and the percentiles of its bootstrap draws; nan where undefined."""

    point: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class IntervalTable:
    """Intervals of F1 (or of a difference of F1) at confidence ``level``."""

    labels: Mapping[str, Interval]
    micro: Interval
    macro: Interval
    level: float


def bootstrap_f1(
    truth: LabelSets,
    predicted: LabelSets,
    documents: Sequence[Hashable],
    labels: Sequence[str],
    *,
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> IntervalTable:
    """Intervals of each label's F1, micro-F1 and macro-F1; ``documents`` names each unit's document.

    A draw in which a label has neither truth nor prediction gives that label no F1 and is left out
    of its percentiles, as it is left out of that draw's macro-F1.

    Raises:
        EvaluationError: sequences of different length or empty, bad labels, draws or level.
    """
    check_same_length(truth=truth, predicted=predicted, documents=documents)
    counts = _document_counts([(truth, predicted)], documents, labels)
    point, sample = _figures(counts, draws, seed)
    return _table(point[0], sample[:, 0], labels, level)


def bootstrap_difference(
    truth: LabelSets,
    predicted: LabelSets,
    baseline: LabelSets,
    documents: Sequence[Hashable],
    labels: Sequence[str],
    *,
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> IntervalTable:
    """Intervals of F1(predicted) − F1(baseline), paired: both are scored on the same draws.

    Above 0 means that ``predicted`` is better. A label's difference is nan where either F1 is.

    Raises:
        EvaluationError: as :func:`bootstrap_f1`.
    """
    check_same_length(truth=truth, predicted=predicted, baseline=baseline, documents=documents)
    counts = _document_counts([(truth, predicted), (truth, baseline)], documents, labels)
    point, sample = _figures(counts, draws, seed)
    return _table(point[0] - point[1], sample[:, 0] - sample[:, 1], labels, level)


def _document_counts(
    comparisons: list[tuple[LabelSets, LabelSets]], documents: Sequence[Hashable], labels: Sequence[str]
) -> NDArray[np.float64]:
    """tp, fp, fn of each document: shape (n_documents, n_comparisons, 3, n_labels)."""
    numbers = {document: number for number, document in enumerate(dict.fromkeys(documents))}
    if not numbers:
        raise EvaluationError("there are no units; a bootstrap needs at least one document")
    units = np.stack(
        [
            confusion_counts(indicators(true, labels), indicators(given, labels))
            for true, given in comparisons
        ],
        axis=1,
    )
    counts = np.zeros((len(numbers), *units.shape[1:]))
    np.add.at(counts, [numbers[document] for document in documents], units)
    return counts


def _figures(
    counts: NDArray[np.float64], draws: int, seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """F1 of all documents (n_comparisons, n_labels + 2), and of each draw (n_draws, …, …).

    The last two columns are micro-F1 and macro-F1.
    """
    if draws < 1:
        raise EvaluationError(f"draws is {draws}; give at least 1, better 1000")
    flat = counts.reshape(len(counts), -1)
    sums = np.concatenate([weights @ flat for weights in _weights(len(counts), draws, seed)])
    return _f1_columns(counts.sum(axis=0)), _f1_columns(sums.reshape(draws, *counts.shape[1:]))


def _weights(documents: int, draws: int, seed: int) -> Iterator[NDArray[np.float64]]:
    """How often each document is drawn, in blocks of draws: shape (n_block, n_documents)."""
    generator = np.random.default_rng(seed)
    chances = np.full(documents, 1 / documents)
    block = max(1, _BLOCK // documents)
    for start in range(0, draws, block):
        size = min(block, draws - start)
        yield generator.multinomial(documents, chances, size=size).astype(np.float64)


def _f1_columns(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Counts (…, 3, n_labels) to F1 a label, then micro and macro: (…, n_labels + 2)."""
    labels = f1_of(*np.moveaxis(counts, -2, 0))
    micro = f1_of(*np.moveaxis(counts.sum(axis=-1), -1, 0))
    return np.concatenate([labels, micro[..., None], mean_of_defined(labels)[..., None]], axis=-1)


def _table(
    point: NDArray[np.float64], sample: NDArray[np.float64], labels: Sequence[str], level: float
) -> IntervalTable:
    if not 0 < level < 1:
        raise EvaluationError(f"level is {level}; give a share between 0 and 1, such as 0.95")
    *rows, micro, macro = (
        _interval(float(value), column, level) for value, column in zip(point, sample.T, strict=True)
    )
    return IntervalTable(dict(zip(labels, rows, strict=True)), micro, macro, level)


def _interval(point: float, sample: NDArray[np.float64], level: float) -> Interval:
    defined = sample[~np.isnan(sample)]
    if not defined.size:
        return Interval(point, float("nan"), float("nan"))
    low, high = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])
    return Interval(point, float(low), float(high))
