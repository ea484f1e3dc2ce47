"""The strings of a report."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import wuxing_nlp.report
from wuxing_nlp.report.words import LANGUAGES, words

TEMPLATES = Path(wuxing_nlp.report.__file__).parent / "templates"
HAN = re.compile("[一-鿿]")
WITHOUT_WORDS = {"lang", "colon", "comma", "space"}

BY_VALUE = {
    # Looked up by what the run says.
    *("balanced", "precision", "recall"),
    *("simplified", "traditional", "mixed", "neutral"),
    *("work_report", "congress_report", "policy_address", "notice", "case", "other"),
    *("year", "kind", "region", "script"),
    *("labelled", "none", "abstained", "too_short", "not_chinese"),
    *("labelled_todo", "none_todo", "abstained_todo", "too_short_todo", "not_chinese_todo"),
}


def test_both_languages_say_the_same_things() -> None:
    chinese, english = words("zh"), words("en")
    assert set(chinese) == set(english)
    for key in chinese:
        assert sorted(re.findall(r"\{\w+\}", chinese[key])) == sorted(re.findall(r"\{\w+\}", english[key])), (
            key
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_string_is_in_its_language(language: str) -> None:
    strings = words("zh" if language == "zh" else "en")
    for key in set(strings) - WITHOUT_WORDS:
        assert bool(HAN.search(strings[key])) == (language == "zh"), key


def test_no_string_holds_markup() -> None:
    assert [key for language in LANGUAGES for key, text in words(language).items() if "<" in text] == []


def test_every_string_is_used_and_every_use_has_one() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES.glob("*.j2"))
    used = set(re.findall(r"\bw\.(\w+)", text))
    assert used | BY_VALUE == set(words("zh"))
