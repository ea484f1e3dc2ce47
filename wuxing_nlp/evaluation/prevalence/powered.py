"""Prediction-powered shares: the predictions of all units, put right by what was coded by hand."""

from __future__ import annotations

import numpy as np

from wuxing_nlp.evaluation.prevalence.data import About, Coded, Counted, Floats, Shares
from wuxing_nlp.evaluation.prevalence.interval import added_squares, share_interval
from wuxing_nlp.evaluation.prevalence.variance import Design


def hand_coded(counted: Counted, coded: Coded, *, about: About = "corpus", level: float = 0.95) -> Shares:
    """Shares from the hand-coded sample alone: the weighted mean of Horvitz and Thompson (1952) in the
    form of Hájek (1971), which divides by the sum of the weights.

    Args:
        counted: all units, of the documents that are meant (see :meth:`Counted.of`).
        coded: the sample; units of other documents are passed over.
        about: whose share is meant, see :data:`About`.
        level: confidence of the intervals.

    Returns:
        Shares of every label, all nan where no unit of these documents is coded.
    """
    return powered(counted, coded, power=0.0, about=about, level=level)


def powered(
    counted: Counted,
    coded: Coded,
    *,
    power: float | None = None,
    about: About = "corpus",
    level: float = 0.95,
) -> Shares:
    """Shares by prediction-powered inference: mean prediction of all units, plus the mean error of the
    prediction where it was coded.

    With predictions f, codings y and a power λ the estimate is λ·mean(f, all) + mean(y - λ·f, coded), the
    second mean weighted. λ = 1 is prediction-powered inference (Angelopoulos et al. 2023), which is the
    mean that design-based supervised learning gives (Egami et al. 2023, known probabilities of inclusion)
    and the difference estimator of surveys (Särndal, Swensson and Wretman 1992, chapter 6); λ = 0 is the
    coded sample alone. Whatever the model is worth, the estimate is right on average. By itself λ is the
    one with the least variance (PPI++, Angelopoulos, Duchi and Zrnic 2023), kept between 0 and 1: a
    useless model costs nothing but a degree of freedom.

    Args:
        counted, coded, about, level: as for :func:`hand_coded`.
        power: λ for all labels; by itself the best of each label.

    Returns:
        Shares of every label, all nan where no unit of these documents is coded.
    """
    labels = counted.totals.shape[1]
    if not (counted.sizes[coded.documents] > 0).any():
        return Shares(*(np.full(labels, np.nan) for _ in range(5)))
    design = Design.of(counted, coded, about)
    codings = design.of_units(coded.truth)
    predictions = design.of_all(counted) - design.of_units(coded.predicted)
    tuned = power is None
    weights = _best(design, codings, predictions) if power is None else np.full(labels, power)
    errors = codings + weights * predictions
    # λ is chosen on the same units: one degree of freedom, as a regression's slope costs.
    lost = design.df / (design.df - 1) if tuned and design.df > 1 else 1.0
    added = design.open * added_squares(weights) / design.size**2
    variance = lost * design.covariance(errors, errors) + added
    mean = design.weights @ (coded.truth - weights * coded.predicted) / design.weights.sum()
    share = np.clip(weights * counted.shares + mean, 0, 1)
    low, high = share_interval(share, variance, design.size, design.df - tuned, level=level)
    return Shares(share, low, high, variance, weights)


def _best(design: Design, codings: Floats, predictions: Floats) -> Floats:
    """The λ of each label that makes the variance of ``codings + λ * predictions`` least, from 0 to 1."""
    spread = design.covariance(predictions, predictions)
    joint = -design.covariance(codings, predictions)
    return np.clip(np.divide(joint, spread, out=np.zeros_like(spread), where=spread > 1e-15), 0, 1)
