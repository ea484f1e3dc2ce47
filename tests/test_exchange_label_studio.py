"""Label Studio's JSON and its labelling interface."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.coding import CodedUnit
from wuxing_nlp.coding.exchange import Suggestions, export_units, flaws, import_units, label_config
from wuxing_nlp.errors import CorpusError

TEXT = "渡口的船票改成了网上买。"
UNIT = CodedUnit("S1", TEXT, ("F2", "J!-"), "notice", "d1", fold=0)


def saved(folder: Path, content: object) -> Path:
    path = folder / "project.json"
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def result(*choices: object, **more: Any) -> dict[str, Any]:
    made = {"from_name": "codes", "to_name": "text", "type": "choices", "value": {"choices": list(choices)}}
    return made | {"id": "gew3", "origin": "manual"} | more


def annotation(*results: object, **more: Any) -> dict[str, Any]:
    made = {"id": 9, "completed_by": 1, "result": list(results), "was_cancelled": False, "lead_time": 4.2}
    return made | {"ground_truth": False} | more


def task(*annotations: object, number: int = 17, text: str = TEXT, **more: Any) -> dict[str, Any]:
    return {"id": number, "project": 83, "data": {"text": text}, "annotations": list(annotations)} | more


def only_flaw(path: Path) -> str:
    """The one flaw of the file, which import_units must raise word for word."""
    [flaw] = flaws("label-studio", path)
    with pytest.raises(CorpusError, match=re.escape(str(flaw))):
        import_units("label-studio", path)
    assert str(flaw).startswith(f"{path}, task ")
    assert "\n" not in str(flaw)
    return f"{flaw.place}: {flaw.what}"


# ------------------------------------------------------------------------------------------------- export


def test_the_task_that_label_studio_is_given(tmp_path: Path) -> None:
    path = tmp_path / "tasks.json"
    assert export_units([UNIT], "label-studio", path) == [path, tmp_path / "tasks.config.xml"]
    [made] = json.loads(path.read_text(encoding="utf-8"))
    assert made == {
        "data": {"id": "S1", "document": "d1", "text": TEXT, "kind": "notice", "fold": 0},
        "annotations": [
            {
                "result": [
                    {
                        "from_name": "codes",
                        "to_name": "text",
                        "type": "choices",
                        "value": {"choices": ["F2", "J!", "J-"]},
                    }
                ]
            }
        ],
    }


def test_suggestions_are_predictions_and_no_codings(tmp_path: Path) -> None:
    path = tmp_path / "tasks.json"
    export_units([UNIT], "label-studio", path, suggestions=Suggestions("m 1", [("D1",)]))
    [made] = json.loads(path.read_text(encoding="utf-8"))
    assert "annotations" not in made
    [prediction] = made["predictions"]
    assert prediction["model_version"] == "m 1"
    assert prediction["result"][0]["value"] == {"choices": ["D1"]}
    with pytest.raises(CorpusError, match=r"holds no coding \(1 not coded\)"):
        import_units("label-studio", path)


def test_the_interface_fits_the_tasks(tmp_path: Path) -> None:
    path = tmp_path / "tasks.json"
    export_units([UNIT], "label-studio", path)
    [made] = json.loads(path.read_text(encoding="utf-8"))[0]["annotations"][0]["result"]
    view = ElementTree.parse(tmp_path / "tasks.config.xml").getroot()
    [text], [choices] = view.findall("Text"), view.findall("Choices")
    assert (text.get("name"), text.get("value")) == (made["to_name"], "$text")
    assert (choices.get("name"), choices.get("toName")) == (made["from_name"], made["to_name"])
    assert choices.get("choice") == "multiple"


def test_the_interface_has_every_code_once_and_shows_its_name() -> None:
    book = load_codebook()
    found = list(ElementTree.fromstring(label_config(book)).iter("Choice"))
    assert [choice.get("alias") for choice in found] == [*book.codes, "0"]
    assert [choice.get("value") for choice in found[:-1]] == [
        f"{code} {book.name(code)}" for code in book.codes
    ]
    definitions = {entry.definition for entry in book.labels()}
    assert {choice.get("hint") for choice in found[:-1]} == definitions


# ------------------------------------------------------------------------------------------------- import


def test_the_export_of_a_project(tmp_path: Path) -> None:
    done = task(
        annotation(result("D1 抓落实", "假·整治")), predictions=[{"result": [result("Z1")]}], drafts=[]
    )
    [[unit]] = import_units("label-studio", saved(tmp_path, [done])).units.values()
    assert unit == CodedUnit("17", TEXT, ("D1", "J-"), "other", "17")


def test_every_coder_is_kept_apart_by_email_or_number(tmp_path: Path) -> None:
    anna = {"id": 2, "email": "anna@x.org", "first_name": "", "last_name": ""}
    path = saved(
        tmp_path,
        [
            task(annotation(result("D1"), completed_by=anna), annotation(result("F2"), completed_by=3)),
            task(annotation(result("0"), completed_by=anna), number=18, text="码头在修。"),
        ],
    )
    found = import_units("label-studio", path).units
    assert {coder: [(unit.id, unit.codes) for unit in units] for coder, units in found.items()} == {
        "anna@x.org": [("17", ("D1",)), ("18", ())],
        "3": [("17", ("F2",))],
    }


@pytest.mark.parametrize("results", [{"result": []}, {"result": None}])
def test_an_empty_result_is_coded_and_carries_none(results: dict[str, Any], tmp_path: Path) -> None:
    path = saved(tmp_path, [task(annotation() | results)])
    imported = import_units("label-studio", path)
    assert [unit.codes for unit in imported.units["1"]] == [()]
    assert not imported.left


def test_what_was_skipped_or_not_annotated_is_not_coded(tmp_path: Path) -> None:
    path = saved(
        tmp_path,
        [
            task(annotation(result("D1"))),
            task(number=18, text="乙"),
            task(annotation(result("F2"), was_cancelled=True), number=19, text="丙"),
            {"id": 20, "data": {"text": "丁"}},
        ],
    )
    imported = import_units("label-studio", path)
    assert [unit.id for unit in imported.units["1"]] == ["17"]
    assert imported.left == {"not coded": 2, "cancelled": 1}


def test_completions_of_the_time_before_version_1(tmp_path: Path) -> None:
    old = {"id": 4, "data": {"text": TEXT}, "completions": [{"result": [result("D1")]}]}
    skipped = {"id": 5, "data": {"text": "乙"}, "completions": [{"result": [], "skipped": True}]}
    imported = import_units("label-studio", saved(tmp_path, [old, skipped]))
    assert [unit.codes for unit in imported.units[""]] == [("D1",)]
    assert imported.left == {"cancelled": 1}


def test_a_single_task_as_a_storage_holds_it(tmp_path: Path) -> None:
    assert import_units("label-studio", saved(tmp_path, task(annotation(result("D1"))))).units["1"]


def test_nested_choices_notes_and_questions_beside_ours(tmp_path: Path) -> None:
    note = {"from_name": "why", "to_name": "text", "type": "textarea", "value": {"text": ["?"]}}
    sure = result("unsure", from_name="sure")
    nested = annotation(result(["担当型", "抓落实"]), note, sure)
    [unit] = import_units("label-studio", saved(tmp_path, [task(nested)])).units["1"]
    assert unit.codes == ("D1",)


def test_another_name_of_the_choices_is_read_too(tmp_path: Path) -> None:
    several = annotation(result("D1", from_name="types"), result("怕·整治", from_name="problems"))
    [unit] = import_units("label-studio", saved(tmp_path, [task(several)])).units["1"]
    assert unit.codes == ("D1", "P-")


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (task(annotation(result("Q1"))), "task 17: the label 'Q1' is no code and no name of the codebook"),
        (task(annotation(result("担当型"))), "task 17: the label '担当型' can mean D0, D1, D2, D3"),
        (task(annotation(result("无", "D1"))), "task 17: the label '0' (carries none) stands beside D1"),
        (task(annotation(result(type="labels"))), "task 17: a result of the type 'labels' is found"),
        (task(annotation(result(value=None))), "task 17: the value None of a result"),
        (task(annotation(result(3))), "task 17: the value {'choices': [3]} of a result"),
        (task(annotation(result=7)), "task 17: the result 7 of an annotation is no list"),
        (task(4, 5), "task 17: a list of annotations is expected"),
        (task(annotation(result("D1")), annotation(result("F2"))), "task 17: the id of task 17 again by 1"),
        (task(text=" "), "task 17: the text is empty"),
        (task(data={"sentence": TEXT}), "task 17: there is no 'text'; found are 'sentence'"),
        (
            {"id": 17, "text": TEXT, "codes": "D1"},
            "task 17: a task with 'data' is expected; export the project as",
        ),
        ({"text": TEXT}, "task no. 1: a task with 'data' is expected"),
        ("x", "task no. 1: a task with 'data' is expected"),
    ],
)
def test_bad_tasks(bad: object, message: str, tmp_path: Path) -> None:
    assert only_flaw(saved(tmp_path, [bad])).startswith(message)


def test_every_bad_task_is_listed(tmp_path: Path) -> None:
    tasks = [
        task(annotation(result(f"Q{number}")), number=number, text=f"第{number}句") for number in range(3)
    ]
    assert [flaw.place for flaw in flaws("label-studio", saved(tmp_path, tasks))] == [
        "task 0",
        "task 1",
        "task 2",
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"\xff", "is not JSON"),
        (b'{"a": 1}', "holds dict; a list of Label Studio's tasks is expected"),
        (b"[]", r"holds no coding \(it is empty\)"),
    ],
)
def test_files_that_are_no_export(content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    with pytest.raises(CorpusError, match=message):
        import_units("label-studio", path)
