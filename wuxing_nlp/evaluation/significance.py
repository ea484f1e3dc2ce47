"""Is a difference between two systems more than luck? A randomisation test over documents, and Holm's
correction for several labels."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from wuxing_nlp.errors import EvaluationError
from wuxing_nlp.evaluation.bootstrap import block_sizes, document_counts, f1_figures
from wuxing_nlp.evaluation.scores import LabelSets, check_same_length

_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class PValues:
    """Two-sided p values of differences of F1; nan where the F1 of either is undefined.

    ``adjusted`` are those of the labels after Holm's correction; averages are not corrected.
    """

    labels: Mapping[str, float]
    adjusted: Mapping[str, float]
    micro: float
    macro: float
    weighted: float


def randomisation_test(
    truth: LabelSets,
    first: LabelSets,
    second: LabelSets,
    documents: Sequence[Hashable],
    labels: Sequence[str],
    *,
    draws: int = 1000,
    seed: int = 0,
) -> PValues:
    """Approximate randomisation (Noreen 1989; for F1 Yeh 2000; Dror et al. 2018) by document.

    If two systems were equally good, it would not matter which of them answered which document. In
    each draw the answers to every document are exchanged with probability one half, those to its
    units together, for they are alike. p is the share of draws in which F1 differs at least as much
    as it does, with what was observed as one draw more (Phipson and Smyth 2010): it is never 0.

    Raises:
        EvaluationError: sequences of different length or empty, bad labels or draws.
    """
    check_same_length(truth=truth, first=first, second=second, documents=documents)
    if draws < 1:
        raise EvaluationError(f"draws is {draws}; give at least 1, better 1000")
    ones, others = (np.stack(document_counts(truth, given, documents, labels)) for given in (first, second))
    observed = np.abs(_difference(ones.sum(axis=1), others.sum(axis=1)))
    extreme = np.zeros(observed.shape)
    for sample in _exchanged(ones, others, draws, seed):
        # A draw that leaves F1 undefined counts against the difference.
        extreme += (~(np.abs(sample) < observed - _ROUNDING)).sum(axis=0)
    values = (extreme + 1) / (draws + 1)
    values[np.isnan(observed)] = np.nan
    *each, micro, macro, weighted = map(float, values)
    by_label = dict(zip(labels, each, strict=True))
    return PValues(by_label, holm(by_label), micro, macro, weighted)


def holm(values: Mapping[str, float]) -> dict[str, float]:
    """p values corrected for being several (Holm 1979), by name; nan stays nan and is not counted."""
    rising = sorted((value, name) for name, value in values.items() if not np.isnan(value))
    scaled = (min(1.0, value * (len(rising) - at)) for at, (value, _) in enumerate(rising))
    corrected = dict(zip((name for _, name in rising), accumulate(scaled, max), strict=True))
    return {name: corrected.get(name, float("nan")) for name in values}


def _exchanged(
    ones: NDArray[np.float64], others: NDArray[np.float64], draws: int, seed: int
) -> Iterator[NDArray[np.float64]]:
    """Differences of F1, shape (n_block, n_figures), in blocks of draws with documents exchanged.

    Args:
        ones, others: counts of both systems, shape (3, n_documents, n_labels).
    """
    generator = np.random.default_rng(seed)
    change = others - ones
    for size in block_sizes(draws, change.shape[1]):
        swaps = generator.integers(0, 2, size=(size, change.shape[1])).astype(np.float64)
        moved = swaps @ change
        yield _difference(ones.sum(axis=1)[:, None] + moved, others.sum(axis=1)[:, None] - moved)


def _difference(ones: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    """F1 of the first less that of the second, from counts (3, …, n_labels): (…, n_labels + 3)."""
    return f1_figures(*ones) - f1_figures(*others)
