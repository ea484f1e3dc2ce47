"""How many units to code for an interval of a wanted width."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wuxing_nlp.errors import EvaluationError
from wuxing_nlp.evaluation.prevalence.data import Floats
from wuxing_nlp.evaluation.prevalence.interval import added_squares, share_interval
from wuxing_nlp.evaluation.sampling import LEAST, allocate

FEWEST = 10
"""Codings that a share is estimated from at least, whatever the plan promises."""


def expected_width(
    takes: ArrayLike, units: ArrayLike, shares: ArrayLike, residuals: ArrayLike, *, level: float = 0.95
) -> Floats:
    """The width of the intervals of :func:`wuxing_nlp.evaluation.prevalence.powered` that a sample leads
    to expect, by label.

    Args:
        takes: (n_strata,) units that are drawn from each stratum.
        units: (n_strata,) units that each has.
        shares: (n_labels,) expected shares, of all strata together.
        residuals: (n_strata, n_labels) the variance, a unit, of what predictions leave open. Of calibrated
            probabilities p that is the mean of p·(1 - p); on text that is unlike what the model was
            calibrated on, a pilot sample says better.
        level: confidence.
    """
    takes, units = np.asarray(takes, dtype=np.float64), np.asarray(units, dtype=np.float64)
    each = (units / units.sum()) ** 2 / takes
    left = each * (1 - takes / units)
    # Power 1 adds as much as power 0, and any other less.
    variance = left @ np.asarray(residuals) + left.sum() * added_squares(1.0) * each.sum()
    df = takes.sum() - len(takes) - 1
    low, high = share_interval(np.asarray(shares), variance, 1 / each.sum(), df, level=level)
    return high - low


def needed(
    width: float,
    units: ArrayLike,
    shares: ArrayLike,
    residuals: ArrayLike,
    *,
    neyman: bool = False,
    level: float = 0.95,
) -> NDArray[np.int64]:
    """The smallest sample whose expected intervals of all labels are no wider than ``width``, as the
    number of units to draw from each stratum.

    Arguments as for :func:`expected_width`; ``neyman`` draws more where predictions leave more open, see
    :func:`wuxing_nlp.evaluation.sampling.allocate`.

    Raises:
        EvaluationError: the width is not between 0 and 1.
    """
    if not 0 < width < 1:
        raise EvaluationError(f"the width is {width}; give a share between 0 and 1, such as 0.05")
    units, residuals = np.asarray(units, dtype=np.int64), np.asarray(residuals, dtype=np.float64)
    spreads = spreads_of(residuals) if neyman else None
    most = int(units.sum())
    low, high = min(max(FEWEST, int(np.minimum(units, LEAST).sum())), most), most
    while low < high:
        middle = (low + high) // 2
        takes = allocate(middle, units, spreads)
        if expected_width(takes, units, shares, residuals, level=level).max() <= width:
            high = middle
        else:
            low = middle + 1
    return allocate(low, units, spreads)


def spreads_of(residuals: Floats) -> Floats:
    """What is left open in each stratum, as one standard deviation for all labels together."""
    spreads: Floats = np.sqrt(residuals.mean(axis=1))
    return spreads
