"""How far a decision on a unit's labels can be trusted, of its probabilities."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def expected_f1(given: NDArray[np.bool_], likely: NDArray[np.floating]) -> NDArray[np.float64]:
    """How good (n_units,) labels are likely to be: their expected F1.

    With the labels taken as independent and the expectation of the ratio as the ratio of the
    expectations: twice the expected hits by the labels given plus those expected; where none is given,
    the probability that there is none.

    Args:
        given: (n_units, n_labels) the labels that were given.
        likely: (n_units, n_labels) their calibrated probabilities.
    """
    probable = np.asarray(likely, dtype=np.float64)
    hits = np.where(given, probable, 0).sum(axis=1)
    expected = 2 * hits / np.maximum(given.sum(axis=1) + probable.sum(axis=1), 1e-9)
    good: NDArray[np.float64] = np.where(given.any(axis=1), expected, np.prod(1 - probable, axis=1))
    return good
