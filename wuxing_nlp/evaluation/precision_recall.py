"""Precision and recall at every threshold, and the area beneath: how well probabilities rank the units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wuxing_nlp.errors import EvaluationError
from wuxing_nlp.evaluation.calibration import checked


@dataclass(frozen=True, slots=True)
class PrecisionRecallCurve:
    """One entry a threshold, the highest first: three arrays of the same length, empty where no unit truly
    has the label.

    ``precision`` and ``recall`` are those of giving the label to every unit whose probability reaches
    ``threshold``. There is one point for each distinct probability; recall never falls.
    """

    threshold: NDArray[np.float64]
    precision: NDArray[np.float64]
    recall: NDArray[np.float64]

    def thinned(self, most: int = 101) -> PrecisionRecallCurve:
        """At most so many points of the curve, spread evenly over recall: for each level the first point
        that reaches it. The last point is the first of full recall.

        Raises:
            EvaluationError: ``most`` is below 2.
        """
        if most < 2:
            raise EvaluationError(f"most is {most}; a curve needs at least 2 points")
        if not self.recall.size:
            return self
        levels = np.linspace(self.recall[0], self.recall[-1], most)
        kept = np.unique(np.searchsorted(self.recall, levels))
        return PrecisionRecallCurve(self.threshold[kept], self.precision[kept], self.recall[kept])


def precision_recall_curve(probabilities: ArrayLike, outcomes: ArrayLike) -> PrecisionRecallCurve:
    """The curve of one label, as scikit-learn computes it, without its end at recall 0.

    Args:
        probabilities: shape (n_units,), each from 0 to 1.
        outcomes: shape (n_units,), true (1) where the unit has the label.

    Raises:
        EvaluationError: shapes differ, there is no unit, or a value is outside its range.
    """
    from sklearn import metrics  # takes a while: not for who only prints tables

    likely, true = checked(probabilities, outcomes)
    if not true.any():
        return PrecisionRecallCurve(np.zeros(0), np.zeros(0), np.zeros(0))
    precision, recall, threshold = metrics.precision_recall_curve(true, likely)
    return PrecisionRecallCurve(threshold[::-1], precision[-2::-1], recall[-2::-1])


def average_precision(probabilities: ArrayLike, outcomes: ArrayLike) -> float:
    """Area under the precision–recall curve as the mean of precision over the steps of recall, without
    interpolation (Davis and Goadrich 2006 show why); nan where no unit truly has the label.

    A ranking by chance has the share of units with the label. Arguments and errors as in
    :func:`precision_recall_curve`.
    """
    curve = precision_recall_curve(probabilities, outcomes)
    if not curve.recall.size:
        return float("nan")
    return float(np.sum(np.diff(curve.recall, prepend=0.0) * curve.precision))
