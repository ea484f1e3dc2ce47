"""Inputs to results: what is found, what fails, and that one never stops the others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wuxing_nlp.batch import STREAM, Failure, Result, classify, find_inputs
from wuxing_nlp.model.tagger import Tagger, load

TEXT = "青苎县关于整治推诿扯皮的通知\n\n坚决整治推诿扯皮、久拖不决。\n第三中学操场于八月底完工。\n"
TRADITIONAL = "有的幹部不敢擔當，遇到矛盾繞道走。"


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return load()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "b.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "in" / "deep" / "a.txt").write_text(TRADITIONAL, encoding="big5")
    return tmp_path / "in"


def test_inputs_are_files_and_what_is_below_folders(folder: Path) -> None:
    inputs, failures = find_inputs([str(folder)])
    assert inputs == [str(folder / "b.txt"), str(folder / "deep" / "a.txt")]
    assert failures == []


def test_every_input_comes_once(folder: Path) -> None:
    inputs, _ = find_inputs([STREAM, str(folder / "b.txt"), str(folder), f"{folder}/deep/../b.txt", STREAM])
    assert inputs == [STREAM, str(folder / "b.txt"), str(folder / "deep" / "a.txt")]


def test_a_folder_without_documents_is_one_failure(folder: Path) -> None:
    (folder / "none").mkdir()
    inputs, failures = find_inputs([str(folder / "none"), str(folder / "b.txt")])
    assert inputs == [str(folder / "b.txt")]
    assert [failure.name for failure in failures] == [str(folder / "none")]
    assert "no document in this folder" in failures[0].reason


def test_a_bad_input_never_stops_the_others(folder: Path, tagger: Tagger) -> None:
    (folder / "c.txt").write_bytes(b"")
    outcomes = list(classify(tagger, [str(folder / name) for name in ("gone.txt", "c.txt", "b.txt")]))
    assert [type(outcome) for outcome in outcomes] == [Failure, Failure, Result]
    assert isinstance(outcomes[0], Failure)
    assert outcomes[0].name == str(folder / "gone.txt")
    reasons = [outcome.reason for outcome in outcomes if isinstance(outcome, Failure)]
    assert "there is no such file" in reasons[0]
    assert "empty (0 bytes)" in reasons[1]
    assert all("\n" not in reason for reason in reasons)


def test_tagging_is_lazy(folder: Path, tagger: Tagger) -> None:
    outcomes = classify(tagger, [str(folder / "late.txt")])
    (folder / "late.txt").write_text(TEXT, encoding="utf-8")
    assert isinstance(next(outcomes), Result)


def test_the_stream_is_the_input_called_minus(tagger: Tagger) -> None:
    [result] = classify(tagger, [STREAM], stream=TEXT.encode("gb18030"))
    assert isinstance(result, Result)
    assert (result.document.name, result.document.encoding) == ("-", "gb18030")
    assert result.document.text == TEXT
    [failure] = classify(tagger, [STREAM])
    assert isinstance(failure, Failure)
    assert "empty" in failure.reason


def test_a_result_is_what_the_tagger_says(folder: Path, tagger: Tagger) -> None:
    [result] = classify(tagger, [str(folder / "deep" / "a.txt")])
    assert isinstance(result, Result)
    assert result.document.text == TRADITIONAL
    assert result.tagged == tagger.tag(TRADITIONAL)


def test_a_line_of_json_holds_origin_and_the_fields_of_the_api(folder: Path, tagger: Tagger) -> None:
    [result] = classify(tagger, [str(folder / "b.txt")])
    assert isinstance(result, Result)
    line = json.loads(json.dumps(result.to_dict(), ensure_ascii=False))
    assert set(line) == {"document", "title", "encoding", "model", "prefer", "script", "profile", "units"}
    assert line["document"] == str(folder / "b.txt")
    assert (line["title"], line["encoding"]) == ("青苎县关于整治推诿扯皮的通知", "utf-8")
    assert line["model"] == tagger.model.name
    for found, unit in zip(line["units"], result.tagged.units, strict=True):
        assert TEXT[found["start"] : found["end"]] == found["text"] == unit.text
        assert (found["kind"], found["status"]) == (unit.kind, unit.status)
        assert tuple(found["codes"]) == unit.codes
        assert set(found["labels"]) == unit.labels
        assert [tag["code"] for tag in found["tags"]] == [tag.code for tag in unit.tags]
