"""The logic of calls, without their input and output: generators of steps."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Generic, TypeVar

from pydantic import ValidationError

from wuxing_nlp.errors import ServiceError
from wuxing_nlp.service.client.errors import JobFailedError
from wuxing_nlp.service.client.policy import Tries
from wuxing_nlp.service.client.steps import Flow, Give, More, Pause, Reply, Request, Send, Trouble
from wuxing_nlp.service.jobs.job import State
from wuxing_nlp.service.wire.jobs import Job

_T = TypeVar("_T")

_FIRST_LOOK = 0.2
_LAST_LOOK = 5.0
_SLOWER = 1.5


@dataclass(frozen=True, slots=True)
class Call(Generic[_T]):
    """A request that is safe to repeat, and how its answer's body is read. ``gone_is_done``: when it
    is repeated because the first answer was lost, 404 says that the first did it."""

    request: Request
    read: Callable[[bytes], _T]
    gone_is_done: bool = False


def exchange(call: Call[_T], tries: Tries) -> Flow[_T]:
    """Send a call until there is an answer. Raises ServiceProblem and ServiceError as
    :meth:`Tries.pause` does, and ServiceError where the answer is of no known form."""
    lost = False
    while True:
        outcome = yield Send(call.request, tries.left)
        assert isinstance(outcome, Reply | Trouble)
        if isinstance(outcome, Reply) and (outcome.good or _gone(call, outcome, lost)):
            return _read(call, outcome.body)
        lost = lost or isinstance(outcome, Trouble)
        yield Pause(tries.pause(outcome))


def streamed(request: Request, tries: Tries) -> Flow[None]:
    """Give the parts of an answer as they come. An answer that breaks off is asked for from there on:
    what is streamed here never changes."""
    given = 0
    while True:
        outcome = yield Send(_from(request, given), tries.left, streamed=True)
        assert isinstance(outcome, Reply | Trouble)
        if isinstance(outcome, Reply) and outcome.good:
            position = given - 1 if outcome.status == HTTPStatus.PARTIAL_CONTENT else 0
            given, trouble = yield from _parts_after(given, position, tries)
            if trouble is None:
                return
            outcome = trouble
        yield Pause(tries.pause(outcome))


def waiting(look: Callable[[], Flow[Job]], timeout: float | None) -> Flow[Job]:
    """Look at a job until it is done, the more rarely the longer it takes.

    Raises:
        JobFailedError: it failed.
        ServiceError: it is not done within ``timeout`` seconds.
    """
    limit = math.inf if timeout is None else timeout
    end, pause = time.monotonic() + limit, _FIRST_LOOK
    while True:
        job = yield from look()
        if job.state is State.DONE:
            return job
        if job.state is State.FAILED:
            raise JobFailedError(job)
        left = end - time.monotonic()
        if left <= 0:
            seen = f"job {job.id} is still {job.state} after {limit:g} seconds"
            raise ServiceError(f"{seen}; it goes on, so wait for it again")
        yield Pause(min(pause, left))
        pause = min(pause * _SLOWER, _LAST_LOOK)


def _from(request: Request, given: int) -> Request:
    if not given:
        return request
    # From the last byte that was given on: behind the end of a file there is no range.
    return replace(request, headers={**request.headers, "Range": f"bytes={given - 1}-"})


def _parts_after(given: int, position: int, tries: Tries) -> Flow[tuple[int, Trouble | None]]:
    """Of an answer that begins at ``position``, give what follows the bytes that were given; how many
    are given then, and what broke off."""
    while part := (yield More(tries.whole)):
        if isinstance(part, Trouble):
            return given, part
        assert isinstance(part, bytes)
        fresh = part[max(given - position, 0) :]
        position += len(part)
        if fresh:
            given += len(fresh)
            yield Give(fresh)
            tries.renew()  # a caller may take its time between two parts
    return given, None


def _gone(call: Call[_T], reply: Reply, lost: bool) -> bool:
    return call.gone_is_done and lost and reply.status == HTTPStatus.NOT_FOUND


def _read(call: Call[_T], body: bytes) -> _T:
    try:
        return call.read(body)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(map(str, found["loc"])) or "the body"
        raise ServiceError(
            f"the answer to {call.request.path} is not of the form that this version knows ({where}: "
            f"{found['msg']}); see that the address is a service's, and install its version of wuxing_nlp"
        ) from None
