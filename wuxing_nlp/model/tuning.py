"""What is fitted on held-out margins: one sigmoid a label (Platt 1999, with his correction for small
counts) and the thresholds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from wuxing_nlp.model.calibration import Floats, sigmoid

UNLEARNT = -1e9
"""The score of a label that nothing could be learnt of: below those of any learner."""


def fit_sigmoid(margins: Floats, truth: NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and intercept with which ``sigmoid(slope * margin + intercept)`` fits the truth best.

    Targets are Platt's: (n₊ + 1) / (n₊ + 2) and 1 / (n₋ + 2), so that no probability reaches 0 or 1.
    """
    positives = int(truth.sum())
    negatives = len(truth) - positives
    target = np.where(truth, (positives + 1) / (positives + 2), 1 / (negatives + 2))

    def loss(parameters: Floats) -> tuple[float, Floats]:
        z = parameters[0] * margins + parameters[1]
        error = sigmoid(z) - target
        value = float(np.mean(np.logaddexp(0, z) - target * z))
        return value, np.array([np.mean(error * margins), np.mean(error)])

    found = minimize(
        loss, np.array([2.0, 0.0]), jac=True, method="L-BFGS-B", bounds=[(0.05, None), (None, None)]
    )
    return float(found.x[0]), float(found.x[1])


def best_threshold(probabilities: Floats, truth: NDArray[np.bool_], beta: float = 1.0) -> float:
    """The probability from which labelling gives the best F_β; a half without a positive unit.

    F_β (van Rijsbergen 1979) is (1 + β²) n_hits / (β² n_positives + n_labelled). A higher β never gives
    a higher threshold: where a deeper cut has the more hits, its gain on a shallower one grows with
    β². Of cuts that are equally good, the shallowest is taken.

    Args:
        probabilities: of a label (n_units,).
        truth: units that carry it (n_units,).
        beta: how many times as important recall is as precision.
    """
    if not truth.any():
        return 0.5
    order = np.argsort(-probabilities, kind="stable")
    ranked = probabilities[order]
    # Equal probabilities are labelled together: only behind the last of them can a cut be.
    cuts = np.flatnonzero(np.diff(ranked, append=-np.inf))
    worth = beta**2
    score = (1 + worth) * np.cumsum(truth[order])[cuts] / (worth * truth.sum() + cuts + 1)
    at = int(np.argmax(score))
    # Between the best cut and the next lower probability: a threshold on the edge would be luck.
    upper = ranked[cuts[at]]
    lower = ranked[cuts[at + 1]] if at + 1 < len(cuts) else upper
    middle = (upper + lower) / 2
    return float(middle if middle > lower else upper)


def best_thresholds(scores: Floats, truth: NDArray[np.bool_], beta: float = 1.0) -> Floats:
    """The best threshold (n_labels,) of each label: of scores and truth (n_units, n_labels)."""
    labels = zip(scores.T, truth.T, strict=True)
    return np.array([best_threshold(score, carried, beta) for score, carried in labels])


def cross_cut(margins: Floats, truth: NDArray[np.bool_], folds: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Labels (n_units, n_labels) given from held-out margins, without folds inside the folds: those of
    a fold from the margin that has the best F1 in the others.

    Args:
        margins: (n_units, n_labels), of machines that had not seen the unit's fold; :data:`UNLEARNT`
            where there was nothing to learn from, which is never a yes.
        truth: which units carry the labels (n_units, n_labels).
        folds: of the units (n_units,), two at least.
    """
    given = np.zeros_like(truth)
    for fold in np.unique(folds):
        held = folds == fold
        cuts = best_thresholds(margins[~held], truth[~held])
        given[held] = (margins[held] >= cuts) & (margins[held] > UNLEARNT)
    return given
