"""Translation: str.translate's result, near and beyond the Basic Multilingual Plane."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxing_nlp.text.translation import Translation

CHANGES = {
    "國": "国",
    "a": "あ",
    "\uffff": "b",
    "\U00010000": "c",
    "\U00020000": "丂",
    "乙": "\U00030000",
    "丂": "七",
}


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("國a家", "国あ家"),
        ("\uffff乙", "b\U00030000"),
        ("\U00020000丂\U00020001國", "丂七\U00020001国"),  # every character once, not what came of it
        ("\U0010ffff", "\U0010ffff"),
        ("\ud800國", "\ud800国"),
        ("", ""),
    ],
)
def test_named_cases(given_text: str, expected: str) -> None:
    assert Translation(CHANGES).apply(given_text) == expected


@given(
    st.text(st.characters(exclude_categories=())) | st.text(st.sampled_from([*CHANGES, "甲", "\U00020001"]))
)
def test_the_same_as_translate(text: str) -> None:
    assert Translation(CHANGES).apply(text) == text.translate({ord(old): new for old, new in CHANGES.items()})
