"""A worker process: what runs in it, and the handle that the listening process has of it."""

from __future__ import annotations

import gc
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection

from wuxing_nlp.batch.workers import begin
from wuxing_nlp.errors import WuxingError
from wuxing_nlp.processes import outlive_signals
from wuxing_nlp.service import logs
from wuxing_nlp.service.pool.tasks import Answer, Task
from wuxing_nlp.service.problems import Problem, fault
from wuxing_nlp.service.settings import ServiceSettings

_READY = b"ready"


class WorkerLostError(Exception):
    """A worker process ended before it answered."""


class WorkerProcess:
    """A process that does one task at a time.

    Making one starts the process and waits until it can work.

    Raises:
        WorkerLostError: it ended before that; the message has the reason, where it told one.
    """

    def __init__(self, settings: ServiceSettings) -> None:
        context = get_context("spawn")
        self._here, there = context.Pipe()
        self._process = context.Process(target=_work, args=(there, settings), daemon=True)
        self._process.start()
        there.close()
        told = self._received()
        if told != _READY:
            self._process.join()
            raise WorkerLostError(str(told))

    @property
    def pid(self) -> int | None:
        """The process's number."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process can be given work."""
        return self._process.is_alive()

    def ask(self, task: Task) -> Answer | Problem:
        """The answer to a task; it blocks. Raises WorkerLostError: the process ended."""
        try:
            self._here.send(task)
        except OSError:
            raise WorkerLostError from None
        answer = self._received()
        assert isinstance(answer, Answer | Problem)
        return answer

    def wait(self) -> None:
        """Wait until the process has ended."""
        # The connection is not closed here: a thread may still read from it.
        self._process.join()

    def kill(self) -> None:
        """End the process, and what it does, at once."""
        self._process.kill()

    def _received(self) -> object:
        try:
            return self._here.recv()
        except (OSError, EOFError):
            raise WorkerLostError from None


def _work(there: Connection, settings: ServiceSettings) -> None:
    outlive_signals()
    begin()
    logs.configure()

    from wuxing_nlp.service.pool.desk import Desk  # the listening process needs nothing of it

    try:
        desk = Desk(settings)
    except WuxingError as error:
        there.send(str(error))
        return
    gc.freeze()  # the model stays: the collector need not go through it again and again
    there.send(_READY)
    with suppress(EOFError, OSError):
        while True:
            there.send(_done(desk.do, there.recv()))


def _done(do: Callable[[Task], Answer], task: Task) -> Answer | Problem:
    try:
        return do(task)
    except Problem as problem:
        return problem
    except Exception as error:
        logs.log_fault("a task failed", error, task=type(task).__name__)
        return fault()
