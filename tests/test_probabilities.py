"""A unit's probabilities: a mapping by label in one small row."""

from __future__ import annotations

import numpy as np
import pytest

from wuxing_nlp.model.probabilities import NO_PROBABILITIES, Probabilities

ROW = Probabilities({"Z": 0, "Z1": 1}, np.array([0.123456, 0.5], dtype=np.float32))


def test_it_is_a_mapping_in_the_order_of_labels() -> None:
    assert list(ROW) == ["Z", "Z1"]
    assert len(ROW) == 2
    assert ROW["Z"] == pytest.approx(0.123456)
    with pytest.raises(KeyError):
        ROW["P"]
    assert not NO_PROBABILITIES


def test_rounding_is_to_four_places() -> None:
    assert ROW.rounded() == {"Z": 0.1235, "Z1": 0.5}


def test_equal_rows_have_equal_hashes() -> None:
    same = Probabilities({"Z": 0, "Z1": 1}, np.array([0.123456, 0.5], dtype=np.float32))
    assert same == ROW
    assert hash(ROW) == hash(same)
    assert ROW != NO_PROBABILITIES
