"""A vocabulary as one text: its keys, and whether they are distinct, with and without compiled code."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxing_nlp.model.keys import Keys, ascend, plain_ascend

# Few characters, from all widths of a string's memory: neighbours are often alike, or differ late.
KEYS = st.lists(st.text("ab\té治\uffff𠀀", max_size=4), max_size=6)


@given(KEYS)
def test_lines_ascend_as_the_strings_do(keys: list[str]) -> None:
    text = "\n".join(keys)
    assert ascend(text) == plain_ascend(text) == all(a < b for a, b in pairwise(keys))


@given(KEYS)
def test_sorted_keys_ascend_until_one_is_doubled(keys: list[str]) -> None:
    ordered = sorted({*keys, "a"})
    assert ascend("\n".join(ordered))
    assert not ascend("\n".join([*ordered, ordered[-1]]))


@given(KEYS)
def test_keys_are_the_strings_that_they_were_made_of(keys: list[str]) -> None:
    made = Keys.of(keys)
    assert (made.strings, len(made)) == (keys, len(keys))
    assert made.are_distinct == (len(set(keys)) == len(keys))


@pytest.mark.parametrize(
    ("text", "strings"), [("", []), ("a", ["a"]), ("b\n", ["b", ""]), ("b\n\n", ["b", "", ""])]
)
def test_every_line_of_a_file_is_a_key(text: str, strings: list[str]) -> None:
    read = Keys.read(text)
    assert (read.strings, len(read)) == (strings, len(strings))


@pytest.mark.parametrize("keys", [["a\nb"], ["a", "\n"], ["\n"]])
def test_no_key_holds_a_line_end(keys: list[str]) -> None:
    with pytest.raises(ValueError, match="holds a line's end"):
        Keys.of(keys)
