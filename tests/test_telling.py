"""Scales of features: by hand, and what holds for any matrix."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import csr_matrix

from wuxing_nlp.model.telling import SHARE, scaled, telling

UNITS, FEATURES = 6, 4
MATRICES = arrays(np.float32, (UNITS, FEATURES), elements=st.sampled_from([0.0, 0.0, 0.25, 1.0]))
SIDES = arrays(np.bool_, UNITS).filter(lambda y: 0 < y.sum() < UNITS)


def test_scales_by_hand() -> None:
    x = csr_matrix(np.array([[1, 1], [1, 0], [0, 1]], dtype=np.float32))
    y = np.array([True, True, False])
    # With one added, the features stand in 3 and 2 of the units that carry the label, in 1 and 2 others.
    ratios = np.abs(np.log([(3 / 5) / (1 / 3), (2 / 5) / (2 / 3)]))
    assert telling(x, y) == pytest.approx(1 - SHARE + SHARE * ratios / ratios.mean())


def test_where_every_feature_stands_everywhere_all_are_as_they_were() -> None:
    x = csr_matrix(np.full((4, 3), 0.5, dtype=np.float32))
    assert (telling(x, np.array([True, False, False, False])) == 1).all()


@given(MATRICES, SIDES)
def test_scales_are_one_on_the_mean_and_the_same_from_either_side(x: np.ndarray, y: np.ndarray) -> None:
    found = telling(csr_matrix(x), y)
    assert found.mean() == pytest.approx(1)
    assert (found >= 1 - SHARE - 1e-12).all()
    assert found == pytest.approx(telling(csr_matrix(x), ~y))


@given(MATRICES, SIDES)
def test_values_are_no_matter(x: np.ndarray, y: np.ndarray) -> None:
    assert np.array_equal(telling(csr_matrix(x), y), telling(csr_matrix(x > 0, dtype=np.float32), y))


@given(MATRICES)
def test_each_column_is_scaled(x: np.ndarray) -> None:
    scales = np.arange(1.0, FEATURES + 1)
    assert scaled(csr_matrix(x), scales).toarray() == pytest.approx(x * scales)
