"""Soft line breaks: which are joined, which are kept."""

from __future__ import annotations

import pytest

from wuxing_nlp.text.aligned import AlignedText
from wuxing_nlp.text.linebreaks import join_all_breaks, join_soft_breaks


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
        (
            "全县各级部门要改进作风，把各项任务一件一\n件落到实处。",
            "全县各级部门要改进作风，把各项任务一件一件落到实处。",
        ),
        ("深入贯彻马上就办\n的要求。", "深入贯彻马上就办的要求。"),
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
        "改进作风，\na.马上就办",
        "改进作风，\nB.马上就办",
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


def test_what_stands_around_a_block_is_not_part_of_it() -> None:
    block = [
        "临岚县各级政府部门要把作风建设摆在更加突出的位置",
        "持续整治办事拖沓和推诿扯皮等群众反映强烈的老问题",
        "让企业和群众少跑腿好办事并把各项任务真正落到实处",
        "不留死角。",
    ]
    before, after = ["临岚县人民政府", "工作报告"], ["县财政局", "县审计局", "县统计局负责", "县民政局"]
    assert joined("\n".join([*before, *block, *after])) == "\n".join([*before, "".join(block), *after])


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
    lines = [
        "全县各级部门要改进作风，把任务一件一件抓",
        "全县各级部门都要持续改进作风，把任务一件一件抓",
    ] * 1500
    assert abs(len(lines[0]) - len(lines[1])) > 1
    once = join_soft_breaks(AlignedText.of("\n".join([*lines, "不留死角。"])))
    assert once.text == "".join(lines) + "不留死角。"


@pytest.mark.parametrize(
    "title",
    ["聚焦全方位扩大内需，着力提消费促投资添活力", "建立食品、药品、农产品安全档案的工作机制"],
)
def test_a_title_with_a_comma_is_not_joined_to_its_paragraph(title: str) -> None:
    """The paragraph's line is far wider than the title's: the page had room."""
    text = f"{title}\n大力提振消费需求。" + "全面落实扩大消费的各项政策，" * 5 + "一抓到底。"
    assert joined(text) == text
    assert joined(f"第二节\n{text}") == f"第二节\n{text}"


def test_a_list_of_names_is_not_joined() -> None:
    text = "王小岚 教授、临岚大学\n李大山 教授、临岚学院\n赵一水 院士、临岚研究院\n名单由县教育局负责解释。"
    assert joined(text) == text


def test_a_point_begins_an_item() -> None:
    text = "全县重点做好改进作风、提升效能的两项工作\n一是改进作风、转变职能，让群众办事不再难。"
    assert joined(text) == text


def test_width_counts_latin_letters_and_digits_as_half() -> None:
    line = "全县建成了五座基站，办结事项也比上一年多了不少，截"
    following = "至2025年底已经达到12345.67件，较2024年多了8901.5件，群众满意。"
    assert len(following) > len(line) + 10
    assert joined(f"{line}\n{following}") == line + following


def test_a_sentence_is_joined_along_all_its_lines() -> None:
    """The last lines fall first; the first is then measured against what stood on the page."""
    lines = [
        "全县各级部门要改进作风，把各项任务一件一件落",
        "到实处，不折不扣，不留死角，让每一名办事的群众和",
        "企业都少跑腿，",
        "好办事。",
    ]
    text = "\n".join(lines)
    assert joined(text) == "".join(lines)
    assert joined(f"{text} \n{text}\n马上就办。") == f"{''.join(lines)} \n{''.join(lines)}\n马上就办。"
    # The last breaks may have fallen in a round before.
    breaks = [at for at, character in enumerate(text) if character == "\n"][1:]
    before = AlignedText.of(text).edit([(at, at + 1, "") for at in breaks])
    assert before.text.count("\n") == 1
    assert join_soft_breaks(before).text == "".join(lines)


def test_white_space_behind_the_last_full_stop_does_not_matter() -> None:
    lines = ["全县各级部门要改进作风，把各项任务一件一件落", "到实处。"]
    assert joined("\n".join(lines) + "  ") == "".join(lines) + "  "


def test_all_breaks_are_dropped_where_they_have_to_be() -> None:
    text = join_all_breaks(AlignedText.of("\n改进作风。\n\n马上就办。\n"))
    assert text.text == "改进作风。马上就办。"
    assert text.span(5, 7) == (8, 10)
