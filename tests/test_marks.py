"""Marks: which characters tell the script, and how they are found and counted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxing_nlp.text import opencc
from wuxing_nlp.text.marks import Marks, count_marks, simplified_marks, traditional_marks

TRADITIONAL = sorted(traditional_marks().characters)
SIMPLIFIED = sorted(simplified_marks().characters)
FAR = [[mark for mark in marks if mark > "\uffff"] for marks in (TRADITIONAL, SIMPLIFIED)]
TEXT = st.text(
    st.sampled_from(TRADITIONAL)
    | st.sampled_from(SIMPLIFIED)
    | st.sampled_from([*FAR[0][:20], *FAR[1][:20], *"乾於后的st-\U00020000\U0002f800\ud800\n"])
    | st.characters(exclude_categories=())
)


def test_what_is_a_mark() -> None:
    assert set("國辦證办") & traditional_marks().characters == set("國辦證")
    assert set("国办证證") & simplified_marks().characters == set("国办证")
    assert not set("乾於后群户的") & (traditional_marks().characters | simplified_marks().characters)
    assert all(FAR)


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("", (0, 0)),
        ("的st-", (0, 0)),
        ("國國办，s", (2, 1)),
        (f"{FAR[0][0]}國{FAR[1][0]}{FAR[1][1]}\U00020000", (2, 2)),
    ],
)
def test_count_marks(text: str, counts: tuple[int, int]) -> None:
    assert count_marks(text) == counts


@given(TEXT)
def test_marks_are_found_wherever_they_stand(text: str) -> None:
    both = (traditional_marks(), simplified_marks())
    counts = tuple(sum(character in marks.characters for character in text) for marks in both)
    assert count_marks(text) == counts
    assert tuple(marks.are_in(text) for marks in both) == tuple(map(bool, counts))


@given(TEXT)
def test_replacing_marks_leaves_all_others(text: str) -> None:
    table, marks = opencc.character_table(), traditional_marks()
    expected = "".join(table[c] if c in marks.characters else c for c in text)
    assert marks.replace(text, table) == expected


def test_a_mark_behind_a_far_character_that_is_none() -> None:
    marks = Marks(frozenset("甲\uffff"))
    assert marks.are_in("\U00020000甲")
    assert marks.are_in("\uffff")
    assert not marks.are_in("\U00020000乙")
