"""How connections are read: uvicorn's protocol, with limits, and problems for what is no request."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from secrets import token_hex

from httptools import HttpParserError
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from wuxing_nlp.service.asgi.telling import SECURITY
from wuxing_nlp.service.problems import Problem
from wuxing_nlp.service.settings import ServiceSettings


def limited(settings: ServiceSettings) -> type[asyncio.Protocol]:
    """uvicorn's protocol, which by itself waits for ever for the head of a request, of any size."""

    class Limited(HttpToolsProtocol):
        _timer: asyncio.TimerHandle | None = None
        _jam: asyncio.TimerHandle | None = None
        _head = 0  # bytes since a head began, or what should be one, or since the last part of a body
        _body = False  # whether the body of a request is still to come, or its trailers
        url = b""  # unlike the headers, uvicorn does not set it before a request begins

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            if len(self.connections) > settings.connections:
                seen = f"{settings.connections:,} connections are open"
                self._refuse(Problem("busy", f"{seen}; try again in a second", retry_after=1))
            else:
                self._begin()

        def data_received(self, data: bytes) -> None:
            if self._rests():
                self._begin()  # a further request of the same connection, or what is left of the last one
            self._head += len(data)
            super().data_received(data)
            if (self._timer is not None or self._body) and self._head > settings.header_bytes:
                self._refuse(_too_large(settings))

        def on_message_begin(self) -> None:
            self._begin()  # it may come before the last one is answered
            super().on_message_begin()

        def on_header(self, name: bytes, value: bytes) -> None:
            if not self._body:  # trailers are no part of the head, and would be kept without end
                super().on_header(name, value)

        def on_headers_complete(self) -> None:
            self._end()
            self._body = True
            if self._size() > settings.header_bytes:
                raise HttpParserError("the head is too large")
            if sum(name == b"host" for name, _ in self.headers) > 1:
                raise HttpParserError("two hosts, of which others may believe the other one")
            super().on_headers_complete()

        def on_body(self, body: bytes) -> None:
            if self._timer is None:
                self._head = 0
            super().on_body(body)

        def on_message_complete(self) -> None:
            self._body = False
            super().on_message_complete()

        def send_400_response(self, msg: str) -> None:
            large = self._size() > settings.header_bytes
            detail = "what was sent is not a request of HTTP/1.1; see /openapi.json for what is taken"
            self._refuse(_too_large(settings) if large else Problem("not-http", detail))

        def connection_lost(self, exc: Exception | None) -> None:
            self._end()
            self._flows()
            super().connection_lost(exc)

        def pause_writing(self) -> None:
            super().pause_writing()
            self._flows()
            self._watch_flow(self.transport.get_write_buffer_size())

        def resume_writing(self) -> None:
            self._flows()
            super().resume_writing()

        def _watch_flow(self, before: int) -> None:
            """Cut off a caller who takes nothing of an answer: it would be kept for ever."""

            def look() -> None:
                left = self.transport.get_write_buffer_size()
                if left < before:
                    self._watch_flow(left)
                else:
                    self.transport.abort()

            self._jam = self.loop.call_later(settings.write_seconds, look)

        def _flows(self) -> None:
            if self._jam is not None:
                self._jam.cancel()
                self._jam = None

        def _begin(self) -> None:
            if self._timer is None:
                self._head = 0
                self._timer = self.loop.call_later(settings.header_seconds, self._late)

        def _end(self) -> None:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

        def _late(self) -> None:
            self._timer = None
            if self._rests():
                self.transport.close()
            else:
                # While a request is answered no more is read: the next one cannot be blamed.
                self._timer = self.loop.call_later(settings.header_seconds, self._late)

        def _rests(self) -> bool:
            return self.cycle is None or self.cycle.response_complete

        def _size(self) -> int:
            """The bytes of the head that was read last."""
            return len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers or ())

        def _refuse(self, problem: Problem) -> None:
            """Answer, unless the answer would be taken for that to an earlier request, and close."""
            if self.transport.is_closing():
                return
            if self._rests() or (self.cycle.more_body and not self.cycle.response_started):
                self.transport.write(_raw(problem))
            self.transport.close()

    return Limited


def _too_large(settings: ServiceSettings) -> Problem:
    seen = f"the head of the request has more than {settings.header_bytes:,} bytes"
    return Problem("head-too-large", f"{seen}; send shorter headers and a shorter path")


def _raw(problem: Problem) -> bytes:
    """An answer in bytes, for a connection on which there is no request to answer to."""
    request_id = token_hex(16)
    response = problem.response(request_id)
    headers = {**response.headers, "x-request-id": request_id, "connection": "close", **SECURITY}
    lines = [
        f"HTTP/1.1 {response.status_code} {HTTPStatus(response.status_code).phrase}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + bytes(response.body)
