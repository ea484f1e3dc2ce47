"""How much a feature tells the units of a label from the others.

A linear machine pays for large coefficients; what is large already needs a small one. So features
that stand in the units of one side alone are made larger, and those of both sides smaller, by their
log-count ratio (Wang and Manning, Baselines and bigrams: simple, good sentiment and topic
classification, 2012). The larger part of a scale is the same for all, as in their interpolation: a
ratio of few units is half luck.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from wuxing_nlp.model.calibration import Floats
from wuxing_nlp.model.outputs import Flags

SHARE = 0.3
"""The share of a scale that the ratio makes; the rest is 1."""


def telling(x: csr_matrix, y: Flags) -> Floats:
    """Scales (n_features,) of the features, 1 on the mean.

    The ratio is ``|log((p / Σp) / (q / Σq))|``, where p and q count the units, one added, in which a
    feature stands: of those that carry the label, and of the others.

    Args:
        x: features (n_units, n_features).
        y: which units carry the label (n_units,).
    """
    carried = np.repeat(y, np.diff(x.indptr))
    inside, outside = (_shares(x.indices[side], x.shape[1]) for side in (carried, ~carried))
    ratio = np.abs(np.log(inside / outside))
    mean = ratio.mean()
    return np.ones(x.shape[1]) if mean == 0 else 1 - SHARE + SHARE * ratio / mean


def _shares(columns: NDArray[np.int32], n: int) -> Floats:
    counts = np.bincount(columns, minlength=n) + 1.0
    shares: Floats = counts / counts.sum()
    return shares


def scaled(x: csr_matrix, scales: Floats) -> csr_matrix:
    """The features, each times its scale (n_features,)."""
    return csr_matrix((x.data * scales[x.indices], x.indices, x.indptr), shape=x.shape)
