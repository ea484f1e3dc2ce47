"""From rows of features to probabilities, and to codes for those who ask for no probability.

A label is given from a probability on, which is one calibrated score: most scores are so far from
that one that no rounding of a probability could change the decision. Compiled code decides on those,
without any exponential; the other units are decided on by their probabilities, as is every one
without compiled code (a filter before the exact predicate, as in Shewchuk 1997, Discrete &
Computational Geometry 18).
"""

from __future__ import annotations

from functools import cache

import numpy as np

from wuxing_nlp.codebook import Codebook
from wuxing_nlp.model.calibration import Floats, sigmoid
from wuxing_nlp.model.machines import Machines
from wuxing_nlp.model.outputs import NEVER, Calibration, Outputs, Predictions, Rule, codes_of
from wuxing_nlp.model.rows import Rows

try:
    from wuxing_nlp.model import _native
except ImportError:  # built without a compiler
    _native = None  # type: ignore[assignment]

SURE = 1e-6
"""Two scores so far apart have probabilities of which the higher one's is higher."""

LOWEST, HIGHEST = -500.0, 16.0
"""Where that holds: below, probabilities end in 0, above in 1, and neighbours may be the same number."""


class Decider:
    """A model under a rule: its :class:`Predictions`, and what they decide, as written codes.

    Args:
        machines, outputs, calibration: the model's.
        rule: the thresholds.
        codebook: how codes are written.
    """

    def __init__(
        self,
        machines: Machines,
        outputs: Outputs,
        calibration: Calibration,
        rule: Rule,
        codebook: Codebook,
    ) -> None:
        self._machines = machines
        self._outputs = outputs
        self._calibration = calibration
        self._rule = rule
        self._written = cache(codebook.written)
        self._written_at = cache(self._written_of)
        self._native = None if _native is None else self._compiled()

    def predictions(self, rows: Rows) -> Predictions:
        """The probabilities of every unit."""
        if self._native is None:
            return self.plain_predictions(rows)
        return Predictions.split(self._outputs, sigmoid(self._native.scores(*rows)))

    def plain_predictions(self, rows: Rows) -> Predictions:
        """The same without compiled scores."""
        return Predictions.of(self._outputs, self._calibration, self._machines.margins(rows))

    def codes(self, rows: Rows) -> list[tuple[str, ...]]:
        """The codes of every unit, sorted, a problem's two stances as one."""
        if self._native is None:
            return self.plain_codes(rows)
        return [
            self.plain_codes(rows.unit(at))[0] if places is None else self._written_at(places)
            for at, places in enumerate(self._native.codes(*rows))
        ]

    def plain_codes(self, rows: Rows) -> list[tuple[str, ...]]:
        """The same by probabilities."""
        decided = self.plain_predictions(rows).decide(self._rule)
        return [self._written(codes) for codes in codes_of(self._outputs, decided)]

    def _written_of(self, places: bytes) -> tuple[str, ...]:
        return self._written(frozenset(self._outputs.codes[at] for at in np.frombuffer(places, np.int32)))

    def _compiled(self) -> _native.NativeDecision:
        outputs, rule = self._outputs, self._rule
        thresholds = np.concatenate([rule.letter_thresholds, rule.share_thresholds])
        marks = {mark: len(outputs) - len(outputs.marks) + at for at, mark in enumerate(outputs.marks)}
        codes = [
            (letter, marks.get(code[1:], -1), trained)
            for code, letter, trained in zip(
                outputs.codes, outputs.parents.tolist(), (rule.share_thresholds < NEVER).tolist(), strict=True
            )
        ]
        return _native.NativeDecision(
            *(self._machines.weights, self._machines.scales, self._machines.biases),
            np.column_stack([self._calibration.sigmoids, *certain(thresholds)]),
            codes,
            *(SURE, LOWEST, HIGHEST),
        )


def certain(thresholds: Floats) -> tuple[Floats, Floats]:
    """Scores below which a probability is under its threshold for certain, and above which it is over it.

    Both are NaN where nothing is: of a threshold that is no probability, or next to 0.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        scores = np.log(thresholds) - np.log1p(-thresholds)
    scores[scores < LOWEST] = np.nan
    return np.minimum(scores, HIGHEST) - SURE, np.where(scores > HIGHEST, np.inf, scores + SURE)
