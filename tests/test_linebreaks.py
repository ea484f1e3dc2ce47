"""Soft line breaks: which are joined, which are kept."""

from __future__ import annotations

import pytest

from wuxing_nlp.text.aligned import AlignedText
from wuxing_nlp.text.linebreaks import join_soft_breaks


def joined(text: str) -> str:
    return join_soft_breaks(AlignedText.of(text)).text


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("改进作风，\n马上就办。", "改进作风，马上就办。"),
        ("改进作风、  \n  马上就办。", "改进作风、马上就办。"),
        ("学习《\n纲要》精神。", "学习《纲要》精神。"),
        ("学习纲要\n》精神。", "学习纲要》精神。"),
        ("要抓好落实\n。", "要抓好落实。"),
        ("改进作风，把各项任务一件一\n件落到实处。", "改进作风，把各项任务一件一件落到实处。"),
    ],
)
def test_a_break_inside_a_sentence_is_dropped(given: str, expected: str) -> None:
    assert joined(given) == expected


@pytest.mark.parametrize(
    "text",
    [
        "改进作风。\n马上就办。",
        "政府工作报告\n各位代表：",
        "改进作风，\n\n马上就办。",
        "改进作风，\n一、马上就办。",
        "改进作风，\n（一）马上就办",
        "改进作风，\n1.马上就办",
        "改进作风，\n第三条 马上就办",
        "改进作风，\n——马上就办",
        "改进作风，\n附件：清单",
        "一、改进作风，转变职能\n全县上下要马上就办。",
        "改进作风",
    ],
)
def test_other_breaks_stay(text: str) -> None:
    assert joined(text) == text


def test_a_block_set_to_one_width_is_joined() -> None:
    lines = [
        "临岚县各级政府部门要把作风建设摆在更加突出的位置",
        "持续整治办事拖沓和推诿扯皮等群众反映强烈的老问题",
        "让企业和群众少跑腿好办事并把各项任务真正落到实处",
        "不留死角。",
    ]
    assert len({len(line) for line in lines[:3]}) == 1
    assert joined("\n".join(lines)) == "".join(lines)


def test_short_lines_of_one_width_are_a_list() -> None:
    text = "县财政局\n县审计局\n县统计局\n县民政局"
    assert joined(text) == text


def test_places_after_a_joined_break() -> None:
    text = join_soft_breaks(AlignedText.of("改进， \n  马上"))
    assert text.text == "改进，马上"
    assert text.span(2, 4) == (2, 8)


def test_no_soft_break_gives_the_same_object() -> None:
    text = AlignedText.of("改进作风。\n马上就办。")
    assert join_soft_breaks(text) is text


def test_breaks_that_fall_one_after_the_other_fall_in_one_round() -> None:
    """Each of these breaks is soft only once the next one is: asked one round each, a long text
    would take a round a line."""
    text = AlignedText.of("改，进\n" * 3000 + "改。")
    once = join_soft_breaks(text)
    assert once.text == "改，进" * 3000 + "改。"
