"""The named settings of the service, each with its default and what it means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from math import inf
from pathlib import Path
from typing import Annotated, Any, NamedTuple, get_type_hints

from wuxing_nlp.batch.workers import cores
from wuxing_nlp.errors import ServiceError
from wuxing_nlp.model.tagger import shipped_bundle

LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""Hosts that nobody outside this machine reaches."""

_ORIGIN = re.compile(r"https?://[a-z0-9.\-:\[\]]+")

_SERVER = "Server 服务"
_LIMITS = "Limits 限额"


class Setting(NamedTuple):
    """What a setting means, under which heading it is listed, and the least that it may be."""

    help: str
    panel: str = _LIMITS
    least: float = 1


@dataclass(frozen=True)
class ServiceSettings:
    """How to serve; what each field means stands beside it, and in ``wuxing serve --help``.

    Raises:
        ServiceError: a number below what makes sense, or what is no origin.
    """

    host: Annotated[str, Setting("Address to listen on; any but this machine's own needs keys.", _SERVER)] = (
        "127.0.0.1"
    )
    port: Annotated[int, Setting("Port to listen on; 0 takes a free one.", _SERVER, 0)] = 8765
    workers: Annotated[int, Setting("Processes that tag; 0 takes all cores.", _SERVER, 0)] = 0
    data: Annotated[
        Path | None, Setting("Folder that jobs are kept in; the user's data folder without it.", _SERVER)
    ] = None
    model: Annotated[Path | None, Setting("A bundle folder instead of the shipped model.", _SERVER)] = None
    no_auth: Annotated[
        bool, Setting("Listen on any address without keys: who reaches it may use it.", _SERVER, 0)
    ] = False
    cors: Annotated[
        tuple[str, ...],
        Setting("Origins whose pages may call the service, with commas between them.", _SERVER),
    ] = ()

    body_bytes: Annotated[int, Setting("The largest body of a call with texts, in bytes as they arrive.")] = (
        5_000_000
    )
    upload_bytes: Annotated[int, Setting("The largest upload that is tagged at once, in bytes.")] = 50_000_000
    job_bytes: Annotated[int, Setting("The largest upload of a job, in bytes.")] = 1_000_000_000
    characters: Annotated[int, Setting("The longest document, in characters.")] = 1_000_000
    call_characters: Annotated[int, Setting("The most characters of one call; a job may have more.")] = (
        2_000_000
    )
    texts: Annotated[
        int, Setting("The most texts, or documents of files, of one call; a job may have more.")
    ] = 1_000
    files: Annotated[int, Setting("The most files of one upload.")] = 100
    seconds: Annotated[float, Setting("The longest that a call may wait and work; then 504.", least=0.1)] = 60
    read_seconds: Annotated[
        float, Setting("Seconds for a body to arrive, and one more for every 10 kB of it.", least=0.1)
    ] = 20
    header_seconds: Annotated[float, Setting("Seconds for the head of a request to arrive.", least=0.1)] = 10
    header_bytes: Annotated[int, Setting("The largest head of a request, in bytes.", least=1_024)] = 32_768
    connections: Annotated[int, Setting("The most connections that are open at once; then 503.")] = 2_000
    answer_bytes: Annotated[int, Setting("The largest answer of a call, in bytes; a job may have more.")] = (
        100_000_000
    )
    held_bytes: Annotated[
        int, Setting("Bytes of bodies that are held in memory at once, of all calls; then 503.")
    ] = 250_000_000
    write_seconds: Annotated[
        float, Setting("Seconds that an answer waits for a caller who takes none of it.", least=0.1)
    ] = 30
    queue: Annotated[
        int, Setting("Calls that may wait for a free process; then 503 with Retry-After.", least=0)
    ] = 64
    jobs: Annotated[int, Setting("Jobs that may wait or run; then 503 with Retry-After.")] = 100
    keep_days: Annotated[float, Setting("Days that an ended job is kept; 0 removes it at once.", least=0)] = (
        30
    )
    stop_seconds: Annotated[
        float, Setting("Seconds that running calls get to end when the service is stopped.", least=0)
    ] = 30

    def __post_init__(self) -> None:
        for name, setting in settings().items():
            value = getattr(self, name)
            if isinstance(value, int | float) and not setting.least <= value < inf:
                raise ServiceError(f"{name} is {value}; it must be a number from {setting.least:g} up")
        for origin in self.cors:
            if not _ORIGIN.fullmatch(origin):
                raise ServiceError(
                    f"cors has {origin!r}; an origin is written like https://example.org or "
                    "http://localhost:3000, without a path"
                )

    @property
    def processes(self) -> int:
        """How many processes tag."""
        return self.workers or cores()

    @property
    def bundle(self) -> Path:
        """The folder of the model. Raises BundleError: the shipped one is not there."""
        return self.model or shipped_bundle()

    @property
    def folder(self) -> Path:
        """The data folder."""
        if self.data is not None:
            return self.data
        from platformdirs import user_data_path  # of the extra, which the settings do without

        return user_data_path("wuxing_nlp", appauthor=False)

    @property
    def local(self) -> bool:
        """True where nobody outside this machine reaches the service."""
        return self.host in LOOPBACK


@cache
def settings() -> dict[str, Setting]:
    """Every setting's name and what it means."""
    hints: dict[str, Any] = get_type_hints(ServiceSettings, include_extras=True)
    return {name: hint.__metadata__[0] for name, hint in hints.items()}
