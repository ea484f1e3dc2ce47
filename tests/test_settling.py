"""Replacing phrases until none is left: none is, and every place is exact."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wuxing_nlp.text.aligned import AlignedText
from wuxing_nlp.text.phrases import Phrases
from wuxing_nlp.text.script import variants
from wuxing_nlp.text.settling import settle

WORDS = Phrases({entry.source: entry.target for entry in variants()})
# The words that complete others when they are replaced, and what is left of them where one began.
PIECES = [
    *("感测", "测", "视", "视窗", "丛集", "丛", "程式设计", "式设计", "许可", "许可权", "网际网路", "际网路"),
    *("社群", "干部", "民众", "服务", "物件", "社群服务", "工作", "作业系统", "经济", "执行", "行动通讯"),
    *("智慧财产权", "权力执行", "数位", "经济执行", "远端", "的", "\n", "最佳化", "最佳化学"),
]
TEXT = st.lists(st.sampled_from(PIECES), max_size=20).map("".join)


def in_rounds(text: AlignedText) -> AlignedText:
    """All phrases at once, again and again."""
    while edits := [found for found in WORDS.find(text.text) if text.text[found[0] : found[1]] != found[2]]:
        text = text.edit(edits)
    return text


def spans(text: AlignedText) -> list[tuple[int, int]]:
    return [text.span(at, at + 1) for at in range(len(text.text))]


@pytest.mark.parametrize(
    "source",
    [
        "感测" + "测" * 30,
        "视" * 30 + "视窗",
        "程式设计" + "式设计" * 30,
        "感测感测测\n测视视窗",
        "社群服务物件",
        "智慧财产" * 3 + "智慧财产权力执行",
        "感视视窗测丛集许可许可权",
    ],
)
def test_a_chain_ends_where_rounds_end(source: str) -> None:
    settled, expected = settle(AlignedText.of(source), WORDS), in_rounds(AlignedText.of(source))
    assert settled.text == expected.text
    assert spans(settled) == spans(expected)


@given(TEXT)
@example("网际网路际网路")
def test_nothing_is_left_to_replace(source: str) -> None:
    text = settle(AlignedText.of(source), WORDS)
    assert in_rounds(text) is text
    assert text.source == source
    assert spans(text) == sorted(spans(text))
    assert all(0 <= start < end <= len(source) for start, end in spans(text))


def test_only_lines_that_may_change_do() -> None:
    text = settle(AlignedText.of("感测测\n感测测\n\n视窗\n"), WORDS, [True, False, True, True, True])
    assert text.text == "传传感\n感测测\n\n窗口\n"


def test_places_of_a_text_that_was_edited_before() -> None:
    text = AlignedText.of("(甲)感测测").edit([(0, 3, "")])
    assert spans(settle(text, WORDS)) == [(3, 4), (4, 5), (5, 6)]
    text = settle(AlignedText.of("程式设计式设计。"), WORDS)
    assert (text.text, spans(text)[-1]) == ("编编程。", (7, 8))
