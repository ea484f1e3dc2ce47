"""The distance between label sets."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxing_nlp.evaluation.agreement.masi import masi_distances

SETS = st.lists(st.frozensets(st.sampled_from("abcdef")), min_size=1, max_size=8)


def distances(*sets: str | frozenset[str]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return masi_distances(np.array([[label in one for label in "abcdef"] for one in sets]))


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ("ab", "ab", 0),
        ("a", "ab", 1 - 1 / 2 * 2 / 3),
        ("abc", "ab", 1 - 2 / 3 * 2 / 3),
        ("ab", "bc", 1 - 1 / 3 * 1 / 3),
        ("ab", "cd", 1),
        ("", "", 0),
        ("", "a", 1),
    ],
)
def test_jaccard_times_monotonicity(one: str, other: str, distance: float) -> None:
    assert distances(one, other)[0, 1] == pytest.approx(distance)


@given(sets=SETS)
def test_a_distance_is_symmetric_and_0_for_equal_sets_alone(sets: list[frozenset[str]]) -> None:
    found = distances(*sets)
    assert (found == found.T).all()
    assert ((found >= 0) & (found <= 1)).all()
    assert (found == 0).tolist() == [[one == other for other in sets] for one in sets]
