"""Every engine cuts jieba's words, token by token, on whatever it is given."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings

from tests.words import DOUBLES, TEXT, assert_words_of_jieba
from wuxing_nlp.text.script import normalise
from wuxing_nlp.text.segment import ENGINES, LONGEST_RUN, segmenter

each_engine = pytest.mark.parametrize("engine", ENGINES)


@each_engine
@settings(max_examples=500)
@given(TEXT)
@example("吱吱吱利弊謂貜鸟巢蕨咯")
def test_words_are_those_of_jieba(engine: str, text: str) -> None:
    assert_words_of_jieba(engine, text)


@each_engine
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("PM_2.5", ["PM", "_", "2.5"]),
        ("5G-A网络", ["5G", "-", "A", "网络"]),
        ("3-5个，4.5-5%", ["3", "-", "5", "个", "，", "4.5", "-", "5%"]),
        ("穿T恤看AT&T的C++", ["穿", "T恤", "看", "AT&T", "的", "C++"]),
        ("\r\n\r\n \n", ["\r\n", "\r\n", " ", "\n"]),
        ("㐀一𠀀二\ud800三", ["㐀", "一", "𠀀", "二", "\ud800", "三"]),
        ("\0", ["\0"]),
    ],
)
def test_ascii_white_space_and_foreign_han_are_cut_by_jiebas_rules(
    engine: str, text: str, words: list[str]
) -> None:
    assert segmenter(engine).words(text) == words
    assert_words_of_jieba(engine, text)


@each_engine
@pytest.mark.parametrize("tail", ["", "利弊", "謂貜鸟巢蕨咯", "A", "㐀", "，", "在基层一线"])
def test_every_tie_is_decided_as_jieba_does(engine: str, tail: str) -> None:
    """Of 看看看 the words 看看 and 看 are as probable as 看 and 看看, but for rounding."""
    for double in DOUBLES:
        assert_words_of_jieba(engine, f"{double}{double[0]}{tail}")


@each_engine
@pytest.mark.parametrize("char", ["改", "魎", "A", "㐀", "，", "\r\n"])
@pytest.mark.parametrize("length", [LONGEST_RUN - 1, LONGEST_RUN, LONGEST_RUN + 1, 3 * LONGEST_RUN])
def test_long_runs_are_cut_alike(engine: str, char: str, length: int) -> None:
    assert_words_of_jieba(engine, char * length)
    assert_words_of_jieba(engine, f"政府{char * length}推进")


@each_engine
def test_the_words_of_every_third_shared_document_are_those_of_jieba(
    engine: str, shared_documents: list[dict[str, Any]]
) -> None:
    for document in shared_documents[::3]:
        assert_words_of_jieba(engine, normalise(document["text"]).text)


@each_engine
def test_the_words_of_the_shared_units_are_those_of_jieba(
    engine: str, shared_units: list[dict[str, Any]]
) -> None:
    for unit in shared_units[::3]:
        assert_words_of_jieba(engine, unit["text"])
