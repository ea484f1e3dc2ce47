"""Chunks to parts: once each, and a crash costs only its own document."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from wuxing_nlp.batch import Counts, Failure, Settings, tagging
from wuxing_nlp.batch.outcome import Item
from wuxing_nlp.batch.parts import FOLDER, read_part, write_part
from wuxing_nlp.batch.plan import Chunk
from wuxing_nlp.batch.tagging import Done, Task, tag_chunk, tag_chunk_carefully
from wuxing_nlp.documents import Document, ReadOptions, Source
from wuxing_nlp.errors import DocumentError

TEXT = "坚决整治推诿扯皮、久拖不决。"
PROBLEM = DocumentError("gone.txt", "there is no such file", "check the path")


class Deadly(Document):
    """A document that ends the process which tags it: it arrives there as a bomb."""

    def __reduce__(self) -> tuple[object, ...]:
        return _go_off, (os.getpid(),)


def _go_off(parent: int) -> Document:
    if os.getpid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)
    return Document("deadly", TEXT)


def task(folder: Path, *items: Item, settings: Settings | None = None) -> Task:
    return Task(Chunk(0, items, 42), settings or Settings(), folder / "0.gz")


def names(path: Path) -> list[str]:
    return [
        outcome.name if isinstance(outcome, Failure) else outcome["document"] for outcome in read_part(path)
    ]


@pytest.mark.parametrize("tag", [tag_chunk, tag_chunk_carefully])
def test_a_chunk_becomes_a_part_with_its_failures(tmp_path: Path, tag: object) -> None:
    assert callable(tag)
    done = tag(task(tmp_path, Document("a", TEXT, fields={"年": "2024"}), PROBLEM, Document("b", TEXT)))
    failure = Failure.of(PROBLEM)
    assert done == Done(42, Counts(2, 1, 2, {"labelled": 2}, ["年"]), (failure,))
    assert names(tmp_path / "0.gz") == ["a", "gone.txt", "b"]
    [first, *_] = read_part(tmp_path / "0.gz")
    assert isinstance(first, dict)
    assert first["units"][0]["probabilities"]


def test_a_part_that_is_there_is_not_made_again(tmp_path: Path) -> None:
    write_part(tmp_path / "0.gz", [Failure("x", "y", "z")])
    before = (tmp_path / "0.gz").read_bytes()
    done = tag_chunk(task(tmp_path, Document("a", TEXT)))
    assert done == Done(42, Counts(failures=1), (Failure("x", "y", "z"),))
    assert (tmp_path / "0.gz").read_bytes() == before


def test_without_text_a_part_quotes_nothing(tmp_path: Path) -> None:
    tag_chunk(task(tmp_path, Document("a", TEXT), settings=Settings(text=False)))
    [record] = read_part(tmp_path / "0.gz")
    assert "推诿" not in str(record)


def test_what_a_reader_decides_is_kept(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(f"编号,内容\n1,{TEXT}\n", encoding="utf-8")
    done = tag_chunk(task(tmp_path, Source.of(tmp_path / "t.csv"), settings=Settings(options=ReadOptions())))
    assert done.counts.documents == 1
    assert any("内容" in notice for notice in done.counts.notices)


def test_a_crash_costs_its_own_document_only(tmp_path: Path) -> None:
    deadly = Deadly("deadly", TEXT)
    done = tag_chunk_carefully(task(tmp_path, Document("a", TEXT), deadly, PROBLEM, Document("b", TEXT)))
    assert names(tmp_path / "0.gz") == ["a", "deadly", "gone.txt", "b"]
    assert done.counts.documents == 2
    [crashed, gone] = done.failures
    assert crashed.seen.startswith("tagging it ended the process")
    assert gone == Failure.of(PROBLEM)


def test_where_no_process_can_be_started_no_document_is_blamed(tmp_path: Path) -> None:
    script = tmp_path / "unguarded.py"
    run = f"Plan(find_sources([{str(tmp_path / 'a.txt')!r}]), Settings(), Settings().bundle())"
    script.write_text(
        "from pathlib import Path\n"
        "from wuxing_nlp.batch import Plan, Settings, run\n"
        "from wuxing_nlp.documents import find_sources\n"
        f"run({run}, Path({str(tmp_path / 'out')!r}), workers=2)\n"
    )
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, env=environment)
    assert "OutputError: no further process can be started here" in done.stderr
    assert '__name__ == "__main__"' in done.stderr
    assert not list((tmp_path / "out" / FOLDER).glob("*.gz"))


def test_a_tagger_is_loaded_once_a_process(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        found = set(threads.map(tagging.tagger_of, [Settings(), Settings(text=False)] * 8))
    assert len(found) == 1
