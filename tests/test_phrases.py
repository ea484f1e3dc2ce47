"""Phrases: the same matches as an alternation of them all, the longest first."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest

from wuxing_nlp.text import opencc
from wuxing_nlp.text.phrases import Phrases
from wuxing_nlp.text.script import variants


def found(phrases: Iterable[str], text: str) -> list[str]:
    return [text[start:end] for start, end, _ in Phrases({p: p for p in phrases}).find(text)]


@pytest.mark.parametrize(
    ("phrases", "text", "expected"),
    [
        (["最佳", "最佳化", "佳化学"], "最佳化学最佳", ["最佳化", "最佳"]),
        (["最佳", "佳化学"], "最佳化学", ["最佳"]),
        (["著", "著名"], "著名著者著", ["著名", "著", "著"]),
        (["甲乙丙"], "甲乙甲乙丙甲乙", ["甲乙丙"]),
        (["甲甲"], "甲甲甲甲甲", ["甲甲", "甲甲"]),
        (["甲乙", "甲丙丁", "戊丙己"], "甲丙己戊乙戊丙己", ["戊丙己"]),
        (["\U00020000甲"], "\U00020000乙\U00020000甲", ["\U00020000甲"]),
        (["."], "甲.乙", ["."]),
        (["^-", "-]"], "-]^-", ["-]", "^-"]),
        (["甲"], "", []),
        ([], "甲", []),
    ],
)
def test_leftmost_and_longest(phrases: list[str], text: str, expected: list[str]) -> None:
    assert found(phrases, text) == expected


def test_what_replaces_a_phrase_comes_with_it() -> None:
    assert Phrases({"最佳化": "优化", "最": "甚"}).find("最大的最佳化") == [(0, 1, "甚"), (3, 6, "优化")]


@pytest.mark.parametrize(
    "table",
    [opencc.phrase_table(), {entry.source: entry.target for entry in variants()}],
    ids=["t2s", "variants"],
)
def test_the_same_as_an_alternation(table: dict[str, str]) -> None:
    """Random strings of pieces of the table's own phrases, so that they meet and overlap."""
    chance = random.Random(20261126)
    pieces = [phrase[at:] for phrase in table for at in range(len(phrase))] + [phrase[:2] for phrase in table]
    alternation, phrases = opencc.longest_match(table), Phrases(table)
    matches = 0
    for _ in range(3000):
        text = "".join(chance.choices(pieces, k=8))
        expected = [
            (match.start(), match.end(), table[match.group()]) for match in alternation.finditer(text)
        ]
        assert phrases.find(text) == expected
        matches += len(expected)
    assert matches > 3000
