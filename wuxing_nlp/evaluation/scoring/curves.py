"""The curves behind the figures: precision and recall, reliability, risk and coverage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from wuxing_nlp.codebook import Codebook
from wuxing_nlp.evaluation.calibration import (
    CoveragePoint,
    ReliabilityCurve,
    reliability_curve,
    risk_coverage,
)
from wuxing_nlp.evaluation.precision_recall import PrecisionRecallCurve, precision_recall_curve
from wuxing_nlp.evaluation.scores import indicators
from wuxing_nlp.evaluation.scoring.answers import Answers
from wuxing_nlp.evaluation.scoring.table import Coded

COVERAGES = tuple(round(1 - at / 20, 2) for at in range(19))
"""Shares of units kept, from all to a tenth."""


@dataclass(frozen=True, slots=True)
class Curves:
    """Curves of some answers.

    Attributes:
        precision_recall: of every letter and base code, thinned to about a hundred points.
        reliability: predicted against observed shares, of the same labels.
        coverage: micro-F1 over the letters of the surest units, see
            :meth:`wuxing_nlp.evaluation.scoring.answers.Answers.confidence`.
    """

    precision_recall: Mapping[str, PrecisionRecallCurve]
    reliability: Mapping[str, ReliabilityCurve]
    coverage: tuple[CoveragePoint, ...]


def curves(coded: Coded, answers: Answers, book: Codebook) -> Curves | None:
    """The curves of answers with probabilities; None of answers without.

    Raises:
        EvaluationError: sequences of different length, a probability outside 0 to 1.
    """
    confidence = answers.confidence(book.letters)
    if confidence is None:
        return None
    labels = (*book.letters, *book.codes)
    true = dict(zip(labels, indicators(coded.labels, labels).T.astype(np.float64), strict=True))
    pairs = {label: (answers.probabilities[label], true[label]) for label in labels}
    covered = risk_coverage(coded.labels, answers.labels, confidence, book.letters, coverages=COVERAGES)
    return Curves(
        {label: precision_recall_curve(*pair).thinned() for label, pair in pairs.items()},
        {label: reliability_curve(*pair) for label, pair in pairs.items()},
        tuple(dict.fromkeys(covered)),  # units of equal confidence stay together: points may come again
    )
