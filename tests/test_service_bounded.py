"""Bodies are counted and timed as they arrive."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from wuxing_nlp.service.asgi.bounded import Bounded
from wuxing_nlp.service.problems import Problem
from wuxing_nlp.service.settings import ServiceSettings

SETTINGS = ServiceSettings(body_bytes=10, upload_bytes=20, job_bytes=30, read_seconds=0.1)


async def reading(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that answers with the length of what it was sent."""
    scope["read"] = len(await Request(scope, receive).body())
    await send({"type": "http.response.start", "status": 200, "headers": []})


async def refusing(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that reads nothing."""
    await send({"type": "http.response.start", "status": 401, "headers": []})


class Caller:
    """Sends a body in parts; after the last one nothing more comes."""

    def __init__(self, *parts: bytes, more: bool = False) -> None:
        left = [{"type": "http.request", "body": part, "more_body": True} for part in parts or (b"",)]
        left[-1]["more_body"] = more
        self.left = left
        self.answers: list[Message] = []

    async def receive(self) -> Message:
        return self.left.pop(0) if self.left else await asyncio.Event().wait()  # type: ignore[return-value]

    async def send(self, message: Message) -> None:
        self.answers.append(message)

    def call(
        self, app: Callable[..., Any], path: str = "/v1/tag", headers: dict[str, str] | None = None
    ) -> Scope:
        sent = {"transfer-encoding": "chunked"} if headers is None else headers
        scope = {
            "type": "http",
            "method": "POST",
            "path": path,
            "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
        }
        asyncio.run(Bounded(app, SETTINGS)(scope, self.receive, self.send))
        return scope


@pytest.mark.parametrize(("path", "limit"), [("/v1/tag", 10), ("/v1/documents", 20), ("/v1/jobs", 30)])
@pytest.mark.parametrize("said", ["1", "999999999", "none", None])
def test_a_body_is_as_long_as_it_is(path: str, limit: int, said: str | None) -> None:
    headers = {"content-length": said} if said else None
    assert Caller(b"a" * (limit - 1), b"a").call(reading, path, headers)["read"] == limit
    with pytest.raises(Problem, match=f"more than {limit} bytes") as caught:
        Caller(b"a" * (limit - 1), b"aa").call(reading, path, headers)
    assert caught.value.slug == "too-large"


@pytest.mark.parametrize("path", ["/v1/nothing", "/", "/v1/jobs/", "/v1/documents/a"])
def test_every_other_path_has_the_least_limit(path: str) -> None:
    with pytest.raises(Problem, match="more than 10 bytes, the limit of a call"):
        Caller(b"a" * 11).call(reading, path)


def test_an_endless_body_ends_at_the_limit() -> None:
    caller = Caller(*[b"a" * 6] * 100)
    with pytest.raises(Problem, match="more than 10 bytes"):
        caller.call(reading)
    assert len(caller.left) == 98


@pytest.mark.parametrize("parts", [(b"",), (b"aaa",), (b"a", b"", b"a")])
def test_a_body_that_stops_arriving_is_too_slow(parts: tuple[bytes, ...]) -> None:
    with pytest.raises(Problem, match="the body did not arrive within 0 seconds; send it again") as caught:
        Caller(*parts, more=True).call(reading)
    assert caught.value.slug == "too-slow"


def test_once_the_body_is_there_nothing_is_too_slow() -> None:
    async def waiting(scope: Scope, receive: Receive, send: Send) -> None:
        assert not (await receive())["more_body"]
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(receive(), SETTINGS.read_seconds * 2)
        await send({"type": "http.response.start", "status": 200, "headers": []})

    caller = Caller(b"a")
    caller.call(waiting)
    assert len(caller.answers) == 1


def test_a_refused_body_is_read_before_the_answer() -> None:
    caller = Caller(b"aaa", b"aaa", b"aaa")
    caller.call(refusing)
    assert caller.left == []
    assert [each["status"] for each in caller.answers] == [401]


def test_no_more_of_a_refused_body_is_read_than_a_few_times_the_limit() -> None:
    caller = Caller(*[b"a" * 6] * 100)
    caller.call(refusing)
    assert len(caller.left) == 95
    assert len(caller.answers) == 1


def test_a_refused_body_that_stops_arriving_is_answered() -> None:
    caller = Caller(b"a", more=True)
    caller.call(refusing)
    assert len(caller.answers) == 1


@pytest.mark.parametrize("headers", [{}, {"expect": "100-continue", "content-length": "3"}])
def test_a_body_that_does_not_come_by_itself_is_not_asked_for(headers: dict[str, str]) -> None:
    caller = Caller(b"aaa")
    caller.call(refusing, headers=headers)
    assert len(caller.left) == len(caller.answers) == 1


def test_what_is_no_request_passes() -> None:
    async def living(scope: Scope, receive: Receive, send: Send) -> None:
        await send(await receive())

    caller = Caller(b"a" * 99)
    asyncio.run(Bounded(living, SETTINGS)({"type": "lifespan"}, caller.receive, caller.send))
    assert len(caller.answers[0]["body"]) == 99


@pytest.mark.parametrize(("path", "refused"), [("/v1/tag", ["busy"]), ("/v1/documents", [])])
def test_bodies_in_memory_are_bounded_all_together(path: str, refused: list[str]) -> None:
    told: list[str] = []

    async def nested(scope: Scope, receive: Receive, send: Send) -> None:
        """While a body is held the next one comes."""
        try:
            await Request(scope, receive).body()
        except Problem as problem:
            told.append(problem.slug)
        if scope["further"]:
            await sent(scope["further"] - 1)

    async def sent(further: int) -> None:
        caller = Caller(b"1234")
        scope = {"type": "http", "method": "POST", "path": path, "headers": [], "further": further}
        await app(scope, caller.receive, caller.send)

    app = Bounded(nested, replace(SETTINGS, held_bytes=10))
    asyncio.run(sent(2))
    assert told == refused
    asyncio.run(sent(1))  # all were let go
    assert told == refused
