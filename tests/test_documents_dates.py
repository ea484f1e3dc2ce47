"""Dates: every way in which documents write them, and none that the calendar lacks."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxing_nlp.documents.metadata.dates import find_dates, whole_date


@pytest.mark.parametrize(
    ("line", "iso"),
    [
        ("2024年1月5日", "2024-01-05"),
        ("2024 年 1 月 5 日", "2024-01-05"),
        ("二〇二四年一月五日", "2024-01-05"),
        ("二○二四年十二月三十一日", "2024-12-31"),
        ("一九九六年二月廿九日", "1996-02-29"),
        ("二〇二四年元月十日", "2024-01-10"),
        ("2024-01-05 09:30:00", "2024-01-05"),
        ("2024/1/5", "2024-01-05"),
        ("2024.1.5", "2024-01-05"),
        ("（2024年1月）", "2024-01"),
        ("中华民国113年1月5日", "2024-01-05"),
        ("2023年2月29日", ""),
        ("2024年13月1日", ""),
        ("二〇二四年十十月五日", ""),
        ("2024年1月5日起施行", ""),
        ("1.2024.1.5", ""),
        ("2024年", ""),
    ],
)
def test_lines_that_are_dates(line: str, iso: str) -> None:
    assert whole_date(line) == iso


def test_dates_in_a_line() -> None:
    line = "2019年3月1日通过，2023年2月30日，二〇二二年七月二十八日修订"
    found = find_dates(line)
    assert [entry.iso for entry in found] == ["2019-03-01", "2022-07-28"]
    assert line[found[1].start : found[1].end] == "二〇二二年七月二十八日"


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read(day: date) -> None:
    assert whole_date(f"{day.year}年{day.month}月{day.day}日") == day.isoformat()
