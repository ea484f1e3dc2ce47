"""Segmentation: one frozen segmenter an engine, nothing shared with the rest of the process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from wuxing_nlp.errors import SegmenterError
from wuxing_nlp.text import compiled_engine, rjieba_engine, segment
from wuxing_nlp.text.lexicon import lexicon
from wuxing_nlp.text.segment import ENGINES, LONGEST_RUN, Segmenter, segmenter

each_engine = pytest.mark.parametrize("engine", sorted(ENGINES))


@each_engine
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
def test_words_concatenate_to_the_text(engine: str, text: str) -> None:
    assert "".join(segmenter(engine).words(text)) == text


@each_engine
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
def test_policy_words_stay_whole(engine: str, text: str, words: set[str]) -> None:
    assert words <= set(segmenter(engine).words(text))


@each_engine
def test_every_entry_survives_its_own_segmentation(engine: str) -> None:
    words = segmenter(engine).words
    assert {entry: words(entry) for entry in lexicon() if words(entry) != [entry]} == {}


def in_a_fresh_process(code: str) -> str:
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    return done.stdout.strip()


@each_engine
def test_the_shared_modules_are_not_touched(engine: str, tmp_path: Path) -> None:
    """Neither loaded nor initialised by us; no cache file written to the temporary folder."""
    code = f"""
import sys, tempfile
tempfile.tempdir = {str(tmp_path)!r}
from wuxing_nlp.text.segment import segmenter
segmenter({engine!r}).words("马上就办")
print("jieba" in sys.modules, "rjieba" in sys.modules)
import jieba, rjieba
print(jieba.dt.initialized, len(jieba.dt.FREQ), len(jieba.dt.user_word_tag_tab))
print(rjieba.has_word("放管服"))
"""
    assert in_a_fresh_process(code) == "False False\nFalse 0 0\nFalse"
    assert list(tmp_path.iterdir()) == []


def test_the_fast_engine_loads_no_code_of_jieba() -> None:
    code = """
import sys
from wuxing_nlp.text.segment import fingerprint, segmenter
segmenter("compiled").words("马上就办")
fingerprint()
print([name for name in sys.modules if "_jieba" in name])
"""
    assert in_a_fresh_process(code) == "[]"


@each_engine
def test_what_others_do_to_the_shared_modules_changes_nothing_here(engine: str) -> None:
    code = f"""
import logging
import jieba, rjieba
jieba.setLogLevel(logging.CRITICAL)
from wuxing_nlp.text.segment import segmenter
text = "临岚县纠治慢作为。王小岚在骉淼镇抓实干部作风。"
before = segmenter({engine!r}).words(text)
for word in ("临岚县纠治", "骉淼镇抓实"):
    jieba.add_word(word, 10**9)
    rjieba.add_word(word, 10**9, None)
for word in before:
    jieba.del_word(word)
assert before not in (list(jieba.cut(text)), rjieba.cut(text))
print(segmenter({engine!r}).words(text) == before)
rjieba.clear()
print(segmenter({engine!r}).words(text) == before)
"""
    assert in_a_fresh_process(code) == "True\nTrue"


def test_a_planted_cache_is_not_read(tmp_path: Path) -> None:
    """Jieba's own cache is a file of the shared temporary folder that anyone may write."""
    (tmp_path / "jieba.cache").write_bytes(b"planted")
    code = f"""
import tempfile
tempfile.tempdir = {str(tmp_path)!r}
from wuxing_nlp.text.segment import segmenter
print("".join(segmenter("jieba").words("马上就办")))
"""
    assert in_a_fresh_process(code) == "马上就办"
    assert (tmp_path / "jieba.cache").read_bytes() == b"planted"


@each_engine
def test_long_runs_are_cut_before_the_engine_sees_them(engine: str) -> None:
    """A run without punctuation of 200,000 characters reaches the engine in pieces of bounded length."""
    seen: list[int] = []

    class Counted:
        name = engine

        def cut(self, text: str) -> list[str]:
            seen.append(len(text))
            return segmenter(engine).words(text)

    text = "骉淼犇猋" * 50_000
    assert "".join(Segmenter(Counted()).words(text)) == text
    assert max(seen) <= LONGEST_RUN
    assert len(seen) <= len(text) // LONGEST_RUN + 1


def test_no_run_longer_than_the_limit_is_left() -> None:
    text = "，".join(["改" * 499, "改" * 500, "改" * 501, "改" * 1200])
    parts = segment._runs(text)
    assert "".join(parts) == text
    assert max(len(run) for part in parts for run in part.split("，")) <= LONGEST_RUN


def test_one_segmenter_an_engine() -> None:
    assert segmenter() is segmenter("compiled") is segmenter("compiled")
    assert segmenter("jieba") is segmenter("jieba") is not segmenter()
    assert {name: segmenter(name).engine for name in ENGINES} == {name: name for name in ENGINES}


def test_an_unknown_engine_names_those_that_there_are() -> None:
    with pytest.raises(SegmenterError, match=r"there is no engine 'jeiba'.*compiled, rjieba, jieba"):
        segmenter("jeiba")


@pytest.fixture
def without_compiled_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled_engine, "native", None)


@pytest.mark.usefixtures("without_compiled_code")
def test_without_a_compiler_rjieba_cuts() -> None:
    assert segment._fastest.__wrapped__() is segmenter("rjieba")


@pytest.mark.usefixtures("without_compiled_code")
def test_without_rjieba_jieba_cuts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rjieba_engine, "find_spec", lambda name: None)
    assert segment._fastest.__wrapped__() is segmenter("jieba")


@pytest.mark.usefixtures("without_compiled_code")
def test_with_an_rjieba_that_cuts_otherwise_jieba_cuts_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    own = rjieba_engine._own_jieba()
    own.add_word("放管服改革办", 1, None)
    monkeypatch.setattr(rjieba_engine, "_own_jieba", lambda: own)
    monkeypatch.setattr(segment, "_of", segment._of.__wrapped__)
    with pytest.warns(UserWarning, match="pip install rjieba==0.2.2. Until then jieba cuts the same words"):
        assert segment._fastest.__wrapped__().engine == "jieba"


def test_the_fingerprints_name_the_rules_and_not_the_engine() -> None:
    """Bundles that were saved hold these: a change makes them unfit, and wants a training."""
    assert segment.fingerprint() == "7705a0c1930e386953054c4574b8a2d2b6405c81bf96c1b8a7b99c7e48591f20"
    assert segment.lexicon_fingerprint() == "8c97445171878785009dd764e1fa738b6974c3bca2888965ca701cf32d0e374a"


def test_fingerprint_changes_with_the_lexicon(monkeypatch: pytest.MonkeyPatch) -> None:
    before = segment.fingerprint()
    assert segment.fingerprint.__wrapped__() == before
    monkeypatch.setattr(segment, "lexicon", lambda: ("放管服",))
    assert segment.fingerprint.__wrapped__() != before
