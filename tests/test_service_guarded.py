"""Who may call: keys, hosts and pages."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from wuxing_nlp.service.access.keys import ApiKeys, read_keys
from wuxing_nlp.service.asgi.guarded import Guarded, is_open
from wuxing_nlp.service.settings import ServiceSettings

KEY = "a-key-that-nobody-guesses"
KEYS = read_keys(f"ann={KEY},bob=another-key-of-somebody")
OPEN = ["/", "/healthz", "/readyz", "/openapi.json", "/favicon.ico", "/page/js/main.js"]
CLOSED = ["/v1/tag", "/v1/limits", "/metrics", "/nothing", "//", "/healthz/", "/page", "/v1/../healthz", ""]


def status(
    path: str = "/v1/tag", method: str = "POST", keys: ApiKeys | None = None, **given: Any
) -> tuple[int, str | None]:
    """What a request is answered with, and whose key it bore: 200 where it passes."""
    headers = {"host": "127.0.0.1:8765", **given.pop("headers", {})}
    scope: Scope = {
        "type": "http",
        "method": method,
        "path": path,
        "root_path": given.pop("root_path", ""),
        "client": given.pop("client", ("127.0.0.1", 1)),
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
        "state": {"request_id": "1"},
    }
    answers: list[Message] = []

    async def passed(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive() -> Message:
        raise AssertionError("a body is not read before its sender is known")

    async def send(message: Message) -> None:
        answers.append(message)

    found = ApiKeys({}) if keys is None else keys
    asyncio.run(Guarded(passed, ServiceSettings(**given), lambda: found)(scope, receive, send))
    return answers[0]["status"], scope["state"].get("key")


@pytest.mark.parametrize("path", OPEN)
def test_open_paths_need_no_key(path: str) -> None:
    assert is_open(path)
    assert status(path, "GET", KEYS) == (200, "")


@pytest.mark.parametrize("path", CLOSED)
def test_every_other_path_needs_one(path: str) -> None:
    assert not is_open(path)
    assert status(path, "GET", KEYS) == (401, None)
    assert status(path, "GET", KEYS, headers={"authorization": f"Bearer {KEY}"}) == (200, "ann")
    assert status(path, "GET") == (200, "")


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_a_key_is_borne(scheme: str) -> None:
    assert status(keys=KEYS, headers={"authorization": f"{scheme} {KEY}"}) == (200, "ann")


@pytest.mark.parametrize(
    "value",
    [
        *("", "Bearer", "Bearer ", "Bearer ann", "Bearer \xff\x00", KEY),
        *(f"Bearer  {KEY}", f"Bearer {KEY} ", f"Bearer\t{KEY}", f"Basic {KEY}"),
        *(f"Bearer {KEY.upper()}", f"Bearer ann={KEY}", f"Bearer {KEY[:-1]}"),
    ],
)
def test_what_bears_no_key(value: str) -> None:
    assert status(keys=KEYS, headers={"authorization": value}) == (401, None)


def test_a_key_is_no_way_around_a_foreign_page() -> None:
    headers = {"authorization": f"Bearer {KEY}", "sec-fetch-site": "cross-site"}
    assert status(keys=KEYS, headers=headers) == (403, None)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8765", "LocalHost", "[::1]:8765", "[::1]"])
def test_this_machine_is_called_by_its_names(host: str) -> None:
    assert status(headers={"host": host})[0] == 200


@pytest.mark.parametrize(
    "host",
    [
        *("", "example.org", "127.0.0.1.example.org", "localhost.example.org:8765", "192.0.2.7", "[::2]"),
        *("evil@127.0.0.1", "127.0.0.1, example.org"),
    ],
)
@pytest.mark.parametrize("path", ["/", "/v1/tag", "/healthz"])
def test_a_foreign_host_is_refused_where_there_are_no_keys(host: str, path: str) -> None:
    assert status(path, "GET", headers={"host": host})[0] == 403
    assert status(path, "GET", KEYS, headers={"host": host, "authorization": f"Bearer {KEY}"})[0] == 200
    assert status(path, "GET", no_auth=True, host="0.0.0.0", headers={"host": host})[0] == 200


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, 200),
        ({"sec-fetch-site": "same-origin", "origin": "https://proxied.example.org"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"sec-fetch-site": "same-site", "origin": "http://127.0.0.1:3000"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "?"}, 403),
        ({"origin": "http://127.0.0.1:8765"}, 200),
        ({"origin": "HTTP://127.0.0.1:8765"}, 200),
        ({"origin": "http://127.0.0.1:3000"}, 403),
        ({"origin": "https://example.org"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": ""}, 403),
    ],
)
def test_pages_of_other_sites_change_nothing(headers: dict[str, str], expected: int) -> None:
    for method in ("POST", "DELETE", "PUT"):
        assert status(method=method, headers=headers)[0] == expected
    # Reading is the browser's to refuse: without CORS it gives a page nothing.
    assert status(method="GET", headers=headers)[0] == 200


def test_named_origins_may_call() -> None:
    trusted = ("https://example.org",)
    for site in ({}, {"sec-fetch-site": "cross-site"}):
        assert status(cors=trusted, headers={"origin": "https://example.org", **site})[0] == 200
        assert status(cors=trusted, headers={"origin": "https://example.org.evil", **site})[0] == 403


@pytest.mark.parametrize(
    ("client", "expected"),
    [
        (("127.0.0.1", 1), 200),
        (("::1", 1), 200),
        (None, 200),
        (("192.0.2.7", 1), 403),
        (("somebody", 1), 403),
    ],
)
def test_without_keys_only_this_machine_calls(client: tuple[str, int] | None, expected: int) -> None:
    assert status(client=client)[0] == expected
    assert status(client=client, keys=KEYS, headers={"authorization": f"Bearer {KEY}"})[0] == 200


def test_a_prefix_opens_nothing() -> None:
    assert status("/page/v1/limits", "GET", KEYS, root_path="/page") == (401, None)
    assert status("/tag/healthz", "GET", KEYS, root_path="/tag") == (200, "")
