"""The multi-label estimator: one linear machine an output, stacked into one weight matrix.

One support vector machine a letter and one a base code share the features. Their margins become
probabilities by sigmoids fitted on margins of documents that the machines did not see; a code's
probability is its letter's times its share given the letter, so that parent and child agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator
from sklearn.model_selection import GroupKFold
from sklearn.svm import LinearSVC

from wuxing_nlp.errors import TrainingError
from wuxing_nlp.model.calibration import Floats, calibrated
from wuxing_nlp.model.domains import learnt_for
from wuxing_nlp.model.machines import Machines
from wuxing_nlp.model.outputs import NEVER, Calibration, Flags, Outputs, Predictions
from wuxing_nlp.model.preference import Preference
from wuxing_nlp.model.rows import Rows
from wuxing_nlp.model.telling import scaled, telling
from wuxing_nlp.model.tuning import best_threshold, best_thresholds, fit_sigmoid

Places = NDArray[np.intp]

FEWEST_POSITIVES = 10
"""A label with fewer positive units is left untrained, and said to be so."""

MILD = 0.2
"""Inverse regularisation of the machines where nobody asks for another."""

CODE_PART = 0.5
"""What the margins of codes and stances count beside those of letters, which rest on more units. Among
codes it changes nothing."""

CERTAIN = (0.0, 40.0)
"""The sigmoid of a share that is 1 whatever the score: that of a letter's only code."""

_TRULY_NONE = 0.9
_DOUBTS = np.linspace(1.0, 0.1, 46)
_BOTH = np.linspace(0.99, 0.3, 70)


def fit_machine(
    x: csr_matrix, y: Flags, weights: Floats, target: Flags, *, c: float, seed: int
) -> tuple[Floats, float]:
    """Coefficients (n_features,) and bias of one linear support vector machine for the target domain.

    It sees features as large as they tell the two sides apart, see :func:`telling`; the coefficients
    are those of the features as they are. Of other domains' units it learns what holds in the target
    domain too, see :func:`learnt_for`.

    The sides are not balanced: what a rare label needs is a threshold of its own, and a machine in
    which few units weigh as much as all others learns these few by heart.

    ``y`` flags (n_units,), ``weights`` (n_units,), ``target`` flags (n_units,). Where there is nothing
    to tell apart the coefficients are 0 and the bias is -1, which is never a yes.
    """
    if not y.any() or y.all():
        return np.zeros(x.shape[1]), -1.0

    def learn(features: csr_matrix) -> tuple[Floats, float]:
        machine = LinearSVC(C=c, max_iter=5000, random_state=seed)
        machine.fit(features, y, sample_weight=weights)
        return machine.coef_.ravel(), float(machine.intercept_[0])

    scales = telling(x, y)
    coefficients, bias = learnt_for(target, scaled(x, scales), learn)
    return coefficients * scales, bias


class PolicyClassifier(BaseEstimator):  # type: ignore[misc]
    """Multi-label classifier over a codebook's letters and base codes, in scikit-learn's manner.

    Args:
        outputs: the columns to learn.
        c: inverse regularisation of the machines.
        inner_folds: folds, by group, for the margins on which calibration is fitted.
        seed: seed of everything that is random.

    After fitting: ``machines_``, ``calibration_``, ``trained_`` flags (n_outputs,).
    """

    def __init__(self, outputs: Outputs, *, c: float = MILD, inner_folds: int = 5, seed: int = 0) -> None:
        self.outputs = outputs
        self.c = c
        self.inner_folds = inner_folds
        self.seed = seed

    def fit(
        self, x: csr_matrix, y: Flags, *, groups: Sequence[str], weights: Floats, tuned: Flags
    ) -> PolicyClassifier:
        """Fit machines, calibration and thresholds.

        Args:
            x: features (n_units, n_features).
            y: truth (n_units, n_outputs), see :meth:`Outputs.truth`.
            groups: the unit's document; no document stands on both sides of an inner split.
            weights: weight of each unit in the machines (n_units,).
            tuned: units of the domain that the machines are for, on whose held-out margins letters are
                calibrated (n_units,).

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
        held_out = np.zeros(y.shape)
        for rest, held in self._inner_splits(groups, tuned):
            machines = self._machines(x[rest], y[rest], weights[rest], tuned[rest])
            held_out[held] = machines.margins(Rows.of_matrix(x[held]))
        self.machines_ = self._machines(x, y, weights, tuned)
        self.calibration_ = self._calibrate(held_out, y, tuned)
        return self

    def _inner_splits(self, groups: Sequence[str], tuned: Flags) -> Iterator[tuple[Places, Places]]:
        """Positions of the units that teach, and of those whose margins are held out."""
        yield from GroupKFold(self.inner_folds).split(tuned, groups=groups)

    def _machines(self, x: csr_matrix, y: Flags, weights: Floats, tuned: Flags) -> Machines:
        # A stance is a question only where there is a problem.
        inside = np.flatnonzero(self.outputs.problems(y))
        stances = len(self.outputs.letters) + len(self.outputs.codes)
        rows = [slice(None) if at < stances else inside for at in range(len(self.outputs))]
        # One after the other: liblinear's random numbers are the process's, and two fits in threads
        # would take them from each other, each time in another order.
        fitted = [
            self.machine(at, x[at_rows], y[at_rows, at], weights[at_rows], tuned[at_rows])
            for at, at_rows in enumerate(rows)
        ]
        return Machines.rounded(
            np.stack([coefficients for coefficients, _ in fitted], axis=1) * self.parts,
            np.array([bias for _, bias in fitted]) * self.parts,
        )

    @property
    def parts(self) -> Floats:
        """What the margin of each output counts (n_outputs,)."""
        return np.where(np.arange(len(self.outputs)) < len(self.outputs.letters), 1.0, CODE_PART)

    def machine(
        self, at: int, x: csr_matrix, y: Flags, weights: Floats, tuned: Flags
    ) -> tuple[Floats, float]:
        """The machine of the output at a position: see :func:`fit_machine`."""
        return fit_machine(x, y & self.trained_[at], weights, tuned, c=self.c, seed=self.seed)

    def _calibrate(self, margins: Floats, y: Flags, tuned: Flags) -> Calibration:
        """Sigmoids and thresholds, and the doubts that go with them."""
        calibration = self._sigmoids(margins, y, tuned)
        predicted = Predictions.of(self.outputs, calibration, margins[tuned])
        labelled = np.asarray(y[tuned, : len(self.outputs.letters)].any(axis=1), dtype=bool)
        nearness = [predicted.nearness(calibration.rule(preference)) for preference in Preference]
        return replace(calibration, doubts=np.array([_doubt(near, labelled) for near in nearness]))

    def _sigmoids(self, margins: Floats, y: Flags, tuned: Flags) -> Calibration:
        """Letters on the tuned units; codes on every unit that carries their letter, for there the
        kinds of text differ less, and the rare ``X0`` need what authored units show of them."""
        outputs = self.outputs
        letters = y[tuned, : len(outputs.letters)]
        scores = outputs.letter_scores(margins)
        pairs = zip(scores[tuned].T, letters.T, strict=True)
        sigmoids = np.array([fit_sigmoid(score, truth) for score, truth in pairs])
        likely = calibrated(scores, sigmoids)
        thresholds = self._letter_thresholds(likely[tuned], letters)
        found = likely >= thresholds[Preference.BALANCED.row]
        shares, share_thresholds = self._shares(outputs.share_scores(margins), y, found)
        return Calibration(sigmoids, shares, thresholds, share_thresholds, np.ones(len(Preference)))

    def _letter_thresholds(self, likely: Floats, letters: Flags) -> Floats:
        """Thresholds (n_preferences, n_letters), each with the best F_β of its preference."""
        thresholds = np.array([best_thresholds(likely, letters, wish.beta) for wish in Preference])
        thresholds[:, ~self.trained_[: letters.shape[1]]] = NEVER
        return thresholds

    def _shares(self, scores: Floats, y: Flags, found: Flags) -> tuple[Floats, Floats]:
        """Sigmoids of the codes, each on the units that carry its letter (where there is none, nothing
        is known, and the share is a half); thresholds on the units in which the letter is found,
        rightly or not, for that is where they are applied."""
        first, last = len(self.outputs.letters), len(self.outputs.letters) + len(self.outputs.codes)
        sigmoids, thresholds = np.zeros((last - first, 2)), np.full(last - first, NEVER)
        given = np.zeros(scores.shape)
        for at, parent in enumerate(self.outputs.parents):
            inside = y[:, parent]
            if not inside.any():
                continue
            truth = y[:, first + at]
            if self.outputs.is_only_code(at):
                sigmoids[at], thresholds[at] = CERTAIN, 0.5
                continue
            sigmoids[at] = fit_sigmoid(scores[inside, at], truth[inside])
            given[:, [at]] = calibrated(scores[:, [at]], sigmoids[[at]])
            thresholds[at] = best_threshold(given[found[:, parent], at], truth[found[:, parent]])
        thresholds[~self.trained_[first:last]] = NEVER
        if self.outputs.problems(y).any():
            problems = [at for mark in self.outputs.marks for at in self.outputs.marked(mark)]
            thresholds[problems] = self._both_threshold(given, y)
        return sigmoids, thresholds

    def _both_threshold(self, given: Floats, y: Flags) -> float:
        """From which share a problem's second stance is given too: the one with which the stances
        of most problems are exactly right. One for all problems, for few have both."""
        pairs, truths = [], []
        for at in range(len(self.outputs.letters)):
            codes = [code for mark in self.outputs.marks for code in self.outputs.marked(mark)]
            children = [code for code in codes if self.outputs.parents[code] == at]
            if children:
                inside = y[:, at]
                pairs.append(given[inside][:, children])
                truths.append(y[inside][:, [len(self.outputs.letters) + code for code in children]])
        shares, truth = np.concatenate(pairs), np.concatenate(truths)
        likeliest = shares == shares.max(axis=1, keepdims=True)
        right = [(((shares >= t) | likeliest) == truth).all(axis=1).mean() for t in _BOTH]
        return float(_BOTH[int(np.argmax(right))])

    def predictions(self, x: csr_matrix) -> Predictions:
        """Probabilities of letters and codes for features (n_units, n_features)."""
        return Predictions.of(self.outputs, self.calibration_, self.machines_.margins(Rows.of_matrix(x)))

    def predict_proba(self, x: csr_matrix) -> Floats:
        """Probabilities (n_units, n_codes) of the base codes."""
        return self.predictions(x).codes

    def predict(self, x: csr_matrix) -> Flags:
        """Flags (n_units, n_codes) of the base codes that are given, precision and recall balanced."""
        return self.predictions(x).decide(self.calibration_.rule(Preference.BALANCED))


def _doubt(nearness: Floats, labelled: Flags) -> float:
    """The widest "none" of which nine in ten are truly none: the share of the threshold from which
    a unit without a label is left to a human instead."""
    for doubt in _DOUBTS:
        none = nearness < doubt
        if none.any() and 1 - labelled[none].mean() >= _TRULY_NONE:
            return float(doubt)
    return float(_DOUBTS[-1])
