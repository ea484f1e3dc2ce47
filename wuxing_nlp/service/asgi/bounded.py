"""Bodies that are too large or arrive too slowly, whatever their Content-Length says."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wuxing_nlp.service.media import media_type, path_of
from wuxing_nlp.service.problems import Problem
from wuxing_nlp.service.settings import ServiceSettings

_SLOWEST = 10_000
"""Bytes a second that a body must at least bring once the first seconds are over."""

_DISCARDED = 3
"""Of a body that nobody wants, so many times the limit is read and thrown away."""


class Bounded:
    """Wraps an application: bodies are counted as they come, and waited for no longer than
    ``settings.read_seconds`` and what their size deserves."""

    def __init__(self, app: ASGIApp, settings: ServiceSettings) -> None:
        self._app = app
        self._settings = settings
        self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        body = _Body(receive, self._limit(path_of(scope), headers), self._settings.read_seconds, self._hold)
        unread = _comes(headers)

        async def send_after(message: Message) -> None:
            if unread and message["type"] == "http.response.start":
                await body.discard()
            await send(message)

        try:
            await self._app(scope, body.receive, send_after)
        finally:
            self._held -= body.held

    def _hold(self, size: int) -> None:
        """Make room for a part of a body. Raises Problem: too much is held already."""
        if self._held + size > self._settings.held_bytes:
            raise Problem("busy", "too many large calls at once; try again in a second", retry_after=1)
        self._held += size

    def _limit(self, path: str, headers: Headers) -> _Limit:
        settings = self._settings
        # JSON is parsed as a whole, whatever it is for; lines and files are only kept.
        if path == "/v1/jobs" and media_type(headers) != "application/json":
            return _Limit("a job", settings.job_bytes, held=False)
        if path == "/v1/documents":
            return _Limit("an upload", settings.upload_bytes, held=False)
        return _Limit("a call", settings.body_bytes, held=True)


class _Limit(NamedTuple):
    """How large a body may be, what it is, and whether it is held in memory (or goes to the disk)."""

    what: str
    most: int
    held: bool


class _Body:
    def __init__(self, receive: Receive, limit: _Limit, seconds: float, hold: Callable[[int], None]) -> None:
        self.held = 0
        self._receive = receive
        self._limit = limit
        self._seconds = seconds
        self._hold = hold
        self._began = time.monotonic()
        self._bytes = 0
        self._whole = False

    async def discard(self) -> None:
        """Read what an answer does not need: a caller that is still sending would not see the answer."""
        with suppress(Problem):
            while not self._whole and self._bytes < _DISCARDED * self._limit.most:
                await self._next()

    async def receive(self) -> Message:
        if self._whole:
            return await self._receive()  # only the end of the connection is left to come
        message = await self._next()
        limit = self._limit
        if self._bytes > limit.most:
            raise Problem(
                "too-large",
                f"more than {limit.most:,} bytes, the limit of {limit.what}; send less at once, or as files "
                "or lines to POST /v1/jobs",
            )
        if limit.held:
            size = len(message.get("body", b""))
            self._hold(size)
            self.held += size
        return message

    async def _next(self) -> Message:
        allowed = self._seconds + self._bytes / _SLOWEST
        left = self._began + allowed - time.monotonic()
        try:
            async with asyncio.timeout(max(left, 0)):
                message = await self._receive()
        except TimeoutError:
            raise Problem(
                "too-slow", f"the body did not arrive within {allowed:.0f} seconds; send it again"
            ) from None
        self._bytes += len(message.get("body", b""))
        self._whole = not message.get("more_body", False)
        return message


def _comes(headers: Headers) -> bool:
    """Whether a body comes by itself: a caller that expects ``100 Continue`` sends it when it is read."""
    return ("content-length" in headers or "transfer-encoding" in headers) and "expect" not in headers
