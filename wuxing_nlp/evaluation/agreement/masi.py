"""The MASI distance between label sets (Passonneau 2006, LREC)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def masi_distances(sets: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The distance of every two sets: 1 − Jaccard · monotonicity, shape (n_sets, n_sets).

    Monotonicity is 1 for equal sets, 2/3 where one holds the other, 1/3 where they overlap, 0 where
    they share nothing. Two empty sets are equal: distance 0; an empty one and another: 1.

    Args:
        sets: one set a row, its labels in the columns, shape (n_sets, n_labels).
    """
    members = sets.astype(np.float64)
    shared = members @ members.T
    sizes = members.sum(axis=1)
    union = sizes[:, None] + sizes[None, :] - shared
    smaller = np.minimum(sizes[:, None], sizes[None, :])
    monotonicity = np.select([shared == union, shared == smaller], [1.0, 2 / 3], 1 / 3)
    # Where the union is empty both are, and equal; where nothing is shared Jaccard is 0 whatever else.
    jaccard = np.where(union == 0, 1.0, shared / np.maximum(union, 1))
    distances: NDArray[np.float64] = 1 - jaccard * monotonicity
    return distances
