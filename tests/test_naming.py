"""What labels and columns are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.codebook.naming import LEVELS, Naming

BOOK = load_codebook()
LABELS = (*BOOK.letters, *BOOK.codes)
TOOLS = load_codebook(Path(__file__).parent / "data" / "policy_tools.toml")


@pytest.mark.parametrize("language", ["zh", None])
def test_chinese_names_are_those_of_the_codebook(language: str | None) -> None:
    naming = Naming(BOOK, language)
    assert [naming.name(label) for label in LABELS] == [BOOK.name(label) for label in LABELS]
    assert naming.label("J!") == "J! 假·存在"


def test_english_names_are_glosses_each_of_its_own() -> None:
    naming = Naming(BOOK, "en")
    names = {label: naming.name(label) for label in LABELS}
    assert all(name.isascii() for name in names.values())
    assert len(set(names.values())) == len(names)
    shown = {label: names[label] for label in ("Z", "Z0", "Z1", "P", "P!", "P-")}
    assert shown == {
        "Z": "loyal government",
        "Z0": "loyal government, as a whole",
        "Z1": "political capability",
        "P": "fear",
        "P!": "fear, exists",
        "P-": "fear, tackled",
    }


def test_a_codebook_without_measures_and_problems_has_names_too() -> None:
    naming = Naming(TOOLS, "en")
    assert naming.name("S0") == naming.name("S") == "supply-side tools"


def test_levels() -> None:
    assert [Naming(BOOK, language).label("types") for language in ("zh", "en", None)] == [
        "型",
        "types",
        "types 型",
    ]
    assert all(Naming(BOOK, "en").name(level).isascii() for level in LEVELS)


def test_heads_are_english_unless_chinese_is_asked_for() -> None:
    assert [Naming(BOOK, language).say("标签", "label") for language in ("zh", "en", None)] == [
        "标签",
        "label",
        "label",
    ]
