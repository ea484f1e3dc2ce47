"""Variances of samples, held to those that repeated drawing shows and to textbook formulas."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from wuxing_nlp.evaluation.prevalence import About, Coded, Counted
from wuxing_nlp.evaluation.prevalence.variance import Design, summed

RNG = np.random.default_rng(4)


def coded(
    values: NDArray[np.float64],
    inclusion: float | NDArray[np.float64],
    strata: int | NDArray[np.intp],
    clusters: NDArray[np.intp],
    documents: NDArray[np.intp] | None = None,
) -> Coded:
    n = len(values)
    places = np.arange(n) if documents is None else documents
    truth = values[:, None]
    shares, numbers = np.broadcast_to(inclusion, n), np.broadcast_to(strata, n)
    return Coded(places, truth, truth, shares, numbers, clusters)


def variance(sample: Coded, counted: Counted, about: About) -> float:
    design = Design.of(counted, sample, about)
    parts = design.of_units(sample.truth)
    return float(design.covariance(parts, parts)[0])


def counts(n: int) -> Counted:
    return Counted(np.ones(n), np.full((n, 1), 0.5))


def test_of_units_at_random_it_is_the_textbooks() -> None:
    values = (RNG.random(40) < 0.3).astype(float)
    sample = coded(values, 0.2, 0, np.arange(40))
    expected = (1 - 0.2) * values.var(ddof=1) / 40
    assert variance(sample, counts(200), "corpus") == pytest.approx(expected)


@pytest.mark.parametrize("drawn", [(30, 20), (2, 2)])
def test_of_strata_it_is_the_sum_of_their_parts(drawn: tuple[int, int]) -> None:
    """Two is what every stratum gives at least."""
    values = [np.arange(n) % 2.0 for n in drawn]
    sizes = 10 * drawn[0], 2 * drawn[1]
    sample = coded(
        np.concatenate(values), np.repeat([0.1, 0.5], drawn), np.repeat([0, 1], drawn), np.arange(sum(drawn))
    )
    parts = zip(sizes, drawn, values, strict=True)
    shares = [(units / sum(sizes), 1 - n / units, part.var(ddof=1) / n) for units, n, part in parts]
    expected = sum(share**2 * left * spread for share, left, spread in shares)
    assert variance(sample, counts(sum(sizes)), "corpus") == pytest.approx(expected)


def test_of_whole_documents_it_is_that_of_their_sums() -> None:
    clusters = np.repeat(np.arange(10), 5)
    values = (RNG.random(10) < 0.5).astype(float)[clusters]
    sample = coded(values, 0.1, 0, clusters, clusters)
    means = values.reshape(10, 5).mean(axis=1)
    expected = (1 - 0.1) * means.var(ddof=1) / 10
    found = variance(sample, Counted(np.full(100, 5.0), np.full((100, 1), 2.5)), "corpus")
    assert found == pytest.approx(expected)
    assert found > 3 * values.var(ddof=1) / 50


def test_of_a_population_it_is_robust_to_what_ties_units_of_a_document() -> None:
    clusters = np.repeat(np.arange(10), 5)
    values = (RNG.random(10) < 0.5).astype(float)[clusters]
    alone = coded(values, 0.1, 0, np.arange(50), clusters)
    counted = Counted(np.full(100, 50.0), np.full((100, 1), 25.0))
    means = values.reshape(10, 5).mean(axis=1)
    # The coded documents are ten of a hundred; the others add nothing to a sum of codings.
    expected = 10 / 9 * ((means - means.mean()) ** 2).sum() / 100
    assert variance(alone, counted, "population") == pytest.approx(expected, rel=1e-6)
    assert Design.of(counted, alone, "population").df == 9


def test_what_is_alone_in_its_stratum_is_held_to_the_others() -> None:
    values = np.array([1.0, 0.0, 1.0, 0.0, 1.0])
    sample = coded(values, 0.1, np.array([0, 0, 0, 0, 1]), np.arange(5))
    # Weighing a fifth each: four about their own mean of 0.5, and one about that of all, 0.6.
    expected = (1 - 0.1) * (4 / 3 * 4 * 0.5**2 + (1 - 0.6) ** 2) / 5**2
    assert variance(sample, counts(50), "corpus") == pytest.approx(expected)


def test_a_census_leaves_nothing_open() -> None:
    values = np.array([1.0, 0.0, 1.0, 0.0])
    design = Design.of(counts(4), coded(values, 1.0, 0, np.arange(4)), "corpus")
    assert design.open == 0
    assert variance(coded(values, 1.0, 0, np.arange(4)), counts(4), "corpus") == 0


def test_units_of_documents_that_are_not_meant_do_not_count() -> None:
    values = np.array([1.0, 0.0, 1.0, 0.0, 1.0, 1.0])
    sample = coded(values, 0.1, 0, np.arange(6), np.array([0, 0, 0, 0, 1, 1]))
    design = Design.of(Counted(np.array([40.0, 0.0]), np.array([[1.0], [0.0]])), sample, "corpus")
    assert design.size.tolist() == [4]
    assert design.df == 3
    assert design.of_units(sample.truth)[4:].tolist() == [[0.0], [0.0]]


def test_documents_whose_units_are_alike_make_the_effective_sample_smaller() -> None:
    clusters = np.repeat(np.arange(20), 10)
    values = (np.arange(20) % 2).astype(float)[clusters]
    counted = Counted(np.full(200, 10.0), np.full((200, 1), 5.0))
    alike = Design.of(counted, coded(values, 0.1, 0, clusters, clusters), "corpus")
    mixed = Design.of(counted, coded(np.tile([0.0, 1.0], 100), 0.1, 0, np.arange(200), clusters), "corpus")
    assert alike.size[0] == pytest.approx(20, rel=0.1)
    assert mixed.size[0] == pytest.approx(200, rel=0.02)


def test_sums_by_number() -> None:
    rows = np.array([[1.0, 10.0], [2.0, 20.0], [4.0, 40.0]])
    assert summed(rows, np.array([2, 0, 2]), 3).tolist() == [[2.0, 20.0], [0.0, 0.0], [5.0, 50.0]]
