"""The page's frame: what strings may do in it, and what they look like."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from wuxing_nlp.report.page import LONGEST_NAME, shortened, visible


@given(text=st.text())
def test_what_is_shown_can_be_written_and_hides_nothing(text: str) -> None:
    shown = visible(text)
    shown.encode("utf-8")
    assert not set(shown) & set("\0\x1b\u202e\u2066\u200b\ufeff\udcff")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("江西省2023年 “一号”<b>&\t\n", "江西省2023年 “一号”<b>&\t\n"),
        ("a\u202etxt.exe", r"a\u202etxt.exe"),
        ("a\0b\x1b", r"a\u0000b\u001b"),
        ("坏\udcff名", r"坏\udcff名"),
    ],
)
def test_controls_and_marks_of_direction_are_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_what_is_no_string_of_a_document_stays() -> None:
    assert visible(3) == 3
    assert visible(Markup("\u202e")) == "\u202e"


@given(text=st.text(max_size=400))
def test_names_stand_on_one_line_and_are_not_too_long(text: str) -> None:
    short = shortened(text)
    assert len(short) <= LONGEST_NAME + 1
    assert short.split("\n") == [short]


def test_of_a_long_name_both_ends_are_kept() -> None:
    assert shortened("开头" + 500 * "中" + "结尾", 10) == "开头中中中…中中中结尾"
    assert shortened("  两\n行 ") == "两 行"
