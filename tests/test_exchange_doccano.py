"""doccano's JSON lines, of its newer and older versions."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.coding import CodedUnit
from wuxing_nlp.coding.exchange import Suggestions, export_units, flaws, import_units
from wuxing_nlp.errors import CorpusError

TEXT = "渡口的船票改成了网上买。"
FIRST = CodedUnit("S1", TEXT, ("F2", "J!-"), "notice", "d1", "o/n", "a.txt", 3, "random")
SECOND = CodedUnit("S2", "码头在修。", (), "plan", "d2")


def lines(folder: Path, *rows: object) -> Path:
    path = folder / "all.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def only(path: Path, **options: bool) -> CodedUnit:
    [[unit]] = import_units("doccano", path, **options).units.values()
    return unit


def only_flaw(path: Path) -> str:
    """The one flaw of the file, which import_units must raise word for word."""
    [flaw] = flaws("doccano", path)
    with pytest.raises(CorpusError, match=re.escape(str(flaw))):
        import_units("doccano", path)
    assert str(flaw).startswith(f"{path}, line ")
    assert "\n" not in str(flaw)
    return f"{flaw.place}: {flaw.what}"


def test_what_doccano_is_given(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    assert export_units([FIRST, SECOND], "doccano", path) == [path, tmp_path / "out.labels.json"]
    first, second = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    assert first == {
        "id": "S1",
        "document": "d1",
        "text": TEXT,
        "kind": "notice",
        "source": "o/n",
        "path": "a.txt",
        "fold": 3,
        "sample": "random",
        "label": ["F2", "J!", "J-"],
    }
    assert second["label"] == ["0"]
    labels = json.loads((tmp_path / "out.labels.json").read_text(encoding="utf-8"))
    assert [label["text"] for label in labels] == [*load_codebook().codes, "0"]


def test_suggestions_stand_in_the_place_of_labels(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    export_units([FIRST, SECOND], "doccano", path, suggestions=Suggestions("m", [(), ("D1",)]))
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    assert [row["label"] for row in rows] == [["0"], ["D1"]]


@pytest.mark.parametrize("key", ["label", "labels", "cats"])
@pytest.mark.parametrize("value", [["政务服务"], "F2", ["F2", "F2"]])
def test_the_labels_of_every_version(key: str, value: object, tmp_path: Path) -> None:
    unit = only(lines(tmp_path, {"id": 7, "text": TEXT, key: value, "Comments": []}))
    assert unit == CodedUnit("7", TEXT, ("F2",), "other", "7")


@pytest.mark.parametrize("packed", [dict, lambda meta: json.dumps(meta)])
def test_older_metadata_is_nested_and_its_id_is_ours(packed: Any, tmp_path: Path) -> None:
    meta = {"id": "S1", "document": "d1", "kind": "notice", "text": "x", "labels": ["Q"]}
    unit = only(lines(tmp_path, {"id": 40, "text": TEXT, "labels": ["F2"], "meta": packed(meta)}))
    assert unit == CodedUnit("S1", TEXT, ("F2",), "notice", "d1")


def test_what_pandas_does_to_values_is_undone(tmp_path: Path) -> None:
    nan = float("nan")
    row = {"id": 7.0, "text": TEXT, "label": ["F2"], "fold": 3.0, "source": nan, "sample": None}
    other = {"id": 8, "text": "乙", "label": ["F2"], "fold": nan}
    [units] = import_units("doccano", lines(tmp_path, row, other)).units.values()
    assert [(unit.id, unit.fold, unit.source) for unit in units] == [("7", 3, ""), ("8", None, "")]


def test_older_annotations_are_told_apart_by_coder(tmp_path: Path) -> None:
    row = {
        "id": 2,
        "text": TEXT,
        "annotations": [
            {"label": 10, "user": 1, "label_name": "F2", "user_name": "anna"},
            {"label": 13, "user": 2, "label_name": "D1", "user_name": "ben"},
            {"label": 14, "user": 1, "label_name": "J-", "user_name": "anna"},
        ],
        "meta": {},
    }
    found = import_units("doccano", lines(tmp_path, row)).units
    assert {coder: [unit.codes for unit in units] for coder, units in found.items()} == {
        "anna": [("F2", "J-")],
        "ben": [("D1",)],
    }


def test_the_oldest_exports_name_the_coder_beside_the_labels(tmp_path: Path) -> None:
    row = {"doc_id": 2, "text": TEXT, "labels": ["F2"], "username": "anna"}
    assert list(import_units("doccano", lines(tmp_path, row)).units) == ["anna"]


@pytest.mark.parametrize(
    "row", [{"label": []}, {"label": None}, {}, {"annotations": [], "annotation_approver": None}]
)
def test_without_labels_nobody_coded_it(row: dict[str, Any], tmp_path: Path) -> None:
    path = lines(tmp_path, {"id": 1, "text": TEXT} | row, {"id": 2, "text": "乙", "label": ["0"]})
    imported = import_units("doccano", path)
    assert [unit.id for unit in imported.units[""]] == ["2"]
    assert imported.left == {"not coded": 1}


def test_without_labels_but_confirmed_or_approved_it_carries_none(tmp_path: Path) -> None:
    path = lines(tmp_path, {"id": 1, "text": TEXT, "label": []})
    assert only(path, empty_is_none=True).codes == ()
    path = lines(tmp_path, {"id": 1, "text": TEXT, "annotations": [], "annotation_approver": "admin"})
    assert only(path).codes == ()


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"label": ["D9"]}, "line 1: the label 'D9' is no code and no name"),
        ({"label": ["怕"]}, "line 1: the label '怕' can mean P!, P-"),
        ({"label": ["0", "D1"]}, "line 1: the label '0' (carries none) stands beside D1"),
        ({"label": [[0, 2, "D1"]]}, "line 1: the label [0, 2, 'D1'] marks a span"),
        ({"label": [True]}, "line 1: the label True is no text"),
        ({"label": {"D1": 1}}, "line 1: the label None is a number that only doccano's own database knows"),
        ({"annotations": [{"label": 3, "user": 1}]}, "line 1: the label 3 is a number that only doccano's"),
        ({"label": [], "text": None}, "line 1: there is no 'text'; found are 'id', 'text', 'label'"),
        ({"label": [], "text": " "}, "line 1: the text is empty"),
        ({"label": [], "text": "甲\0"}, "line 1: the text of the unit '1' holds the character U+0000"),
        ({"label": [], "id": [1]}, "line 1: the field 'id' holds [1]; a string or a whole number"),
        ({"label": [], "fold": "x"}, "line 1: the field 'fold' holds 'x'; a whole number or nothing"),
    ],
)
def test_bad_examples(row: dict[str, Any], message: str, tmp_path: Path) -> None:
    assert only_flaw(lines(tmp_path, {"id": 1, "text": TEXT} | row)).startswith(message)


def test_every_flaw_is_listed_with_its_line(tmp_path: Path) -> None:
    path = lines(
        tmp_path,
        {"id": 1, "text": "甲", "label": ["D9"]},
        [1],
        {"id": 2, "text": "乙", "label": ["D1"]},
        {"id": 2, "text": "丙", "label": ["D1"]},
        {"id": 3, "text": "乙", "label": ["D1"]},
    )
    assert [flaw.place for flaw in flaws("doccano", path)] == ["line 1", "line 2", "line 4", "line 5"]
    assert [flaw.what for flaw in flaws("doccano", path)][2:] == [
        "the id of line 3 again ('2'); keep one",
        "the text of line 3 again ('乙'); keep one",
    ]
