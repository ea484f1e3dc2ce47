"""The server: uvicorn, with a limit on how long and how large the head of a request may be."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

import uvicorn
from prometheus_client import disable_created_metrics
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from wuxing_nlp.errors import ServiceError
from wuxing_nlp.service import logs
from wuxing_nlp.service.app import create_app
from wuxing_nlp.service.settings import ServiceSettings

_KEEP_ALIVE = 15
"""Seconds that a connection may rest between two requests."""


def serve(settings: ServiceSettings, listening: Callable[[str], None]) -> None:
    """Serve until a signal ends it: what runs is finished, within ``settings.stop_seconds``.

    Args:
        settings: how to serve.
        listening: told the address, once calls are taken.

    Raises:
        ServiceError: the address cannot be listened on, or the service is not set up rightly.
        BundleError: the model cannot be loaded.
    """
    logs.configure()
    disable_created_metrics()  # type: ignore[no-untyped-call] # a second series, which nobody reads
    app = create_app(settings)
    with _listener(settings) as listener:
        config = uvicorn.Config(
            app,
            http=limited_head(settings),
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=settings.connections,
            timeout_keep_alive=_KEEP_ALIVE,
            timeout_graceful_shutdown=round(settings.stop_seconds),
        )
        server = _Server(config, lambda: listening(_address(settings, listener)))
        server.run([listener])
    if not server.started:
        raise ServiceError("the service did not start; the log above says why")


def _listener(settings: ServiceSettings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except (OSError, OverflowError) as error:
        raise ServiceError(
            f"{settings.host} port {settings.port} cannot be listened on ({error}); name another --port, or "
            "end what uses it"
        ) from None


def _address(settings: ServiceSettings, listener: socket.socket) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{listener.getsockname()[1]}"


class _Server(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, config: uvicorn.Config, listening: Callable[[], None]) -> None:
        super().__init__(config)
        self._listening = listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._listening()


def limited_head(settings: ServiceSettings) -> type[asyncio.Protocol]:
    """uvicorn's protocol, which by itself waits for ever for the head of a request, of any size."""

    class LimitedHead(HttpToolsProtocol):
        _timer: asyncio.TimerHandle | None = None
        _head = 0

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._begin()

        def _begin(self) -> None:
            self._head = 0
            self._timer = self.loop.call_later(settings.header_seconds, self.transport.close)

        def data_received(self, data: bytes) -> None:
            if self._timer is None and (self.cycle is None or self.cycle.response_complete):
                self._begin()  # a further request of the same connection
            self._head += len(data)
            super().data_received(data)
            if self._timer is not None and self._head > settings.header_bytes and self.parser is not None:
                self.transport.close()

        def on_headers_complete(self) -> None:
            self._end()
            super().on_headers_complete()

        def connection_lost(self, exc: Exception | None) -> None:
            self._end()
            super().connection_lost(exc)

        def _end(self) -> None:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

    return LimitedHead
