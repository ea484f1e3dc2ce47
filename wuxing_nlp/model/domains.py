"""Units of another domain teach what both have in common: domain adaptation by copies of features.

Units that a model picked, or that were written for the project, are of other kinds of text than
those that a model is to tag; what they say of a feature may hold among themselves alone. So each
unit has its features twice: once shared by all, once as a copy that is its domain's own (Daumé III,
Frustratingly easy domain adaptation, 2007), three blocks for two domains. A linear machine puts what
all agree on into the shared coefficients, which are the cheaper, and only a domain's own ways into
its copies. The bias is shared.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from scipy.sparse import csr_matrix, diags, hstack

from wuxing_nlp.model.calibration import Floats
from wuxing_nlp.model.outputs import Flags

COPY = 0.5
"""How large a copy is beside its feature: the smaller, the dearer is it to differ between domains."""

# A unit with its copies is as long as without them: regularisation means the same.
_SHARED = 1 / math.sqrt(1 + COPY**2)
_OWN = COPY * _SHARED

Learn = Callable[[csr_matrix], tuple[Floats, float]]
"""Coefficients (n_features,) and bias, learnt from features (n_units, n_features)."""


def learnt_for(target: Flags, x: csr_matrix, learn: Learn) -> tuple[Floats, float]:
    """Coefficients (n_features,) and bias of a linear machine for the units of one domain.

    Args:
        target: which units are of that domain (n_units,); where all are or none is, there is nothing
            to adapt.
        x: features (n_units, n_features) of all units that teach.
        learn: teaches the machine.
    """
    if target.all() or not target.any():
        return learn(x)
    coefficients, bias = learn(_with_copies(x, target))
    shared, own, _ = np.split(coefficients, 3)
    return _SHARED * shared + _OWN * own, bias


def _with_copies(x: csr_matrix, target: Flags) -> csr_matrix:
    """Features (n_units, 3 · n_features): the shared ones, the target domain's, the other domain's."""
    sizes = (np.full(len(target), _SHARED), np.where(target, _OWN, 0), np.where(target, 0, _OWN))
    return hstack([diags(size.astype(x.dtype)) @ x for size in sizes], format="csr")
