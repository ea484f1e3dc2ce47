"""The machines side by side: what rounding to 8 bits costs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import csr_matrix

from wuxing_nlp.model.calibration import Floats
from wuxing_nlp.model.machines import Machines
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
