"""Reading a run's folder, whole or damaged."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from wuxing_nlp.batch import Failure
from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.errors import ReportError
from wuxing_nlp.report.folder import read_failures, read_results, read_run
from wuxing_nlp.report.survey import Survey

BOOK = load_codebook()


@pytest.fixture(scope="module")
def whole(make_run: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("folder")
    (folder / "a.txt").write_text("坚决整治推诿扯皮、久拖不决。\n", encoding="utf-8")
    (folder / "-empty.txt").write_bytes(b"")
    return make_run(folder / "out", folder / "a.txt", folder / "-empty.txt", folder / "gone.txt")


@pytest.fixture
def run(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "run"))


def test_a_run_is_read(run: Path) -> None:
    survey = Survey(BOOK)
    read_results(run, survey)
    assert survey.whole.documents == read_run(run)["counts"]["documents"] == 1


def test_failures_are_read_as_they_were(run: Path) -> None:
    failures = read_failures(run, 9)
    assert sorted(Path(failure.name).name for failure in failures) == ["-empty.txt", "gone.txt"]
    assert all(isinstance(failure, Failure) and failure.seen and failure.advice for failure in failures)
    assert len(read_failures(run, 1)) == 1


def test_the_apostrophe_of_a_safe_cell_is_taken_away(run: Path) -> None:
    rows = "input,reason,advice\r\n'-a,'=seen,'tis fine\r\n"
    (run / "failures.csv").write_text(rows, encoding="utf-8-sig", newline="")
    assert read_failures(run, 9) == [Failure("-a", "=seen", "'tis fine")]


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("run.json", read_run),
        ("results.jsonl", lambda run: read_results(run, Survey(BOOK))),
        ("failures.csv", lambda run: read_failures(run, 1)),
    ],
)
def test_a_missing_file_is_no_finished_run(run: Path, name: str, read: Callable[[Path], object]) -> None:
    (run / name).unlink()
    with pytest.raises(ReportError, match=rf"holds no finished run: {name} cannot be read.*--out"):
        read(run)


@pytest.mark.parametrize("content", ["{", "[" * 100_000, "\udcff".encode("utf-8", "surrogatepass")])
def test_a_record_that_is_no_json_is_damaged(run: Path, content: str | bytes) -> None:
    (run / "run.json").write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ReportError, match=r"run\.json is damaged"):
        read_run(run)


@pytest.mark.parametrize(("content", "said"), [("[]", "is no record of a run"), ("{}", "has no versions, ")])
def test_a_record_of_something_else_is_told(run: Path, content: str, said: str) -> None:
    (run / "run.json").write_text(content, encoding="utf-8")
    with pytest.raises(ReportError, match=said):
        read_run(run)


@pytest.mark.parametrize("line", ["nonsense", "{}", "[1]", '{"profile": 3}', '{"profile": {"units": "x"}}'])
def test_a_bad_line_is_named(run: Path, line: str) -> None:
    with (run / "results.jsonl").open("a", encoding="utf-8") as stream:
        stream.write(f"{line}\n")
    with pytest.raises(ReportError, match=r"results\.jsonl, line 2: no tagged document"):
        read_results(run, Survey(BOOK))


def test_a_unit_without_its_parts_is_a_bad_line(run: Path) -> None:
    path = run / "results.jsonl"
    record = json.loads(path.read_text(encoding="utf-8"))
    del record["units"][0]["tags"]
    path.write_text(json.dumps(record) + "\n", encoding="utf-8")
    with pytest.raises(ReportError, match="line 1: no tagged document"):
        read_results(run, Survey(BOOK))


def test_broken_failures_are_told(run: Path) -> None:
    (run / "failures.csv").write_text("input,reason,advice\r\nonly,two\r\n", encoding="utf-8")
    with pytest.raises(ReportError, match=r"failures\.csv is damaged"):
        read_failures(run, 9)
