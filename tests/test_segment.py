"""Segmentation: one frozen segmenter, its lexicon, nothing shared with the rest of the process."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from wuxing_nlp.errors import LexiconError
from wuxing_nlp.text import segment
from wuxing_nlp.text.characters import han_count
from wuxing_nlp.text.script import normalise
from wuxing_nlp.text.segment import LONGEST_RUN, Segmenter, lexicon, segmenter


@pytest.mark.parametrize(
    "text",
    [
        "",
        "马上就办，真抓实干。",
        " 两  空格\n换行 ",
        "C++和5.6%的GB/T-1",
        "\U00020000\U00030000放管服",
        "\ud800",
    ],
)
def test_words_concatenate_to_the_text(text: str) -> None:
    assert "".join(segmenter().words(text)) == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("整治庸政懒政怠政", {"庸政", "懒政怠政"}),
        ("纠治怕慢假庸散", {"怕慢假庸散"}),
        ("深化放管服改革", {"放管服改革"}),
        ("放管服是关键", {"放管服"}),
        ("不作为慢作为乱作为", {"不作为", "慢作为", "乱作为"}),
        ("建设五型政府", {"五型政府"}),
        ("建设区域性集散中心", {"集散中心"}),
    ],
)
def test_policy_words_stay_whole(text: str, words: set[str]) -> None:
    assert words <= set(segmenter().words(text))


def test_every_entry_survives_its_own_segmentation() -> None:
    words = segmenter().words
    assert {entry: words(entry) for entry in lexicon() if words(entry) != [entry]} == {}


def test_entries_are_canonical_chinese_words_without_doubles() -> None:
    entries = lexicon()
    assert [entry for entry, count in Counter(entries).items() if count > 1] == []
    assert [entry for entry in entries if normalise(entry).text != entry] == []
    assert [entry for entry in entries if entry != entry.strip() or not han_count(entry)] == []


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("放管服\tx\n庸政\tx\n放管服\ty", "line 4: 放管服 stands there twice; keep one"),
        ("放管服\tx\n庸\tx", "line 3: '庸' is a single character; remove it"),
        ("放管服", "line 2: a word and its source expected"),
        ("放管服\t", "line 2: a word and its source expected"),
        ("放管服\tx\ty", "line 2: a word and its source expected"),
    ],
)
def test_a_broken_lexicon_names_its_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lines: str, message: str
) -> None:
    (tmp_path / "lexicon.tsv").write_text(f"word\tsource\n{lines}\n", encoding="utf-8")
    monkeypatch.setattr(segment, "files", lambda package: tmp_path)
    with pytest.raises(LexiconError, match=rf"lexicon\.tsv, {message}"):
        lexicon.__wrapped__()


def in_a_fresh_process(code: str) -> str:
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    return done.stdout.strip()


def test_the_shared_jieba_is_not_touched(tmp_path: Path) -> None:
    """Neither loaded nor initialised by us; no cache file written to the temporary folder."""
    code = f"""
import sys, tempfile
tempfile.tempdir = {str(tmp_path)!r}
from wuxing_nlp.text.segment import segmenter
segmenter().words("马上就办")
print("jieba" in sys.modules)
import jieba
print(jieba.dt.initialized, len(jieba.dt.FREQ), len(jieba.dt.user_word_tag_tab))
"""
    assert in_a_fresh_process(code) == "False\nFalse 0 0"
    assert list(tmp_path.iterdir()) == []


def test_what_others_do_to_jieba_changes_nothing_here() -> None:
    code = """
import logging
import jieba
jieba.setLogLevel(logging.CRITICAL)
from wuxing_nlp.text.segment import segmenter
text = "临岚县纠治慢作为。王小岚在骉淼镇抓实干部作风。"
before = segmenter().words(text)
for word in ("临岚县纠治", "骉淼镇抓实"):
    jieba.add_word(word, 10**9)
for word in before:
    jieba.del_word(word)
assert list(jieba.cut(text)) != before
print(segmenter().words(text) == before)
"""
    assert in_a_fresh_process(code) == "True"


def test_a_planted_cache_is_not_read(tmp_path: Path) -> None:
    """Jieba's own cache is a file of the shared temporary folder that anyone may write."""
    (tmp_path / "jieba.cache").write_bytes(b"planted")
    code = f"""
import tempfile
tempfile.tempdir = {str(tmp_path)!r}
from wuxing_nlp.text.segment import segmenter
print("".join(segmenter().words("马上就办")))
"""
    assert in_a_fresh_process(code) == "马上就办"
    assert (tmp_path / "jieba.cache").read_bytes() == b"planted"


def test_long_runs_are_cut_before_jieba_sees_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run without punctuation of 200,000 characters reaches jieba in pieces of bounded length."""
    own = Segmenter()
    seen: list[int] = []
    cut = own._cut

    def counted(piece: str) -> list[str]:
        seen.append(len(piece))
        return list(cut(piece))

    monkeypatch.setattr(own, "_cut", counted)
    text = "骉淼犇猋" * 50_000
    assert "".join(own.words(text)) == text
    assert max(seen) <= LONGEST_RUN
    assert len(seen) <= len(text) // LONGEST_RUN + 1


def test_no_run_longer_than_the_limit_is_left() -> None:
    text = "，".join(["改" * 499, "改" * 500, "改" * 501, "改" * 1200])
    parts = segment._runs(text)
    assert "".join(parts) == text
    assert max(len(run) for part in parts for run in part.split("，")) <= LONGEST_RUN


def test_a_short_text_is_one_run() -> None:
    assert segment._runs("马上就办，真抓实干。") == ["马上就办，真抓实干。"]


def test_one_segmenter_a_process() -> None:
    assert segmenter() is segmenter()


def test_fingerprint_changes_with_the_lexicon(monkeypatch: pytest.MonkeyPatch) -> None:
    before = segment.fingerprint()
    assert len(before) == 64
    assert segment.fingerprint.__wrapped__() == before
    monkeypatch.setattr(segment, "lexicon", lambda: ("放管服",))
    assert segment.fingerprint.__wrapped__() != before


def test_a_missing_jieba_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segment, "find_spec", lambda name: None)
    with pytest.raises(LexiconError, match="jieba is not installed; run: pip install jieba"):
        segment._own_jieba.__wrapped__()
