"""Margins to probabilities, as a model tags: one sigmoid a label.

What they are fitted to is in :mod:`wuxing_nlp.model.tuning`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def sigmoid(x: Floats) -> Floats:
    """The logistic function, without overflow."""
    return np.exp(-np.logaddexp(0, -x))


def calibrated(scores: Floats, sigmoids: Floats) -> Floats:
    """Probabilities (n_units, n) of scores (n_units, n) by sigmoids (n, 2): slope and intercept."""
    return sigmoid(scores * sigmoids[:, 0] + sigmoids[:, 1])
