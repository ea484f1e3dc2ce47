"""The client that awaits."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, ExitStack, aclosing
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar, Unpack, cast

import httpx

from wuxing_nlp.atomic import atomic_file
from wuxing_nlp.service.client import calls
from wuxing_nlp.service.client.batching import batches
from wuxing_nlp.service.client.flows import Call
from wuxing_nlp.service.client.lines import Lines
from wuxing_nlp.service.client.options import FileOptions, JobOptions, TagOptions
from wuxing_nlp.service.client.steps import (
    Flow,
    Give,
    More,
    Outcome,
    Pause,
    Reply,
    Request,
    Send,
    Step,
    Trouble,
)
from wuxing_nlp.service.client.terms import BATCH, RETRIES, TIMEOUT, Terms
from wuxing_nlp.service.client.uploads import Paths, Rows, files_of, files_or_rows
from wuxing_nlp.service.client.wiring import request_of
from wuxing_nlp.service.wire.about import CodebookAnswer, LimitsAnswer, ModelAnswer
from wuxing_nlp.service.wire.documents import Document, DocumentsAnswer, TagAnswer
from wuxing_nlp.service.wire.jobs import Job, ResultFile

_T = TypeVar("_T")

IN_FLIGHT = 4
"""How many calls ``tag_many`` has under way."""


class AsyncClient:
    """:class:`.Client` for asyncio: the same arguments, methods and errors, to be awaited. Tasks of
    one event loop may share it."""

    def __init__(
        self, url: str, *, key: str | None = None, timeout: float = TIMEOUT, retries: int = RETRIES
    ) -> None:
        self._terms = Terms(url, key, timeout, retries)
        self._http = httpx.AsyncClient(**self._terms.settings)
        self._limits: LimitsAnswer | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def tag(
        self, text: str | Sequence[str], *, timeout: float | None = None, **options: Unpack[TagOptions]
    ) -> TagAnswer:
        """As :meth:`.Client.tag`."""
        return await self._answer(calls.tag(text, **options), timeout)

    async def tag_many(
        self,
        texts: Iterable[str],
        *,
        batch: int = BATCH,
        in_flight: int = IN_FLIGHT,
        timeout: float | None = None,
        **options: Unpack[TagOptions],
    ) -> AsyncIterator[Document]:
        """As :meth:`.Client.tag_many`, with ``in_flight`` calls under way, the next one always among
        them; the answers come in the order of the texts."""
        self._limits = self._limits or await self.limits()
        pieces = batches(texts, self._limits, batch)
        under_way: deque[asyncio.Task[TagAnswer]] = deque()
        try:
            while True:
                while len(under_way) < max(in_flight, 1) and (piece := next(pieces, None)):
                    call = self.tag(piece, timeout=timeout, **options)
                    under_way.append(asyncio.create_task(call))
                if not under_way:
                    return
                for document in (await under_way.popleft()).documents:
                    yield document
        finally:
            for task in under_way:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)

    async def tag_files(
        self, paths: Paths, *, timeout: float | None = None, **options: Unpack[FileOptions]
    ) -> DocumentsAnswer:
        """As :meth:`.Client.tag_files`."""
        return await self._answer(calls.tag_files(files_of(paths), **options), timeout)

    async def codebook(self) -> CodebookAnswer:
        """As :meth:`.Client.codebook`."""
        return await self._answer(calls.codebook())

    async def model(self) -> ModelAnswer:
        """As :meth:`.Client.model`."""
        return await self._answer(calls.model())

    async def limits(self) -> LimitsAnswer:
        """As :meth:`.Client.limits`."""
        return await self._answer(calls.limits())

    async def ready(self) -> bool:
        """As :meth:`.Client.ready`."""
        return await self._run(self._terms.is_ready())

    async def submit(
        self,
        paths: Paths | None = None,
        *,
        rows: Rows | None = None,
        timeout: float | None = None,
        **options: Unpack[JobOptions],
    ) -> Job:
        """As :meth:`.Client.submit`."""
        with files_or_rows(paths, rows) as files:
            return await self._answer(calls.submit(files, **options), timeout)

    async def job(self, job: Job | str) -> Job:
        """As :meth:`.Client.job`."""
        return await self._answer(calls.job(job))

    async def jobs(self) -> list[Job]:
        """As :meth:`.Client.jobs`."""
        return await self._run(self._terms.jobs())

    async def wait(self, job: Job | str, *, timeout: float | None = None) -> Job:
        """As :meth:`.Client.wait`."""
        return await self._run(self._terms.waiting(job, timeout))

    async def results(self, job: Job | str) -> AsyncIterator[dict[str, Any]]:
        """As :meth:`.Client.results`."""
        lines = Lines()
        async with aclosing(self._parts(calls.job_file(job, ResultFile.RESULTS))) as parts:
            async for part in parts:
                for record in lines.records(part):
                    yield record
        for record in lines.rest():
            yield record

    async def download(self, job: Job | str, file: str, to: str | Path) -> Path:
        """As :meth:`.Client.download`."""
        path = calls.target(file, to)
        with atomic_file(path) as stream:
            async with aclosing(self._parts(calls.job_file(job, file))) as parts:
                async for part in parts:
                    await asyncio.to_thread(stream.write, part)
        return path

    async def delete(self, job: Job | str) -> None:
        """As :meth:`.Client.delete`."""
        await self._answer(calls.delete(job))

    async def _answer(self, call: Call[_T], timeout: float | None = None) -> _T:
        return await self._run(self._terms.exchange(call, timeout))

    async def _run(self, flow: Flow[_T]) -> _T:
        outcome: Outcome = None
        async with aclosing(_Line(self._http)) as line:
            while True:
                try:
                    step = flow.send(outcome)
                except StopIteration as end:
                    return cast(_T, end.value)
                outcome = await line.do(step)

    async def _parts(self, request: Request) -> AsyncGenerator[bytes, None]:
        flow = self._terms.streamed(request)
        outcome: Outcome = None
        async with aclosing(_Line(self._http)) as line:
            while True:
                try:
                    step = flow.send(outcome)
                except StopIteration:
                    return
                if isinstance(step, Give):
                    yield step.part
                    outcome = None
                else:
                    outcome = await line.do(step)


class _Line:
    """Does the steps of one call; it holds the answer that is streamed."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self._open = AsyncExitStack()
        self._rest: AsyncIterator[bytes] | None = None

    async def do(self, step: Step) -> Outcome:
        """What comes of a step."""
        if isinstance(step, Pause):
            await asyncio.sleep(step.seconds)
            return None
        assert isinstance(step, Send | More)
        try:
            async with asyncio.timeout(step.seconds):
                return await (self._send(step) if isinstance(step, Send) else self._more())
        except TimeoutError:
            error: httpx.RequestError = httpx.ReadTimeout("time was up")
        except httpx.RequestError as seen:
            error = seen
        await self.aclose()
        return Trouble(error)

    async def aclose(self) -> None:
        """Close what is streamed."""
        await self._open.aclose()

    async def _send(self, step: Send) -> Reply:
        with ExitStack() as files:
            answer = await self._http.send(request_of(self._http, step, files), stream=True)
        self._open.push_async_callback(answer.aclose)
        if step.streamed and answer.is_success:
            self._rest = answer.aiter_bytes()
            return Reply(answer.status_code, answer.headers, b"")
        body = await answer.aread()
        await self.aclose()
        return Reply(answer.status_code, answer.headers, body)

    async def _more(self) -> bytes:
        assert self._rest
        return await anext(self._rest, b"")
