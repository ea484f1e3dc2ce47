"""Random samples: how many, and which."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxing_nlp.errors import EvaluationError
from wuxing_nlp.evaluation.sampling import LEAST, allocate, draw, shuffled, whole

strata = st.lists(st.integers(0, 400), min_size=1, max_size=12).filter(any)


@given(strata, st.data())
def test_all_are_drawn_none_too_often_and_no_stratum_is_forgotten(
    units: list[int], data: st.DataObject
) -> None:
    least = sum(min(size, LEAST) for size in units)
    total = data.draw(st.integers(least, sum(units)))
    spreads = data.draw(st.none() | st.lists(st.floats(0, 1), min_size=len(units), max_size=len(units)))
    takes = allocate(total, units, spreads)
    assert takes.sum() == total
    assert all(min(size, LEAST) <= take <= size for size, take in zip(units, takes, strict=True))


def test_shares_are_those_of_units_or_of_units_and_spread() -> None:
    assert allocate(100, [600, 300, 100]).tolist() == [60, 30, 10]
    assert allocate(100, [600, 300, 100], [0.1, 0.1, 0.9]).tolist() == [33, 17, 50]
    assert allocate(60, [600, 10, 10], [0.0, 0.5, 0.5]).tolist() == [40, 10, 10]
    assert allocate(3, [1, 1, 1]).tolist() == [1, 1, 1]
    assert allocate(4, [9, 9], [5e-324, 5e-324]).tolist() == [2, 2]


def test_of_equal_remainders_the_first_get_what_is_left() -> None:
    assert whole([2.25, 2.5] * 30, 160).tolist() == [3, 3] * 10 + [2, 3] * 20


@pytest.mark.parametrize("total", [3, 11])
def test_too_few_or_too_many_are_refused(total: int) -> None:
    with pytest.raises(EvaluationError, match="draw 4 to 10"):
        allocate(total, [5, 5])


def test_the_same_seed_draws_the_same_and_more_begin_with_fewer() -> None:
    few = draw({"甲": 50, "乙": 30}, [10, 5], 7)
    more = draw({"乙": 30, "甲": 50}, [20, 15], 7)
    assert (more["甲"][:10] == few["甲"]).all()
    assert (more["乙"][:5] == few["乙"]).all()
    assert (draw({"甲": 50}, [10], 8)["甲"] != few["甲"]).any()
    assert sorted(draw({"甲": 6}, [6], 0)["甲"].tolist()) == list(range(6))


def test_every_unit_is_drawn_equally_often() -> None:
    times = np.zeros(20)
    for seed in range(2000):
        times[draw({"甲": 20}, [5], seed)["甲"]] += 1
    # 500 times each, give or take four standard deviations.
    assert (abs(times - 500) < 4 * np.sqrt(2000 * 0.25 * 0.75)).all()


def test_the_order_of_coding_is_random_and_recorded_by_the_seed() -> None:
    assert sorted(shuffled(9, 1).tolist()) == list(range(9))
    assert shuffled(9, 1).tolist() == shuffled(9, 1).tolist() != shuffled(9, 2).tolist()
