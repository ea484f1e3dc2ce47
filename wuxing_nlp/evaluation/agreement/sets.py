"""Agreement on whole label sets: a set is one value, and sets are more or less far from each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from wuxing_nlp.evaluation.agreement import coefficients
from wuxing_nlp.evaluation.agreement.coefficients import Figures
from wuxing_nlp.evaluation.agreement.labels import Rows, f1_parts, ordered_pairs, statistic
from wuxing_nlp.evaluation.agreement.masi import masi_distances
from wuxing_nlp.evaluation.agreement.ratings import Ratings
from wuxing_nlp.evaluation.bootstrap import Statistic
from wuxing_nlp.evaluation.scores import ratio


def set_statistics(ratings: Ratings, labels: Sequence[str]) -> dict[str, list[Statistic]]:
    """Measure to its statistics of one figure, as those of labels: two sets agree where they are equal.

    Alpha is of the MASI distance; F1 is pooled over the labels (micro-F1); AC1 takes for the values
    that are possible those that were given.
    """
    values, distances = _values(ratings.columns(labels), ratings.coded)
    counts = _counts(values, len(distances))
    raters, complete = ratings.raters[:, None], ratings.complete[:, None]
    agreed = (counts.power(2).sum(axis=1)[:, None] - raters) / ordered_pairs(raters)
    shares, units = counts.multiply(1 / raters).tocsr(), np.ones_like(raters)
    made: dict[str, tuple[Callable[..., Figures], list[Rows]]] = {
        "agreement": (ratio, [agreed, units]),
        "fleiss": (_fleiss, [agreed * complete, shares.multiply(complete).tocsr(), complete]),
        "ac1": (_ac1, [agreed, shares, units]),
        "alpha": (_alpha(distances), [_disagreed(ratings, values, distances), counts]),
        "f1": (ratio, [part.sum(axis=1, keepdims=True) for part in f1_parts(ratings.counts(labels), raters)]),
    }
    single = {measure: [statistic(ratings, parts, figures)] for measure, (figures, parts) in made.items()}
    return single | {"cohen": list(_cohen(ratings, values, len(distances)))}


def _values(
    given: NDArray[np.bool_], coded: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The number of every coding's set, (n_units, n_coders), -1 where there is none; and the distances
    of the different sets."""
    packed = np.packbits(given[coded], axis=1)
    _, first, numbers = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    values = np.full(coded.shape, -1)
    values[coded] = numbers
    return values, masi_distances(given[coded][first])


def _counts(values: NDArray[np.int64], count: int) -> Any:
    """How often each value was given to each unit, (n_units, count): sparse, for most values are rare."""
    units, coders = np.nonzero(values >= 0)
    return sparse.csr_array((np.ones(len(units)), (units, values[units, coders])), shape=(len(values), count))


def _disagreed(
    ratings: Ratings, values: NDArray[np.int64], distances: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The distances of all ordered pairs of a unit's codings, by its codings less one: (n_units, 1)."""
    total = np.zeros(len(values))
    for first, second, both in ratings.pairs():
        total[both] += 2 * distances[values[both, first], values[both, second]]
    return (total / (ratings.raters - 1))[:, None]


def _cohen(ratings: Ratings, values: NDArray[np.int64], count: int) -> Iterator[Statistic]:
    for first, second, both in ratings.pairs():
        one, other = (
            _counts(np.where(both, values[:, coder], -1)[:, None], count) for coder in (first, second)
        )
        equal = both & (values[:, first] == values[:, second])
        yield statistic(ratings, [equal[:, None], one, other, both[:, None]], _cohen_of)


def _cohen_of(equal: Figures, one: Figures, other: Figures, units: Figures) -> Figures:
    chance = _total(ratio(one, units) * ratio(other, units))
    return coefficients.corrected(ratio(equal, units), chance)


def _fleiss(agreed: Figures, shares: Figures, units: Figures) -> Figures:
    return coefficients.corrected(ratio(agreed, units), _total(ratio(shares, units) ** 2))


def _ac1(agreed: Figures, shares: Figures, units: Figures) -> Figures:
    share = ratio(shares, units)
    chance = ratio(_total(share * (1 - share)), share.shape[-1] - 1)
    return coefficients.corrected(ratio(agreed, units), chance)


def _alpha(distances: NDArray[np.float64]) -> Callable[..., Figures]:
    def figures(disagreed: Figures, counts: Figures) -> Figures:
        expected = _total((counts @ distances) * counts)
        return coefficients.alpha(disagreed, expected, _total(counts))

    return figures


def _total(values: Figures) -> Figures:
    total: Figures = values.sum(axis=-1, keepdims=True)
    return total
