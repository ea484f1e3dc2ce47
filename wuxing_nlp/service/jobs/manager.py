"""The jobs as the event loop sees them: one runs at a time, the oldest first."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from wuxing_nlp.errors import PreferenceError
from wuxing_nlp.model.bundle import Model
from wuxing_nlp.service.folders import empty_uploads
from wuxing_nlp.service.jobs import folder
from wuxing_nlp.service.jobs.job import Job, Options, State
from wuxing_nlp.service.jobs.runner import Failed, Finished, JobProcess, Order, Progress
from wuxing_nlp.service.jobs.store import Store
from wuxing_nlp.service.logs import LOG, log_fault
from wuxing_nlp.service.metrics import Metrics
from wuxing_nlp.service.problems import Problem
from wuxing_nlp.service.settings import ServiceSettings

_T = TypeVar("_T")

DATABASE = "jobs.sqlite3"

_PATIENCE = 10.0
"""Seconds before jobs go on after the store failed (a full disk, say)."""

_LONGEST_REST = 3600.0
"""Seconds after which old jobs are looked for, where nothing else is to be done."""

_FOR_EVER = 36_500
"""Days that no job is kept longer than: a date of so long ago there still is."""

_RETRY = 30
"""Seconds after which there may be room for a job again."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A job as its sender asks for it: ``name`` is "" where it is named by its files, ``key`` is the
    ``Idempotency-Key``."""

    owner: str
    name: str
    options: Options
    key: str | None


class Jobs:
    """Keeps jobs and has them done. All methods belong to one event loop.

    Args:
        settings: those of the service.
        model: what tags.
        metrics: told how many jobs are in each state.
    """

    def __init__(self, settings: ServiceSettings, model: Model, metrics: Metrics) -> None:
        self._settings = settings
        self._model = model
        self._metrics = metrics
        self._data = settings.folder.absolute()
        self._bundle = settings.model.absolute() if settings.model else None
        # One thread for the store, so that its calls are one after the other, and one for the
        # process that runs.
        self._store_thread = ThreadPoolExecutor(1, "jobs-store")
        self._process_thread = ThreadPoolExecutor(1, "jobs-process")
        self._awake = asyncio.Event()
        self._store: Store
        self._task: asyncio.Task[None]
        self._running: tuple[str, JobProcess] | None = None

    async def start(self) -> None:
        """Take over what an earlier service left, and begin.

        Raises:
            ServiceError: another service has the data folder, or its store cannot be used.
        """
        self._store = await self._in(self._store_thread, self._opened)
        self._task = asyncio.create_task(self._work())

    def _opened(self) -> Store:
        folder.jobs_folder(self._data).mkdir(mode=0o700, exist_ok=True)
        store = Store(self._data / DATABASE)
        folder.sync(self._data)
        # Nothing is thrown away before this service alone has the folder.
        empty_uploads(self._data)
        if orphans := folder.sweep(self._data, store.ids()):
            LOG.info("jobs that were not wholly sent are removed", extra={"jobs": orphans})
        return store

    async def stop(self) -> None:
        """End what runs, to go on with it at the next start, and let go of the store."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self._changed(Store.requeue)
        await self._in(self._store_thread, self._store.close)
        self._store_thread.shutdown()
        self._process_thread.shutdown()

    async def check(self, wish: Wish) -> None:
        """Pass what would be accepted, before its body is waited for.

        Raises:
            Problem: ``invalid``, the model has not the preference; ``busy``, there are too many jobs.
        """
        try:
            self._model.calibration.rule(wish.options.prefer)
        except PreferenceError as error:
            raise Problem("invalid", str(error)) from None
        await self._in(self._store_thread, partial(self._check, wish))

    def _check(self, wish: Wish) -> None:
        if not self._known(wish):
            self._check_room()

    async def add(self, made: Path, wish: Wish) -> Job:
        """Accept a job. When this returns, the job is on the disk.

        Args:
            made: a folder with the job's inputs; it is moved.
            wish: what is asked for.

        Returns:
            The new job, or the one that was sent under the same key before.

        Raises:
            Problem: ``busy``, there are too many jobs; ``key-reused``, something else was sent under
                the same key.
        """
        inputs = await asyncio.to_thread(folder.seal, made)
        name = wish.name or (inputs[0][0] if len(inputs) == 1 else f"{inputs[0][0]} +{len(inputs) - 1}")
        job = Job(
            id=uuid4().hex,
            owner=wish.owner,
            name=name,
            digest=_digest(wish, inputs),
            created=_now(),
            options=wish.options,
            key=wish.key,
        )
        accepted = await _whole(self._changed(lambda store: self._accepted(store, made, wish, job)))
        if accepted is job:
            LOG.info("a job is queued", extra={"job": job.id, "owner": job.owner, "files": len(inputs)})
            self._awake.set()
        return accepted

    def _accepted(self, store: Store, made: Path, wish: Wish, job: Job) -> Job:
        if known := self._known(wish):
            if known.digest != job.digest:
                raise Problem(
                    "key-reused",
                    f"the job {known.id} was sent under this Idempotency-Key, with other contents; take a "
                    "new key for a new job",
                )
            return known
        self._check_room()
        jobs = folder.jobs_folder(self._data)
        made.rename(jobs / job.id)
        try:
            folder.sync(jobs)
            store.add(job)
        except BaseException:
            (jobs / job.id).rename(made)  # whoever made it removes it
            raise
        return job

    def _known(self, wish: Wish) -> Job | None:
        return self._store.find_key(wish.owner, wish.key) if wish.key is not None else None

    def _check_room(self) -> None:
        states = self._store.states()
        waiting = states[State.QUEUED] + states[State.RUNNING]
        if waiting >= self._settings.jobs:
            raise Problem(
                "busy", f"{waiting} jobs wait or run, the limit; try again in a minute", retry_after=_RETRY
            )

    async def find(self, owner: str, id: str) -> Job:
        """An owner's job. Raises Problem: there is none of this id, or it is another's."""
        job = await self._in(self._store_thread, lambda: self._store.find(id))
        if job is None or job.owner != owner:
            raise Problem("not-found", "you have no job of this id; GET /v1/jobs lists those that you have")
        return job

    async def several(self, owner: str, limit: int, after: str | None) -> list[Job]:
        """An owner's jobs, newest first, at most ``limit``: those older than the job ``after``.

        Raises:
            Problem: the owner has no job ``after``.
        """
        if after is not None:
            await self.find(owner, after)
        return await self._in(self._store_thread, lambda: self._store.of_owner(owner, limit, after))

    async def result(self, job: Job, name: str) -> Path:
        """A file of a job that is done. Raises Problem: it is not, or the file is gone."""
        if job.state is not State.DONE:
            advice = f"see its error at /v1/jobs/{job.id}" if job.state is State.FAILED else "ask again later"
            raise Problem("not-finished", f"the job is {job.state.value}; {advice}")
        path = folder.jobs_folder(self._data) / job.id / folder.OUT / name
        if not await asyncio.to_thread(path.is_file):
            raise Problem("not-found", "the job's files are gone; send it again")
        return path

    async def remove(self, job: Job) -> None:
        """Stop a job where it runs, and remove it with all that was sent for it."""
        await self._changed(lambda store: store.remove(job.id))
        if self._running and self._running[0] == job.id:
            process = self._running[1]
            process.kill()
            await self._in(self._process_thread, process.join)
        await asyncio.to_thread(folder.remove, self._data, job.id)
        LOG.info("a job is removed", extra={"job": job.id, "owner": job.owner, "state": job.state.value})

    async def _work(self) -> None:
        while True:
            try:
                # What ran when the store failed is to be begun again.
                await self._changed(Store.requeue)
                await self._work_off()
            except Exception as error:
                log_fault("jobs rest for some seconds", error)
                await asyncio.sleep(_PATIENCE)

    async def _work_off(self) -> None:
        while True:
            await self._remove_old()
            self._awake.clear()
            job = await self._changed(lambda store: store.begin(_now()))
            if job is None:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._awake.wait(), _LONGEST_REST)
            else:
                await self._do(job)

    async def _do(self, job: Job) -> None:
        process, began = JobProcess(self._order(job)), time.monotonic()
        self._running = job.id, process
        try:
            pid = await self._in(self._process_thread, process.start)
            facts = {"job": job.id, "owner": job.owner, "crashes": job.crashes}
            LOG.info("a job runs", extra=facts | {"pid": pid})
            end = await self._watched(job, process)
            await self._in(self._process_thread, process.let_end)
        finally:
            process.kill()
            code = await self._in(self._process_thread, process.join)
            self._running = None
        if await self._changed(lambda store: _ended(store, job.id, end)):
            self._tell_end(job, end, code, time.monotonic() - began)

    async def _watched(self, job: Job, process: JobProcess) -> Finished | Failed | None:
        while isinstance(word := await self._in(self._process_thread, process.word), Progress):
            await self._in(self._store_thread, partial(self._store.note, job.id, word.fraction, word.counts))
        return word

    def _tell_end(self, job: Job, end: Finished | Failed | None, code: int | None, seconds: float) -> None:
        facts = {"job": job.id, "owner": job.owner, "seconds": round(seconds, 3)}
        if isinstance(end, Finished):
            LOG.info("a job is done", extra=facts | asdict(end.counts))
        elif isinstance(end, Failed):
            LOG.error("a job has failed", extra=facts)
        else:
            LOG.error("the process of a job ended by itself", extra=facts | {"code": code})

    def _order(self, job: Job) -> Order:
        return Order(
            folder.jobs_folder(self._data) / job.id,
            job.options.settings(self._bundle, self._settings.characters),
            self._settings.processes,
            careful=job.crashes > 0,
        )

    async def _remove_old(self) -> None:
        before = _time(datetime.now(UTC) - timedelta(days=min(self._settings.keep_days, _FOR_EVER)))
        for id in await self._in(self._store_thread, lambda: self._store.ended_before(before)):
            await self._changed(partial(Store.remove, id=id))
            await asyncio.to_thread(folder.remove, self._data, id)
            LOG.info("an old job is removed", extra={"job": id})

    async def _changed(self, work: Callable[[Store], _T]) -> _T:
        """What a change of the store gives; the figures follow it."""

        def change() -> _T:
            answer = work(self._store)
            for state, count in self._store.states().items():
                self._metrics.jobs.labels(state.value).set(count)
            return answer

        return await self._in(self._store_thread, change)

    def _in(self, thread: ThreadPoolExecutor, work: Callable[[], _T]) -> asyncio.Future[_T]:
        return asyncio.get_running_loop().run_in_executor(thread, work)


def _ended(store: Store, id: str, end: Finished | Failed | None) -> bool:
    if isinstance(end, Finished):
        return store.finish(id, end.counts, _now())
    if isinstance(end, Failed):
        return store.fail(id, end.error, _now())
    return store.crash(id, _now())


async def _whole(work: Awaitable[_T]) -> _T:
    """What some work gives. It is waited for even where nobody wants it any more: the folder that it
    works on would be removed meanwhile."""
    begun = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(begun)
    except asyncio.CancelledError:
        await asyncio.wait([begun])
        raise


def _digest(wish: Wish, inputs: Sequence[tuple[str, str]]) -> str:
    """SHA-256 of everything that a job's results and name depend on."""
    sent = json.dumps([wish.name, asdict(wish.options), inputs])
    return hashlib.sha256(sent.encode()).hexdigest()


def _now() -> str:
    return _time(datetime.now(UTC))


def _time(moment: datetime) -> str:
    # All of one length, so that they sort as they follow each other.
    return moment.isoformat(timespec="milliseconds")
