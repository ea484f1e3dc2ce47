"""The pool: real processes that work, wait, are killed and replaced."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from benchmarks.serving import serving
from wuxing_nlp.service.logs import LOG
from wuxing_nlp.service.pool.pool import Pool
from wuxing_nlp.service.pool.tasks import Answer, FilesTask, RowsTask, TagTask, Upload
from wuxing_nlp.service.problems import Problem
from wuxing_nlp.service.settings import ServiceSettings

TASK = TagTask(json.dumps({"text": "坚决整治推诿扯皮。"}).encode())
SECONDS = 60  # for what takes two: a busy machine must not fail a test

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="stops processes by signals")


@pytest.fixture
def settings(small_bundle: Path) -> Callable[..., ServiceSettings]:
    def make(**given: Any) -> ServiceSettings:
        return ServiceSettings(**{"workers": 1, "model": small_bundle, "seconds": SECONDS, **given})

    return make


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> pytest.LogCaptureFixture:
    """What the service logs, wherever its log goes otherwise."""
    monkeypatch.setattr(LOG, "handlers", [caplog.handler])
    monkeypatch.setattr(LOG, "propagate", False)
    return caplog


@asynccontextmanager
async def running(settings: ServiceSettings) -> AsyncIterator[Pool]:
    """A pool of which all processes are there; at the end nothing is left of them."""
    pool = Pool(settings)
    pool.start()
    try:
        await until(lambda: pool.alive == settings.processes)
        yield pool
    finally:
        processes = workers()
        await pool.stop()
    await until(lambda: all(map(ended, processes)))  # one may just have been starting


async def until(condition: Callable[[], bool]) -> None:
    """Let the loop go on until a condition holds."""
    async with asyncio.timeout(SECONDS):
        while not condition():
            await asyncio.sleep(0)


def workers() -> list[psutil.Process]:
    """The processes that work for this one."""
    return [child for child in psutil.Process().children() if works(child)]


def works(process: psutil.Process) -> bool:
    try:
        return any("spawn_main" in part for part in process.cmdline())
    except psutil.Error:
        return False


def ended(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


async def answered(pool: Pool) -> Answer:
    """The answer to a task, however often its process has to be replaced."""
    async with asyncio.timeout(SECONDS):
        while True:
            try:
                return await pool.do(TASK)
            except Problem as problem:
                if problem.slug not in ("out-of-time", "worker-lost"):
                    raise


async def refused(pool: Pool, task: Any = TASK) -> Problem:
    with pytest.raises(Problem) as caught:
        await pool.do(task)
    return caught.value


def test_tasks_are_answered(settings: Callable[..., ServiceSettings], tmp_path: Path) -> None:
    path = tmp_path / "0"
    path.write_text("坚决整治推诿扯皮。\n持续深化放管服改革。", encoding="utf-8")

    async def main() -> None:
        async with running(settings()) as pool:
            tagged, filed, rows = await asyncio.gather(
                pool.do(TASK),
                pool.do(FilesTask((Upload("甲.txt", path),))),
                pool.do(RowsTask('{"rows": [{"正文": "甲"}, {"正文": "乙"}]}'.encode())),
            )
            assert (tagged.documents, tagged.units) == (1, 1)
            assert json.loads(tagged.body)["documents"][0]["units"][0]["text"] == "坚决整治推诿扯皮。"
            assert (filed.documents, filed.units) == (1, 2)
            assert json.loads(filed.body)["documents"][0]["document"] == "甲.txt"
            assert list(map(json.loads, rows.body.splitlines())) == [{"正文": "甲"}, {"正文": "乙"}]
            assert (pool.waiting, pool.working, pool.lost) == (0, 0, 0)

    asyncio.run(main())


def test_what_is_wrong_with_a_task_costs_no_process(settings: Callable[..., ServiceSettings]) -> None:
    async def main() -> None:
        async with running(settings()) as pool:
            [worker] = workers()
            assert (await refused(pool, TagTask(b"{"))).slug == "not-json"
            problem = await refused(pool, FilesTask((Upload("甲.txt", Path("/nowhere")),)))
            assert problem.slug == "unreadable"
            assert await pool.do(TASK)
            assert workers() == [worker]
            assert pool.lost == 0

    asyncio.run(main())


def test_only_so_many_wait(settings: Callable[..., ServiceSettings]) -> None:
    async def main() -> None:
        async with running(settings(queue=1)) as pool:
            [worker] = workers()
            worker.suspend()
            first, second = (asyncio.create_task(pool.do(TASK)) for _ in range(2))
            await until(lambda: (pool.working, pool.waiting) == (1, 1))
            busy = await refused(pool)
            assert (busy.slug, busy.retry_after) == ("busy", 1)
            assert "1 calls wait for 1 processes" in busy.detail
            assert not first.done()
            assert not second.done()
            worker.resume()
            assert (await first).body == (await second).body
            assert (pool.waiting, pool.working) == (0, 0)

    asyncio.run(main())


def test_without_a_queue_a_free_process_still_works(settings: Callable[..., ServiceSettings]) -> None:
    async def main() -> None:
        async with running(settings(queue=0)) as pool:
            for _ in range(2):
                assert await pool.do(TASK)
            [worker] = workers()
            worker.suspend()
            first = asyncio.create_task(pool.do(TASK))
            await until(lambda: pool.working == 1)
            assert (await refused(pool)).slug == "busy"
            worker.resume()
            assert await first

    asyncio.run(main())


def test_work_that_takes_too_long_is_stopped(settings: Callable[..., ServiceSettings]) -> None:
    async def main() -> None:
        async with running(settings(seconds=1)) as pool:
            [worker] = workers()
            worker.suspend()  # as a process that works on something that never ends
            problem = await refused(pool)
            assert (problem.slug, problem.retry_after) == ("out-of-time", None)
            assert "no answer within 1 seconds, and the work was stopped" in problem.detail
            await until(lambda: ended(worker))
            assert (pool.working, pool.waiting) == (0, 0)
            assert await answered(pool)
            assert worker not in workers()
            assert pool.lost >= 1

    asyncio.run(main())


def test_a_call_that_only_waited_too_long_stops_nobody(settings: Callable[..., ServiceSettings]) -> None:
    async def main() -> None:
        async with running(settings(seconds=1)) as pool:
            [worker] = workers()
            worker.suspend()
            first = asyncio.create_task(refused(pool))
            await until(lambda: pool.working == 1)
            second = asyncio.create_task(refused(pool))
            assert (await first).slug == (await second).slug == "out-of-time"
            await until(lambda: pool.lost == 1)
            assert pool.waiting == 0

    asyncio.run(main())


def test_a_caller_that_gives_up_stops_its_work(settings: Callable[..., ServiceSettings]) -> None:
    async def main() -> None:
        async with running(settings()) as pool:
            [worker] = workers()
            worker.suspend()
            call = asyncio.create_task(pool.do(TASK))
            await until(lambda: pool.working == 1)
            call.cancel()
            await until(lambda: ended(worker))
            assert await pool.do(TASK)

    asyncio.run(main())


def test_a_process_that_is_killed_at_work_is_replaced(
    settings: Callable[..., ServiceSettings], told: pytest.LogCaptureFixture
) -> None:
    async def main() -> None:
        async with running(settings()) as pool:
            [worker] = workers()
            worker.suspend()
            call = asyncio.create_task(refused(pool))
            await until(lambda: pool.working == 1)
            worker.kill()
            problem = await call
            assert (problem.slug, problem.retry_after) == ("worker-lost", 1)
            assert await pool.do(TASK)
            assert pool.lost == 1
            assert [record.__dict__["worker"] for record in told.records] == [worker.pid]

    asyncio.run(main())


def test_the_others_go_on_when_one_is_killed(settings: Callable[..., ServiceSettings]) -> None:
    async def main() -> None:
        async with running(settings(workers=2)) as pool:
            killed, kept = workers()
            killed.suspend()
            kept.suspend()
            calls = [asyncio.create_task(pool.do(TASK)) for _ in range(2)]
            await until(lambda: pool.working == 2)
            killed.kill()
            kept.resume()
            ends = await asyncio.gather(*calls, return_exceptions=True)
            assert {type(end) for end in ends} == {Answer, Problem}

    asyncio.run(main())


def test_an_idle_process_that_is_killed_is_not_given_work(settings: Callable[..., ServiceSettings]) -> None:
    async def main() -> None:
        async with running(settings(queue=0)) as pool:
            for _ in range(2):
                workers()[0].kill()
                await until(lambda: not pool.ready)
                assert await pool.do(TASK)
            assert pool.lost == 2
            # The dead are not taken for free processes: nobody waits for them.
            workers()[0].suspend()
            call = asyncio.create_task(pool.do(TASK))
            await until(lambda: pool.working == 1)
            assert (await refused(pool)).slug == "busy"
            workers()[0].resume()
            assert await call

    asyncio.run(main())


def test_a_bundle_that_cannot_be_loaded_is_told(
    settings: Callable[..., ServiceSettings], tmp_path: Path, told: pytest.LogCaptureFixture
) -> None:
    async def main() -> None:
        pool = Pool(settings(model=tmp_path, seconds=1))
        pool.start()
        await until(lambda: len(told.records) > 1)
        assert not pool.ready
        assert (await refused(pool)).slug == "not-ready"
        processes = workers()
        await pool.stop()
        assert all(map(ended, processes))

    asyncio.run(main())
    for record in told.records:
        assert record.getMessage() == "a worker did not start"
        assert f"{tmp_path} is no model bundle" in record.__dict__["reason"]


def test_a_pool_may_be_stopped_while_it_starts(settings: Callable[..., ServiceSettings]) -> None:
    async def main() -> None:
        pool = Pool(settings())
        pool.start()
        await until(lambda: len(workers()) == 1)
        [process] = workers()
        assert not pool.ready
        await pool.stop()
        await until(lambda: ended(process))

    asyncio.run(main())


def test_no_process_outlives_a_killed_service(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "2") as server, server.client() as client:
        while "wuxing_workers 2.0" not in client.get("/metrics").text:
            assert server.process.poll() is None
        children = psutil.Process(server.process.pid).children(recursive=True)
        assert len([child for child in children if works(child)]) >= 2
        assert server.stop(signal.SIGKILL) == -signal.SIGKILL
        asyncio.run(until(lambda: all(map(ended, children))))
