"""The policy lexicon's file: its words, and the frequencies that every engine is given."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from wuxing_nlp.errors import LexiconError
from wuxing_nlp.text import lexicon as module
from wuxing_nlp.text.characters import han_count
from wuxing_nlp.text.jieba_package import own_copy
from wuxing_nlp.text.lexicon import frequencies, lexicon
from wuxing_nlp.text.script import normalise


def test_entries_are_canonical_chinese_words_without_doubles() -> None:
    entries = lexicon()
    assert [entry for entry, count in Counter(entries).items() if count > 1] == []
    assert [entry for entry in entries if normalise(entry).text != entry] == []
    assert [entry for entry in entries if entry != entry.strip() or not han_count(entry)] == []


def test_the_words_are_those_that_have_a_frequency() -> None:
    assert lexicon() == tuple(frequencies())
    assert len(lexicon()) > 400


def test_frequencies_are_what_jieba_suggests_in_the_order_of_the_file() -> None:
    """A failure names what the column must say."""
    tokenizer = own_copy().Tokenizer()
    with tokenizer.get_dict_file() as stream:
        tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(stream)
    tokenizer.initialized = True
    suggested = {}
    for word in lexicon():
        suggested[word] = tokenizer.suggest_freq(word)
        tokenizer.add_word(word)
    assert {word: n for word, n in suggested.items() if frequencies()[word] != n} == {}


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("放管服\tx\t1\n庸政\tx\t1\n放管服\ty\t1", "line 4: 放管服 stands there twice; keep one"),
        ("放管服\tx\t1\n庸\tx\t1", "line 3: '庸' is a single character; remove it"),
        ("放管服", "line 2: a word, its source and its frequency expected"),
        ("放管服\tx", "line 2: a word, its source and its frequency expected"),
        ("放管服\t\t1", "line 2: a word, its source and its frequency expected"),
        ("放管服\tx\t1\ty", "line 2: a word, its source and its frequency expected"),
        ("放管服\tx\t0", "line 2: a frequency is a whole number above 0, '0' found"),
        ("放管服\tx\t-1", "line 2: a frequency is a whole number above 0, '-1' found"),
        ("放管服\tx\t1.5", "line 2: a frequency is a whole number above 0, '1.5' found"),
        ("放管服\tx\t²", "line 2: a frequency is a whole number above 0, '²' found"),
    ],
)
def test_a_broken_lexicon_names_its_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lines: str, message: str
) -> None:
    (tmp_path / "lexicon.tsv").write_text(f"word\tsource\tfrequency\n{lines}\n", encoding="utf-8")
    monkeypatch.setattr(module, "_FOLDER", tmp_path)
    with pytest.raises(LexiconError, match=rf"lexicon\.tsv, {message}"):
        frequencies.__wrapped__()
