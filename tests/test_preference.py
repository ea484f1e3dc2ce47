"""Preferences: three names, the β of each, and a row each."""

from __future__ import annotations

import pytest

from wuxing_nlp.errors import PreferenceError
from wuxing_nlp.model.preference import Preference


def test_each_preference_is_the_beta_of_its_f() -> None:
    assert {str(preference): preference.beta for preference in Preference} == {
        "balanced": 1.0,
        "precision": 0.5,
        "recall": 2.0,
    }


def test_rows_are_in_order_and_balanced_is_the_first() -> None:
    """Bundles hold rows by this order: it is never changed, only continued."""
    assert [preference.row for preference in Preference] == [0, 1, 2]
    assert list(Preference)[:3] == ["balanced", "precision", "recall"]


@pytest.mark.parametrize("preference", Preference)
def test_a_preference_is_found_by_its_name(preference: Preference) -> None:
    assert Preference.of(preference.value) is Preference.of(preference) is preference


@pytest.mark.parametrize("name", ["", "Recall", "f2"])
def test_an_unknown_name_is_told_the_known_ones(name: str) -> None:
    with pytest.raises(PreferenceError) as error:
        Preference.of(name)
    assert str(error.value) == f"there is no preference {name!r}; prefer one of: balanced, precision, recall"
