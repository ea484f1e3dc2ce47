"""What estimators are given is checked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from wuxing_nlp.errors import EvaluationError
from wuxing_nlp.evaluation.prevalence import Coded, Counted

CODED = Coded(
    np.array([0, 1]),
    np.array([[1.0], [0.0]]),
    np.array([[0.9], [0.2]]),
    np.array([0.5, 1.0]),
    np.array([0, 0]),
    np.array([0, 1]),
)


def test_shares_are_means_over_units_and_groups_leave_documents_out() -> None:
    counted = Counted(np.array([3.0, 1.0]), np.array([[1.5, 0.0], [0.5, 1.0]]))
    assert counted.shares.tolist() == [0.5, 0.25]
    assert counted.of(np.array([False, True])).shares.tolist() == [0.5, 1.0]
    assert CODED.weights.tolist() == [2.0, 1.0]
    assert len(CODED) == 2


@pytest.mark.parametrize("total", [-0.1, 1.1, float("nan")])
def test_sums_of_what_is_no_probability_are_refused(total: float) -> None:
    with pytest.raises(EvaluationError, match="outside 0 to 1"):
        Counted(np.array([1.0]), np.array([[total]]))


@pytest.mark.parametrize("sizes", [np.array([1.0, 1.0]), np.array([0.0])])
def test_counts_without_units_or_of_other_documents_are_refused(sizes: np.ndarray) -> None:
    with pytest.raises(EvaluationError, match="at least one unit"):
        Counted(sizes, np.array([[0.0]]))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"truth": np.array([[1.0], [0.5]])}, "neither 0 nor 1"),
        ({"predicted": np.array([[1.2], [0.5]])}, "outside 0 to 1"),
        ({"predicted": np.array([[np.nan], [0.5]])}, "outside 0 to 1"),
        ({"inclusion": np.array([0.0, 1.0])}, "not above 0"),
        ({"inclusion": np.array([0.5, 1.5])}, "not above 0"),
        ({"strata": np.array([0])}, "differ in length"),
        ({"truth": np.array([[1.0, 0.0], [0.0, 0.0]])}, "in their labels"),
    ],
)
def test_a_sample_that_cannot_be_is_refused(change: dict[str, np.ndarray], said: str) -> None:
    with pytest.raises(EvaluationError, match=said):
        replace(CODED, **change)
