"""What both clients hand to httpx."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import BinaryIO, TypedDict

import httpx

from wuxing_nlp.errors import ServiceError
from wuxing_nlp.service.client.steps import Send, Upload
from wuxing_nlp.service.settings import LOOPBACK
from wuxing_nlp.version import __version__

VARIABLE = "WUXING_API_KEY"
"""The environment variable with the key, where none is given."""

_KEY = re.compile(r"[\x21-\x7e]+")
_CONNECT_SECONDS = 10.0


class Settings(TypedDict):
    """What an httpx client is made with."""

    base_url: httpx.URL
    headers: dict[str, str]
    trust_env: bool


def settings_of(url: str, key: str | None) -> Settings:
    """The settings for a service's address and a key; None takes the environment's.

    Raises:
        ServiceError: it is no address, or no key can be like that; the key is not repeated.
    """
    base = _base(url)
    headers = {"User-Agent": f"wuxing_nlp/{__version__}", "Accept": "application/json, */*;q=0.1"}
    key = os.environ.get(VARIABLE, "") if key is None else key
    if key:
        if not _KEY.fullmatch(key):
            raise ServiceError(f"the key (key=, or {VARIABLE}) has characters that no key has; copy it again")
        headers["Authorization"] = f"Bearer {key}"
    # A proxy of the environment has no way to this machine's own services.
    return Settings(base_url=base, headers=headers, trust_env=base.host not in LOOPBACK)


def _base(url: str) -> httpx.URL:
    try:
        base = httpx.URL(url)
    except (httpx.InvalidURL, TypeError):
        base = httpx.URL()
    if base.scheme not in ("http", "https") or not base.host or base.query or base.fragment or base.userinfo:
        raise ServiceError("the url is not a service's address; give one like http://127.0.0.1:8765")
    return base


def request_of(http: httpx.Client | httpx.AsyncClient, send: Send, files: ExitStack) -> httpx.Request:
    """The request of a step; files that it sends are open as long as ``files`` is.

    Raises:
        ServiceError: a file cannot be opened.
    """
    parts = [("file", (file.name, files.enter_context(_opened(file)))) for file in send.request.files]
    connect = min(send.seconds, _CONNECT_SECONDS)
    return http.build_request(
        send.request.method,
        send.request.path,
        params=dict(send.request.query) or None,
        headers=dict(send.request.headers),
        content=send.request.content,
        files=parts or None,
        timeout=httpx.Timeout(send.seconds, connect=connect),
    )


def _opened(file: Upload) -> BinaryIO:
    try:
        return file.path.open("rb")
    except OSError as error:
        raise ServiceError(
            f"{file.name} cannot be read ({error.strerror or error}); name a file that there is"
        ) from None


class InTime(httpx.SyncByteStream):
    """A request's body that is sent until a moment (of :func:`time.monotonic`), and no longer."""

    def __init__(self, parts: Iterable[bytes], end: float) -> None:
        self._parts = parts
        self._end = end

    def __iter__(self) -> Iterator[bytes]:
        return in_time(self._parts, self._end)


def in_time(parts: Iterable[bytes], end: float) -> Iterator[bytes]:
    """The parts, as long as there is time: httpx has a limit for every part, none for all of them.
    Raises httpx.TimeoutException: there is none any more."""
    for part in parts:
        if time.monotonic() > end:
            raise httpx.ReadTimeout("time was up before all was sent and received")
        yield part
