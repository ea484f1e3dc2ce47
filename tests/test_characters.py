"""Single characters: widths, spaces, line ends, what cannot be seen."""

from __future__ import annotations

import re

import pytest

from wuxing_nlp.text.aligned import AlignedText
from wuxing_nlp.text.characters import clean, han_count, in_class


def cleaned(text: str) -> str:
    return clean(AlignedText.of(text)).text


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("２０２５年ＡＢｃ", "2025年ABc"),
        ("增长５．６％", "增长5.6%"),
        ("好！（一）：；？，", "好！（一）：；？，"),  # full-width punctuation is how Chinese is set
        ("､ok｡｢引｣", "、ok。「引」"),
        ("第\u3000一\xa0条\t完", "第 一 条 完"),
        ("甲\r\n乙\r丙\u2028丁\x0b戊\x85己", "甲\n乙\n丙\n丁\n戊\n己"),
        ("马\u200b上\ufeff就\u2060办", "马上就办"),
        ("\u202e马上\u202c", "马上"),
        ("马\ue000上\U000f0001", "马上"),
        ("马\x00上\x07", "马上"),
        ("马上\ud800", "马上"),
        ("⼯作⼈员", "工作人员"),
        ("\uf90a\U0002f800", "金丽"),
        ("\U00020000\U0003134f", "\U00020000\U0003134f"),
        ("办\ufe00事\U000e0100", "办事"),
        ("e\u0301", "e\u0301"),
    ],
)
def test_clean(given: str, expected: str) -> None:
    assert cleaned(given) == expected


def test_places_survive_cleaning() -> None:
    text = clean(AlignedText.of("\ufeff第\r\n一\u200b条"))
    assert text.text == "第\n一条"
    assert [text.span(i, i + 1) for i in range(4)] == [(1, 2), (2, 4), (4, 5), (6, 7)]


def test_a_carriage_return_that_only_junk_parts_from_its_line_feed() -> None:
    assert cleaned("甲\r\u200b\n乙") == "甲\n乙"


def test_clean_text_keeps_its_places_without_offsets() -> None:
    assert clean(AlignedText.of("马上就办，真抓实干。")).starts is None


def test_tidy_text_is_not_copied() -> None:
    text = AlignedText.of("马上就办，真抓实干。\n第一条（总则）：10% ok")
    assert clean(text) is text


@pytest.mark.parametrize(
    ("characters", "inside"),
    [("丙甲乙", "丙乙甲"), ("cba", "a-c"), ("丁丂七", "丁-七"), ("a", "a-a"), ("", "")],
)
def test_in_class(characters: str, inside: str) -> None:
    assert in_class(characters) == inside


@pytest.mark.parametrize("characters", ["^-]\\[", "&&~~||--", "\n \x00", "\ud800\U00020000\U00020001"])
def test_a_class_holds_its_characters_and_no_other(characters: str) -> None:
    pattern = re.compile(f"[{in_class(characters)}]")
    others = [chr(code) for code in (*range(0x80), 0xD801, 0x1FFFF, 0x20002)]
    assert {c for c in {*others, *characters} if pattern.match(c)} == set(characters)


@pytest.mark.parametrize(
    ("text", "count"), [("", 0), ("abc，。", 0), ("二〇二五年A", 5), ("\U00020000㐀", 2), ("⼯", 0)]
)
def test_han_count(text: str, count: int) -> None:
    assert han_count(text) == count
