"""Pinyin glosses of web mirrors."""

from __future__ import annotations

import pytest

from wuxing_nlp.text.aligned import AlignedText
from wuxing_nlp.text.glosses import drop_glosses


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("经(jīng)济(jì)", "经济"),
        ("经（jīng）济（jì）", "经济"),
        ("經(jīng)濟(jì)", "經濟"),
        ("经济(jīng jì)发展", "经济发展"),
        ("西安(xī'ān)", "西安"),
        ("绿(lǜ)女(nü)", "绿女"),
        ("经( jīng )济", "经济"),
        ("经(ji\u0304ng)济", "经济"),
        ("重(zhòng)(chóng)点", "重点"),
        ("我的(de)经(jīng)济", "我的经济"),  # toneless beside toned ones
    ],
)
def test_glosses_are_dropped(given: str, expected: str) -> None:
    assert drop_glosses(AlignedText.of(given)).text == expected


@pytest.mark.parametrize(
    "text",
    [
        "人工智能(ai)产业",  # toneless alone may be the author's abbreviation
        "平台（app）上线",
        "增长(5.6%)",
        "经(JĪNG)济",
        "word(jīng)",
        "(jīng)济",
        "办事大厅（一楼）",
        "人工智能(ai)叫ài",  # a tone outside brackets glosses nothing
        "经(jīng",
    ],
)
def test_everything_else_stays(text: str) -> None:
    assert drop_glosses(AlignedText.of(text)).text == text


def test_places_after_a_gloss() -> None:
    text = drop_glosses(AlignedText.of("经(jīng)济(jì)好"))
    assert [text.span(i, i + 1) for i in range(3)] == [(0, 1), (7, 8), (12, 13)]


def test_brackets_full_of_letters_are_read_in_linear_time() -> None:
    """A pattern that may part a run of letters in many ways would not come back from this."""
    text = "经(jīng)济" + "（" + "a" * 56 + "中"
    long = text * 2000
    assert drop_glosses(AlignedText.of(long)).text == long.replace("(jīng)", "")
