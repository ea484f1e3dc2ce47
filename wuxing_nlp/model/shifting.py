"""A linear machine moved by new units, as little as they allow: fine-tuning without the old text.

The method is the adaptive support vector machine (Yang, Yan and Hauptmann, Cross-domain video concept
detection using adaptive SVMs, 2007): f(x) = f₀(x) + δ·x + b, where f₀ is the old machine's margin and δ
minimises ½‖δ‖² + C Σ wᵢ max(0, 1 − yᵢ f(xᵢ))². Where new units say nothing, δ is 0 and the old machine
stays. The loss is squared, as in :func:`wuxing_nlp.model.classifier.fit_machine`, and smooth, so that
L-BFGS finds the one minimum.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from wuxing_nlp.model.calibration import Floats

_MOST_STEPS = 200


def shift(
    x: csr_matrix, y: NDArray[np.bool_], old: Floats, weights: Floats, *, c: float
) -> tuple[Floats, float]:
    """The shift of coefficients δ (n_features,) and of the bias, b.

    Args:
        x: features (n_units, n_features).
        y: which units carry the label (n_units,).
        old: the old machine's margins (n_units,).
        weights: of the units (n_units,).
        c: inverse regularisation.
    """
    if not y.any() or y.all():
        return np.zeros(x.shape[1]), 0.0
    signs = np.where(y, 1.0, -1.0)
    costs = c * weights
    transposed = x.T.tocsr()

    def loss(moved: Floats) -> tuple[float, Floats]:
        short = np.maximum(0.0, 1.0 - signs * (old + x @ moved[:-1] + moved[-1]))
        pull = -2.0 * costs * signs * short
        gradient = moved + np.append(transposed @ pull, pull.sum())
        return float(0.5 * moved @ moved + costs @ short**2), gradient

    start = np.zeros(x.shape[1] + 1)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _MOST_STEPS})
    return found.x[:-1], float(found.x[-1])
