"""Which line breaks are the page's, and which the author's."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from wuxing_nlp.documents.pdf.lines import Line
from wuxing_nlp.documents.pdf.paragraphs import paragraphs

EM = 16.0
LEFT, RIGHT = 80.0, 80.0 + 20 * EM
FULL = "县里建立日调度周通报制度把任务压到人头上"
"""Fills a line of twenty characters."""


def line(
    text: str, baseline: float, *, indent: float = 0, page: int = 0, size: float = EM, left: float = LEFT
) -> Line:
    """A line of square characters, ``indent`` ems in."""
    start = left + indent * size
    end = start + len(text) * size
    closing = text[-1] in "。，；：！？"
    inner = start + (2 * size if text[1:2] in ".、" else 0)
    return Line(text, start, end, end - size * closing, inner, size, baseline, size, page)


def column(*lines: tuple[float, str] | str, page: int = 0, gaps: Iterator[float] | None = None) -> list[Line]:
    """Lines one below the other, given with their indents in ems where they have one."""
    heights = gaps or count(700, -28)
    pairs = [given if isinstance(given, tuple) else (0, given) for given in lines]
    return [line(text, next(heights), indent=indent, page=page) for indent, text in pairs]


def first(text: str) -> tuple[float, str]:
    return 2, text


def test_a_wrapped_paragraph_is_one() -> None:
    lines = column(first(FULL[:18]), FULL, FULL, "确保见效。")
    assert paragraphs([lines]) == [FULL[:18] + FULL * 2 + "确保见效。"]


def test_a_line_with_room_to_spare_ends_its_paragraph() -> None:
    lines = column(first(FULL[:18]), FULL, "确保见效", first(FULL[:18]), "落到实处。")
    assert paragraphs([lines]) == [FULL[:18] + FULL + "确保见效", FULL[:18] + "落到实处。"]


def test_an_indent_begins_a_paragraph_behind_a_full_line() -> None:
    lines = column(first(FULL[:18]), FULL[:19] + "。", first(FULL[:18]), FULL, "落到实处。")
    assert paragraphs([lines]) == [FULL[:18] + FULL[:19] + "。", FULL[:18] + FULL + "落到实处。"]


def test_a_line_is_short_where_a_word_had_no_room() -> None:
    short, word = FULL[:16], "GDP增速"
    lines = column(first(FULL[:18]), FULL, short, FULL)
    lines[3] = Line(word, LEFT, LEFT + 80, LEFT + 80, LEFT, 5 * EM, lines[3].baseline, EM, 0)
    assert paragraphs([lines])[0].endswith(short + word)


def test_a_closing_mark_never_begins_a_paragraph() -> None:
    assert paragraphs([column(first(FULL[:18]), FULL, FULL[:18], "，说到做到。")])[0].endswith("，说到做到。")


def test_a_paragraph_goes_on_over_pages() -> None:
    pages = [column(first(FULL[:18]), *[FULL] * 8), column(*[FULL] * 8, "见效。", page=1)]
    assert paragraphs(pages) == [FULL[:18] + FULL * 16 + "见效。"]


def test_a_page_may_begin_with_a_paragraph() -> None:
    pages = [column(*[FULL] * 9), column(first(FULL[:18]), *[FULL] * 7, "见效。", page=1)]
    assert paragraphs(pages) == [FULL * 9, FULL[:18] + FULL * 7 + "见效。"]


def test_nothing_is_joined_over_a_page_that_is_missing() -> None:
    pages = [column(*[FULL] * 9), [], column(*[FULL] * 8, "见效。", page=2)]
    assert paragraphs(pages) == [FULL * 9, FULL * 8 + "见效。"]


def test_a_footnote_does_not_stand_inside_a_paragraph() -> None:
    note = [line("①指县乡村三级。", 120, size=10), line("②含开发区。", 105, size=10)]
    pages = [column(first(FULL[:18]), *[FULL] * 8) + note, column(*[FULL] * 8, "见效。", page=1)]
    assert paragraphs(pages) == [FULL[:18] + FULL * 16 + "见效。", "①指县乡村三级。", "②含开发区。"]


def test_small_type_that_begins_with_no_mark_stays() -> None:
    source = line("资料来源：县统计局。", 120, size=10)
    pages = [[*column(FULL, FULL, "见效。"), source], column(FULL, FULL, page=1)]
    assert paragraphs(pages) == [FULL * 2 + "见效。", "资料来源：县统计局。", FULL * 2]


def test_pages_may_have_margins_of_their_own() -> None:
    """Left and right pages of a bound document."""
    pages = [
        [line(FULL, 700 - 28 * row, page=page, left=LEFT + 30 * (page % 2)) for row in range(10)]
        for page in range(4)
    ]
    assert paragraphs(pages) == [FULL * 40]


def test_a_wider_gap_begins_a_paragraph() -> None:
    heights = iter([700, 680, 660, 630, 610, 590])
    lines = column(FULL, FULL, FULL, FULL, FULL, "见效", gaps=heights)
    assert paragraphs([lines]) == [FULL * 3, FULL * 2 + "见效"]


def test_lines_far_apart_are_two() -> None:
    assert paragraphs([column(FULL, FULL, gaps=iter([700.0, 500.0]))]) == [FULL, FULL]


def test_another_size_begins_a_paragraph() -> None:
    lines = [line(FULL, 700, size=12), line(FULL, 680, size=16), line(FULL, 652, size=16)]
    assert paragraphs([lines]) == [FULL, FULL * 2]


def test_headings_stay_alone() -> None:
    lines = column(first("一、主要任务"), first("（一）摸清底数"), first(FULL[:18]), FULL, "见效。")
    assert paragraphs([lines]) == ["一、主要任务", "（一）摸清底数", FULL[:18] + FULL + "见效。"]


def test_an_item_behind_a_full_line_begins_a_paragraph() -> None:
    lines = column(FULL, FULL[:19] + "。", "2.核查台账", FULL[:19] + "。", "3.公开结果")
    assert paragraphs([lines]) == [FULL + FULL[:19] + "。", "2.核查台账", FULL[:19] + "。", "3.公开结果"]


def test_a_list_may_hang_below_its_marks() -> None:
    mark = "1." + FULL[:18]
    lines = column(mark, (2, FULL[:18]), (2, "见效。"), mark, (2, "收尾。"))
    assert paragraphs([lines]) == [mark + FULL[:18] + "见效。", mark + "收尾。"]


def test_a_block_may_be_set_in() -> None:
    lines = column(FULL, "如下：", (2, FULL[:18]), (2, FULL[:18]), (2, "见效。"), FULL, "收尾。")
    assert paragraphs([lines]) == [FULL + "如下：", FULL[:18] * 2 + "见效。", FULL + "收尾。"]


def test_a_page_of_short_lines_shows_no_margin() -> None:
    """Else names and figures of a list would run into one another."""
    cells = ["合计", "1445", "东乡镇", "100", "西乡镇", "1350"] * 4
    body = column(first(FULL[:18]), *[FULL] * 8, page=2)
    lists = [column(*map(first, cells), page=page) for page in range(2)]
    assert paragraphs([*lists, body]) == [*cells, *cells, FULL[:18] + FULL * 8]


def test_a_title_in_centred_lines_is_one() -> None:
    title = [
        line("关于整治文山会海的若干规定", 760, size=24, left=LEFT + 4),
        line("（试行）", 724, size=24, left=192),
    ]
    assert (
        paragraphs([[*title, *column(first(FULL[:18]), FULL, FULL)]])[0]
        == "关于整治文山会海的若干规定（试行）"
    )


def test_entries_of_a_table_of_contents_stay_apart() -> None:
    entries = ["一、总体要求…………………………………………1", "二、重点任务…………………………………………3"]
    assert paragraphs([[line(text, 700 - 28 * at) for at, text in enumerate(entries)]]) == entries


def test_cells_of_a_row_are_never_joined() -> None:
    rows = [
        [
            line("清理积压件", height, left=80),
            line("县行政审批服务局", height, left=240),
            line("年底前", height, left=440),
        ]
        for height in (700.0, 672.0)
    ]
    assert (
        paragraphs([[cell for row in rows for cell in row]])
        == ["清理积压件", "县行政审批服务局", "年底前"] * 2
    )


def test_the_lines_of_a_cell_are_joined() -> None:
    cells = [line("清理三个月以", 700), line("上的积压件", 672), line("县政府办", 691, left=240)]
    assert paragraphs([cells]) == ["清理三个月以上的积压件", "县政府办"]


def latin(*texts: str, spaced: bool = False) -> list[Line]:
    """Lines that all fill their column."""
    return [
        Line(text, LEFT, RIGHT, RIGHT, LEFT, EM, 700 - 28 * row, EM, 0, spaced)
        for row, text in enumerate(texts)
    ]


def test_latin_words_are_joined_with_a_space_and_chinese_without() -> None:
    assert paragraphs([latin("推行 One", "Stop 服务", "提升效能")]) == ["推行 One Stop 服务提升效能"]


def test_a_number_broken_inside_is_whole_again() -> None:
    assert paragraphs([latin("总投资20", "26万元")]) == ["总投资2026万元"]


def test_a_hyphen_is_kept() -> None:
    assert paragraphs([latin("基于COVID-", "19防控经验")]) == ["基于COVID-19防控经验"]


def test_a_space_at_the_end_of_a_line_counts_beside_latin() -> None:
    assert paragraphs([latin("推行", "One 服务", spaced=True)]) == ["推行 One 服务"]
    assert paragraphs([latin("推行", "统一服务", spaced=True)]) == ["推行统一服务"]


def test_no_lines_give_no_paragraphs() -> None:
    assert paragraphs([]) == paragraphs([[], []]) == []
