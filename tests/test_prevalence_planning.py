"""How many to code."""

from __future__ import annotations

import numpy as np
import pytest

from wuxing_nlp.errors import EvaluationError
from wuxing_nlp.evaluation.prevalence import Coded, Counted, expected_width, needed, powered, spreads_of
from wuxing_nlp.evaluation.prevalence.interval import share_interval

UNITS = np.array([6000, 3000, 1000])
SHARES = np.array([0.1, 0.02])
LEFT = np.array([[0.02, 0.01], [0.04, 0.01], [0.09, 0.02]])


@pytest.mark.parametrize("neyman", [False, True])
@pytest.mark.parametrize("width", [0.02, 0.05, 0.2])
def test_it_is_the_smallest_sample_that_is_narrow_enough(width: float, neyman: bool) -> None:
    takes = needed(width, UNITS, SHARES, LEFT, neyman=neyman)
    assert expected_width(takes, UNITS, SHARES, LEFT).max() <= width
    fewer = takes.copy()
    fewer[0] -= 3
    assert takes.sum() <= 10 or expected_width(fewer, UNITS, SHARES, LEFT).max() > width


def test_more_confidence_is_wider_and_needs_more() -> None:
    narrow, wide = (expected_width([30, 20, 10], UNITS, SHARES, LEFT, level=level) for level in (0.8, 0.99))
    assert (narrow < wide).all()
    takes = needed(0.05, UNITS, SHARES, LEFT, level=0.99)
    assert expected_width(takes, UNITS, SHARES, LEFT, level=0.99).max() <= 0.05
    assert takes.sum() > needed(0.05, UNITS, SHARES, LEFT).sum()


def test_every_stratum_and_the_choice_of_power_cost_a_degree_of_freedom() -> None:
    """Two units of each of five strata say as much as ten of all, but less of how sure they are."""
    variance = (1 - 10 / 1000) / 10 * (0.1 + 1 / 10)
    for strata in (1, 5):
        each = np.full(strata, 10 // strata), np.full(strata, 1000 // strata)
        low, high = share_interval(0.3, variance, 10, 10 - strata - 1)
        width = expected_width(*each, [0.3], np.full((strata, 1), 0.1))
        assert width == pytest.approx([high - low])


def test_neyman_needs_fewer() -> None:
    apart = np.array([[0.001], [0.001], [0.2]])
    plain, better = (needed(0.03, UNITS, [0.1], apart, neyman=neyman) for neyman in (False, True))
    assert better.sum() < plain.sum()
    assert better[2] > plain[2]


def test_widths_are_those_that_come_out() -> None:
    rng = np.random.default_rng(6)
    n = 5000
    probabilities = rng.beta(0.3, 2, n)
    [take] = needed(0.06, [n], [probabilities.mean()], [[(probabilities * (1 - probabilities)).mean()]])
    counted = Counted(np.ones(n), probabilities[:, None])
    widths = []
    for _ in range(200):
        truth = (rng.random(n) < probabilities).astype(float)
        at = rng.choice(n, take, replace=False)
        parts = (truth[at, None], probabilities[at, None], np.full(take, take / n))
        found = powered(counted, Coded(at, *parts, np.zeros(take, dtype=np.intp), np.arange(take)))
        widths.append(found.high[0] - found.low[0])
    assert np.mean(widths) == pytest.approx(0.06, rel=0.1)


def test_a_width_out_of_reach_takes_all_units() -> None:
    assert needed(1e-6, UNITS, SHARES, LEFT).tolist() == UNITS.tolist()
    assert needed(0.5, [4], [0.1], [[0.1]]).tolist() == [4]


@pytest.mark.parametrize("width", [0, 1, 5, -0.1, float("nan")])
def test_a_width_that_is_no_share_is_refused(width: float) -> None:
    with pytest.raises(EvaluationError, match=r"such as 0\.05"):
        needed(width, UNITS, SHARES, LEFT)


def test_spreads_are_of_all_labels_together() -> None:
    assert spreads_of(np.array([[0.04, 0.04], [0.0, 0.18]])) == pytest.approx([0.2, 0.3])
