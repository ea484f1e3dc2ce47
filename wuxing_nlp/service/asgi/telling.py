"""The outermost layer: an id for every request, one line in the log, and an answer whatever happens."""

from __future__ import annotations

import re
import time
from asyncio import CancelledError
from errno import ENOSPC
from secrets import token_hex

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wuxing_nlp.service.logs import LOG, log_fault
from wuxing_nlp.service.metrics import Metrics
from wuxing_nlp.service.problems import Problem, fault

_GIVEN = re.compile(r"[A-Za-z0-9._-]{1,64}")
_QUIET = frozenset({"/healthz", "/readyz", "/metrics"})

SECURITY = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
"""Headers of every answer: the page runs nothing but its own files, and nobody frames it."""

_SECURITY = [(name.encode(), value.encode()) for name, value in SECURITY.items()]


class Told:
    """Wraps an application; ``metrics`` counts what it does."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request = _Request(scope, given if _GIVEN.fullmatch(given) else token_hex(16), receive, send)
        scope.setdefault("state", {})["request_id"] = request.id
        try:
            with self._metrics.in_flight.track_inprogress():
                await self._app(scope, request.receive, request.send)
        except CancelledError:
            await request.answer(
                Problem("stopping", "the service is stopping; try again in a minute", retry_after=60)
            )
            raise
        except ClientDisconnect:
            pass  # nobody is there to be answered
        except Exception as error:
            log_fault("a request failed", error, id=request.id)
            await request.answer(_problem_of(error))
        finally:
            self._tell(request)

    def _tell(self, request: _Request) -> None:
        facts = request.facts()
        self._metrics.count(facts["method"], facts["path"], facts["status"], facts["seconds"])
        if facts["path"] not in _QUIET:
            LOG.info("request", extra=facts)


def _problem_of(error: Exception) -> Problem:
    if isinstance(error, OSError) and error.errno == ENOSPC:
        return Problem("no-room", "there is no room left for this on the service's disk; tell who runs it")
    return fault()


class _Request:
    """One request on its way: what it and its answer weigh, and how long it took."""

    def __init__(self, scope: Scope, id: str, receive: Receive, send: Send) -> None:
        self.id = id
        self._scope = scope
        self._receive = receive
        self._send = send
        self._began = time.perf_counter()
        self._status = 0
        self._received = 0
        self._sent = 0

    async def receive(self) -> Message:
        message = await self._receive()
        self._received += len(message.get("body", b""))
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            headers = [(b"x-request-id", self.id.encode()), *_SECURITY]
            message = {**message, "headers": [*message["headers"], *headers]}
        self._sent += len(message.get("body", b""))
        await self._send(message)

    async def answer(self, problem: Problem) -> None:
        """Answer with a problem, if no answer has begun."""
        if not self._status:
            await problem.response(self.id)(self._scope, self._receive, self.send)

    def facts(self) -> dict[str, object]:
        """What the log says: a path as the service writes it, never as it was sent."""
        route = self._scope.get("route")
        state = self._scope["state"]
        return {
            "id": self.id,
            "method": self._scope["method"],
            "path": getattr(route, "path", "other"),
            "status": self._status or 499,  # the caller went away
            "key": state.get("key", ""),
            "bytes_in": self._received,
            "bytes_out": self._sent,
            "seconds": round(time.perf_counter() - self._began, 6),
            **state.get("told", {}),
        }
