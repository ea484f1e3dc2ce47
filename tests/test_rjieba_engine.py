"""The fast engine: the reference's words, token by token, on whatever it is given."""

from __future__ import annotations

from importlib.machinery import EXTENSION_SUFFIXES, ModuleSpec
from pathlib import Path

import pytest

from tests.words import ENTRIES
from wuxing_nlp.errors import SegmenterError
from wuxing_nlp.text import rjieba_engine
from wuxing_nlp.text.jieba_package import dictionary
from wuxing_nlp.text.lexicon import lexicon
from wuxing_nlp.text.rjieba_engine import COUNTED_TWICE, JIEBA_SUM, RjiebaEngine

ENGINE = RjiebaEngine()


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
