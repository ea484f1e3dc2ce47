"""Processes that do tasks: in order, and none lost when one of them crashes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import count
from pathlib import Path

import psutil
import pytest

from wuxing_nlp.batch.workers import MEMORY, Workers


def double(number: int) -> int:
    if number == 13:
        os.kill(os.getpid(), signal.SIGKILL)
    if number < 0:
        raise ValueError("negative")
    return 2 * number


def lost(number: int) -> int:
    return -number


def of(count: int) -> Workers[int, int]:
    return Workers(count, double, lost)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_answers_come_in_the_order_of_the_tasks(count: int) -> None:
    assert list(of(count).map(range(12))) == [2 * number for number in range(12)]
    assert list(of(count).map([])) == []


@pytest.mark.parametrize("place", [0, 3, 9])
def test_a_crash_costs_its_own_task_only(place: int) -> None:
    tasks = [1, 2, 3, 4, 5, 6, 7, 8, 9]
    tasks.insert(place, 13)
    assert list(of(2).map(tasks)) == [-13 if task == 13 else 2 * task for task in tasks]


def test_a_pool_that_closes_while_it_starts_a_process_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What multiprocessing says where one process has ended while the next was told of the queue of both."""
    submit, calls = ProcessPoolExecutor.submit, count()

    def closing(pool: ProcessPoolExecutor, work: Callable[[int], int], task: int) -> Future[int]:
        if next(calls) == 2:
            raise OSError("handle is closed")
        return submit(pool, work, task)

    monkeypatch.setattr(ProcessPoolExecutor, "submit", closing)
    assert list(of(2).map(range(9))) == [2 * number for number in range(9)]


@pytest.mark.parametrize("count", [1, 2])
def test_an_exception_is_raised_where_its_answer_would_be(count: int) -> None:
    answers = of(count).map([1, -1, 2])
    assert next(answers) == 2
    with pytest.raises(ValueError, match="negative"):
        next(answers)


def test_tasks_are_taken_as_they_are_needed() -> None:
    taken: list[int] = []

    def tasks() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    answers = of(2).map(tasks())
    next(answers)
    assert len(taken) <= 5
    answers.close()  # type: ignore[attr-defined]


def test_processes_end_with_the_one_that_started_them(tmp_path: Path) -> None:
    script = tmp_path / "runs.py"
    script.write_text(
        "import os, pathlib, sys, threading\n"
        "from wuxing_nlp.batch.workers import Workers\n"
        "def wait(name):\n"
        "    pathlib.Path(name).write_text(str(os.getpid()))\n"
        "    threading.Event().wait(600)\n"
        "if __name__ == '__main__':\n"
        f"    list(Workers(2, wait, None).map([{str(tmp_path / '1')!r}, {str(tmp_path / '2')!r}]))\n"
    )
    with subprocess.Popen([sys.executable, str(script)]) as parent:
        children = [found(tmp_path / name) for name in "12"]
        parent.kill()
    psutil.wait_procs(children, timeout=30)
    assert not any(child.is_running() and child.status() != psutil.STATUS_ZOMBIE for child in children)


def found(path: Path) -> psutil.Process:
    """The process that wrote its number to a file, once it is there."""
    while not (path.exists() and path.read_text()):
        os.sched_yield()
    return psutil.Process(int(path.read_text()))


def taken(size: int) -> int:
    """Asks for memory that a process may not have, and never touches it."""
    return len(bytes(size))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds a process's memory")
def test_no_process_takes_more_memory_than_it_may() -> None:
    workers: Workers[int, int] = Workers(2, taken, lost)
    assert list(workers.map([1, 2])) == [1, 2]
    with pytest.raises(MemoryError):
        list(workers.map([MEMORY]))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds a process's memory")
def test_a_lower_bound_of_the_user_stands() -> None:
    code = (
        "import resource as r; from wuxing_nlp.batch.workers import begin; "
        "r.setrlimit(r.RLIMIT_DATA, (2 << 30, r.RLIM_INFINITY)); begin(); "
        "assert r.getrlimit(r.RLIMIT_DATA) == (2 << 30, r.RLIM_INFINITY)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
