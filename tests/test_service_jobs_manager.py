"""Jobs whose store fails for a while."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from wuxing_nlp.model.bundle import Model
from wuxing_nlp.service.folders import open_folder, upload_folder
from wuxing_nlp.service.jobs import manager
from wuxing_nlp.service.jobs.folder import INPUTS, ROWS, jobs_folder
from wuxing_nlp.service.jobs.job import Job, Options, State
from wuxing_nlp.service.jobs.manager import Jobs, Wish
from wuxing_nlp.service.jobs.store import Store
from wuxing_nlp.service.logs import LOG
from wuxing_nlp.service.metrics import Metrics
from wuxing_nlp.service.pool.pool import Pool
from wuxing_nlp.service.settings import ServiceSettings

ROW = '{"正文": "坚决整治推诿扯皮、久拖不决。"}\n'


class Kept:
    """Jobs of a folder, without a server around them."""

    def __init__(self, settings: ServiceSettings, model: Model) -> None:
        self.jobs = Jobs(settings, model, Metrics(Pool(settings)))
        self.data = settings.folder

    async def send(self) -> Job:
        """Send a job of one row."""
        async with upload_folder(self.data) as folder:
            (folder / INPUTS).mkdir()
            (folder / INPUTS / ROWS).write_text(ROW, encoding="utf-8")
            return await self.jobs.add(folder, Wish("", "", Options(), None))

    async def done(self, job: Job) -> None:
        """Wait until a job is done."""
        while (await self.jobs.find("", job.id)).state is not State.DONE:
            await asyncio.sleep(0.05)

    async def writable(self, yes: bool) -> None:
        """Let the store take no changes, as where the disk is full, or let it take them again."""
        await self.jobs._changed(lambda store: _write(store, yes))


def _write(store: Store, yes: bool) -> None:
    store._connection.execute(f"PRAGMA query_only = {'OFF' if yes else 'ON'}")


@pytest.fixture
def kept(tmp_path: Path, small_model: Model, small_bundle: Path) -> Callable[..., Kept]:
    def make(**given: object) -> Kept:
        settings = ServiceSettings(data=tmp_path, model=small_bundle, workers=1, **given)  # type: ignore[arg-type]
        open_folder(settings.folder)
        return Kept(settings, small_model)

    return make


@asynccontextmanager
async def running(kept: Kept) -> AsyncIterator[Kept]:
    await kept.jobs.start()
    try:
        yield kept
    finally:
        await kept.jobs.stop()


def test_jobs_go_on_once_the_store_takes_changes_again(
    kept: Callable[..., Kept], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(manager, "_PATIENCE", 0.01)
    monkeypatch.setattr(LOG, "propagate", True)

    async def main() -> None:
        async with running(kept()) as all_jobs:
            job = await all_jobs.send()
            await all_jobs.writable(False)
            while sum(record.message.startswith("jobs rest") for record in caplog.records) < 3:
                await asyncio.sleep(0.01)
            await all_jobs.writable(True)
            await all_jobs.done(job)

    asyncio.run(main())


def test_a_job_that_could_not_be_kept_leaves_nothing(kept: Callable[..., Kept]) -> None:
    async def main() -> None:
        async with running(kept()) as all_jobs:
            await all_jobs.writable(False)
            with pytest.raises(Exception, match="readonly"):
                await all_jobs.send()
            await all_jobs.writable(True)
            assert list(jobs_folder(all_jobs.data).iterdir()) == []
            assert list((all_jobs.data / "uploads").iterdir()) == []
            await all_jobs.done(await all_jobs.send())

    asyncio.run(main())


def test_a_job_whose_caller_leaves_while_it_is_kept_is_whole(kept: Callable[..., Kept]) -> None:
    async def main() -> None:
        async with running(kept()) as all_jobs:
            sending = asyncio.create_task(all_jobs.send())
            while not list(all_jobs.data.glob("uploads/*/inputs/*")):
                await asyncio.sleep(0)
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
            for job in await all_jobs.jobs.several("", 10, None):
                await all_jobs.done(job)
            assert list((all_jobs.data / "uploads").iterdir()) == []

    asyncio.run(main())


def test_jobs_may_be_kept_for_ever(kept: Callable[..., Kept]) -> None:
    async def main() -> None:
        async with running(kept(keep_days=1e9)) as all_jobs:
            await all_jobs.done(await all_jobs.send())

    asyncio.run(main())
