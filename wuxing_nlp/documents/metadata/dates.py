"""Dates as Chinese documents write them, in ISO form."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

_DIGITS = dict(zip("〇○零一二三四五六七八九", "000123456789", strict=True)) | {"O": "0", "o": "0", "0": "0"}
_ZERO = "〇○零Oo0"
_YEAR = rf"(?:(?:19|20)\d{{2}}|(?:一九|二[{_ZERO}])[{_ZERO}一二三四五六七八九]{{2}}|(?:中华)?民国 *\d{{2,3}})"
_NUMBER = r"(?:\d{1,2}|[元一二三四五六七八九十廿]{1,3})"
_DATE = re.compile(
    rf"(?<![\d一二三四五六七八九])(?P<year>{_YEAR}) *年 *(?P<month>{_NUMBER}) *月"
    rf"(?: *(?P<day>{_NUMBER}) *[日号])?"
    r"|(?<![\d.])(?P<y>(?:19|20)\d{2})(?P<sign>[-./])(?P<m>\d{1,2})(?P=sign)(?P<d>\d{1,2})(?![\d.])"
)
_AROUND = r"[ (（\[【]*{}[ )）\]】]*(?:\d{{1,2}}[:：]\d{{2}}(?:[:：]\d{{2}})?)?"
_WHOLE = re.compile(_AROUND.format(f"(?:{_DATE.pattern})"))
_TO_REPUBLIC = 1911


class FoundDate(NamedTuple):
    """Where a date stands in a line, and its ISO form."""

    start: int
    end: int
    iso: str


def find_dates(line: str) -> list[FoundDate]:
    """The dates of a line (Simplified, ASCII digits): ``2024年1月5日``, ``二〇二四年一月``,
    ``2024-01-05``, ``2024.1.5``, 民国113年1月5日. What no calendar has is left out."""
    found = (FoundDate(*match.span(), _iso(match)) for match in _DATE.finditer(line))
    return [entry for entry in found if entry.iso]


def whole_date(line: str) -> str:
    """The ISO form of a line that is a date and nothing else, but for brackets and a time of day."""
    match = _WHOLE.fullmatch(line)
    return _iso(match) if match else ""


def _iso(match: re.Match[str]) -> str:
    year, month = _year(match["year"] or match["y"]), _number(match["month"] or match["m"])
    day = match["day"] or match["d"]
    try:
        whole = date(year, month, _number(day) if day else 1)
    except ValueError:
        return ""
    return whole.isoformat() if day else whole.isoformat()[:7]


def _year(written: str) -> int:
    if "民国" in written:
        return int(written.split("国")[1]) + _TO_REPUBLIC
    return int("".join(_DIGITS.get(digit, digit) for digit in written))


def _number(written: str) -> int:
    """A number below 100: 9, 二十五, 十, 廿一, 元 (of months)."""
    if written.isdigit():
        return int(written)
    tens, ten, ones = written.replace("廿", "二十").replace("元", "一").rpartition("十")
    if not ten:
        return int(_DIGITS[ones]) if len(ones) == 1 else 0
    if tens not in ("", *_DIGITS) or ones not in ("", *_DIGITS):
        return 0
    return 10 * int(_DIGITS.get(tens, "1")) + int(_DIGITS.get(ones, "0"))
