"""What pages repeat goes, and nothing else."""

from __future__ import annotations

import pytest

from wuxing_nlp.documents.pdf.furniture import without_furniture
from wuxing_nlp.documents.pdf.lines import Line

BODY = [
    "推进审批提速，",
    "凡是能当场办的，",
    "一律当场办结；",
    "需要核查的，",
    "三日内回复；",
    "逾期的说明原因。",
    "（完）",
]


def line(text: str, baseline: float, page: int) -> Line:
    return Line(text, 80, 500, 500, 80, 16, baseline, 16, page)


def pages_of(*furniture: list[tuple[str, float]]) -> list[list[Line]]:
    """Pages of body text between other lines, which are given a page with their heights."""
    return [
        [line(f"{'甲乙丙丁戊己'[page]}局{text}", 700 - 28 * row, page) for row, text in enumerate(BODY)]
        + [line(text, baseline, page) for text, baseline in lines]
        for page, lines in enumerate(furniture)
    ]


def left(*furniture: list[tuple[str, float]]) -> set[str]:
    """Of the other lines those that stay; all of the body must."""
    kept = without_furniture(pages_of(*furniture))
    assert [page[: len(BODY)] for page in kept] == pages_of(*([] for _ in furniture))
    return {it.text for page in kept for it in page[len(BODY) :]}


@pytest.mark.parametrize(
    "number", ["{}", "— {} —", "- {} -", "·{}·", "第{}页", "第 {} 页 共 4 页", "{}/4", "Page {} of 4", "４{}"]
)
def test_page_numbers_go(number: str) -> None:
    assert left(*([(number.format(page), 40.0)] for page in range(1, 5))) == set()


@pytest.mark.parametrize("told", ["11/26/26, 5:09 PM", "2026/11/26 17:09", "file:///x/1.html"])
def test_what_a_browser_prints_around_a_page_goes_with_all_of_its_row(told: str) -> None:
    assert left([(told, 715.0), ("某县人民政府门户网站", 715.0)]) == set()
    assert left([("某县人民政府门户网站", 715.0)]) == {"某县人民政府门户网站"}


def test_roman_page_numbers_go() -> None:
    assert left(*([(number, 40.0)] for number in ("i", "ii", "iii", "iv"))) == set()


def test_page_numbers_at_the_other_side_of_every_second_page_go() -> None:
    assert left(*([(str(page), 40.0 + page % 2)] for page in range(11, 17))) == set()


def test_running_headers_go_whatever_number_they_hold() -> None:
    assert left(*([(f"某县政府公报 2024年第{page}期", 800.0)] for page in range(3))) == set()


def test_headers_of_left_and_right_pages_go() -> None:
    assert left(*([("政府公报" if page % 2 else "县政府文件", 800.0)] for page in range(6))) == set()


def test_numbers_that_do_not_count_the_pages_stay() -> None:
    assert left([("318", 40.0)], [("27", 40.0)], [("950", 40.0)]) == {"318", "27", "950"}


def test_the_same_words_at_other_heights_stay() -> None:
    assert left([("特此通知", 400.0)], [("特此通知", 300.0)], [("特此通知", 200.0)]) == {"特此通知"}


@pytest.mark.parametrize("height", [728.0, 504.0])
def test_what_no_gap_keeps_from_the_text_stays(height: float) -> None:
    """A value of a long table comes again at the first or last line of pages."""
    assert left(*([("定性指标", height)] for _ in range(6))) == {"定性指标"}


def test_a_header_of_two_lines_goes() -> None:
    assert left(*([("某县人民政府公报", 800.0), ("政策解读", 780.0)] for _ in range(3))) == set()


def test_a_header_goes_from_a_page_with_little_else() -> None:
    pages = pages_of(*([("政府公报", 800.0)] for _ in range(4)))
    pages[3] = [line("落款", 700, 3), line("政府公报", 800, 3)]
    assert [it.text for it in without_furniture(pages)[3]] == ["落款"]


def test_what_two_pages_say_stays() -> None:
    assert left([("抄送：县人大办", 60.0)], [("抄送：县人大办", 60.0)], []) == {"抄送：县人大办"}


def test_the_same_line_in_the_middle_of_pages_stays() -> None:
    assert left(*([("要闻", 617.0)] for _ in range(4))) == {"要闻"}


@pytest.mark.parametrize("number", ["— 3 —", "-3-", "第3页 共9页", "第三页", "共9页，第3页", "3/9", "Page 3"])
def test_what_can_be_nothing_else_goes_from_a_single_page(number: str) -> None:
    assert left([(number, 40.0)]) == set()


@pytest.mark.parametrize("text", ["3", "2024", "某县政府公报", "第三章", "2024年3月"])
def test_anything_else_stays_on_a_single_page(text: str) -> None:
    assert left([(text, 40.0)]) == {text}


def test_a_page_number_inside_the_page_is_text() -> None:
    assert left([("第3页", 600.0)]) == {"第3页"}


def test_no_pages_and_empty_pages_are_fine() -> None:
    assert without_furniture([]) == []
    assert without_furniture([[], [], [], []]) == [[], [], [], []]
