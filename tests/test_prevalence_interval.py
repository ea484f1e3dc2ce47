"""Intervals of shares."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from wuxing_nlp.errors import EvaluationError
from wuxing_nlp.evaluation.prevalence.interval import added_squares, share_interval


def of_count(count: int, n: int) -> tuple[float, float]:
    """The interval of a plain proportion, with the variance that estimators give it."""
    share = count / n
    variance = share * (1 - share) / n + float(added_squares(0)) / n**2
    low, high = share_interval(share, variance, n, 1e9)
    return float(low), float(high)


@pytest.mark.parametrize("n", [200, 2000])
@pytest.mark.parametrize("part", [0.02, 0.3, 0.97])
def test_of_a_plain_proportion_it_is_nearly_wilsons(n: int, part: float) -> None:
    count = round(part * n)
    low, high = stats.binomtest(count, n).proportion_ci(method="wilson")
    assert of_count(count, n) == pytest.approx((low, high), abs=0.6 / n)


@given(st.integers(2, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_it_holds_the_share_lies_within_0_and_1_and_is_never_a_point(counts: tuple[int, int]) -> None:
    count, n = counts
    low, high = of_count(count, n)
    assert -1e-12 <= low <= count / n + 1e-12
    assert count / n - 1e-12 <= high <= 1 + 1e-12
    assert high - low > 0.5 / n


def test_where_nothing_was_found_the_upper_end_is_that_of_the_rule_of_three() -> None:
    low, high = of_count(0, 300)
    assert low == 0
    assert 3 / 300 < high < 4.5 / 300


def test_without_variance_it_is_a_point() -> None:
    low, high = share_interval([0.0, 0.25], 0.0, 10, 9)
    assert (low == [0.0, 0.25]).all()
    assert (high == low).all()


def test_few_degrees_of_freedom_and_more_confidence_widen_it() -> None:
    def width(df: float, level: float) -> float:
        low, high = share_interval(0.2, 0.001, 100, df, level=level)
        return float(high - low)

    assert width(3, 0.95) > width(30, 0.95) > width(1e6, 0.95)
    assert width(30, 0.99) > width(30, 0.95)
    assert width(0, 0.95) == width(1, 0.95)


@pytest.mark.parametrize("level", [0, 1, 95, float("nan")])
def test_a_level_that_is_no_share_is_refused(level: float) -> None:
    with pytest.raises(EvaluationError, match=r"such as 0\.95"):
        share_interval(0.2, 0.001, 100, 9, level=level)


def test_added_units_weigh_most_where_predictions_count_fully_or_not_at_all() -> None:
    assert added_squares([0, 0.5, 1]) == pytest.approx(np.array([1.0, 0.75, 1.0]))
