"""The hidden Markov model: the words of jieba's finalseg, down to the last digit's decisions."""

from __future__ import annotations

from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxing_nlp.text.finalseg import Finalseg
from wuxing_nlp.text.jieba_package import own_copy

FINALSEG = Finalseg()
HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FD5)
COMMON = st.sampled_from("的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动")
REPEATED = st.builds(lambda char, count: char * count, COMMON | HAN, st.integers(2, 6))
ASCII = st.text("abzAZ0189+#&._%-", min_size=1, max_size=6)
RUNS = st.lists(COMMON | HAN | REPEATED | ASCII, min_size=1, max_size=10).map("".join)


def jieba_words(run: str) -> list[str]:
    return list(import_module(f"{own_copy().__name__}.finalseg").cut(run))


@given(RUNS)
def test_words_are_those_of_jieba(run: str) -> None:
    assert FINALSEG.cut(run) == jieba_words(run)


@pytest.mark.parametrize(
    "run", ["滥滥滥滥滥", "魎反反反忔", "南南南南南南窉", "丄丅", "丄", "骉淼犇猋" * 125]
)
def test_ties_and_unknown_characters_are_decided_as_jieba_does(run: str) -> None:
    assert FINALSEG.cut(run) == jieba_words(run)


@pytest.mark.parametrize(
    ("run", "words"),
    [
        ("PM_2.5", ["PM", "_", "2.5"]),
        ("5G-A", ["5G", "-", "A"]),
        ("4.5-5%", ["4.5", "-", "5%"]),
        ("1.2.3", ["1.2", ".", "3"]),
        ("+#&", ["+#&"]),
        ("3个A", ["3", "个", "A"]),
    ],
)
def test_ascii_is_cut_by_jiebas_rule(run: str, words: list[str]) -> None:
    assert FINALSEG.cut(run) == words == jieba_words(run)
