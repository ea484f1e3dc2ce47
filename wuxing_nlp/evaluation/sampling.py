"""Random samples for estimates: how many from each stratum, and which.

Every unit has a known probability of being drawn, so that shares of all units can be estimated from
those that a person codes (:mod:`wuxing_nlp.evaluation.prevalence`).
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wuxing_nlp.errors import EvaluationError

Allocation = Literal["each", "proportional", "neyman"]
"""``each``: as many from each stratum as an estimate of its own needs; ``proportional``: in proportion to
the strata's units, for the share of the whole; ``neyman``: more where predictions leave more open."""

RANDOM = "random"
"""What a row says first that was drawn with a known probability."""

LEAST = 2
"""Units that are drawn from a stratum at least (if it has them): one alone shows no spread."""


def allocate(total: int, units: ArrayLike, spreads: ArrayLike | None = None) -> NDArray[np.int64]:
    """How many of ``total`` units to draw from each stratum, (n_strata,).

    In proportion to the strata's units, or, with the spread (standard deviation) of what is left open in
    each, to units times spread, which makes the variance of the whole least (Neyman 1934). Every stratum
    gives :data:`LEAST` units, and none more than it has; what is over goes to the others.

    Raises:
        EvaluationError: fewer units are wanted than the strata need, or more than there are.
    """
    units = np.asarray(units, dtype=np.int64)
    least = np.minimum(units, LEAST)
    if not least.sum() <= total <= units.sum():
        raise EvaluationError(
            f"{total:,} units cannot be drawn from {len(units):,} strata with {units.sum():,} units; draw "
            f"{least.sum():,} to {units.sum():,}"
        )
    weights = np.ones(len(units)) if spreads is None else np.asarray(spreads, dtype=np.float64)
    # Where nothing seems to be left open a little still is.
    weights = np.maximum(weights / weights.max(), 1e-6) if weights.any() else np.ones(len(units))
    return whole(_within(total, units * weights, least, units), total)


def whole(shares: ArrayLike, total: int) -> NDArray[np.int64]:
    """Parts of ``total`` as whole numbers; the largest remainders get what rounding left, one each."""
    given = np.asarray(shares, dtype=np.float64)
    takes = np.floor(given).astype(np.int64)
    order = np.argsort(takes - given, kind="stable")
    takes[order[: total - takes.sum()]] += 1
    return takes


def _within(
    total: int, shares: NDArray[np.float64], least: NDArray[np.int64], most: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Parts of ``total`` in proportion to ``shares``, none outside its bounds: the factor is found by
    halving, for the sum rises with it."""
    low, high = 0.0, float(total / shares[most > 0].min())
    for _ in range(200):
        middle = (low + high) / 2
        if np.clip(shares * middle, least, most).sum() < total:
            low = middle
        else:
            high = middle
    return np.clip(shares * high, least, most)


def draw(strata: Mapping[str, int], takes: Sequence[int], seed: int) -> dict[str, NDArray[np.int64]]:
    """Draw at random without replacement: from each stratum, places among its units, in the order of the
    drawing.

    The same seed draws the same from a stratum whatever the others are, and a larger number begins with
    what a smaller one draws: a pilot sample can be extended, and what was coded stays coded.

    Args:
        strata: the units of each stratum.
        takes: how many to draw from each.
        seed: a whole number from 0.
    """
    return {
        name: _order(name, units, seed)[:take]
        for (name, units), take in zip(strata.items(), takes, strict=True)
    }


def _order(name: str, units: int, seed: int) -> NDArray[np.int64]:
    generator = np.random.default_rng([seed, zlib.crc32(name.encode("utf-8", "backslashreplace"))])
    return generator.permutation(units)


def shuffled(count: int, seed: int) -> NDArray[np.int64]:
    """The order in which to code so many: whoever stops early has coded a random part."""
    return np.random.default_rng(seed).permutation(count)
