"""Runs: whole folders of results, the same bytes however they came about."""

from __future__ import annotations

import csv
import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from wuxing_nlp import batch
from wuxing_nlp.batch import Counts, Plan, Settings
from wuxing_nlp.batch.parts import FOLDER
from wuxing_nlp.batch.tables import FORMATS
from wuxing_nlp.batch.tagging import Done
from wuxing_nlp.documents import find_sources
from wuxing_nlp.errors import OutputError, StrictError
from wuxing_nlp.model.tagger import Tagger
from wuxing_nlp.report import write_report
from wuxing_nlp.version import __version__

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = sorted((ROOT / "corpus" / "samples").glob("*.txt"))
KILLS = 20

Files = dict[str, bytes]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six chunks of work: documents, a table, and what fails."""
    folder = tmp_path_factory.mktemp("in")
    text = "\n".join(path.read_text(encoding="utf-8") for path in SAMPLES)
    for number in range(5):
        (folder / f"{number}.txt").write_text(f"第{number}号\n{text * 3}", encoding="utf-8")
    with (folder / "rows.csv").open("w", encoding="utf-8-sig", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["编号", "内容", "document", "备注"])
        for number, line in enumerate(text.splitlines()):
            rows.writerow([number, line, "NA", "=1+1"])
    (folder / "empty.txt").write_bytes(b"")
    (folder / "old.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    return folder


@pytest.fixture(scope="module")
def plan(desk: Path, tagger: Tagger) -> Callable[..., Plan]:
    def of(settings: Settings | None = None, *paths: Path) -> Plan:
        return Plan(find_sources(paths or [desk]), settings or Settings(), tagger.model)

    return of


def files(folder: Path) -> Files:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def whole(plan: Callable[..., Plan], tmp_path_factory: pytest.TempPathFactory) -> Files:
    """What a run in one process gives that nothing disturbed."""
    out = tmp_path_factory.mktemp("out") / "deep" / "whole"
    batch.run(plan(Settings(tables=tuple(FORMATS))), out)
    return files(out)


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(data.decode("utf-8-sig").splitlines(keepends=True)))


def test_a_run_is_a_folder_of_whole_files(whole: Files) -> None:
    tables = {f"{name}.{form}" for name in ("units", "documents") for form in FORMATS}
    assert set(whole) == {*tables, "results.jsonl", "failures.csv", "run.json"}
    record = json.loads(whole["run.json"])
    assert set(record["files"]) == {*tables, "results.jsonl", "failures.csv"}
    results = [json.loads(line) for line in whole["results.jsonl"].splitlines()]
    assert len(results) == len(table(whole["documents.csv"])) == record["counts"]["documents"]
    units = [unit for result in results for unit in result["units"]]
    assert len(units) == len(table(whole["units.csv"])) == record["counts"]["units"]
    assert len(units) == len(whole["units.jsonl"].splitlines())


def test_parquet_and_csv_hold_the_same(whole: Files, tmp_path: Path) -> None:
    (tmp_path / "units.parquet").write_bytes(whole["units.parquet"])
    found = pq.read_table(tmp_path / "units.parquet").to_pylist()
    rows = table(whole["units.csv"])
    assert len(found) == len(rows)
    for typed, row in zip(found[:500], rows, strict=False):
        assert {name: "" if cell is None else str(cell) for name, cell in typed.items()} == {
            name: cell.removeprefix("'") for name, cell in row.items()
        }


def test_columns_of_the_input_pass_through(whole: Files) -> None:
    rows = [row for row in table(whole["documents.csv"]) if "rows.csv#" in row["document"]]
    assert {row["document (input)"] for row in rows} == {"NA"}
    assert {row["备注"] for row in rows} == {"'=1+1"}
    assert rows[3]["编号"] == "3"
    assert "内容" not in rows[0]
    others = [row for row in table(whole["documents.csv"]) if "rows.csv#" not in row["document"]]
    assert {row["编号"] for row in others} == {""}


def test_failures_are_told_with_what_to_do(whole: Files, desk: Path) -> None:
    failures = {row["input"]: (row["reason"], row["advice"]) for row in table(whole["failures.csv"])}
    assert failures[str(desk / "empty.txt")] == ("empty (0 bytes)", "give a document with text")
    assert "save it as .docx" in failures[str(desk / "old.doc")][1]
    blank = [name for name in failures if "rows.csv#" in name]
    assert len(failures) == 2 + len(blank) == json.loads(whole["run.json"])["counts"]["failures"]


def test_a_run_can_be_cited(whole: Files, tagger: Tagger, desk: Path) -> None:
    record = json.loads(whole["run.json"])
    assert record["versions"]["wuxing_nlp"] == __version__
    assert record["model"]["name"] == tagger.model.name
    assert record["codebook"]["sha256"] == tagger.model.codebook.fingerprint
    assert {item["name"] for item in record["inputs"]} == {str(path) for path in desk.iterdir()}
    assert record["prefer"] == "balanced"
    assert any("内容" in notice for notice in record["counts"]["notices"])


@pytest.mark.parametrize("workers", [2, 3])
def test_the_number_of_workers_changes_no_byte(
    plan: Callable[..., Plan], whole: Files, tmp_path: Path, workers: int
) -> None:
    counts = batch.run(plan(Settings(tables=tuple(FORMATS))), tmp_path / "out", workers=workers)
    assert files(tmp_path / "out") == whole
    assert counts.units == json.loads(whole["run.json"])["counts"]["units"]


def test_a_run_again_gives_the_same(plan: Callable[..., Plan], tmp_path: Path) -> None:
    paths = SAMPLES[:2]
    counts = batch.run(plan(None, *paths), tmp_path)
    before = files(tmp_path)
    watcher = Stopper(tagged=1)
    assert batch.run(plan(None, *paths), tmp_path, watcher=watcher) == counts
    assert watcher.done == []
    batch.run(plan(None, *paths), tmp_path, restart=True)
    assert files(tmp_path) == before


def test_a_finished_run_is_done_again_where_something_may_be_different(
    plan: Callable[..., Plan], desk: Path, tmp_path: Path
) -> None:
    paths = (SAMPLES[0], desk / "empty.txt")
    for settings in (Settings(), Settings(), Settings(tables=("jsonl",))):
        watcher = Stopper()
        batch.run(plan(settings, *paths), tmp_path, watcher=watcher)
        assert len(watcher.done) == 1
    assert (tmp_path / "units.jsonl").is_file()
    assert not (tmp_path / "units.csv").exists()
    batch.run(plan(None, SAMPLES[0]), tmp_path, restart=True)
    (tmp_path / "documents.csv").unlink()
    batch.run(plan(None, SAMPLES[0]), tmp_path)
    assert (whole := (tmp_path / "documents.csv").read_bytes())
    (tmp_path / "documents.csv").write_bytes(b"")
    later = (tmp_path / "run.json").stat().st_mtime_ns + 10**9
    os.utime(tmp_path / "documents.csv", ns=(later, later))
    batch.run(plan(None, SAMPLES[0]), tmp_path)
    assert (tmp_path / "documents.csv").read_bytes() == whole


def test_a_finished_run_is_not_lost(plan: Callable[..., Plan], tmp_path: Path) -> None:
    batch.run(plan(None, SAMPLES[0]), tmp_path)
    write_report(tmp_path)
    before = files(tmp_path)
    for other, what in (
        (plan(None, SAMPLES[1]), "inputs"),
        (plan(Settings(text=False), SAMPLES[0]), "text"),
    ):
        with pytest.raises(OutputError, match=f"holds a finished run that differs in {what}; .* --restart"):
            batch.run(other, tmp_path)
    assert files(tmp_path) == before
    batch.run(plan(None, SAMPLES[1]), tmp_path, restart=True)
    assert files(tmp_path)["run.json"] != before["run.json"]


@pytest.mark.parametrize("content", ["{}", "[]", "{", '{"counts": 1}'])
def test_a_record_that_is_none_is_not_replaced(
    plan: Callable[..., Plan], tmp_path: Path, content: str
) -> None:
    (tmp_path / "run.json").write_text(content, encoding="utf-8")
    with pytest.raises(OutputError, match="is no record of a run"):
        batch.run(plan(None, SAMPLES[0]), tmp_path)
    assert files(tmp_path) == {"run.json": content.encode()}


def test_a_run_of_a_cluster_is_not_replaced_by_one_of_this_machine(
    plan: Callable[..., Plan], tmp_path: Path
) -> None:
    batch.run(plan(None, SAMPLES[0]), tmp_path)
    record = json.loads((tmp_path / "run.json").read_bytes())
    (tmp_path / "run.json").write_text(json.dumps(record | {"files": ["units/part-*.parquet"]}))
    with pytest.raises(OutputError, match="a finished run that differs in files"):
        batch.run(plan(None, SAMPLES[0]), tmp_path)


class Stopper:
    """Watches a run, and stops it where it is told to."""

    def __init__(self, *, tagged: int = -1, joined: int = -1) -> None:
        self._stop = (tagged, joined)
        self.done: list[Done] = []
        self.parts = 0

    def tagged(self, done: Done) -> None:
        self.done.append(done)
        if len(self.done) == self._stop[0]:
            raise KeyboardInterrupt

    def joined(self, part: int, parts: int) -> None:
        self.parts += 1
        assert (self.parts, parts) == (part, len(self.done))
        if part == self._stop[1]:
            raise KeyboardInterrupt


def test_a_stopped_run_goes_on_where_it_was(plan: Callable[..., Plan], whole: Files, tmp_path: Path) -> None:
    settings = Settings(tables=tuple(FORMATS))
    for stop in (Stopper(tagged=1), Stopper(tagged=5), Stopper(joined=2)):
        with pytest.raises(KeyboardInterrupt):
            batch.run(plan(settings), tmp_path, watcher=stop)
        assert [path.name for path in tmp_path.iterdir()] == [FOLDER]
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / FOLDER).glob("*.gz")}
    watcher = Stopper()
    batch.run(plan(settings), tmp_path, workers=2, watcher=watcher)
    assert len(before) == len(watcher.done) == watcher.parts
    assert files(tmp_path) == whole


def test_the_record_of_an_earlier_run_never_stands_beside_later_tables(
    plan: Callable[..., Plan], tmp_path: Path
) -> None:
    batch.run(plan(Settings(tables=("csv", "jsonl")), SAMPLES[0]), tmp_path)
    write_report(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        batch.run(plan(None, SAMPLES[1]), tmp_path, restart=True, watcher=Stopper(tagged=1))
    assert (tmp_path / "run.json").exists()
    with pytest.raises(KeyboardInterrupt):
        batch.run(plan(None, SAMPLES[1]), tmp_path, watcher=Stopper(joined=1))
    assert [path.name for path in tmp_path.iterdir()] == [FOLDER]


def test_files_that_no_run_wrote_are_not_touched(plan: Callable[..., Plan], tmp_path: Path) -> None:
    (tmp_path / "documents.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match=r"holds documents\.csv, which no run there wrote"):
        batch.run(plan(None, SAMPLES[0]), tmp_path)
    assert files(tmp_path) == {"documents.csv": b"mine"}


def test_a_run_with_other_settings_does_not_mix(plan: Callable[..., Plan], tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        batch.run(plan(), tmp_path, watcher=Stopper(tagged=1))
    other = plan(Settings(text=False))
    with pytest.raises(OutputError, match="unfinished run that differs in text"):
        batch.run(other, tmp_path)
    batch.run(other, tmp_path, restart=True)
    assert b"\xe6\x8e\xa8\xe8\xaf\xbf" not in (tmp_path / "results.jsonl").read_bytes()


def test_strict_stops_at_the_first_failure(plan: Callable[..., Plan], desk: Path, tmp_path: Path) -> None:
    with pytest.raises(StrictError, match=r"empty\.txt: empty \(0 bytes\); .*--strict"):
        batch.run(plan(None, desk / "empty.txt", SAMPLES[0]), tmp_path, strict=True)
    assert not (tmp_path / "run.json").exists()


def test_a_run_in_which_everything_fails_has_its_files(
    plan: Callable[..., Plan], desk: Path, tmp_path: Path
) -> None:
    counts = batch.run(plan(None, desk / "empty.txt"), tmp_path)
    assert counts == Counts(failures=1)
    assert table((tmp_path / "units.csv").read_bytes()) == []
    assert (tmp_path / "results.jsonl").read_bytes() == b""


def test_killed_twenty_times_at_random_a_run_ends_in_the_same_bytes(
    desk: Path, whole: Files, tmp_path: Path
) -> None:
    expected = with_report(whole, tmp_path / "expected")
    tmp_path = tmp_path / "out"
    arguments = ["classify", str(desk), "--out", str(tmp_path), "--workers", "2", "--quiet"]
    arguments += ["--tables", ",".join(FORMATS)]
    command = [sys.executable, "-m", "wuxing_nlp", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    draw = random.Random(1818)
    killed = 0
    while killed < KILLS:
        with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as running:
            try:
                running.wait(timeout=draw.uniform(0.05, 4))
            except subprocess.TimeoutExpired:
                running.send_signal(signal.SIGKILL)
                killed += 1
        if not (tmp_path / FOLDER).exists() and (tmp_path / "run.json").exists():
            # Done before it was killed: once more from the beginning.
            assert files(tmp_path) in (whole, expected)
            for path in tmp_path.iterdir():
                path.unlink()
    subprocess.run(command, env=environment, stderr=subprocess.DEVNULL, check=False)
    assert files(tmp_path) == expected


def with_report(whole: Files, folder: Path) -> Files:
    """The files of a run and the report on them."""
    folder.mkdir()
    for name, data in whole.items():
        (folder / name).write_bytes(data)
    write_report(folder)
    return files(folder)
