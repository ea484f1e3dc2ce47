"""Does more coding still pay? What a learning curve says of the next doubling."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from wuxing_nlp.errors import EvaluationError
from wuxing_nlp.evaluation.bootstrap import Interval, bootstrap_difference
from wuxing_nlp.evaluation.scores import LabelSets, score_labels

WORTH = 0.01
"""Macro-F1 that a doubling of the codings must add to be worth the work."""

Advice = Literal["code more", "enough", "unclear"]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the last doubling of the codings added, and what the next is expected to add.

    Attributes:
        f1: macro-F1 after a quarter, half and all of the codings; nan where undefined.
        gained: what the second half added, with its 95 % interval by document.
        expected: what as many codings again are expected to add; never below 0.
        advice: ``enough`` where even the upper end of ``gained`` is below what pays; ``code more``
            where ``gained`` is surely above 0 and ``expected`` pays; else ``unclear``.
    """

    f1: tuple[float, float, float]
    gained: Interval
    expected: float
    advice: Advice


def outlook(
    truth: LabelSets,
    given: Sequence[LabelSets],
    documents: Sequence[Hashable],
    labels: Sequence[str],
    *,
    worth: float = WORTH,
    draws: int = 1000,
    seed: int = 0,
) -> Outlook:
    """Read a learning curve of held-out answers.

    Learning curves of text classifiers follow an inverse power law, F1 = a − b·n^−c (Figueroa et al.,
    Predicting sample size required for classification performance, 2012): each doubling then adds
    2^−c times what the one before did, which is how ``expected`` follows from three points.

    Args:
        truth: the true labels of each unit.
        given: labels given after a quarter, half and all of the codings had been learnt from.
        documents: each unit's document.
        labels: whose F1 is averaged.
        worth: what a doubling must add.
        draws: of the bootstrap.
        seed: of the bootstrap.

    Raises:
        EvaluationError: not three steps; sequences of different length or empty; bad labels or draws.
    """
    if len(given) != 3:
        raise EvaluationError(f"{len(given)} steps; give the labels after a quarter, half and all codings")
    quarter, half, whole = given
    f1 = tuple(score_labels(truth, step, labels).macro.f1 for step in (quarter, half, whole))
    gained = bootstrap_difference(truth, whole, half, documents, labels, draws=draws, seed=seed).macro
    expected = _next_gain(f1[1] - f1[0], gained.point)
    return Outlook((f1[0], f1[1], f1[2]), gained, expected, _advice(gained, expected, worth))


def _next_gain(before: float, last: float) -> float:
    """The next gain of a series whose ratio is that of the last two; it never grows."""
    if np.isnan(last) or last <= 0:
        return 0.0
    return last * min(1.0, last / before) if before > 0 else last


def _advice(gained: Interval, expected: float, worth: float) -> Advice:
    if gained.high < worth:
        return "enough"
    return "code more" if gained.low > 0 and expected >= worth else "unclear"
