"""Percentile intervals by resampling documents (Efron 1979; the cluster bootstrap), and those of scores.

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
    ratio,
    stance_counts,
)

FEW_DOCUMENTS = 20
"""Documents below which a bootstrap of whole documents gives too narrow intervals (Cameron, Gelbach and
Miller 2008 find that some twenty to fifty clusters are needed)."""

_BLOCK = 4_000_000
"""Numbers held at once (32 MB): it bounds memory and does not change the result."""


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
    """Intervals of a score (or of a difference of scores) at confidence ``level``."""

    labels: Mapping[str, Interval]
    micro: Interval
    macro: Interval
    weighted: Interval
    level: float

    @property
    def rows(self) -> tuple[Interval, ...]:
        """Those of the labels, then the averages: micro, macro, weighted."""
        return *self.labels.values(), self.micro, self.macro, self.weighted


@dataclass(frozen=True, slots=True)
class ScoreIntervals:
    """Intervals of precision, recall and F1."""

    precision: IntervalTable
    recall: IntervalTable
    f1: IntervalTable


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
    """Intervals of each label's F1 and of its averages; ``documents`` names each unit's document.

    A draw in which a label has neither truth nor prediction gives that label no F1 and is left out
    of its percentiles, as it is left out of that draw's macro-F1.

    Raises:
        EvaluationError: sequences of different length or empty, bad labels, draws or level.
    """
    counts = document_counts(truth, predicted, documents, labels)
    [(point, sample)] = resampled([Statistic(counts, f1_figures)], draws=draws, seed=seed)
    return _table(point, sample, labels, level)


def bootstrap_scores(
    truth: LabelSets,
    predicted: LabelSets,
    documents: Sequence[Hashable],
    labels: Sequence[str],
    *,
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> ScoreIntervals:
    """Intervals of precision, recall and F1, on the same draws; otherwise as :func:`bootstrap_f1`."""
    counts = document_counts(truth, predicted, documents, labels)
    statistics = [Statistic(counts, figures) for figures in (_precision_figures, _recall_figures, f1_figures)]
    samples = resampled(statistics, draws=draws, seed=seed)
    return ScoreIntervals(*(_table(*sample, labels, level) for sample in samples))


def bootstrap_stance(
    truth: LabelSets,
    predicted: LabelSets,
    documents: Sequence[Hashable],
    *,
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> Interval:
    """Interval of the share of found problems whose stance is right, see
    :func:`wuxing_nlp.evaluation.scores.score_stances`; draws in which none is found are left out.

    Raises:
        EvaluationError: sequences of different length or empty, bad draws or level.
    """
    counts = stance_counts(truth, predicted)
    check_same_length(truth=truth, documents=documents)
    parts = [document_sums(counts[:, [column]], documents) for column in (1, 0)]
    [(point, sample)] = resampled([Statistic(parts, ratio)], draws=draws, seed=seed)
    return intervals(point, sample, level)[0]


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
    statistics = [
        Statistic(document_counts(truth, given, documents, labels), f1_figures)
        for given in (predicted, baseline)
    ]
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


def document_counts(
    truth: LabelSets, predicted: LabelSets, documents: Sequence[Hashable], labels: Sequence[str]
) -> list[NDArray[np.float64]]:
    """True positives, false positives and false negatives of each label by document, each of shape
    (n_documents, n_labels).

    Raises:
        EvaluationError: sequences of different length or empty, bad labels.
    """
    check_same_length(truth=truth, predicted=predicted, documents=documents)
    counts = confusion_counts(indicators(truth, labels), indicators(predicted, labels))
    return [document_sums(counts[:, case], documents) for case in range(counts.shape[1])]


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


def block_sizes(draws: int, documents: int) -> Iterator[int]:
    """How many draws to make at once, of so many numbers each, until all are made."""
    block = max(1, _BLOCK // documents)
    for start in range(0, draws, block):
        yield min(block, draws - start)


def _weights(documents: int, draws: int, seed: int) -> Iterator[NDArray[np.float64]]:
    """How often each document is drawn, in blocks of draws: shape (n_block, n_documents)."""
    generator = np.random.default_rng(seed)
    chances = np.full(documents, 1 / documents)
    for size in block_sizes(draws, documents):
        yield generator.multinomial(documents, chances, size=size).astype(np.float64)


def f1_figures(
    tp: NDArray[np.float64], fp: NDArray[np.float64], fn: NDArray[np.float64]
) -> NDArray[np.float64]:
    """F1 of each label, then micro, macro and weighted, from sums (…, n_labels): (…, n_labels + 3)."""
    return _with_averages(f1_of(tp, fp, fn), f1_of(*(count.sum(axis=-1) for count in (tp, fp, fn))), tp + fn)


def _precision_figures(
    tp: NDArray[np.float64], fp: NDArray[np.float64], fn: NDArray[np.float64]
) -> NDArray[np.float64]:
    given = tp + fp
    return _with_averages(ratio(tp, given), ratio(tp.sum(axis=-1), given.sum(axis=-1)), tp + fn)


def _recall_figures(
    tp: NDArray[np.float64], fp: NDArray[np.float64], fn: NDArray[np.float64]
) -> NDArray[np.float64]:
    true = tp + fn
    return _with_averages(ratio(tp, true), ratio(tp.sum(axis=-1), true.sum(axis=-1)), true)


def _with_averages(
    labels: NDArray[np.float64], micro: NDArray[np.float64], support: NDArray[np.float64]
) -> NDArray[np.float64]:
    averages = (micro, mean_of_defined(labels), mean_of_defined(labels, support))
    return np.concatenate([labels, np.stack(averages, axis=-1)], axis=-1)


def _table(
    point: NDArray[np.float64], sample: NDArray[np.float64], labels: Sequence[str], level: float
) -> IntervalTable:
    *rows, micro, macro, weighted = intervals(point, sample, level)
    return IntervalTable(dict(zip(labels, rows, strict=True)), micro, macro, weighted, level)


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
