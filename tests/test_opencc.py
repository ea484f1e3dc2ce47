"""OpenCC's dictionaries, read as data files."""

from __future__ import annotations

import importlib.util
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

import pytest
from opencc import OpenCC

from wuxing_nlp.errors import ConverterError
from wuxing_nlp.text import opencc


def test_character_table_holds_conversions_only() -> None:
    table = opencc.character_table()
    assert table["國"] == "国"
    assert table["於"] == "于"
    assert all(len(key) == 1 and len(value) == 1 and key != value for key, value in table.items())


def test_phrases_convert_character_for_character() -> None:
    """Conversion of a line keeps its length: with_characters relies on it."""
    phrases = opencc.phrase_table()
    assert phrases["乾坤"] == "乾坤"
    assert [key for key, value in phrases.items() if len(key) != len(value)] == []


def test_simplified_forms() -> None:
    forms = opencc.simplified_forms()
    assert set("国办这证") <= forms
    assert not set("國辦群户乾后") & forms


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("國家辦公廳", "国家办公厅"),
        ("乾坤與乾淨", "乾坤与干净"),
        ("答覆、覆盆子", "答复、覆盆子"),
        ("縣長答覆了", "县长答复了"),
        ("「沿著」網路", "「沿著」网路"),  # quotation marks and words are not t2s's business
        ("\U000205e3㑮國", "㓆\U0002b748国"),  # beyond the basic plane, and out to it
        ("", ""),
    ],
)
def test_convert(given: str, expected: str) -> None:
    assert opencc.Converter().convert(given) == expected


def test_more_characters_may_be_converted_beside() -> None:
    assert opencc.Converter({"「": "“", "國": "邦"}).convert("「國家") == "“邦家"


@pytest.mark.parametrize("config", ["s2t", "s2tw", "s2hk"])
def test_the_reimplementation_converts_alike(shared_units: list[dict[str, Any]], config: str) -> None:
    """Where it does not, a phrase runs into another one (see the module): no other class is known."""
    there, back, ours = OpenCC(config).convert, OpenCC("t2s").convert, opencc.Converter().convert
    texts = [there(unit["text"]) for unit in shared_units[::3]]
    different = [text for text in texts if ours(text) != back(text)]
    assert len(different) <= len(texts) / 1000, different
    assert [text for text in different if not phrases_overlap(text)] == []


def phrases_overlap(text: str) -> bool:
    """Does a phrase of the dictionary begin in this text inside another one, and end behind it?"""
    spans = [
        (at, at + len(phrase))
        for phrase in opencc.phrase_table()
        for at in range(len(text))
        if text.startswith(phrase, at)
    ]
    return any(a < b < c < d for a, c in spans for b, d in spans)


def overlaps() -> dict[str, tuple[str, str]]:
    """Every text in which one phrase of the dictionary runs into another, with the two of them."""
    phrases = list(opencc.phrase_table())
    return {
        first + second[shared:]: (first, second)
        for first in phrases
        for second in phrases
        for shared in range(1, min(len(first), len(second)))
        if first.endswith(second[:shared])
    }


def test_the_reimplementation_differs_where_a_phrase_runs_into_a_longer_one() -> None:
    back, ours = OpenCC("t2s").convert, opencc.Converter().convert
    different = [pair for text, pair in overlaps().items() if ours(text) != back(text)]
    assert ("答覆", "覆盆子") in different
    assert [pair for pair in different if len(pair[1]) <= len(pair[0])] == []
    assert len(different) < len(overlaps()) / 20


def test_fingerprint_is_of_the_dictionaries(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = opencc.fingerprint()
    assert len(before) == 64
    for file in opencc._folder().glob("*.txt"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    monkeypatch.setattr(opencc, "_folder", lambda: tmp_path)
    assert opencc.fingerprint.__wrapped__() == before
    with (tmp_path / "TSPhrases.txt").open("a", encoding="utf-8") as stream:
        stream.write("甲乙\t丙丁\n")
    assert opencc.fingerprint.__wrapped__() != before


def test_longest_match() -> None:
    pattern = opencc.longest_match(["最佳", "最佳化", "佳化学"])
    assert [match.group() for match in pattern.finditer("最佳化学最佳")] == ["最佳化", "最佳"]
    assert opencc.longest_match([]).search("甲") is None
    assert opencc.longest_match(["."]).search("甲") is None


def test_missing_package_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opencc, "find_spec", lambda name: None)
    with pytest.raises(ConverterError, match=r"it is not installed; run: pip install"):
        opencc._read("TSCharacters.txt")


def test_the_other_package_in_its_place_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "__init__.py").write_text("")
    spec = importlib.util.spec_from_file_location(
        "opencc", tmp_path / "__init__.py", submodule_search_locations=[str(tmp_path)]
    )
    assert isinstance(spec, ModuleSpec)
    monkeypatch.setattr(opencc, "find_spec", lambda name: spec)
    with pytest.raises(ConverterError, match=r"the other package, OpenCC, stands in its place"):
        opencc._read("TSCharacters.txt")
