"""Parts: whole or not there, read back as they were, the same bytes every time."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxing_nlp.batch import Counts, Failure
from wuxing_nlp.batch.lines import json_line
from wuxing_nlp.batch.parts import FOLDER, Parts, read_counts, read_part, write_part
from wuxing_nlp.errors import OutputError

RECORD: dict[str, Any] = {
    "document": "a.txt",
    "fields": {"区县": "青苎县"},
    "profile": {"units": 2, "statuses": {"labelled": 1, "none": 1}},
    "units": [{"text": "一\n二"}, {"text": "\udcff"}],
}
FAILURE = Failure("b\udcff.txt", "empty", "give a document with text")
IDENTITY = {"model": "m 1", "inputs": [{"name": "a.txt"}]}


def test_a_part_comes_back_as_it_was(tmp_path: Path) -> None:
    counts = write_part(tmp_path / "1.gz", [RECORD, FAILURE, RECORD], ["guessed"])
    assert list(read_part(tmp_path / "1.gz")) == [RECORD, FAILURE, RECORD]
    assert counts == read_counts(tmp_path / "1.gz")
    assert counts == Counts(2, 1, 4, {"labelled": 2, "none": 2}, ["区县"], ["guessed"])


def test_the_same_outcomes_are_the_same_bytes(tmp_path: Path) -> None:
    for name in ("1.gz", "another.gz"):
        write_part(tmp_path / name, [RECORD, FAILURE])
    assert (tmp_path / "1.gz").read_bytes() == (tmp_path / "another.gz").read_bytes()


def test_counts_add_up_and_keep_the_order_of_fields() -> None:
    counts = Counts(1, 0, 2, {"none": 2}, ["b", "a"], ["x"])
    counts.add(Counts(2, 3, 4, {"none": 1, "labelled": 3}, ["a", "c"], ["y"]))
    assert counts == Counts(3, 3, 6, {"none": 3, "labelled": 3}, ["b", "a", "c"], ["x", "y"])


def test_a_folder_is_taken_over_by_the_same_plan(tmp_path: Path) -> None:
    parts = Parts(tmp_path / "out", IDENTITY)
    parts.begin(restart=False)
    write_part(parts.path(0), [RECORD])
    left = [tmp_path / "out" / FOLDER / ".1.gz.abcd0123.part", tmp_path / "out" / ".units.csv.0123abcd.part"]
    for path in left:
        path.write_bytes(b"half")
    Parts(tmp_path / "out", dict(IDENTITY)).begin(restart=False)
    assert parts.path(0).exists()
    assert not any(path.exists() for path in left)


def test_a_folder_fits_the_plan_that_was_begun_there(tmp_path: Path) -> None:
    assert Parts(tmp_path, IDENTITY).fit()
    Parts(tmp_path, IDENTITY).begin(restart=False)
    assert Parts(tmp_path, dict(IDENTITY)).fit()
    assert not Parts(tmp_path, IDENTITY | {"model": "m 2"}).fit()


def test_another_plan_is_refused_with_what_differs(tmp_path: Path) -> None:
    Parts(tmp_path, IDENTITY).begin(restart=False)
    with pytest.raises(OutputError, match=r"unfinished run that differs in model; .*--restart"):
        Parts(tmp_path, IDENTITY | {"model": "m 2"}).begin(restart=False)
    write_part(Parts(tmp_path, IDENTITY).path(0), [RECORD])
    Parts(tmp_path, IDENTITY | {"model": "m 2"}).begin(restart=True)
    assert not Parts(tmp_path, IDENTITY).path(0).exists()


def test_what_a_discarded_run_still_writes_is_no_part_of_the_next(tmp_path: Path) -> None:
    old, new = Parts(tmp_path, IDENTITY), Parts(tmp_path, IDENTITY | {"model": "m 2"})
    old.begin(restart=False)
    new.begin(restart=True)
    write_part(old.path(0), [RECORD])
    assert not new.path(0).exists()


def test_parts_without_a_plan_are_not_believed(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    write_part(Parts(tmp_path, IDENTITY).path(0), [RECORD])
    Parts(tmp_path, IDENTITY).begin(restart=False)
    assert not Parts(tmp_path, IDENTITY).path(0).exists()


def test_parts_are_removed_with_their_folder(tmp_path: Path) -> None:
    parts = Parts(tmp_path, IDENTITY)
    parts.begin(restart=False)
    write_part(parts.path(3), [FAILURE])
    parts.remove()
    assert not (tmp_path / FOLDER).exists()
    parts.remove()


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x", encoding="utf-8")
    for folder in (tmp_path / "out", tmp_path / "out" / "deeper"):
        with pytest.raises(OutputError, match=f"{folder.name} cannot be a folder"):
            Parts(folder, IDENTITY).begin(restart=False)
    assert (tmp_path / "out").read_text(encoding="utf-8") == "x"


def test_a_part_is_gzip_that_other_tools_read(tmp_path: Path) -> None:
    write_part(tmp_path / "1.gz", [RECORD, FAILURE])
    with gzip.open(tmp_path / "1.gz") as stream:
        assert len(stream.readlines()) == 3


@given(value=st.recursive(st.none() | st.booleans() | st.text(), lambda inner: st.lists(inner)))
def test_a_value_is_one_line_that_is_read_back(value: object) -> None:
    line = json_line(value)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert json.loads(line) == value
