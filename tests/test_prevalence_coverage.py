"""Do 95 % intervals hold the truth in 95 of 100 samples? A thousand samples of each kind, seeds fixed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import pytest
from numpy.typing import NDArray

from wuxing_nlp.evaluation.prevalence import About, Coded, Counted, Shares, hand_coded, powered

Floats = NDArray[np.float64]
Places = NDArray[np.intp]
Drawn = tuple[Places, Floats, Places, Places]
"""Places of units, their probabilities of inclusion, strata and clusters."""

DRAWS = 1000
SHARES = (0.05, 0.15, 0.3)
DOCUMENTS = 150


@dataclass(frozen=True)
class World:
    """Units in documents that are alike within, and a model that errs more one way than the other, and
    not in all documents alike."""

    documents: Places
    truth: Floats
    probabilities: Floats

    @classmethod
    def of(cls, rng: np.random.Generator, documents: int, shares: tuple[float, ...]) -> World:
        document = np.repeat(np.arange(documents), rng.integers(5, 60, documents))
        units, labels = len(document), len(shares)
        base = np.log(np.divide(shares, np.subtract(1, shares))) - 1.2
        likely = base + rng.normal(0, 2, (units, labels)) + rng.normal(0, 1, (documents, labels))[document]
        truth = rng.random((units, labels)) < 1 / (1 + np.exp(-likely))
        off = rng.normal(0.7, 0.3, (documents, labels))[document] + rng.normal(0, 0.7, (units, labels))
        return cls(document, truth.astype(np.float64), 1 / (1 + np.exp(-0.9 * likely - off)))

    def summed(self, values: Floats) -> Floats:
        return np.stack([np.bincount(self.documents, column, self.count) for column in values.T], axis=1)

    @property
    def count(self) -> int:
        return int(self.documents[-1]) + 1

    @cached_property
    def counted(self) -> Counted:
        return Counted(
            np.bincount(self.documents, minlength=self.count).astype(float), self.summed(self.probabilities)
        )

    def coded(self, drawn: Drawn) -> Coded:
        at, inclusion, strata, clusters = drawn
        return Coded(self.documents[at], self.truth[at], self.probabilities[at], inclusion, strata, clusters)

    def naive(self) -> tuple[Floats, Floats]:
        """The share that the model gives the label, with the interval that one would write: of a
        proportion, its error robust to documents."""
        given = (self.probabilities > 0.5).astype(float)
        off = self.summed(given - given.mean(axis=0))
        half = 1.96 * np.sqrt((off**2).sum(axis=0)) / len(given)
        return given.mean(axis=0) - half, given.mean(axis=0) + half


def units(world: World, rng: np.random.Generator, number: int) -> Drawn:
    """Units at random."""
    total = len(world.documents)
    at = rng.choice(total, number, replace=False)
    return at, np.full(number, number / total), np.zeros(number, dtype=np.intp), np.arange(number)


def strata(world: World, rng: np.random.Generator, number: int) -> Drawn:
    """Units at random from each third of the documents, more from some than their share."""
    third = (np.arange(world.count) * 3 // world.count)[world.documents]
    takes = (number // 2, number // 3, number - number // 2 - number // 3)
    pools = [np.flatnonzero(third == at) for at in range(3)]
    at = [rng.choice(pool, take, replace=False) for pool, take in zip(pools, takes, strict=True)]
    inclusion = [np.full(take, take / len(pool)) for pool, take in zip(pools, takes, strict=True)]
    return np.concatenate(at), np.concatenate(inclusion), np.repeat(np.arange(3), takes), np.arange(number)


def whole(world: World, rng: np.random.Generator, number: int) -> Drawn:
    """All units of documents drawn at random."""
    at = np.flatnonzero(np.isin(world.documents, rng.choice(world.count, number, replace=False)))
    share = np.full(len(at), number / world.count)
    return at, share, np.zeros(len(at), dtype=np.intp), world.documents[at]


DESIGNS: dict[str, tuple[Callable[[World, np.random.Generator, int], Drawn], int]] = {
    "units": (units, 400),
    "strata": (strata, 500),
    "documents": (whole, 50),
}


@cache
def the_corpus(shares: tuple[float, ...]) -> World:
    return World.of(np.random.default_rng(98), DOCUMENTS, shares)


def worlds(about: About, shares: tuple[float, ...], rng: np.random.Generator) -> Iterator[World]:
    """The corpus, always the same; or each time another one, of the same population."""
    for _ in range(DRAWS):
        yield the_corpus(shares) if about == "corpus" else World.of(rng, DOCUMENTS, shares)


@cache
def the_truth(about: About, shares: tuple[float, ...]) -> Floats:
    large = the_corpus(shares) if about == "corpus" else World.of(np.random.default_rng(99), 40_000, shares)
    mean: Floats = large.truth.mean(axis=0)
    return mean


def covered(truth: Floats, intervals: list[tuple[Floats, Floats]]) -> Floats:
    lows, highs = map(np.array, zip(*intervals, strict=True))
    share: Floats = ((lows <= truth) & (truth <= highs)).mean(axis=0)
    return share


def width(intervals: list[tuple[Floats, Floats]]) -> Floats:
    lows, highs = map(np.array, zip(*intervals, strict=True))
    mean: Floats = (highs - lows).mean(axis=0)
    return mean


def ends(shares: Shares) -> tuple[Floats, Floats]:
    return shares.low, shares.high


@pytest.mark.parametrize("about", ["corpus", "population"])
@pytest.mark.parametrize("design", list(DESIGNS))
def test_intervals_cover_and_are_narrower_than_codings_alone_where_the_count_fails(
    design: str, about: About
) -> None:
    draw, number = DESIGNS[design]
    rng = np.random.default_rng(7)
    alone, joined, naive = [], [], []
    for world in worlds(about, SHARES, rng):
        coded = world.coded(draw(world, rng, number))
        counted = world.counted
        alone.append(ends(hand_coded(counted, coded, about=about)))
        joined.append(ends(powered(counted, coded, about=about)))
        naive.append(world.naive())
    truth = the_truth(about, SHARES)
    for intervals in (alone, joined):
        assert ((covered(truth, intervals) >= 0.93) & (covered(truth, intervals) <= 0.97)).all()
    assert (width(joined) < 0.95 * width(alone)).all()
    assert (covered(truth, naive) < 0.8).any()


@pytest.mark.parametrize("number", [60, 200])
def test_intervals_of_rare_labels_cover_where_walds_do_not(number: int) -> None:
    shares = (0.002, 0.005, 0.01)
    rng = np.random.default_rng(5)
    # A model that finds most: where all coded ones are among them, nothing seems to be left open.
    found = the_corpus(shares)
    missed = found.truth.astype(bool) & (rng.random(found.truth.shape) < 0.25)
    world = World(found.documents, found.truth, np.where(missed, 0.0, found.truth))
    joined, wald = [], []
    for _ in range(DRAWS):
        coded = world.coded(units(world, rng, number))
        joined.append(ends(powered(world.counted, coded)))
        errors = coded.truth - coded.predicted
        middle = world.counted.shares + errors.mean(axis=0)
        half = 1.96 * errors.std(axis=0) / np.sqrt(number)
        wald.append((middle - half, middle + half))
    truth = the_truth("corpus", shares)
    assert (covered(truth, joined) >= 0.93).all()
    assert (covered(truth, wald) < 0.9).any()
