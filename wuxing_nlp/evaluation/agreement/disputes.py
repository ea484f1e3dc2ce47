"""Where coders disagree, the most informative units first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wuxing_nlp.evaluation.agreement.ratings import Ratings


@dataclass(frozen=True, slots=True)
class Dispute:
    """A unit that its coders do not agree on.

    Attributes:
        unit: its place in the ratings.
        labels: the base codes that some of its coders gave and others did not, in the codebook's order.
        score: how much a decision teaches, in bits; see :func:`disputes`.
    """

    unit: int
    labels: tuple[str, ...]
    score: float


def disputes(ratings: Ratings, codes: Sequence[str]) -> list[Dispute]:
    """The units that coders disagree on over ``codes``, the highest score first, else in their order.

    The score is the sum over the codes in dispute of -log2 of the code's share of all codings that
    are compared, each times the share of the unit's pairs of codings that disagree on the code.
    So a unit with many disputed codes goes before one with few, a dispute over a rare code before
    one over a frequent one, and an even split before a single dissent.
    """
    compared = ratings.compared()
    counts, raters = compared.counts(codes), compared.raters[:, None]
    disputed = (counts > 0) & (counts < raters)
    split = 2 * counts * (raters - counts) / (raters * (raters - 1))
    scores = (split * _bits(counts.sum(axis=0) / raters.sum())).sum(axis=1)
    order = np.argsort(-scores, kind="stable")
    return [
        Dispute(
            int(ratings.places[at]),
            tuple(code for code, open_ in zip(codes, disputed[at], strict=True) if open_),
            float(scores[at]),
        )
        for at in order
        if disputed[at].any()
    ]


def _bits(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """-log2 of shares; 0 for codes that nobody gave."""
    bits: NDArray[np.float64] = -np.log2(np.where(shares > 0, shares, 1))
    return bits
