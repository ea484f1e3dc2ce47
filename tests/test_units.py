"""Coding units: where a text is cut, and what kind each piece is."""

from __future__ import annotations

import pytest

from wuxing_nlp.text.aligned import AlignedText
from wuxing_nlp.text.script import normalise
from wuxing_nlp.text.units import Cut, cut_units


def pieces(text: str) -> list[str]:
    return [text[cut.start : cut.end] for cut in cut_units(text)]


def kinds(text: str) -> list[tuple[str, str]]:
    return [(text[cut.start : cut.end], cut.kind) for cut in cut_units(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # The codebook's rule: up to 。！？； or a line break.
        ("马上就办。真抓实干！办不办？办；", ["马上就办。", "真抓实干！", "办不办？", "办；"]),
        ("马上就办\n真抓实干", ["马上就办", "真抓实干"]),
        ("马上就办，真抓实干：不拖延、不推诿。", ["马上就办，真抓实干：不拖延、不推诿。"]),
        ("真的吗？！真的！！！", ["真的吗？！", "真的！！！"]),
        ("还有很多……要抓紧。", ["还有很多……要抓紧。"]),
        ("  马上就办。 真抓实干。  ", ["马上就办。", "真抓实干。"]),
        ("马上就办。\n\n \n真抓实干。", ["马上就办。", "真抓实干。"]),
        ("", []),
        (" \n \n", []),
        # List items.
        ("一是改作风；二是提效能；三是严纪律。", ["一是改作风；", "二是提效能；", "三是严纪律。"]),
        ("1.改作风\n2.提效能", ["1.改作风", "2.提效能"]),
        # Nothing is cut inside titles and brackets that close on the line.
        ("印发《放管服？怎么放！》的通知。", ["印发《放管服？怎么放！》的通知。"]),
        ("印发〈放管服？怎么放！〉的通知。", ["印发〈放管服？怎么放！〉的通知。"]),
        ("县政府（各部门。各乡镇；）要落实。", ["县政府（各部门。各乡镇；）要落实。"]),
        ("县政府(各部门。各乡镇)要落实。", ["县政府(各部门。各乡镇)要落实。"]),
        ("【办事指南；第二版】已发布。好。", ["【办事指南；第二版】已发布。", "好。"]),
        ("县（）政府。真抓（实干）。", ["县（）政府。", "真抓（实干）。"]),
        # A quotation's own full stop where the sentence goes on, and where it does not.
        ("落实“马上就办。”的要求。", ["落实“马上就办。”的要求。"]),
        ("他说：“办。办好！”，大家照办。", ["他说：“办。办好！”，大家照办。"]),
        ("他说：“马上就办。”大家都动了起来。", ["他说：“马上就办。”", "大家都动了起来。"]),
        ("他说：“马上办。今天办。”", ["他说：“马上办。", "今天办。”"]),
        ("他说：「马上就辦。」大家都動了。", ["他说：「马上就辦。」", "大家都動了。"]),
        ("（马上就办。）真抓实干。", ["（马上就办。）真抓实干。"]),
        # ASCII marks end a sentence only behind a Chinese character.
        ("马上就办!真抓实干?好;行", ["马上就办!", "真抓实干?", "好;", "行"]),
        ("参数a;b和c?d=1!不变。", ["参数a;b和c?d=1!不变。"]),
        ("同比增长5.6%;不变", ["同比增长5.6%;不变"]),
        # Unbalanced brackets are text.
        ("《马上就办。真抓实干。", ["《马上就办。", "真抓实干。"]),
        ("（马上就办。真抓实干。", ["（马上就办。", "真抓实干。"]),
        ("马上就办》。真抓实干）。", ["马上就办》。", "真抓实干）。"]),
        ("“马上就办。真抓实干。", ["“马上就办。", "真抓实干。"]),
        ("马上就办。）真抓实干。", ["马上就办。）", "真抓实干。"]),
        ("。", ["。"]),
        ("。。。", ["。。。"]),
    ],
)
def test_cuts(text: str, expected: list[str]) -> None:
    assert pieces(text) == expected


def test_a_bracket_that_closes_on_another_line_holds_nothing_together() -> None:
    assert pieces("（马上就办。真抓\n实干。）好。") == ["（马上就办。", "真抓", "实干。）", "好。"]


def test_a_bracket_that_closes_far_away_was_never_meant_to_close() -> None:
    text = "（" + "马上就办。" * 100 + "）"
    assert len(pieces(text)) == 100


@pytest.mark.parametrize(
    "line",
    [
        "一、总体要求",
        "（一）改进工作作风",
        "(一)改进工作作风",
        "1.提高效能",
        "1．提高效能",
        "第一章 总则",
        "第三条",
        "附件1：任务清单",
        "政府工作报告",
        "三、持续转变作风，提升服务效能",
    ],
)
def test_headings(line: str) -> None:
    assert kinds(line) == [(line, "heading")]


@pytest.mark.parametrize(
    "line",
    [
        "马上就办，真抓实干",
        "各位代表：",
        "第三条 各部门应当依法公开办事指南。",
        "一、各部门要马上就办。",
        "改进作风，一件一件抓，一项一项督，让群众和企业真正感受到变化，不达目的不收兵",
        "持续整治办事拖沓和推诿扯皮问题让企业和群众少跑腿好办事并把各项任务落到实处不留死角",
    ],
)
def test_sentences(line: str) -> None:
    assert kinds(line) == [(line, "sentence")]


def test_a_run_in_title_is_a_heading_before_its_text() -> None:
    assert kinds("（一）改进作风。各部门要马上就办。") == [
        ("（一）改进作风。", "heading"),
        ("各部门要马上就办。", "sentence"),
    ]
    assert kinds("1.提高效能。压减材料。压减时限。")[0] == ("1.提高效能。", "heading")


def test_an_article_with_its_text_on_the_same_line() -> None:
    text = "第三条 各部门应当马上就办。不得推诿。"
    assert kinds(text) == [("第三条 各部门应当马上就办。", "sentence"), ("不得推诿。", "sentence")]


def test_furniture_is_one_unit_a_line() -> None:
    text = "目录\n一、总体要求 1\n二、任务 2\n一、总体要求\n马上就办。\n- 3 -"
    assert kinds(text) == [
        ("目录", "furniture"),
        ("一、总体要求 1", "furniture"),
        ("二、任务 2", "furniture"),
        ("一、总体要求", "heading"),
        ("马上就办。", "sentence"),
        ("- 3 -", "furniture"),
    ]


def test_offsets_leave_white_space_out() -> None:
    assert cut_units(" 办。 \n 好。") == [Cut(1, 3, "sentence"), Cut(6, 8, "sentence")]


def test_an_aligned_text_is_cut_like_its_text() -> None:
    text = normalise("資訊公開要馬上就辦。不得推諉。")
    assert cut_units(text) == cut_units(text.text)
    assert [text.span(cut.start, cut.end) for cut in cut_units(text)] == [(0, 10), (10, 15)]
    assert cut_units(AlignedText.of("")) == []


@pytest.mark.parametrize("piece", ["马上就办", "马上就办。", "（", "“", "。", "“办。", "中。”"])
def test_a_line_of_a_hundred_thousand_characters(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    assert "".join(pieces(text)) == text
