"""Do probabilities mean what they say? Reliability, calibration error, Brier score, risk–coverage."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wuxing_nlp.errors import EvaluationError
from wuxing_nlp.evaluation.scores import LabelSets, check_same_length, score_labels

Binning = Literal["width", "mass"]
"""``width``: bins of equal width on 0–1; ``mass``: bins with about equally many units."""


@dataclass(frozen=True, slots=True)
class ReliabilityCurve:
    """One entry a bin that holds units, by rising probability: three arrays of the same length.

    ``probability`` is the mean predicted probability of the bin, ``observed`` the share of its
    units that truly have the label, ``count`` the number of its units.
    """

    probability: NDArray[np.float64]
    observed: NDArray[np.float64]
    count: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class CoveragePoint:
    """What is left when the least confident units go to a human.

    ``coverage`` is the share of units really kept, ``threshold`` the lowest confidence among them,
    ``units`` their number and ``micro_f1`` their micro-F1.
    """

    coverage: float
    threshold: float
    units: int
    micro_f1: float


def reliability_curve(
    probabilities: ArrayLike, outcomes: ArrayLike, *, bins: int = 15, binning: Binning = "width"
) -> ReliabilityCurve:
    """Predicted against observed shares of one label, in bins.

    A bin holds its upper edge and not its lower, as in Guo et al. (2017); the first holds 0 too.
    Edges of ``mass`` are quantiles: units of one probability are never parted, so that bins may be
    fewer or fuller.

    Args:
        probabilities: shape (n_units,), each from 0 to 1.
        outcomes: shape (n_units,), true (1) where the unit has the label.
        bins: number of bins, at least 1.
        binning: ``width`` or ``mass``.

    Raises:
        EvaluationError: shapes differ, there is no unit, or a value is outside its range.
    """
    predicted, true = checked(probabilities, outcomes)
    edges = _inner_edges(predicted, bins, binning)
    number = np.searchsorted(edges, predicted, side="left")
    count = np.bincount(number, minlength=bins)
    filled = count > 0
    count = count[filled]
    return ReliabilityCurve(
        np.bincount(number, predicted, bins)[filled] / count,
        np.bincount(number, true, bins)[filled] / count,
        count.astype(np.int64),
    )


def expected_calibration_error(
    probabilities: ArrayLike, outcomes: ArrayLike, *, bins: int = 15, binning: Binning = "width"
) -> float:
    """Mean distance of predicted and observed share over the bins, weighted by their units (0–1).

    Naeini et al. (2015). Arguments and errors as in :func:`reliability_curve`.
    """
    curve = reliability_curve(probabilities, outcomes, bins=bins, binning=binning)
    return float(np.average(np.abs(curve.probability - curve.observed), weights=curve.count))


def brier_score(probabilities: ArrayLike, outcomes: ArrayLike) -> float:
    """Mean squared distance of probability and outcome of one label (0 is perfect, 1 the worst).

    Arguments and errors as in :func:`reliability_curve`.
    """
    predicted, true = checked(probabilities, outcomes)
    return float(np.mean((predicted - true) ** 2))


def risk_coverage(
    truth: LabelSets,
    predicted: LabelSets,
    confidence: ArrayLike,
    labels: Sequence[str],
    *,
    coverages: Sequence[float] = (1.0, 0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5),
) -> tuple[CoveragePoint, ...]:
    """Micro-F1 on the most confident share of the units, one point for each coverage asked for.

    A threshold cannot part units of equal confidence: all of them are kept, so that the coverage
    reached may lie above the one asked for, and never lies below it.

    Args:
        truth, predicted: one label set a unit.
        confidence: shape (n_units,), higher means surer; any scale.
        labels: the labels that count.
        coverages: shares above 0, up to 1.

    Raises:
        EvaluationError: lengths differ, there is no unit, a confidence is not finite, a coverage
            is out of range.
    """
    sureness = np.asarray(confidence, dtype=np.float64)
    if sureness.ndim != 1 or not sureness.size or not np.isfinite(sureness).all():
        raise EvaluationError("confidence needs one finite number a unit, and at least one unit")
    check_same_length(truth=truth, predicted=predicted, confidence=sureness.tolist())
    for coverage in coverages:
        if not 0 < coverage <= 1:
            raise EvaluationError(f"coverage is {coverage}; give a share above 0, up to 1")
    falling = np.sort(sureness)[::-1]
    # Rounded first: 0.55 · 100 is 55.00000000000001 and must not keep a 56th unit.
    wanted = [max(1, math.ceil(round(coverage * falling.size, 6))) for coverage in coverages]
    return tuple(_point(truth, predicted, sureness, labels, float(falling[kept - 1])) for kept in wanted)


def _point(
    truth: LabelSets,
    predicted: LabelSets,
    confidence: NDArray[np.float64],
    labels: Sequence[str],
    threshold: float,
) -> CoveragePoint:
    kept: list[int] = np.flatnonzero(confidence >= threshold).tolist()
    table = score_labels([truth[i] for i in kept], [predicted[i] for i in kept], labels)
    return CoveragePoint(len(kept) / confidence.size, threshold, len(kept), table.micro.f1)


def _inner_edges(probabilities: NDArray[np.float64], bins: int, binning: Binning) -> NDArray[np.float64]:
    """The bins - 1 edges between the bins."""
    if bins < 1:
        raise EvaluationError(f"bins is {bins}; give at least 1")
    if binning == "width":
        return np.linspace(0, 1, bins + 1)[1:-1]
    if binning == "mass":
        # Whole-number quantiles that are probabilities themselves: an interpolated edge may fall to
        # either side of a value by a rounding error.
        upper = -(-np.arange(1, bins) * probabilities.size // bins) - 1
        return np.sort(probabilities)[upper]
    raise EvaluationError(f"binning is {binning!r}; allowed are width and mass")


def checked(probabilities: ArrayLike, outcomes: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Probabilities and outcomes of one label as arrays. Errors as in :func:`reliability_curve`."""
    predicted = np.asarray(probabilities, dtype=np.float64)
    true = np.asarray(outcomes, dtype=np.float64)
    if predicted.ndim != 1 or predicted.shape != true.shape or not predicted.size:
        raise EvaluationError(
            f"probabilities have shape {predicted.shape} and outcomes {true.shape}; "
            "both need one value a unit of one label, and at least one unit"
        )
    # Written so that nan fails too.
    if not ((predicted >= 0) & (predicted <= 1)).all():
        raise EvaluationError("a probability lies outside 0 to 1 (or is nan); give calibrated probabilities")
    if not np.isin(true, (0, 1)).all():
        raise EvaluationError("an outcome is neither 0 nor 1; give 1 where the unit has the label")
    return predicted, true
