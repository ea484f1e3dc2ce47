"""A bounded pool of worker processes, as the event loop sees it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from wuxing_nlp.service.logs import LOG
from wuxing_nlp.service.pool.process import WorkerLostError, WorkerProcess
from wuxing_nlp.service.pool.tasks import Answer, Task
from wuxing_nlp.service.problems import Problem
from wuxing_nlp.service.settings import ServiceSettings

_T = TypeVar("_T")

_PATIENCE = (0.0, 1.0, 5.0, 15.0, 30.0)
"""Seconds before a worker that did not even start is started again, the longer the more often."""


class Pool:
    """Does tasks in worker processes: at most ``settings.processes`` at a time, while at most
    ``settings.queue`` wait. A process that ends, or that was ended because its work took too long, is
    replaced. All methods belong to one event loop."""

    def __init__(self, settings: ServiceSettings) -> None:
        self._settings = settings
        self._count = settings.processes
        # The one that worked last has the warmest caches: last in, first out.
        self._idle: asyncio.LifoQueue[WorkerProcess] = asyncio.LifoQueue()
        self._all: set[WorkerProcess] = set()
        # Of every worker one thread waits for answers, and one for its end.
        self._threads = ThreadPoolExecutor(2 * self._count, "pool")
        self._keepers: list[asyncio.Task[None]] = []
        self._began = False  # whether a process was ever ready
        self.waiting = 0
        self.working = 0
        self.lost = 0

    @property
    def ready(self) -> bool:
        """Whether a process is there that can work."""
        return self.alive > 0

    @property
    def alive(self) -> int:
        """How many processes are there that can work, or do."""
        return sum(worker.alive for worker in self._all)

    def start(self) -> None:
        """Start the processes; tasks that come before they are ready wait."""
        self._keepers = [asyncio.create_task(self._keep()) for _ in range(self._count)]

    async def stop(self) -> None:
        """End all processes, and what they do."""
        for keeper in self._keepers:
            keeper.cancel()
        for worker in self._all:
            worker.kill()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        await asyncio.to_thread(self._threads.shutdown)

    async def do(self, task: Task) -> Answer:
        """The answer to a task.

        Raises:
            Problem: ``busy``, too many wait; ``out-of-time``, it took longer than
                ``settings.seconds``, and the work was stopped; ``worker-lost``, the process ended; or
                ``not-ready``, there is no process; or what is wrong with the task.
        """
        self.check()
        try:
            async with asyncio.timeout(self._settings.seconds):
                answer = await self._ask(await self._worker(), task)
        except TimeoutError:
            raise (self._too_long() if self._began else _not_ready()) from None
        except WorkerLostError:
            detail = "the process that did the work ended; the others go on, and the same request may do"
            raise Problem("worker-lost", detail, retry_after=1) from None
        if isinstance(answer, Problem):
            raise answer
        return answer

    def check(self) -> None:
        """Pass where a task may come. Raises Problem: ``busy``, too many wait."""
        if self.waiting >= self._settings.queue and not self._free():
            raise self._busy()

    async def _worker(self) -> WorkerProcess:
        self.waiting += 1
        try:
            while not (worker := await self._idle.get()).alive:
                pass  # it ended while it had nothing to do; another one is on its way
            return worker
        finally:
            self.waiting -= 1

    async def _ask(self, worker: WorkerProcess, task: Task) -> Answer | Problem:
        self.working += 1
        try:
            answer = await self._in_thread(lambda: worker.ask(task))
        except BaseException:
            # Nobody waits for the answer any more: the work must not go on.
            worker.kill()
            raise
        finally:
            self.working -= 1
        self._idle.put_nowait(worker)
        return answer

    async def _keep(self) -> None:
        """See to it that one more process is there, for ever."""
        failures = 0
        while True:
            try:
                worker = await self._in_thread(lambda: WorkerProcess(self._settings))
            except (WorkerLostError, OSError) as error:
                LOG.error("a worker did not start", extra={"reason": str(error)})
                await asyncio.sleep(_PATIENCE[min(failures, len(_PATIENCE) - 1)])
                failures += 1
                continue
            failures = 0
            await self._until_gone(worker)
            self.lost += 1
            LOG.warning("a worker ended and is replaced", extra={"worker": worker.pid})

    async def _until_gone(self, worker: WorkerProcess) -> None:
        self._began = True
        self._all.add(worker)
        self._idle.put_nowait(worker)
        try:
            await self._in_thread(worker.wait)
        except BaseException:
            worker.kill()  # else the thread would wait for ever
            raise
        finally:
            self._all.discard(worker)
            self._forget(worker)

    def _forget(self, gone: WorkerProcess) -> None:
        """Take a process that has ended from the idle ones, so that they are as many as they seem."""
        idle = [self._idle.get_nowait() for _ in range(self._idle.qsize())]
        for worker in reversed(idle):
            if worker is not gone:
                self._idle.put_nowait(worker)

    def _in_thread(self, work: Callable[[], _T]) -> asyncio.Future[_T]:
        return asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _free(self) -> bool:
        return self._idle.qsize() > self.waiting

    def _busy(self) -> Problem:
        seen = f"{self.waiting} calls wait for {self._count} processes"
        return Problem(
            "busy", f"{seen}; try again in a second, or give large work to POST /v1/jobs", retry_after=1
        )

    def _too_long(self) -> Problem:
        seen = f"no answer within {self._settings.seconds:g} seconds, and the work was stopped"
        return Problem("out-of-time", f"{seen}; send less at once, or give it to POST /v1/jobs")


def _not_ready() -> Problem:
    detail = "no process has loaded the model, the log says why; try again in a minute"
    return Problem("not-ready", detail, retry_after=60)
