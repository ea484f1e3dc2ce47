"""The reference engine: jieba's own words, nothing shared with the rest of the process."""

from __future__ import annotations

from wuxing_nlp.text.jieba_engine import JiebaEngine
from wuxing_nlp.text.lexicon import frequencies


def test_the_tokenizer_holds_the_dictionary_and_the_lexicon() -> None:
    tokenizer = JiebaEngine()._tokenizer
    assert {word: n for word, n in frequencies().items() if tokenizer.FREQ[word] != n} == {}
    assert tokenizer.total == 60_101_967 + sum(frequencies().values())


def test_words_are_a_list_that_concatenates_to_the_text() -> None:
    assert JiebaEngine().cut("放管服，\r\n真抓实干。") == ["放管服", "，", "\r\n", "真抓实干", "。"]
