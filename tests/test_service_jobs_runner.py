"""The process of a job: it does what ``wuxing classify`` does, and goes on where another was ended."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from wuxing_nlp.batch import Failure
from wuxing_nlp.batch.parts import FOLDER, write_part
from wuxing_nlp.batch.workers import cores
from wuxing_nlp.documents import ReadOptions
from wuxing_nlp.model.preference import Preference
from wuxing_nlp.service.jobs.folder import INPUTS, OUT
from wuxing_nlp.service.jobs.job import Counts, Options
from wuxing_nlp.service.jobs.runner import Failed, Finished, JobProcess, Order, Progress, Word

TEXTS = ["坚决整治推诿扯皮、久拖不决。\n", "持续深化“放管服”改革，让群众少跑腿。\n"]
COUNTS = Counts(1_003, 1, 1_004)
PLANTED = Failure("planted", "seen", "advice")
FILES = ("results.jsonl", "units.csv", "documents.csv", "failures.csv", "run.json")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a job with three files and a table, which are two chunks."""
    inputs = tmp_path / "job" / INPUTS
    inputs.mkdir(parents=True)
    for name, text in {"乙.txt": TEXTS[0], "甲.txt": TEXTS[1] * 2, "bad.txt": ""}.items():
        (inputs / name).write_text(text, encoding="utf-8")
    rows = "".join(f"{number},{TEXTS[number % 2]}" for number in range(1_001))
    (inputs / "表.csv").write_text(f"编号,正文\n{rows}", encoding="utf-8")
    return tmp_path / "job"


def order(folder: Path, *, careful: bool = False, **options: object) -> Order:
    settings = Options(**options).settings(None, 1_000_000)  # type: ignore[arg-type]
    return Order(folder, settings, cores(), careful)


@contextmanager
def at_work(given: Order) -> Iterator[JobProcess]:
    process = JobProcess(given)
    process.start()
    try:
        yield process
    finally:
        process.kill()
        process.join()


def words(given: Order) -> list[Word]:
    """All that a process says."""
    with at_work(given) as process:
        said = []
        while (word := process.word()) is not None:
            said.append(word)
    return said


def finished(given: Order) -> Counts:
    last = words(given)[-1]
    assert isinstance(last, Finished)
    return last.counts


def contents(out: Path) -> dict[str, bytes]:
    return {name: (out / name).read_bytes() for name in FILES}


def test_a_job_is_what_the_command_line_makes_of_its_files(
    folder: Path, tmp_path: Path, make_run: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert finished(order(folder)) == COUNTS
    monkeypatch.chdir(folder / INPUTS)
    # As os.listdir sorts them; names are the users' own.
    paths = [Path(name) for name in ("bad.txt", "乙.txt", "甲.txt", "表.csv")]
    expected = make_run(tmp_path / "expected", *paths, options=ReadOptions(max_characters=1_000_000))
    assert contents(folder / OUT) == contents(expected)
    assert {path.name for path in (folder / OUT).iterdir()} == set(FILES)


def test_options_are_those_of_the_run(folder: Path) -> None:
    finished(
        order(
            folder, evidence=False, text=False, prefer=Preference.RECALL, text_column="正文", id_column="编号"
        )
    )
    record = json.loads((folder / OUT / "run.json").read_bytes())
    assert (record["prefer"], record["evidence"], record["text"]) == ("recall", False, False)
    assert (record["options"]["text_column"], record["options"]["id_column"]) == ("正文", "编号")
    assert "推诿" not in (folder / OUT / "results.jsonl").read_text(encoding="utf-8")


def test_progress_is_told(folder: Path) -> None:
    [*told, last] = words(order(folder))
    assert isinstance(last, Finished)
    assert told
    assert isinstance(told[0], Progress)
    assert told[0].fraction
    assert 0 < told[0].fraction < 1
    assert told[0].counts.documents


def test_nobody_knows_the_progress_of_a_packed_table(folder: Path) -> None:
    (folder / INPUTS / "x.xlsx").write_bytes(b"no workbook")
    [told, *_] = words(order(folder))
    assert isinstance(told, Progress)
    assert told.fraction is None


def begun(folder: Path) -> None:
    """Let a process do the first chunk and end it; what it made is marked."""
    with at_work(order(folder)) as process:
        assert isinstance(process.word(), Progress)
        process.kill()
        assert process.join() == -signal.SIGKILL
    write_part(min((folder / OUT / FOLDER).glob("*-00000000.jsonl.gz")), [PLANTED])


def test_what_was_ended_goes_on_where_it_was(folder: Path) -> None:
    begun(folder)
    # The second chunk holds the rows that the first has no more room for: it takes a thousand items.
    assert finished(order(folder)) == Counts(4, 1, 4)
    assert "planted" in (folder / OUT / "failures.csv").read_text(encoding="utf-8")
    assert not (folder / OUT / FOLDER).exists()


def test_what_was_begun_otherwise_is_done_anew(folder: Path) -> None:
    begun(folder)
    assert finished(order(folder, prefer=Preference.RECALL)) == COUNTS
    assert "planted" not in (folder / OUT / "failures.csv").read_text(encoding="utf-8")


def test_a_complete_run_is_not_done_again(folder: Path) -> None:
    counts = finished(order(folder))
    (folder / INPUTS / "乙.txt").unlink()
    (folder / OUT / FOLDER).mkdir()
    assert words(order(folder)) == [Finished(counts)]
    assert not (folder / OUT / FOLDER).exists()


@pytest.mark.parametrize("careful", [False, True])
def test_with_care_documents_are_tagged_in_processes_of_their_own(folder: Path, careful: bool) -> None:
    process = JobProcess(order(folder, careful=careful))
    pid = process.start()
    process.word()
    children = [child.name() for child in psutil.Process(pid).children()]
    process.kill()
    process.join()
    assert bool(children) == careful


def test_what_is_wrong_is_one_sentence_without_our_paths(folder: Path) -> None:
    (folder / OUT).write_text("in the way")
    [failed] = words(order(folder))
    assert isinstance(failed, Failed)
    assert "out cannot be a folder" in failed.error
    assert str(folder) not in failed.error


def test_what_nobody_foresaw_is_told_without_a_text(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (folder / INPUTS).rename(folder / "gone")
    [failed] = words(order(folder))
    assert isinstance(failed, Failed)
    assert failed.error.startswith("a fault of the service")
    line = json.loads(capfd.readouterr().err)
    assert (line["event"], line["error"], line["job"]) == ("a job failed", "FileNotFoundError", "job")


def test_a_process_that_is_killed_has_no_last_word(folder: Path) -> None:
    with at_work(order(folder)) as process:
        process.kill()
        assert process.word() is None
        assert process.join() == -signal.SIGKILL


def test_a_process_that_was_killed_before_it_began_does_not_begin(folder: Path) -> None:
    process = JobProcess(order(folder))
    process.kill()
    assert process.start() is None
    assert process.word() is None
    assert process.join() is None
    assert not (folder / OUT).exists()


def test_signals_to_all_processes_of_a_service_leave_it_at_work(folder: Path) -> None:
    process = JobProcess(order(folder))
    pid = process.start()
    assert pid
    assert isinstance(process.word(), Progress)
    os.kill(pid, signal.SIGINT)
    os.kill(pid, signal.SIGTERM)
    while isinstance(word := process.word(), Progress):
        pass
    assert isinstance(word, Finished)
    assert process.join() == 0


def test_a_process_ends_by_itself_after_its_last_word(folder: Path) -> None:
    with at_work(order(folder)) as process:
        while isinstance(process.word(), Progress):
            pass
        process.let_end()
        process.kill()
        assert process.join() == 0
