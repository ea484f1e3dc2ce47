"""Who may call: keys, and no pages of others."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from wuxing_nlp.service.access.keys import ApiKeys
from wuxing_nlp.service.media import path_of
from wuxing_nlp.service.problems import Problem
from wuxing_nlp.service.settings import LOOPBACK, ServiceSettings

_OPEN = frozenset({"/", "/healthz", "/readyz", "/openapi.json", "/favicon.ico"})
_OPEN_FOLDER = "/page/"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Guarded:
    """Wraps an application: what is not open to all needs a key, where there are keys.

    ``keys`` gives those that count now. Without keys the service trusts this machine, but not the
    web pages that are open on it: a foreign host name (DNS rebinding) is refused, and so is what a
    page of another site sends.
    """

    def __init__(self, app: ASGIApp, settings: ServiceSettings, keys: Callable[[], ApiKeys]) -> None:
        self._app = app
        self._settings = settings
        self._keys = keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            try:
                self._check_page(scope["method"], headers)
                self._check_machine(scope, headers)
                scope["state"]["key"] = self._caller(path_of(scope), headers)
            except Problem as problem:
                await problem.response(scope["state"]["request_id"])(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _check_page(self, method: str, headers: Headers) -> None:
        trusted = headers.get("origin") in self._settings.cors
        if method not in _SAFE and _of_another_site(headers) and not trusted:
            raise Problem(
                "foreign", "a page of another site sent this; name its origin with --cors to allow it"
            )

    def _check_machine(self, scope: Scope, headers: Headers) -> None:
        """Pass what comes from this machine, where nothing else may come. A server that is not ours may
        listen on any address."""
        if not self._settings.local or self._keys():
            return
        if _host(headers) not in LOOPBACK or not _is_here(scope.get("client")):
            raise Problem(
                "foreign", f"the service is for this machine alone; call it as {self._settings.host}"
            )

    def _caller(self, path: str, headers: Headers) -> str:
        """The name of the key that was sent; "" where none is needed. Raises Problem: no valid key."""
        keys = self._keys()
        if not keys or is_open(path):
            return ""
        scheme, _, key = headers.get("authorization", "").partition(" ")
        owner = keys.owner(key) if scheme.lower() == "bearer" and key else None
        if owner is None:
            raise Problem("no-key", "send a valid key in the header Authorization: Bearer KEY")
        return owner


def _is_here(caller: tuple[str, int] | None) -> bool:
    """Whether a caller's address is of this machine; a socket of the file system has none."""
    try:
        return caller is None or not caller[0] or ip_address(caller[0]).is_loopback
    except ValueError:
        return False


def is_open(path: str) -> bool:
    """Whether everybody may call a path, keys or no keys."""
    return path in _OPEN or path.startswith(_OPEN_FOLDER)


def _of_another_site(headers: Headers) -> bool:
    """Whether a page of another origin sent this, as browsers say it; other callers say nothing."""
    if site := headers.get("sec-fetch-site"):
        return site not in ("same-origin", "none")
    # To a host that is neither this machine nor reached through TLS browsers say no more than the origin.
    origin = headers.get("origin")
    return origin is not None and origin.lower().partition("://")[2] != headers.get("host", "").lower()


def _host(headers: Headers) -> str:
    """The host that was called, without its port."""
    host = headers.get("host", "").lower()
    return host.partition("]")[0].lstrip("[") if host.startswith("[") else host.partition(":")[0]
