"""OpenCC's dictionaries, read as data files."""

from __future__ import annotations

import importlib.util
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

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
