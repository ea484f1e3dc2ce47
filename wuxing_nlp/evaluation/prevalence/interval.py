"""Intervals of shares that hold where few units carry the label."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from wuxing_nlp.errors import EvaluationError
from wuxing_nlp.evaluation.prevalence.data import Floats

CELL = 0.5
"""Units that are added to each of the four cells of truth by prediction, for the variance only: what Agresti
and Min (2005) add for the difference of two proportions of the same units, which the mean error of a
prediction is. Without them nothing seems to be left open where the few coded units with a label happen to
be among those that the model found."""

ADDED = 4 * CELL


def added_squares(power: ArrayLike) -> Floats:
    """What the added units add to the sum of squares of the residuals ``truth - power * prediction``."""
    power = np.asarray(power, dtype=np.float64)
    added: Floats = CELL * (1 + power**2 + (1 - power) ** 2)
    return added


def share_interval(
    share: ArrayLike, variance: ArrayLike, size: ArrayLike, df: ArrayLike, *, level: float = 0.95
) -> tuple[Floats, Floats]:
    """The interval of Wilson (1927) for an estimated share, with its effective sample size.

    Wald's interval fails where a share is near 0: it is symmetric, and shrinks to a point where no coded
    unit carries the label. Wilson's asks which true shares would explain the estimate. The effective size
    ``s (1 - s) / variance`` (Korn and Graubard 1998; Franco et al. 2019 for complex samples) carries it
    over to estimates that are no plain proportions; ``s`` is the share with the added units counted, as
    they are in the variance, so that both agree where nothing was found.

    Args:
        share: estimates from 0 to 1, any shape.
        variance: their variances, with the added units; 0 (all units are coded) gives a point.
        size: effective number of coded units.
        df: degrees of freedom of the variance, for Student's t.
        level: confidence.

    Returns:
        The lower and the upper ends.

    Raises:
        EvaluationError: the level is no share.
    """
    # The command line loads this module, and SciPy takes longer than the rest of it together.
    from scipy.special import stdtrit

    if not 0 < level < 1:
        raise EvaluationError(f"level is {level}; give a share between 0 and 1, such as 0.95")
    share, size = np.asarray(share, dtype=np.float64), np.asarray(size, dtype=np.float64)
    among = (size * share + ADDED / 2) / (size + ADDED)
    # The inverse of the effective size: finite for a census too.
    unsure = np.asarray(variance, dtype=np.float64) / (among * (1 - among))
    square = stdtrit(np.maximum(df, 1), (1 + level) / 2) ** 2 * unsure
    centre = share + square / 2
    half = np.sqrt(square * share * (1 - share) + square**2 / 4)
    return (centre - half) / (1 + square), (centre + half) / (1 + square)
