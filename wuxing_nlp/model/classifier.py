"""The multi-label estimator: one linear machine an output, stacked into one weight matrix.

One support vector machine a letter and one a base code share the features. Their margins become
probabilities by sigmoids fitted on margins of documents that the machines did not see; a code's
probability is its letter's times its share given the letter, so that parent and child agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator
from sklearn.model_selection import GroupKFold
from sklearn.svm import LinearSVC

from wuxing_nlp.errors import TrainingError
from wuxing_nlp.model.calibration import best_threshold, fit_sigmoid, sigmoid
from wuxing_nlp.model.outputs import Calibration, Flags, Floats, Outputs, Predictions

FEWEST_POSITIVES = 10
"""A label with fewer positive units is left untrained, and said to be so."""

_TRULY_NONE = 0.9
_DOUBTS = np.linspace(1.0, 0.1, 46)


@dataclass(frozen=True)
class Machines:
    """Linear machines side by side, in 8 bits a weight.

    ``weights`` int8 (n_features, n_outputs), ``scales`` float32 (n_outputs,) the worth of one step,
    ``biases`` float32 (n_outputs,). An untrained output has weights 0 and bias -1.
    """

    weights: NDArray[np.int8]
    scales: NDArray[np.float32]
    biases: NDArray[np.float32]

    @classmethod
    def rounded(cls, coefficients: Floats, biases: Floats) -> Machines:
        """Round coefficients (n_features, n_outputs) to 8 bits an output."""
        scales = np.maximum(np.abs(coefficients).max(axis=0), 1e-12) / 127
        weights = np.rint(coefficients / scales).astype(np.int8)
        return cls(weights, scales.astype(np.float32), biases.astype(np.float32))

    def margins(self, x: csr_matrix) -> Floats:
        """Margins (n_units, n_outputs): one sparse product for all outputs."""
        return np.asarray(x @ self.weights.astype(np.float32), dtype=np.float64) * self.scales + self.biases


class PolicyClassifier(BaseEstimator):  # type: ignore[misc]
    """Multi-label classifier over a codebook's letters and base codes, in scikit-learn's manner.

    Args:
        outputs: the columns to learn.
        c: inverse regularisation of the machines.
        inner_folds: folds, by group, for the margins on which calibration is fitted.
        seed: seed of everything that is random.
        jobs: threads.

    After fitting: ``machines_``, ``calibration_``, ``trained_`` flags (n_outputs,).
    """

    def __init__(
        self, outputs: Outputs, *, c: float = 0.3, inner_folds: int = 3, seed: int = 0, jobs: int = 2
    ) -> None:
        self.outputs = outputs
        self.c = c
        self.inner_folds = inner_folds
        self.seed = seed
        self.jobs = jobs

    def fit(
        self, x: csr_matrix, y: Flags, *, groups: Sequence[str], weights: Floats, tuned: Flags
    ) -> PolicyClassifier:
        """Fit machines, calibration and thresholds.

        Args:
            x: features (n_units, n_features).
            y: truth (n_units, n_outputs), see :meth:`Outputs.truth`.
            groups: the unit's document; no document stands on both sides of an inner split.
            weights: weight of each unit in the machines (n_units,).
            tuned: units on whose held-out margins letters are calibrated (n_units,).

        Raises:
            TrainingError: too few documents, or no label with enough positive units.
        """
        if len(set(groups)) < self.inner_folds:
            raise TrainingError(
                f"{len(set(groups))} documents are too few: at least {self.inner_folds} are needed"
            )
        self.trained_ = y.sum(axis=0) >= FEWEST_POSITIVES
        if not self.trained_.any():
            raise TrainingError(f"no label has {FEWEST_POSITIVES} positive units; code more units")
        held_out = np.empty(y.shape)
        for rest, held in GroupKFold(self.inner_folds).split(x, groups=groups):
            held_out[held] = self._machines(x[rest], y[rest], weights[rest]).margins(x[held])
        self.machines_ = self._machines(x, y, weights)
        self.calibration_ = self._calibrate(held_out, y, tuned)
        return self

    def _machines(self, x: csr_matrix, y: Flags, weights: Floats) -> Machines:
        fitted = Parallel(self.jobs, prefer="threads")(
            delayed(self._machine)(x, y[:, at], weights, bool(self.trained_[at])) for at in range(y.shape[1])
        )
        return Machines.rounded(
            np.stack([coefficients for coefficients, _ in fitted], axis=1),
            np.array([bias for _, bias in fitted]),
        )

    def _machine(self, x: csr_matrix, y: Flags, weights: Floats, trained: bool) -> tuple[Floats, float]:
        if not trained or not y.any() or y.all():
            return np.zeros(x.shape[1]), -1.0
        machine = LinearSVC(C=self.c, class_weight="balanced", random_state=self.seed)
        machine.fit(x, y, sample_weight=weights)
        return machine.coef_.ravel(), float(machine.intercept_[0])

    def _calibrate(self, margins: Floats, y: Flags, tuned: Flags) -> Calibration:
        """Letters on the tuned units; codes on every unit that carries their letter, for there the
        kinds of text differ less, and the rare ``X0`` need what authored units show of them."""
        outputs = self.outputs
        scores, letters = outputs.letter_scores(margins)[tuned], y[tuned, : len(outputs.letters)]
        letter_sigmoids = np.array([fit_sigmoid(s, t) for s, t in zip(scores.T, letters.T, strict=True)])
        letter_p = sigmoid(scores * letter_sigmoids[:, 0] + letter_sigmoids[:, 1])
        shares = [self._share(margins, y, at) for at in range(len(outputs.codes))]
        calibration = Calibration(
            letter_sigmoids,
            np.array([sigmoid_ for sigmoid_, _ in shares]),
            np.array([best_threshold(p, t) for p, t in zip(letter_p.T, letters.T, strict=True)]),
            np.array([threshold for _, threshold in shares]),
            1.0,
        )
        predicted = Predictions.of(outputs, calibration, margins[tuned])
        labelled = np.asarray(letters.any(axis=1), dtype=bool)
        doubt = _doubt(predicted.nearness(calibration), labelled)
        return replace(calibration, doubt=doubt)

    def _share(self, margins: Floats, y: Flags, code: int) -> tuple[tuple[float, float], float]:
        column = len(self.outputs.letters) + code
        inside = y[:, self.outputs.parents[code]]
        fitted = fit_sigmoid(margins[inside, column], y[inside, column])
        given = sigmoid(margins[inside, column] * fitted[0] + fitted[1])
        return fitted, best_threshold(given, y[inside, column])

    def predictions(self, x: csr_matrix) -> Predictions:
        """Probabilities of letters and codes for features (n_units, n_features)."""
        return Predictions.of(self.outputs, self.calibration_, self.machines_.margins(x))

    def predict_proba(self, x: csr_matrix) -> Floats:
        """Probabilities (n_units, n_codes) of the base codes."""
        return self.predictions(x).codes

    def predict(self, x: csr_matrix) -> Flags:
        """Flags (n_units, n_codes) of the base codes that are given."""
        return self.predictions(x).decide(self.calibration_)


def _doubt(nearness: Floats, labelled: Flags) -> float:
    """The widest "none" of which nine in ten are truly none: the share of the threshold from which
    a unit without a label is left to a human instead."""
    for doubt in _DOUBTS:
        none = nearness < doubt
        if none.any() and 1 - labelled[none].mean() >= _TRULY_NONE:
            return float(doubt)
    return float(_DOUBTS[-1])
