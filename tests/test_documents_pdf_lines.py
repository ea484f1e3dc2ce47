"""Characters at places become lines in the order in which they are read."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import closing

import pypdfium2
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from wuxing_nlp.documents.pdf.lines import Line, page_lines, plain_character

FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))


def lines_of(draw: Callable[[Canvas], None]) -> list[Line]:
    """The lines of a page drawn in 16 points."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4)
    canvas.setFont(FONT, 16)
    draw(canvas)
    canvas.save()
    with (
        pypdfium2.PdfDocument(stream.getvalue()) as document,
        closing(document[0]) as page,
        closing(page.get_textpage()) as textpage,
    ):
        return page_lines(page, textpage, 0).lines


def put(*placed: tuple[float, float, str]) -> Callable[[Canvas], None]:
    """Draw texts at their places, one after the other."""

    def draw(canvas: Canvas) -> None:
        for x, y, text in placed:
            canvas.drawString(x, y, text)

    return draw


def texts(*placed: tuple[float, float, str]) -> list[str]:
    return [line.text for line in lines_of(put(*placed))]


def test_a_line_knows_its_place() -> None:
    [line] = lines_of(put((80, 700, "（一）压实责任。  ")))
    assert line.text == "（一）压实责任。"
    assert (line.left, line.right, line.edge) == pytest.approx((80, 208, 192), abs=0.01)
    assert (line.inner, line.head) == pytest.approx((128, 48), abs=0.01)
    assert (line.baseline, line.size, line.page) == pytest.approx((700, 16, 0), abs=0.01)
    assert line.spaced


@pytest.mark.parametrize(
    ("text", "width"),
    [("全县", 16), ("“十四五”", 32), ("办，", 32), ("GDP增长", 32.6), ("4.5%—5%，其中", 81)],
)
def test_the_head_is_what_no_line_is_broken_inside(text: str, width: float) -> None:
    [line] = lines_of(put((80, 700, text)))
    assert line.head == pytest.approx(width, abs=3)


def test_pieces_of_one_line_are_one() -> None:
    assert texts((80, 700, "全年完成"), (144, 700, "投资"), (176, 700, "12.6亿元")) == [
        "全年完成投资12.6亿元"
    ]


def test_a_superscript_stands_in_its_line() -> None:
    assert texts((80, 700, "见附件"), (128, 705, "1"), (136, 700, "所列")) == ["见附件1所列"]


def test_a_gap_stands_for_a_space() -> None:
    assert texts((80, 700, "县长"), (120, 700, "周明")) == ["县长 周明"]


def test_a_quarter_between_chinese_and_digits_is_the_setters() -> None:
    assert texts((80, 700, "到"), (100, 700, "2030"), (133.6, 700, "年")) == ["到2030年"]


def test_a_line_spread_to_its_margins_has_no_spaces() -> None:
    assert texts(*((80 + 22 * at, 700, c) for at, c in enumerate("各部门要各司其职"))) == ["各部门要各司其职"]


def test_a_wide_gap_parts_cells() -> None:
    assert texts((80, 700, "牵头单位"), (300, 700, "县住建局")) == ["牵头单位", "县住建局"]


def test_the_mark_of_an_item_stands_with_its_text() -> None:
    assert texts((80, 700, "1."), (130, 700, "核查台账")) == ["1. 核查台账"]


def test_columns_are_read_as_they_were_written() -> None:
    left = [(80.0, 700.0 - 28 * row, f"左栏第{row}行") for row in range(3)]
    right = [(320.0, 700.0 - 28 * row, f"右栏第{row}行") for row in range(3)]
    assert texts(*left, *right) == [text for _, _, text in left + right]


def test_what_was_written_out_of_place_goes_where_it_stands() -> None:
    footer, header = (280.0, 40.0, "第9页"), (80.0, 800.0, "会议文件")
    body = [(80.0, 700.0, "会议强调，要补齐短板。"), (80.0, 672.0, "会议要求，要抓紧整改。")]
    assert texts(footer, *body, header) == ["会议文件", *(text for _, _, text in body), "第9页"]
    assert texts(*body, header, footer) == ["会议文件", *(text for _, _, text in body), "第9页"]


def test_characters_written_in_no_order_are_read_by_their_places() -> None:
    text = "干部要沉到一线"
    places = [(80.0 + 16 * at, 700.0 - 28 * row, c) for row in range(2) for at, c in enumerate(text)]
    assert texts(*places[::-1]) == [text, text]


def test_text_may_be_scaled() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.scale(2, 2)
        canvas.setFont(FONT, 8)
        canvas.drawString(40, 350, "放大一倍")

    [line] = lines_of(draw)
    assert line.text == "放大一倍"
    assert (line.size, line.left) == pytest.approx((16, 80))


@pytest.mark.parametrize(("x", "y"), [(-90, 700), (900, 700), (80, -20), (80, 900), (80, 1e9)])
def test_what_lies_beyond_the_page_is_left_out(x: float, y: float) -> None:
    assert texts((x, y, "看不见的话"), (80, 600, "看得见的话")) == ["看得见的话"]


@pytest.mark.parametrize("size", [0, 1e9])
def test_characters_of_no_size_or_of_any_are_left_out(size: float) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(80, 700, "看得见的话")
        canvas.setFont(FONT, size)
        canvas.drawString(80, 600, "看不见的话")

    assert [line.text for line in lines_of(draw)] == ["看得见的话"]


@pytest.mark.parametrize(
    ("radical", "plain"),
    [("⼀", "一"), ("⽀", "支"), ("⻓", "长"), ("⺠", "民"), ("\uf90a", "金"), ("\U0002f81a", "冬")],
)
def test_a_radical_is_made_plain(radical: str, plain: str) -> None:
    assert plain_character(radical) == plain


@pytest.mark.parametrize("character", "一Ａ①（％㎡々")
def test_other_characters_stay_as_they_are(character: str) -> None:
    assert plain_character(character) == character
