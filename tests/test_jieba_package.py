"""What is read of the installed jieba, and what is said where it cannot be."""

from __future__ import annotations

import hashlib
from importlib import import_module
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from wuxing_nlp.errors import LexiconError
from wuxing_nlp.text import jieba_package
from wuxing_nlp.text.jieba_package import dictionary, hmm_table, own_copy


def a_jieba_in(folder: Path) -> ModuleSpec:
    return ModuleSpec("jieba", None, origin=str(folder / "__init__.py"))


def test_the_dictionary_is_that_of_jieba_0_42_1() -> None:
    """The lexicon's frequencies and the sum that the engines share hold for this one."""
    digest = hashlib.sha256(dictionary()).hexdigest()
    assert digest == "7197c3211ddd98962b036cdf40324d1ea2bfaa12bd028e68faa70111a88e12a8"


def test_the_tables_are_those_that_jieba_cuts_with() -> None:
    finalseg = import_module(f"{own_copy().__name__}.finalseg")
    assert hmm_table("start") == finalseg.start_P
    assert hmm_table("trans") == finalseg.trans_P
    assert hmm_table("emit") == finalseg.emit_P


def test_the_copy_is_made_once() -> None:
    assert own_copy() is own_copy()


def test_a_missing_jieba_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jieba_package, "find_spec", lambda name: None)
    for read in (dictionary, own_copy.__wrapped__):
        with pytest.raises(LexiconError, match="jieba is not installed; run: pip install jieba"):
            read()


def test_a_missing_dictionary_says_where_it_was_sought(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(jieba_package, "find_spec", lambda name: a_jieba_in(tmp_path))
    with pytest.raises(LexiconError, match=r"dict\.txt \(No such file.*run: pip install --force-reinstall"):
        dictionary()


def test_missing_code_says_where_it_was_sought(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(jieba_package, "find_spec", lambda name: a_jieba_in(tmp_path))
    with pytest.raises(LexiconError, match=r"prob_emit\.py \(No such file.*run: pip install --force-rei"):
        hmm_table("emit")
