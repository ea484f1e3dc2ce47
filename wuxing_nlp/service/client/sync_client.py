"""The client that waits."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
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
from wuxing_nlp.service.client.wiring import InTime, in_time, request_of
from wuxing_nlp.service.wire.about import CodebookAnswer, LimitsAnswer, ModelAnswer
from wuxing_nlp.service.wire.documents import Document, DocumentsAnswer, TagAnswer
from wuxing_nlp.service.wire.jobs import Job, ResultFile

_T = TypeVar("_T")


class Client:
    """A client of a service; threads may share it. Close it, or use it in a ``with`` block.

    Every call is safe to repeat, and is repeated where the service is busy (503; after what its
    Retry-After says) or the connection breaks; what else is refused raises at once.

    Args:
        url: the service's address, ``http://127.0.0.1:8765``.
        key: an API key; the environment variable WUXING_API_KEY without it.
        timeout: seconds that a call may take in all, its repetitions included. It is exceeded where
            an answer trickles in, for httpx times every part by itself; :class:`AsyncClient` keeps to
            it. What is streamed has so long for its head, and for
            every part.
        retries: how often a call is repeated at most.

    Raises:
        ServiceError: here, settings that cannot be right; of every call, no answer to be had.
        ServiceProblem: of every call, the service refused it.
    """

    def __init__(
        self, url: str, *, key: str | None = None, timeout: float = TIMEOUT, retries: int = RETRIES
    ) -> None:
        self._terms = Terms(url, key, timeout, retries)
        self._http = httpx.Client(**self._terms.settings)
        self._limits: LimitsAnswer | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def tag(
        self, text: str | Sequence[str], *, timeout: float | None = None, **options: Unpack[TagOptions]
    ) -> TagAnswer:
        """Tag one text, or several in one call; see :class:`.TagOptions`."""
        return self._answer(calls.tag(text, **options), timeout)

    def tag_many(
        self,
        texts: Iterable[str],
        *,
        batch: int = BATCH,
        timeout: float | None = None,
        **options: Unpack[TagOptions],
    ) -> Iterator[Document]:
        """Tag any number of texts, in order and as they are asked for: every call has at most ``batch``
        texts, and no more than the service takes at once. ``timeout`` is of one call."""
        self._limits = self._limits or self.limits()
        for piece in batches(texts, self._limits, batch):
            yield from self.tag(piece, timeout=timeout, **options).documents

    def tag_files(
        self, paths: Paths, *, timeout: float | None = None, **options: Unpack[FileOptions]
    ) -> DocumentsAnswer:
        """Read and tag files of any supported format; see :class:`.FileOptions`. Those that could not be
        read are ``failures`` of the answer; where none could, a ServiceProblem ``unreadable`` has them."""
        return self._answer(calls.tag_files(files_of(paths), **options), timeout)

    def codebook(self) -> CodebookAnswer:
        """What every label means."""
        return self._answer(calls.codebook())

    def model(self) -> ModelAnswer:
        """What tags: names, hashes, scores, card."""
        return self._answer(calls.model())

    def limits(self) -> LimitsAnswer:
        """What the service takes at most."""
        return self._answer(calls.limits())

    def ready(self) -> bool:
        """Whether the service can work; it is asked once. Raises ServiceError: nobody answers."""
        return self._run(self._terms.is_ready())

    def submit(
        self,
        paths: Paths | None = None,
        *,
        rows: Rows | None = None,
        timeout: float | None = None,
        **options: Unpack[JobOptions],
    ) -> Job:
        """Hand files, or rows of a table, to the service as a job; see :class:`.JobOptions`."""
        with files_or_rows(paths, rows) as files:
            return self._answer(calls.submit(files, **options), timeout)

    def job(self, job: Job | str) -> Job:
        """A job, given by itself or by its id, as it stands now."""
        return self._answer(calls.job(job))

    def jobs(self) -> list[Job]:
        """All jobs that were sent with the same key, the newest first."""
        return self._run(self._terms.jobs())

    def wait(self, job: Job | str, *, timeout: float | None = None) -> Job:
        """Wait until a job is done, for ``timeout`` seconds or as long as it takes.

        Raises:
            JobFailedError: it failed.
            ServiceError: time is up; the job goes on.
        """
        return self._run(self._terms.waiting(job, timeout))

    def results(self, job: Job | str) -> Iterator[dict[str, Any]]:
        """The records of a job that is done, a document each, as they come."""
        lines = Lines()
        for part in self._parts(calls.job_file(job, ResultFile.RESULTS)):
            yield from lines.records(part)
        yield from lines.rest()

    def download(self, job: Job | str, file: str, to: str | Path) -> Path:
        """Write a file of a job that is done to a path, or into a folder; it is whole or not there.
        Gives where it is. Raises OutputError: it cannot be written."""
        path = calls.target(file, to)
        with atomic_file(path) as stream:
            for part in self._parts(calls.job_file(job, file)):
                stream.write(part)
        return path

    def delete(self, job: Job | str) -> None:
        """Remove a job with its results, and end it if it runs."""
        self._answer(calls.delete(job))

    def _answer(self, call: Call[_T], timeout: float | None = None) -> _T:
        return self._run(self._terms.exchange(call, timeout))

    def _run(self, flow: Flow[_T]) -> _T:
        outcome: Outcome = None
        with closing(_Line(self._http)) as line:
            while True:
                try:
                    step = flow.send(outcome)
                except StopIteration as end:
                    return cast(_T, end.value)
                outcome = line.do(step)

    def _parts(self, request: Request) -> Iterator[bytes]:
        flow = self._terms.streamed(request)
        outcome: Outcome = None
        with closing(_Line(self._http)) as line:
            while True:
                try:
                    step = flow.send(outcome)
                except StopIteration:
                    return
                if isinstance(step, Give):
                    yield step.part
                    outcome = None
                else:
                    outcome = line.do(step)


class _Line:
    """Does the steps of one call; it holds the answer that is streamed."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http
        self._open = ExitStack()
        self._rest: Iterator[bytes] = iter(())

    def do(self, step: Step) -> Outcome:
        """What comes of a step."""
        try:
            if isinstance(step, Send):
                return self._send(step)
            if isinstance(step, More):
                return next(self._rest, b"")
        except httpx.RequestError as error:
            self.close()
            return Trouble(error)
        assert isinstance(step, Pause)
        time.sleep(step.seconds)
        return None

    def close(self) -> None:
        """Close what is streamed."""
        self._open.close()

    def _send(self, step: Send) -> Reply:
        end = time.monotonic() + step.seconds
        with ExitStack() as files:
            request = request_of(self._http, step, files)
            assert isinstance(request.stream, httpx.SyncByteStream)
            request.stream = InTime(request.stream, end)
            answer = self._http.send(request, stream=True)
        self._open.callback(answer.close)
        if step.streamed and answer.is_success:
            self._rest = answer.iter_bytes()
            return Reply(answer.status_code, answer.headers, b"")
        body = b"".join(in_time(answer.iter_bytes(), end))
        self.close()
        return Reply(answer.status_code, answer.headers, body)
