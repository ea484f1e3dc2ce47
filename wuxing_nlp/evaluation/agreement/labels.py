"""Agreement on single labels: every measure of many labels at once, as sums over documents."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wuxing_nlp.evaluation.agreement import coefficients
from wuxing_nlp.evaluation.agreement.coefficients import Figures
from wuxing_nlp.evaluation.agreement.ratings import Ratings
from wuxing_nlp.evaluation.bootstrap import Statistic, document_sums
from wuxing_nlp.evaluation.scores import ratio

Rows = Any
"""A row of numbers or truths a unit, dense or sparse: what :func:`document_sums` takes."""


def label_statistics(ratings: Ratings, labels: Sequence[str]) -> dict[str, list[Statistic]]:
    """Measure to its statistics, each of one figure a label: one, but of Cohen's kappa one a pair.

    ``ratings`` are of units that two coders or more coded, here and below.
    """
    counts, raters, complete = ratings.counts(labels), ratings.raters[:, None], ratings.complete[:, None]
    agreed = _agreeing(counts, raters) / ordered_pairs(raters)
    shares, units = counts / raters, np.ones_like(raters)
    disagreed = counts * (raters - counts) / (raters - 1)
    made: dict[str, tuple[Callable[..., Figures], list[Rows]]] = {
        "agreement": (ratio, [agreed, units]),
        "fleiss": (_fleiss, [agreed * complete, shares * complete, complete]),
        "ac1": (_ac1, [agreed, shares, units]),
        "alpha": (_alpha, [disagreed, counts, raters]),
        "f1": (ratio, f1_parts(counts, raters)),
    }
    single = {measure: [statistic(ratings, parts, figures)] for measure, (figures, parts) in made.items()}
    return single | {"cohen": list(_cohen(ratings, labels))}


def statistic(ratings: Ratings, units: Sequence[Rows], figures: Callable[..., Figures]) -> Statistic:
    """The statistic of figures that follow from sums of rows of units."""
    return Statistic([document_sums(rows, ratings.documents) for rows in units], figures)


def ordered_pairs(raters: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ordered pairs of a unit's codings."""
    return raters * (raters - 1)


def f1_parts(counts: NDArray[np.float64], raters: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Of every unit the ordered pairs of coders who both gave the label, and those whose first one did."""
    return [counts * (counts - 1), counts * (raters - 1)]


def _agreeing(counts: NDArray[np.float64], raters: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ordered pairs of a unit's codings that agree on a label."""
    without = raters - counts
    return counts * (counts - 1) + without * (without - 1)


def _cohen(ratings: Ratings, labels: Sequence[str]) -> Iterator[Statistic]:
    given = ratings.columns(labels)
    for first, second, both in ratings.pairs():
        one, other = (given[:, coder] & both[:, None] for coder in (first, second))
        yield statistic(ratings, [one & other, one, other, both[:, None]], coefficients.cohen)


def _fleiss(agreed: Figures, shares: Figures, units: Figures) -> Figures:
    return coefficients.fleiss(ratio(agreed, units), ratio(shares, units))


def _ac1(agreed: Figures, shares: Figures, units: Figures) -> Figures:
    return coefficients.ac1(ratio(agreed, units), ratio(shares, units))


def _alpha(disagreed: Figures, counts: Figures, values: Figures) -> Figures:
    """Of both orders of a pair, and of both orders of the label's two values, one is counted."""
    return coefficients.alpha(disagreed, counts * (values - counts), values)
