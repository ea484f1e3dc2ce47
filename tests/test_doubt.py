"""How far a decision can be trusted."""

from __future__ import annotations

import numpy as np
import pytest

from wuxing_nlp.evaluation.doubt import expected_f1


def test_a_sure_decision_is_good_and_an_unsure_one_is_not() -> None:
    likely = np.array([[1.0, 0.0], [0.0, 0.0], [0.5, 0.0], [0.4, 0.3], [0.0, 1.0]])
    given = np.array([[1, 0], [0, 0], [1, 0], [0, 0], [0, 0]], dtype=bool)
    # Of the third: twice 0.5 expected hits, by one label given and half a label expected.
    assert expected_f1(given, likely).tolist() == pytest.approx([1, 1, 1 / 1.5, 0.6 * 0.7, 0])


def test_half_precision_is_counted_in_full() -> None:
    found = expected_f1(np.zeros((1, 2), dtype=bool), np.full((1, 2), 0.1, dtype=np.float32))
    assert found.dtype == np.float64
    assert found[0] == pytest.approx(0.81)
