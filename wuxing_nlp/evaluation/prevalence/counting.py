"""Shares from counted codes: as they are, and adjusted for the model's rates of error."""

from __future__ import annotations

import numpy as np

from wuxing_nlp.evaluation.prevalence.data import About, Coded, Counted, Floats, Shares
from wuxing_nlp.evaluation.prevalence.interval import ADDED, CELL, share_interval
from wuxing_nlp.evaluation.prevalence.variance import Design
from wuxing_nlp.evaluation.scores import ratio

FEWEST_POSITIVES = 5
"""Coded units with a label that its rate of true positives is taken from at least."""


def naive_count(counted: Counted) -> Floats:
    """Classify and count: the share of units that the model gave each label, (n_labels,).

    It has no interval of use: it is as far off as the model errs more one way than the other, and no
    number of units mends that. Every estimate of :func:`powered` and :func:`adjusted_count` stands beside
    it to show how far.
    """
    return counted.shares


def adjusted_count(
    counted: Counted,
    everything: Counted,
    coded: Coded,
    *,
    about: About = "corpus",
    level: float = 0.95,
) -> Shares:
    """Adjusted classify and count (Rogan and Gladen 1978; Forman 2008): (count - fpr) / (tpr - fpr).

    The rates of true and false positives come from all coded units, weighted, whatever group is meant:
    the adjustment takes for granted that the model errs alike in all of them, among units with the label
    and among those without. Where that does not hold it is wrong, which its interval does not show. The
    variance is linearised (Rogan and Gladen's delta method, for any sample), with added units as in
    Lang and Reiczigel (2014).

    Args:
        counted: 0/1 codes of the documents that are meant.
        everything: the same of all documents.
        coded: the sample, its predictions 0/1 codes.
        about, level: as for :func:`wuxing_nlp.evaluation.prevalence.hand_coded`.

    Returns:
        Shares of every label, kept between 0 and 1; nan where fewer than :data:`FEWEST_POSITIVES` coded
        units have the label, or none lacks it, or the model gives it no more often where it is right.
    """
    design = Design.of(everything, coded, about)
    weights = coded.weights[:, None]
    positives, negatives = weights * coded.truth, weights * (1 - coded.truth)
    found = ratio((positives * coded.predicted).sum(axis=0), positives.sum(axis=0))
    false = ratio((negatives * coded.predicted).sum(axis=0), negatives.sum(axis=0))
    enough = (coded.truth.sum(axis=0) >= FEWEST_POSITIVES) & (found > false)
    gap = np.where(enough, found - false, np.nan)
    share = np.clip((counted.shares - false) / gap, 0, 1)
    parts = share * ratio(positives * (coded.predicted - found), positives.sum(axis=0))
    parts = parts + (1 - share) * ratio(negatives * (coded.predicted - false), negatives.sum(axis=0))
    # `of_units` divides by the sum of all weights again, and takes the mean of the parts away, which is 0.
    rates = design.of_units(np.nan_to_num(parts / weights) * weights.sum())
    errors = design.of_all(counted) - rates
    variance = (design.covariance(errors, errors) + design.open * _added(design, coded, share)) / gap**2
    low, high = share_interval(share, variance, design.size, design.df, level=level)
    return Shares(share, low, high, variance, np.ones_like(share))


def _added(design: Design, coded: Coded, share: Floats) -> Floats:
    """What one unit, half right and half wrong, adds to the variances of both rates."""
    positives = design.size * (design.weights @ coded.truth) / design.weights.sum()
    negatives = design.size - positives
    added: Floats = (share / (positives + ADDED)) ** 2 + ((1 - share) / (negatives + ADDED)) ** 2
    return 2 * CELL * added
