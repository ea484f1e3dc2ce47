"""Page furniture: what no reader would code."""

from __future__ import annotations

import pytest

from wuxing_nlp.text.furniture import FurnitureReader


def is_furniture(line: str) -> bool:
    return FurnitureReader([line]).is_furniture(0)


@pytest.mark.parametrize(
    "line",
    [
        "- 12 -",
        "— 3 —",
        "第 5 页",
        "第5页 共20页",
        "5/20",
        "1023",
        "* * *",
        "GB/T 1234-2020",
        "一、总体要求........3",
        "（二）基本原则…………12",
        "附件1 清单……………… 5",
        "前言......IV",
        "前言......ix",
        "首页",
        "【打印】【关闭窗口】",
        "首页 > 下载 | 打印 | 收藏本页",
        "大 中 小",
        "字体：【大 中 小】",
        "来源：临岚县政府办",
        "责任编辑：小岚",
        "（此件公开发布）",
        "您的位置：首页 > 政务公开",
        "当前位置：首页",
        "版权所有：临岚县人民政府",
        "岚ICP备00000000号",
        "临岚县政府 岚ICP备00000000号-1 网站支持IPv6",
        "发文字号：岚政发〔2025〕1号",
        "发布时间：2025-01-02 10:20",
        "2025年1月2日",
        "目录",
        "目 录",
        "   ",
    ],
)
def test_furniture(line: str) -> None:
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        "马上就办，真抓实干。",
        "打印机采购要公开透明",
        "大力整治庸懒散",
        "中小企业",
        "首页要展示办事指南。",
        "2025年1月2日，县政府召开会议。",
        "一、总体要求",
        "来源于群众的问题要一件件办好。",
        "问题还有很多……",
        "我们等了三个月......",
        "等了又等.... 一直没有回音",
        "全县网站都要在首页底部标明ICP备案号，并且链接到备案系统，没有标明的由县政府办公室限期改正，到期仍未改正的通报批评。",
    ],
)
def test_text(line: str) -> None:
    assert not is_furniture(line)


def test_a_table_of_contents_ends_where_its_entries_end() -> None:
    lines = [
        "目录",
        "",
        "一、总体要求 1",
        "二、主要任务 3",
        "（一）改作风 12",
        "一、总体要求",
        "各县区 15 个部门：",
    ]
    reader = FurnitureReader(lines)
    assert [reader.is_furniture(n) for n in range(len(lines))] == [True] * 5 + [False] * 2


def test_lines_that_end_in_a_number_are_text_without_a_contents_line() -> None:
    lines = ["主要任务 3", "全县办结事项 12"]
    reader = FurnitureReader(lines)
    assert not any(reader.is_furniture(n) for n in range(len(lines)))


@pytest.mark.parametrize(
    "line",
    [
        "." * 100_000 + "中",
        "…" * 100_000 + "中",
        "首页 | 下载 | 打印 | 大 | 中 | 小 | " * 5_000 + "新闻",
        ("中" + " " * 300) * 300 + "，",
        "-" * 100_000 + "中",
    ],
    ids=["dots", "ellipses", "menu", "spaces", "dashes"],
)
def test_long_lines_are_read_in_linear_time(line: str) -> None:
    """Patterns with two ways to match a character would not come back from these."""
    assert not is_furniture(line)
