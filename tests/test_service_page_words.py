"""The words of the page: every language says the same, and all that is asked for."""

from __future__ import annotations

import json
import re
from functools import cache
from itertools import product
from typing import get_args

import pytest

from wuxing_nlp.model.preference import Preference
from wuxing_nlp.model.results import Status
from wuxing_nlp.service.problems import KINDS
from wuxing_nlp.service.routes.page import FOLDER
from wuxing_nlp.text.script import Script, detect_script
from wuxing_nlp.text.units import Kind

LANGUAGES = ("hans", "hant", "en")
SCRIPTS = {"hans": "simplified", "hant": "traditional"}
HAN = re.compile("[一-鿿]")
IN_CHINESE_ALWAYS = {"legend_sample"}

PROBLEMS = {*KINDS, "wrong-key", "empty", "network", "strange", "page"}
"""What the server tells of, and what only the page does."""

BY_VALUE = {
    *(f"problem_{slug}{part}" for slug, part in product(PROBLEMS, ("", "_advice"))),
    *(f"prefer_{preference.value}{part}" for preference, part in product(Preference, ("", "_hint"))),
    *(f"status_{status}{part}" for status, part in product(get_args(Status), ("", "_long"))),
    *(f"script_{script}" for script in get_args(Script)),
    *(f"kind_{kind}" for kind in get_args(Kind)),
    *(f"legend_{kind}" for kind in ("type", "exists", "tackled", "abstained")),
    *(f"model_{fact}" for fact in ("cited", "fingerprint", "codebook_version", "package")),
    *("filter_abstained", "filter_corrected", "sample_hans", "sample_hant"),
}
"""Keys that are put together from what the server says or from a list."""


@cache
def words(language: str) -> dict[str, str]:
    table: dict[str, str] = json.loads((FOLDER / "words" / f"{language}.json").read_text(encoding="utf-8"))
    return table


def test_all_languages_have_the_same_keys_and_blanks() -> None:
    first, *others = map(words, LANGUAGES)
    for other in others:
        assert list(other) == list(first)
        for key in first:
            blanks = [sorted(re.findall(r"\{\w+\}", table[key])) for table in (first, other)]
            assert blanks[0] == blanks[1], key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_string_is_in_its_language(language: str) -> None:
    for key, text in words(language).items():
        assert text == text.strip() != "", key
        if key not in IN_CHINESE_ALWAYS:
            assert bool(HAN.search(text)) == (language != "en"), key


@pytest.mark.parametrize("language", SCRIPTS)
def test_every_string_is_in_its_script(language: str) -> None:
    wrong = {key: text for key, text in words(language).items() if foreign(text, SCRIPTS[language])}
    assert wrong == {}


def foreign(text: str, script: str) -> bool:
    return detect_script(text).script not in (script, "neutral")


def test_the_examples_are_one_text_in_both_scripts() -> None:
    texts = json.loads((FOLDER / "samples.json").read_text(encoding="utf-8"))
    assert {name: detect_script(text).script for name, text in texts.items()} == {
        "simplified": "simplified",
        "traditional": "traditional",
    }
    assert len({len(text) for text in texts.values()}) == 1


def test_no_string_holds_markup() -> None:
    assert [key for language in LANGUAGES for key, text in words(language).items() if "<" in text] == []


def test_every_string_is_used_and_every_use_has_one() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in FOLDER.rglob("*.js"))
    page = (FOLDER / "index.html").read_text(encoding="utf-8")
    used = {
        *re.findall(r"\bword\(\s*'([\w-]+)'", code),
        # Keys are also chosen between two: every quoted string that is a key counts as a use.
        *(name for name in re.findall(r"'([\w-]+)'", code) if name in words("en")),
        *re.findall(r'data-word="(\w+)"', page),
        *(f"label_{name}" for name in re.findall(r'data-label="(\w+)"', page)),
    }
    assert used | BY_VALUE == set(words("en"))


def test_the_page_loads_nothing_from_elsewhere_and_makes_no_markup() -> None:
    for path in (path for path in FOLDER.rglob("*") if path.is_file()):
        text = path.read_text(encoding="utf-8")
        # The name of a namespace is no address.
        assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)", text) == [], path
        assert re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b", text) == [], (
            path
        )
        assert re.findall(r"\son\w+=|\sstyle=", text if path.suffix == ".html" else "") == [], path
        assert len(text.splitlines()) < 400, path
