"""Margins to probabilities: the sigmoid."""

from __future__ import annotations

import math

import numpy as np
import pytest

from wuxing_nlp.model.calibration import sigmoid


def test_sigmoid_is_the_logistic_function_without_overflow() -> None:
    x = np.array([-1e6, -745.0, -2.0, 0.0, 2.0, 745.0, 1e6])
    values = sigmoid(x)
    assert values[[0, 3, 6]].tolist() == [0.0, 0.5, 1.0]
    assert values[2] == pytest.approx(1 / (1 + math.exp(2)), rel=1e-12)
    assert values[1] == pytest.approx(math.exp(-745), rel=0.5)
    assert values + values[::-1] == pytest.approx(np.ones(7))
