"""The machines side by side: what rounding to 8 bits costs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import csr_matrix

from wuxing_nlp.model.calibration import Floats
from wuxing_nlp.model.machines import Machines, product
from wuxing_nlp.model.rows import Rows


@given(
    arrays(np.float64, (7, 3), elements=st.floats(-5, 5)),
    arrays(np.float64, 3, elements=st.floats(-5, 5)),
    arrays(np.float32, (4, 7), elements=st.floats(-1, 1, width=32)),
)
def test_rounding_moves_a_weight_by_half_a_step_at_most(
    coefficients: Floats, biases: Floats, x: np.ndarray
) -> None:
    machines = Machines.rounded(coefficients, biases)
    assert machines.weights.dtype == np.int8
    assert np.abs(machines.weights.astype(int)).max() <= 127
    step = np.maximum(np.abs(coefficients).max(axis=0), 1e-12) / 127
    assert (np.abs(machines.weights * machines.scales - coefficients) <= 0.501 * step + 1e-6).all()
    exact = x.astype(float) @ (machines.weights * machines.scales.astype(float)) + machines.biases
    assert machines.margins(Rows.of_matrix(csr_matrix(x))) == pytest.approx(exact, abs=1e-4)


@pytest.mark.parametrize("outputs", [1, 40, 48, 49, 97])
def test_sums_are_rounded_one_by_one(outputs: int) -> None:
    """So that processors that multiply and add at once give what the others give, to the bit."""
    pytest.importorskip("wuxing_nlp.model._native", reason="built without a compiler")
    chance = np.random.default_rng(20261126)
    weights = chance.integers(-127, 128, (200, outputs)).astype(np.int8)
    columns = chance.permutation(200).astype(np.int32)
    values = chance.random(200).astype(np.float32)
    ends = np.array([0, 90, 90, 200], dtype=np.int64)
    expected = np.zeros((3, outputs), dtype=np.float32)
    for unit in range(3):
        for at in range(ends[unit], ends[unit + 1]):
            expected[unit] += values[at] * weights[columns[at]].astype(np.float32)
    assert np.array_equal(product(Rows(columns, values, ends), weights), expected)
