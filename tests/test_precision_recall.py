"""Precision–recall curves: against scikit-learn, by hand, and what thinning keeps."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from wuxing_nlp.errors import EvaluationError
from wuxing_nlp.evaluation.precision_recall import average_precision, precision_recall_curve

probability = st.floats(0, 1, allow_subnormal=False) | st.sampled_from([0.0, 0.25, 0.5, 1.0])
answers = st.lists(st.tuples(probability, st.booleans()), min_size=1, max_size=60)
found = answers.filter(lambda pairs: any(true for _, true in pairs))


def columns(pairs: list[tuple[float, bool]]) -> tuple[list[float], list[int]]:
    return [likely for likely, _ in pairs], [int(true) for _, true in pairs]


@given(found)
def test_average_precision_is_that_of_scikit_learn(pairs: list[tuple[float, bool]]) -> None:
    likely, true = columns(pairs)
    assert average_precision(likely, true) == pytest.approx(average_precision_score(true, likely))


@given(found)
def test_a_point_is_what_its_threshold_gives(pairs: list[tuple[float, bool]]) -> None:
    likely, true = map(np.array, columns(pairs))
    curve = precision_recall_curve(likely, true)
    assert sorted(set(likely.tolist()), reverse=True) == curve.threshold.tolist()
    for threshold, precision, recall in zip(curve.threshold, curve.precision, curve.recall, strict=True):
        hits = true[likely >= threshold]
        assert (precision, recall) == pytest.approx((hits.mean(), hits.sum() / true.sum()))


@given(found, st.randoms())
def test_the_order_of_units_changes_nothing(
    pairs: list[tuple[float, bool]], random: np.random.Generator
) -> None:
    shuffled = random.sample(pairs, len(pairs))
    assert average_precision(*columns(shuffled)) == pytest.approx(average_precision(*columns(pairs)))


@given(found, st.integers(2, 30))
def test_a_thinned_curve_has_points_of_the_curve(pairs: list[tuple[float, bool]], most: int) -> None:
    curve = precision_recall_curve(*columns(pairs))
    thin = curve.thinned(most)
    assert 1 <= len(thin.recall) <= most
    whole = set(zip(curve.threshold, curve.precision, curve.recall, strict=True))
    assert set(zip(thin.threshold, thin.precision, thin.recall, strict=True)) <= whole
    assert (np.diff(thin.recall) >= 0).all()
    assert thin.recall[-1] == 1
    assert thin.threshold[0] == curve.threshold[0]


def test_a_curve_by_hand() -> None:
    curve = precision_recall_curve([0.9, 0.8, 0.8, 0.3, 0.1], [1, 0, 1, 0, 0])
    assert curve.threshold.tolist() == [0.9, 0.8, 0.3, 0.1]
    assert curve.precision == pytest.approx([1, 2 / 3, 1 / 2, 2 / 5])
    assert curve.recall == pytest.approx([0.5, 1, 1, 1])
    assert average_precision([0.9, 0.8, 0.8, 0.3, 0.1], [1, 0, 1, 0, 0]) == pytest.approx((1 + 2 / 3) / 2)
    # The first point of full recall is the last that is worth a row.
    assert curve.thinned().threshold.tolist() == [0.9, 0.8]


def test_a_perfect_ranking_and_one_by_chance() -> None:
    assert average_precision([0.2, 0.9, 0.8], [0, 1, 1]) == 1
    assert average_precision([0.5] * 8, [1, 0, 0, 0] * 2) == 0.25


def test_a_label_on_no_unit_has_no_curve() -> None:
    curve = precision_recall_curve([0.2, 0.9], [0, 0])
    assert curve.recall.size == curve.thinned().recall.size == 0
    assert math.isnan(average_precision([0.2, 0.9], [0, 0]))


def test_bad_input_is_refused() -> None:
    with pytest.raises(EvaluationError, match="outside 0 to 1"):
        precision_recall_curve([1.2], [1])
    with pytest.raises(EvaluationError, match="at least one unit"):
        average_precision([], [])
    with pytest.raises(EvaluationError, match="most is 1"):
        precision_recall_curve([0.2], [1]).thinned(1)
