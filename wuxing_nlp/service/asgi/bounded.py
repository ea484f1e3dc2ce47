"""Bodies that are too large or arrive too slowly, whatever their Content-Length says."""

from __future__ import annotations

import asyncio
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wuxing_nlp.service.problems import Problem
from wuxing_nlp.service.settings import ServiceSettings

_SLOWEST = 10_000
"""Bytes a second that a body must at least bring once the first seconds are over."""

_DISCARDED = 3
"""Of a body that is too large, so many times the limit is read and thrown away: a caller that is
still sending would not see the answer."""


class Bounded:
    """Wraps an application: bodies are counted as they come, and waited for no longer than
    ``settings.read_seconds`` and what their size deserves."""

    def __init__(self, app: ASGIApp, settings: ServiceSettings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            receive = _Body(receive, self._limit(scope["path"]), self._settings.read_seconds).receive
        await self._app(scope, receive, send)

    def _limit(self, path: str) -> tuple[str, int]:
        settings = self._settings
        if path == "/v1/jobs":
            return "a job", settings.job_bytes
        if path == "/v1/documents":
            return "an upload", settings.upload_bytes
        return "a call", settings.body_bytes


class _Body:
    def __init__(self, receive: Receive, limit: tuple[str, int], seconds: float) -> None:
        self._receive = receive
        self._what, self._most = limit
        self._seconds = seconds
        self._began = time.monotonic()
        self._bytes = 0
        self._whole = False

    async def receive(self) -> Message:
        if self._whole:
            return await self._receive()  # only the end of the connection is left to come
        message = await self._next()
        if self._bytes > self._most:
            await self._discard(message)
            raise Problem(
                "too-large",
                f"more than {self._most:,} bytes, the limit of {self._what}; send less at once, or give it "
                "to POST /v1/jobs",
            )
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

    async def _discard(self, message: Message) -> None:
        while message.get("more_body", False) and self._bytes < _DISCARDED * self._most:
            message = await self._next()
