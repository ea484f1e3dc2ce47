"""The server: uvicorn, with limits of our own."""

from __future__ import annotations

import gc
import socket
import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress

import uvicorn
from prometheus_client import disable_created_metrics

from wuxing_nlp.errors import ServiceError
from wuxing_nlp.service import logs
from wuxing_nlp.service.app import create_app
from wuxing_nlp.service.folders import open_folder, uploads_folder
from wuxing_nlp.service.protocol import limited
from wuxing_nlp.service.settings import ServiceSettings

_OTHER_FILES = 256
"""Files that may be open beside the connections."""

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
    _allow_open(settings.connections)
    open_folder(settings.folder)
    disable_created_metrics()  # type: ignore[no-untyped-call] # a second series, which nobody reads
    app = create_app(settings)
    gc.freeze()  # as in the workers
    # Uploads may be large, and a system's own folder for such things may be in memory.
    tempfile.tempdir = str(uploads_folder(settings.folder.absolute()))
    with _listener(settings) as listener:
        config = uvicorn.Config(
            app,
            http=limited(settings),
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=_KEEP_ALIVE,
            timeout_graceful_shutdown=round(settings.stop_seconds),
        )
        server = _Server(config, lambda: listening(_address(settings, listener)))
        with suppress(SystemExit):  # uvicorn's way to say that the application did not start
            server.run([listener])
    if not server.started:
        refusal = getattr(app.state, "refusal", "the service did not start; the log above says why")
        raise ServiceError(str(refusal))


def _allow_open(connections: int) -> None:
    """Let so many connections be open, as far as the system lets us: 1,024 is what many start with."""
    with suppress(ImportError, OSError, ValueError):
        import resource  # not on Windows

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = connections + _OTHER_FILES
        if hard != resource.RLIM_INFINITY:
            wanted = min(wanted, hard)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


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
    """Says when it listens, and does not end by the signal that asked it to stop: that is no failure."""

    def __init__(self, config: uvicorn.Config, listening: Callable[[], None]) -> None:
        super().__init__(config)
        self._listening = listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._listening()

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        with super().capture_signals():
            yield
            self._captured_signals.clear()
