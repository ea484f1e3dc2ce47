"""Tasks through processes: in order, at most a few at a time, and no crash loses what is not its own."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import connection, get_context, parent_process
from threading import Thread
from typing import Generic, TypeVar

from wuxing_nlp.processes import bound_memory

_Task = TypeVar("_Task")
_Answer = TypeVar("_Answer")

MOST = 61
"""Processes: as many as Windows can wait for."""

MANY_BYTES = 20_000_000
"""Input from which on several processes pay for their start."""

MEMORY = 8 << 30
"""Bytes that a process may take to read and tag documents; on Windows and macOS nothing bounds them. Few
documents take a tenth of it."""

_AHEAD = 2
"""Tasks a worker that are under way or wait: enough that none is idle, few enough to keep in memory."""


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Workers(Generic[_Task, _Answer]):
    """Does tasks in processes of their own, or in this one where one worker is asked for.

    Attributes:
        count: how many processes.
        work: what does a task; a function at the top of a module, for it travels to the processes.
        crashed: gives, in this process, what stands for the answer of a task that ended its process
            (a library that crashes, memory that is not there).
    """

    count: int
    work: Callable[[_Task], _Answer]
    crashed: Callable[[_Task], _Answer]

    def map(self, tasks: Iterable[_Task]) -> Generator[_Answer]:
        """The answers, in the order of the tasks, as they come. An exception of a task is raised.
        Closed early, it waits for no more than what is under way."""
        if self.count < 2:
            yield from map(self.work, tasks)
            return
        upcoming = iter(tasks)
        under_way: deque[tuple[_Task, Future[_Answer] | None]] = deque()
        while True:
            with _pool(min(self.count, MOST)) as pool:
                try:
                    yield from self._answers(pool, upcoming, under_way)
                    return
                except BrokenProcessPool:
                    pass
                finally:
                    pool.shutdown(wait=False, cancel_futures=True)
            # One of the tasks under way ended its process, and nobody knows which.
            while under_way:
                yield self._careful(under_way.popleft()[0])

    def _answers(
        self,
        pool: ProcessPoolExecutor,
        tasks: Iterator[_Task],
        under_way: deque[tuple[_Task, Future[_Answer] | None]],
    ) -> Iterator[_Answer]:
        for task in tasks:
            # Noted before it is handed over: a broken pool takes no task, and none must be lost.
            under_way.append((task, None))
            under_way[-1] = task, self._handed_over(pool, task)
            if len(under_way) >= _AHEAD * self.count:
                yield self._first(under_way)
        while under_way:
            yield self._first(under_way)

    def _handed_over(self, pool: ProcessPoolExecutor, task: _Task) -> Future[_Answer]:
        try:
            return pool.submit(self.work, task)
        except OSError as error:
            # The pool closes what its processes share as soon as one ends, even while it starts another.
            raise BrokenProcessPool("a process ended while another was started") from error

    def _first(self, under_way: deque[tuple[_Task, Future[_Answer] | None]]) -> _Answer:
        _, future = under_way[0]
        if future is None:
            raise BrokenProcessPool
        answer = future.result()
        under_way.popleft()
        return answer

    def _careful(self, task: _Task) -> _Answer:
        try:
            return alone(self.work, task)
        except BrokenProcessPool:
            return self.crashed(task)


def alone(work: Callable[[_Task], _Answer], task: _Task) -> _Answer:
    """The answer to a task in a process that it cannot take others down with.

    Raises:
        BrokenProcessPool: the task ended its process.
    """
    with _pool(1) as pool:
        return pool.submit(work, task).result()


def _pool(count: int) -> ProcessPoolExecutor:
    # A forked process would copy the locks of this one's threads, but not the threads.
    return ProcessPoolExecutor(count, get_context("spawn"), begin)


def begin() -> None:
    """What a process does first: bound its memory, and see to it that it ends with its parent."""
    bound_memory(MEMORY)
    end_with_parent()


def end_with_parent() -> None:
    """What a process does first: see to it that it does not outlive the one that started it, for a
    killed process cannot tell its workers."""
    if parent := parent_process():
        Thread(target=_wait_for, args=(parent.sentinel,), daemon=True).start()


def _wait_for(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)
