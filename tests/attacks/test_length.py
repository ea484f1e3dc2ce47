"""Very long texts of one thing: what is not linear in the length does not come back from them.

``WUXING_ATTACK_CHARACTERS`` makes the costlier texts longer.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from types import FrameType

import pytest

from wuxing_nlp import Tagger
from wuxing_nlp.text.script import normalise
from wuxing_nlp.text.segment import segmenter

LIMIT = 120
"""Seconds until a test counts as hanging; each takes a few, and many minutes where a step is quadratic."""

MILLION = 1_000_000
MANY = int(os.environ.get("WUXING_ATTACK_CHARACTERS", "100_000"))
"""Characters of texts that cost more each."""

NESTED = 100_000


@pytest.fixture(autouse=True)
def guard() -> Iterator[None]:
    """Fail a test that hangs."""

    def hangs(signum: int, frame: FrameType | None) -> None:
        raise AssertionError(f"not done after {LIMIT} seconds")

    if not hasattr(signal, "SIGALRM"):
        yield
        return
    before = signal.signal(signal.SIGALRM, hangs)
    signal.alarm(LIMIT)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def of(piece: str, length: int) -> str:
    return piece * (length // len(piece))


def nested(opening: str, closing: str) -> str:
    return f"{opening * NESTED}整治推诿扯皮。{closing * NESTED}"


# A line of 20 characters, then by turns one of 20, which is joined to it, and one of 30, joined with that.
# What stands in brackets across the three is a gloss and falls, and a line of 20 characters is left.
UNWOUND = "改" * 16 + "(jin\n" + of("aaaaaaaaaaīaaaaaaaaa\n" + "a" * 25 + ")(jin\n", 2 * MANY)

LONG = {
    "full stops": (of("。", MILLION), 1),
    "commas": (of("，", MILLION), 1),
    "marks": (of("，。；！？…—（“》", MILLION), None),
    "line breaks": (of("\n", MILLION), 0),
    "breaks of all kinds": (of("\r\n\x85\u2028\x0b\r", MILLION // 4), 0),
    "spaces": (of("\u3000", MILLION), 0),
    "zeros": (of("\0", MANY), 0),
    "figures": (of("1", MILLION), 1),
    "points": (of(".", MILLION), 1),
    "page numbers": (of("- 3 -\n", MANY), MANY // 6),
    "contents": (of("目录\n", MANY), MANY // 3),
    "brackets": (nested("（", "）"), None),
    "titles": (nested("《", "》"), None),
    "quotations": (nested("“", "”"), None),
    "opened": (of("（《“", MILLION), 1),
    "Han": (of("坚决整治推诿扯皮工作作风群众反映强烈", MANY), 1),
    "far Han": (of("\U00020000", MANY), 1),
    "combining": (of("改\u0301\u0304", MANY), 1),
    "invisible": (of("改\u200b", MANY), 1),
    "variations": (of("葛\U000e0101", MANY), 1),
    "surrogates": (of("\ud800", MANY), 0),
    "emoji": (of("👨\u200d👩\u200d👧", MANY), 1),
    "Hangul": (of("\u1100\u1161", MANY), 1),
    "glosses": (of("经(jīng)", MANY), 1),
    "sentences": (of("坚决整治推诿扯皮。", MANY), MANY // 9),
    "clauses": (of("坚决整治推诿扯皮，", MANY), 1),
    "lines": (of("坚决整治，\n", MANY), 1),
    "gaps of cues": (of("政府干部", MANY), 1),
    "Traditional": (of("堅決整治推諉扯皮", MANY), 1),
    "single characters": (of("改-革-", MANY), 1),
    "words that make the next": ("程式設計" + of("式設計", MANY // 4), 1),
    "lines that unwind": (UNWOUND, 1),
}


@pytest.mark.parametrize("name", LONG)
def test_a_long_text_is_tagged(tagger: Tagger, name: str) -> None:
    text, count = LONG[name]
    units = tagger.tag(text).units
    assert count is None or len(units) == count
    assert all(text[unit.start : unit.end] == unit.text for unit in units)
    spans = [(span, unit) for unit in units for tag in unit.tags for span in tag.evidence]
    assert all(unit.start <= span.start < span.end <= unit.end for span, unit in spans)


@pytest.mark.parametrize("name", ["words that make the next", "lines that unwind", "glosses", "far Han"])
def test_a_long_text_is_normalised_once(name: str) -> None:
    once = normalise(LONG[name][0]).text
    assert normalise(once).text == once


@pytest.mark.parametrize("engine", ["compiled", "rjieba", "jieba"])
@pytest.mark.parametrize("piece", ["改革", "看看看", "魎", "+", "，", "１", "a1.", "\r\n", "改-革-"])
def test_long_runs_are_cut_by_both_engines(engine: str, piece: str) -> None:
    text = of(piece, MANY // 2)
    assert "".join(segmenter(engine).words(text)) == text


@pytest.mark.parametrize("piece", ["改-革-", "一、\n"])
def test_a_million_words_of_one_character(piece: str) -> None:
    text = of(piece, MILLION)
    assert "".join(segmenter().words(text)) == text
