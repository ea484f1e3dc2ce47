"""The fast engine: the reference's words, token by token, on whatever it is given."""

from __future__ import annotations

from importlib.machinery import EXTENSION_SUFFIXES, ModuleSpec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wuxing_nlp.errors import SegmenterError
from wuxing_nlp.text import finalseg, rjieba_engine
from wuxing_nlp.text.jieba_package import dictionary
from wuxing_nlp.text.lexicon import lexicon
from wuxing_nlp.text.rjieba_engine import COUNTED_TWICE, JIEBA_SUM, RjiebaEngine, join_leftovers
from wuxing_nlp.text.script import normalise
from wuxing_nlp.text.segment import LONGEST_RUN, segmenter

ENTRIES = {
    word: int(frequency)
    for word, frequency, _ in (line.split(" ") for line in dictionary().decode("utf-8").splitlines())
}
FREQUENT = sorted(ENTRIES, key=lambda word: -ENTRIES[word])[:4000]
WITH_ASCII = [word for word in ENTRIES if any(char.isascii() for char in word)]
DOUBLES = [word for word in ENTRIES if len(word) == 2 and word[0] == word[1]]


def chars(*ranges: tuple[int, int]) -> st.SearchStrategy[str]:
    return st.one_of([st.characters(min_codepoint=low, max_codepoint=high) for low, high in ranges])


HAN = chars((0x4E00, 0x9FD5))
OTHER_HAN = chars((0x3005, 0x3007), (0x3400, 0x4DBF), (0x9FD6, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF))
SPACE = st.sampled_from(["\r\n", "\n\r", *" \t\n\r\v\f\x1c\x1f\x85\xa0\u2003\u2028\u3000\u200b\ufeff"])
OTHER = st.sampled_from(
    "，。、；：“”（）《》—…·％．－＃１Ａéñ\u0301ЖγカなㄅⅣ①½٣😀\u200d\ufe0f\ue000\U0010ffff\ud800\udfff\0"
)
NUMBER = st.from_regex(r"[A-Za-z0-9]{0,4}[-.+#&_%]?[0-9A-Za-z]{1,3}(\.[0-9]{1,2})?[-%+]?", fullmatch=True)
REPEATED = st.builds(
    lambda char, count: char * count,
    HAN | st.sampled_from([w for w in FREQUENT if len(w) == 1]),
    st.integers(2, 6),
)
TRIPLED = st.sampled_from(DOUBLES).map(lambda word: word + word[0])
PIECE = st.one_of(
    st.sampled_from(FREQUENT),
    st.sampled_from(sorted(ENTRIES)),
    st.sampled_from(lexicon()),
    st.sampled_from(WITH_ASCII),
    TRIPLED,
    REPEATED,
    NUMBER,
    HAN,
    OTHER_HAN,
    SPACE,
    OTHER,
    st.text(max_size=3),
    st.text(st.characters(max_codepoint=127), max_size=4),
)
TEXT = st.lists(PIECE, max_size=25).map("".join)
ENGINE = RjiebaEngine()


def assert_same_words(text: str) -> None:
    assert segmenter("rjieba").words(text) == segmenter("jieba").words(text)


@settings(max_examples=500)
@given(TEXT)
@example("吱吱吱利弊謂貜鸟巢蕨咯")
def test_words_are_those_of_jieba(text: str) -> None:
    assert_same_words(text)


@given(TEXT)
def test_python_joins_what_the_route_leaves_over_as_compiled_code_does(text: str) -> None:
    tokens = ENGINE._pieces(text)
    assert join_leftovers(tokens, ENGINE._is_word, ENGINE._leftovers) == ENGINE.cut(text)


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
def test_ascii_white_space_and_foreign_han_are_cut_by_jiebas_rules(text: str, words: list[str]) -> None:
    assert segmenter("rjieba").words(text) == words
    assert_same_words(text)


@pytest.mark.parametrize("tail", ["", "利弊", "謂貜鸟巢蕨咯", "A", "㐀", "，", "在基层一线"])
def test_every_tie_is_decided_as_jieba_does(tail: str) -> None:
    """Of 看看看 the words 看看 and 看 are as probable as 看 and 看看, but for rounding."""
    for double in DOUBLES:
        assert_same_words(f"{double}{double[0]}{tail}")


@pytest.mark.parametrize("char", ["改", "魎", "A", "㐀", "，", "\r\n"])
@pytest.mark.parametrize("length", [LONGEST_RUN - 1, LONGEST_RUN, LONGEST_RUN + 1, 3 * LONGEST_RUN])
def test_long_runs_are_cut_alike(char: str, length: int) -> None:
    assert_same_words(char * length)
    assert_same_words(f"政府{char * length}推进")


def test_the_words_of_every_third_shared_document_are_those_of_jieba(
    shared_documents: list[dict[str, Any]],
) -> None:
    for document in shared_documents[::3]:
        assert_same_words(normalise(document["text"]).text)


def test_the_words_of_the_shared_units_are_those_of_jieba(shared_units: list[dict[str, Any]]) -> None:
    for unit in shared_units[::3]:
        assert_same_words(unit["text"])


def test_rjieba_holds_jiebas_dictionary() -> None:
    """Every word; its frequency, which rjieba suggests, plus one for rounding, where no cut is likelier."""
    own = rjieba_engine._own_jieba()
    assert [word for word in ENTRIES if not own.has_word(word)] == []
    whole = {word: own.suggest_freq(word) for word in ENTRIES if own.cut(word, False) == [word]}
    assert len(whole) > 0.9 * len(ENTRIES)
    assert {word: n for word, n in whole.items() if n - ENTRIES[word] not in (0, 1)} == {}


def test_the_sums_say_what_jieba_counts_twice() -> None:
    """A failure names what the constants must say."""
    entries = [line.split(" ") for line in dictionary().decode("utf-8").splitlines()]
    assert sum(int(frequency) for _, frequency, _ in entries) == JIEBA_SUM
    doubled = JIEBA_SUM - sum(ENTRIES.values())
    assert doubled + sum(ENTRIES.get(word, 0) for word in lexicon()) == COUNTED_TWICE


def test_another_dictionary_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    own = rjieba_engine._own_jieba()
    own.add_word("放管服改革办", 1, None)
    monkeypatch.setattr(rjieba_engine, "_own_jieba", lambda: own)
    with pytest.raises(SegmenterError, match=r"than jieba 0\.42\.1; run: pip install rjieba==0\.2\.2"):
        RjiebaEngine()


def test_a_missing_rjieba_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rjieba_engine, "find_spec", lambda name: None)
    assert not rjieba_engine.installed()
    with pytest.raises(SegmenterError, match="rjieba is not installed; run: pip install rjieba"):
        RjiebaEngine()


def test_a_broken_rjieba_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / f"rjieba{EXTENSION_SUFFIXES[0]}").write_bytes(b"no library")
    package = ModuleSpec("rjieba", None, is_package=True)
    package.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr(rjieba_engine, "find_spec", lambda name: package)
    with pytest.raises(SegmenterError, match=r"rjieba cannot be loaded \(.*; run: pip install --force-rei"):
        RjiebaEngine()


def test_an_install_without_compiled_code_cuts_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["王小岚在骉淼镇抓实干部作风。", "㐀一𠀀二\ud800三", "PM_2.5，试试试\r\n", ""]
    expected = [ENGINE.cut(text) for text in texts]
    for module in (finalseg, rjieba_engine):
        monkeypatch.setattr(module, "native", None)
    engine = RjiebaEngine()
    assert [engine.cut(text) for text in texts] == expected


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rjieba_engine, "MOST_KEPT", 10)
    engine = RjiebaEngine()
    for first in "丄丅丏丣丩丮":
        for second in "丯丱丵丷丼丿":
            assert engine.cut(f"{first}_{second}") == [first, "_", second]
    assert 0 < len(engine._leftovers) <= 10
    long = "丄_" * rjieba_engine.LONGEST_KEPT
    assert "".join(engine.cut(long)) == long
    assert long not in engine._leftovers
