"""What an import writes: one file a coder, each whole or not there."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from wuxing_nlp.coding import CodedUnit, read_units
from wuxing_nlp.coding.coders import read_codings
from wuxing_nlp.coding.exchange import Imported, flaws, import_units, told, write_codings
from wuxing_nlp.errors import CorpusError, OutputError

FIRST = CodedUnit("S1", "渡口的船票改成了网上买。", ("F2",), "notice", "d1")
SECOND = CodedUnit("S2", "码头在修。", (), "notice", "d1")


def test_one_coder_fills_one_file(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    assert write_codings(Imported({"anna@x.org": [FIRST, SECOND]}, {}), path) == [path]
    assert read_units(path) == [FIRST, SECOND]
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [row["coder"] for row in rows] == ["anna@x.org", "anna@x.org"]


def test_several_coders_fill_a_file_each(tmp_path: Path) -> None:
    found = Imported({"anna@x.org": [FIRST], "../b/..": [SECOND], "": [FIRST]}, {})
    files = write_codings(found, tmp_path / "codings")
    assert [file.name for file in files] == ["anna@x.org.jsonl", "_b_...jsonl", "coder.jsonl"]
    assert {file.parent for file in files} == {tmp_path / "codings"}
    assert [read_units(file) for file in files] == [[FIRST], [SECOND], [FIRST]]
    assert '"coder"' not in files[-1].read_text(encoding="utf-8")


def test_the_files_of_several_coders_are_compared_by_their_names(tmp_path: Path) -> None:
    other = replace(FIRST, codes=())
    files = write_codings(Imported({"anna@x.org": [FIRST], "4": [other]}, {}), tmp_path / "codings")
    found = read_codings(files)
    assert found.coders == ("anna@x.org", "4")
    assert [unit.codes for unit in found.units] == [{"anna@x.org": ("F2",), "4": ()}]


def test_several_coders_do_not_go_into_one_file(tmp_path: Path) -> None:
    found = Imported({"1": [FIRST], "": [SECOND]}, {})
    with pytest.raises(CorpusError, match=r"of 2 coders \(1, one without a name\); give a folder"):
        write_codings(found, tmp_path / "a.jsonl")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("coders", [("a/b", "a b"), ("Anna", "anna")])
def test_coders_whose_files_would_be_the_same_are_refused(coders: tuple[str, str], tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="make the same file name; rename one"):
        write_codings(Imported({coder: [FIRST] for coder in coders}, {}), tmp_path / "codings")
    assert not list(tmp_path.iterdir())


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "codings").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot be written"):
        write_codings(Imported({"1": [FIRST], "2": [FIRST]}, {}), tmp_path / "codings")
    assert (tmp_path / "codings").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", ["doccano", "label-studio", "csv", "xlsx"])
def test_what_is_no_file_is_refused(name: str, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "gone"):
        with pytest.raises(CorpusError, match="is no file; give the file that the tool exported"):
            import_units(name, path)


def test_another_format_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x", encoding="utf-8")
    with pytest.raises(CorpusError, match="'brat' is no format of codings"):
        flaws("brat", tmp_path / "a")


def test_what_was_left_out_is_told() -> None:
    assert told({"not coded": 3, "cancelled": 1}) == "3 not coded, 1 cancelled"
    assert told({}) == ""
