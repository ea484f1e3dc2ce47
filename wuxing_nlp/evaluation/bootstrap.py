"""Percentile intervals by resampling documents (Efron 1979; the cluster bootstrap), and those of F1.

Units of one document are alike, so that resampling single units would make the intervals too
narrow: whole documents are drawn, as many as there are, with replacement. Counts add up, so that
a draw is a vector of document weights and all draws are one matrix product.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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
class Statistic:
    """Figures that follow from sums over documents.

    ``parts`` are matrices of one row a document, dense or sparse, shapes (n_documents, …);
    ``figures`` takes the sum over documents of each, with any number of axes before the last, and
    gives figures with the same axes before their last: (…, n_figures), nan where undefined.
    """

    parts: Sequence[Any]
    figures: Callable[..., NDArray[np.float64]]


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
    statistic = _f1_statistic(truth, predicted, documents, labels)
    [(point, sample)] = resampled([statistic], draws=draws, seed=seed)
    return _table(point, sample, labels, level)


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
    statistics = [_f1_statistic(truth, given, documents, labels) for given in (predicted, baseline)]
    (point, sample), (other_point, other_sample) = resampled(statistics, draws=draws, seed=seed)
    return _table(point - other_point, sample - other_sample, labels, level)


def document_sums(rows: Any, documents: Sequence[Hashable]) -> Any:
    """Rows of units, dense or sparse, (n_units, n), summed by document: (n_documents, n).

    Raises:
        EvaluationError: there are no units.
    """
    from scipy import sparse  # takes a while: not for who only prints tables

    numbers = {document: number for number, document in enumerate(dict.fromkeys(documents))}
    if not numbers:
        raise EvaluationError("there are no units; a bootstrap needs at least one document")
    places = ([numbers[document] for document in documents], range(len(documents)))
    belongs = sparse.csr_array((np.ones(len(documents)), places), shape=(len(numbers), len(documents)))
    return belongs @ rows


def resampled(
    statistics: Sequence[Statistic], *, draws: int = 1000, seed: int = 0
) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Every statistic on all documents, (n_figures,), and on each draw, (n_draws, n_figures).

    All statistics are of the same documents and see the same draws.

    Raises:
        EvaluationError: bad draws.
    """
    if draws < 1:
        raise EvaluationError(f"draws is {draws}; give at least 1, better 1000")
    points = [statistic.figures(*(part.sum(axis=0) for part in statistic.parts)) for statistic in statistics]
    blocks: list[list[NDArray[np.float64]]] = [[] for _ in statistics]
    for weights in _weights(statistics[0].parts[0].shape[0], draws, seed):
        # A sparse matrix would copy the weights for every product if they stood on its left.
        columns = np.ascontiguousarray(weights.T)
        for statistic, drawn in zip(statistics, blocks, strict=True):
            drawn.append(statistic.figures(*((part.T @ columns).T for part in statistic.parts)))
    return [(point, np.concatenate(drawn)) for point, drawn in zip(points, blocks, strict=True)]


def _f1_statistic(
    truth: LabelSets, predicted: LabelSets, documents: Sequence[Hashable], labels: Sequence[str]
) -> Statistic:
    """F1 of each label, then micro-F1 and macro-F1."""
    counts = confusion_counts(indicators(truth, labels), indicators(predicted, labels))
    parts = [document_sums(counts[:, case], documents) for case in range(counts.shape[1])]
    return Statistic(parts, _f1_columns)


def _weights(documents: int, draws: int, seed: int) -> Iterator[NDArray[np.float64]]:
    """How often each document is drawn, in blocks of draws: shape (n_block, n_documents)."""
    generator = np.random.default_rng(seed)
    chances = np.full(documents, 1 / documents)
    block = max(1, _BLOCK // documents)
    for start in range(0, draws, block):
        size = min(block, draws - start)
        yield generator.multinomial(documents, chances, size=size).astype(np.float64)


def _f1_columns(*counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """tp, fp, fn, each (…, n_labels), to F1 a label, then micro and macro: (…, n_labels + 2)."""
    labels = f1_of(*counts)
    micro = f1_of(*(count.sum(axis=-1) for count in counts))
    return np.concatenate([labels, micro[..., None], mean_of_defined(labels)[..., None]], axis=-1)


def _table(
    point: NDArray[np.float64], sample: NDArray[np.float64], labels: Sequence[str], level: float
) -> IntervalTable:
    *rows, micro, macro = intervals(point, sample, level)
    return IntervalTable(dict(zip(labels, rows, strict=True)), micro, macro, level)


def intervals(point: NDArray[np.float64], sample: NDArray[np.float64], level: float) -> list[Interval]:
    """The interval of every figure of :func:`resampled`; draws that leave it undefined are left out.

    Raises:
        EvaluationError: bad level.
    """
    if not 0 < level < 1:
        raise EvaluationError(f"level is {level}; give a share between 0 and 1, such as 0.95")
    return [_interval(float(value), column, level) for value, column in zip(point, sample.T, strict=True)]


def _interval(point: float, sample: NDArray[np.float64], level: float) -> Interval:
    defined = sample[~np.isnan(sample)]
    if not defined.size:
        return Interval(point, float("nan"), float("nan"))
    low, high = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])
    return Interval(point, float(low), float(high))
