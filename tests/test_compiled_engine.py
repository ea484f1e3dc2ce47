"""The fast engine's own ways: words that are made when asked for, and what it says of bad tables."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.words import TEXT
from wuxing_nlp.errors import LexiconError, SegmenterError
from wuxing_nlp.text import compiled_engine
from wuxing_nlp.text.compiled_engine import CompiledEngine

pytestmark = pytest.mark.skipif(not compiled_engine.installed(), reason="built without a compiler")


@pytest.fixture(scope="module")
def engine() -> CompiledEngine:
    return CompiledEngine()


@given(TEXT)
def test_words_are_a_sequence(engine: CompiledEngine, text: str) -> None:
    words = engine.cut(text)
    assert "".join(words) == text
    assert [words[at] for at in range(len(words))] == list(words)
    assert all(words)


@pytest.mark.parametrize("at", [-1, 2, 1000])
def test_there_is_no_word_beyond_the_last(engine: CompiledEngine, at: int) -> None:
    with pytest.raises(IndexError, match=f"there is no word {at}"):
        engine.cut("马上就办")[at]


@pytest.mark.parametrize(
    "lines",
    ["马上就办", "马上就办 \n", "马上就办 很多 n", " 3 n", "抓实 3 n\n\n抓好 3 n", "马上就办 3n"],
)
def test_a_line_that_is_none_of_a_dictionary_is_named(lines: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled_engine, "dictionary", lambda: f"抓落实 3 v\n{lines}".encode())
    with pytest.raises(LexiconError, match=r"cannot be read \(line [23] holds no word with a freq"):
        CompiledEngine()


def test_a_dictionary_that_is_not_utf8_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled_engine, "dictionary", lambda: "抓落实 3 v".encode("gb18030"))
    with pytest.raises(LexiconError, match=r"cannot be read .*; run: pip install --force-reinstall"):
        CompiledEngine()


def test_a_word_of_no_text_is_only_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = "抓落实 3 v\n\U00020000抓 5 v\n抓 1 v\n抓落实 7 v"
    monkeypatch.setattr(compiled_engine, "dictionary", lines.encode)
    assert list(CompiledEngine().cut("抓落实\U00020000抓")) == ["抓落实", "\U00020000", "抓"]


def test_an_install_without_a_compiler_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled_engine, "native", None)
    with pytest.raises(SegmenterError, match="built without a compiler here; install a wheel of it, or take"):
        CompiledEngine()
