"""What estimators take and give: counts of all units, a coded sample, shares with intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from wuxing_nlp.errors import EvaluationError

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

About = Literal["corpus", "population"]
"""Whose share is meant. ``corpus``: that of the documents at hand, of which predictions are known for every
unit, so that only the drawing of the coded ones is random. ``population``: that of a larger population of
documents, from which those at hand are taken for a random sample, document by document."""


@dataclass(frozen=True)
class Counted:
    """The predictions for all units, summed up by document: no estimator needs more of them.

    ``sizes`` (n_documents,) are numbers of units, ``totals`` (n_documents, n_labels) sums of what was
    predicted for them: 0/1 codes or probabilities. Where documents are what is counted, each is one unit.

    Raises:
        EvaluationError: shapes do not fit, or a total is no sum of so many values from 0 to 1.
    """

    sizes: Floats
    totals: Floats

    def __post_init__(self) -> None:
        if self.totals.ndim != 2 or self.sizes.shape != self.totals.shape[:1] or not self.sizes.sum():
            raise EvaluationError(
                f"sizes have shape {self.sizes.shape} and totals {self.totals.shape}; give one row a "
                "document, one column a label, and at least one unit"
            )
        # Written so that nan fails too; sums of rounded probabilities may end a little above.
        if not ((self.totals >= 0) & (self.totals <= self.sizes[:, None] * (1 + 1e-6))).all():
            raise EvaluationError(
                "a prediction lies outside 0 to 1 (or is nan); give calibrated probabilities"
            )

    @property
    def shares(self) -> Floats:
        """Mean prediction of all units, (n_labels,)."""
        mean: Floats = self.totals.sum(axis=0) / self.sizes.sum()
        return mean

    def of(self, members: NDArray[np.bool_]) -> Counted:
        """The same of some documents; the others keep their rows, without units."""
        return Counted(self.sizes * members, self.totals * members[:, None])


@dataclass(frozen=True)
class Coded:
    """A random sample of units, coded by hand; one row a unit.

    Attributes:
        documents: (n,) rows of :class:`Counted`.
        truth: (n, n_labels) 1 where the coder gave the label.
        predicted: (n, n_labels) what the model predicted, of the kind that :class:`Counted` sums up.
        inclusion: (n,) the probability with which the unit was drawn, above 0, up to 1.
        strata: (n,) which stratum it was drawn from, numbered from 0.
        clusters: (n,) what was drawn: a number of its own for every unit drawn by itself, one for all the
            units of a document that was drawn as a whole.

    Raises:
        EvaluationError: lengths differ, or a value lies outside its range.
    """

    documents: Places
    truth: Floats
    predicted: Floats
    inclusion: Floats
    strata: Places
    clusters: Places

    def __post_init__(self) -> None:
        lengths = {len(column) for column in vars(self).values()}
        if len(lengths) != 1 or self.truth.shape != self.predicted.shape or self.truth.ndim != 2:
            raise EvaluationError(
                "the columns of a coded sample differ in length, or truth and prediction in their labels; "
                "give one row a unit in each"
            )
        if not np.isin(self.truth, (0, 1)).all():
            raise EvaluationError("a coding is neither 0 nor 1; give 1 where the unit has the label")
        if not ((self.predicted >= 0) & (self.predicted <= 1)).all():
            raise EvaluationError(
                "a prediction lies outside 0 to 1 (or is nan); give calibrated probabilities"
            )
        if not ((self.inclusion > 0) & (self.inclusion <= 1)).all():
            raise EvaluationError("a probability of inclusion is not above 0 and up to 1")

    def __len__(self) -> int:
        return len(self.documents)

    @property
    def weights(self) -> Floats:
        """How many units each one stands for, (n,)."""
        return 1 / self.inclusion


@dataclass(frozen=True)
class Shares:
    """Estimated shares of all labels, each array (n_labels,), between 0 and 1; nan where there is none.

    ``variance`` is that of the estimate, ``low`` to ``high`` its interval; ``power`` the weight of the
    predictions, 0 where only codings count.
    """

    share: Floats
    low: Floats
    high: Floats
    variance: Floats
    power: Floats
