"""The first few of many."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wuxing_nlp.report.best import Best


@given(keys=st.lists(st.integers(), unique=True), number=st.integers(1, 5))
def test_it_keeps_what_sorting_would(keys: list[int], number: int) -> None:
    best: Best[str] = Best(number)
    for key in keys:
        best.add((key,), str(key))
    assert list(best) == [str(key) for key in sorted(keys)[:number]]


@given(keys=st.lists(st.integers(), unique=True, min_size=1))
def test_it_says_before_what_it_would_take(keys: list[int]) -> None:
    best: Best[int] = Best(3)
    for key in keys:
        takes = best.takes((key,))
        best.add((key,), key)
        assert (key in set(best)) == takes
