"""A real server among hostile callers: each is told off or cut off, and everybody else is served."""

from __future__ import annotations

import gzip
import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from benchmarks.serving import Server, serving

KEY = "a-key-that-nobody-guesses"
BEARER = {"Authorization": f"Bearer {KEY}"}
TEXT = "坚决整治推诿扯皮。"
HOST = b"Host: localhost\r\n"
JSON = {"content-type": "application/json"}
SECONDS = 60


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server without keys, of which nothing but what is asked for here is asked."""
    with serving(tmp_path_factory.mktemp("hostile"), "--workers", "1", "--header-seconds", "2") as running:
        yield running
        assert running.process.poll() is None
        log = [json.loads(line) for line in running.log.read_text(encoding="utf-8").splitlines()]
        assert not [line for line in log if line["level"] == "ERROR"]


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a key."""
    with serving(tmp_path_factory.mktemp("keyed"), "--workers", "1", keys=f"ann={KEY}") as running:
        yield running


@pytest.fixture
def client(served: Server) -> Iterator[httpx.Client]:
    """A caller, who is served as ever when the test is over."""
    with served.client() as client:
        yield client
        [document] = client.post("/v1/tag", json={"text": TEXT}).json()["documents"]
        assert document["units"][0]["codes"] == ["P-"]


@contextmanager
def connected(server: Server) -> Iterator[socket.socket]:
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), SECONDS) as connection:
        yield connection


def said(server: Server, *parts: bytes) -> bytes:
    """All that a server says to some bytes before it closes the connection."""
    came = b""
    with connected(server) as connection:
        for part in parts:
            connection.sendall(part)
        while part := connection.recv(65_536):
            came += part
    return came


def post(client: httpx.Client, body: bytes, **headers: str) -> tuple[int, str]:
    """Status and kind of what is answered to a body."""
    answer = client.post("/v1/tag", content=body, headers=JSON | headers)
    if answer.is_success:
        return answer.status_code, ""
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["type"].removeprefix("urn:wuxing:problem:")


def nested(depth: int, opening: bytes, closing: bytes, within: bytes = b"") -> bytes:
    return opening * depth + within + closing * depth


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"text": "\\u0000"}', (200, "")),
        (b'{"text": "\0"}', (400, "not-json")),
        (b'{"text": "a"}\0', (400, "not-json")),
        (b'{"text": "\\ud800"}', (400, "not-json")),
        (b'{"text": "\\udc00\\ud800"}', (400, "not-json")),
        (b'{"text": "\\ud83d\\ude00"}', (200, "")),
        (b'{"text": "\xed\xa0\x80"}', (400, "not-json")),
        (b'{"text": "\xc0\xaf"}', (400, "not-json")),
        (b'{"text": "\xf4\x90\x80\x80"}', (400, "not-json")),
        (b'\xef\xbb\xbf{"text": "a"}', (400, "not-json")),
        (nested(100_000, b"[", b"]"), (400, "not-json")),
        (nested(100_000, b'{"text":', b"}", b"1"), (400, "not-json")),
        (nested(1_000_000, b"[", b""), (400, "not-json")),
        (b'{"text": ' + nested(150, b"[", b"]") + b"}", (422, "invalid")),
        (b'{"text": 1, "text": "a"}', (200, "")),
        (b'{"text": "a", "text": 1}', (422, "invalid")),
        (b'{"text": "a", "texts": ["a"], "texts": ["b"]}', (422, "invalid")),
        (b'{"text": "a", "min_probability": 1e999}', (422, "invalid")),
        (b'{"text": "a", "min_probability": -1e999}', (422, "invalid")),
        (b'{"text": "a", "min_probability": NaN}', (422, "invalid")),
        (b'{"text": "a", "min_probability": ' + b"9" * 1_000_000 + b"}", (400, "not-json")),
        (b'{"text": "a", "min_probability": 0.' + b"1" * 1_000_000 + b"}", (200, "")),
        (b'{"text": "' + b"a" * 10_000_000 + b'"}', (413, "too-large")),
        (b'{"text": "' + b"a" * 4_000_000 + b'"}', (413, "too-much")),
        (b'{"text": "' + b"\\u4e00" * 700_000 + b'"}', (200, "")),
        (b'{"texts": [' + b'"",' * 1_000_000 + b'""]}', (413, "too-much")),
        (b'{"' + b"a" * 4_000_000 + b'": 1, "text": "a"}', (422, "invalid")),
        (b" " * 4_900_000 + b'{"text": "a"}', (200, "")),
        (b'{"__proto__": {"text": "a"}}', (422, "invalid")),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_json(client: httpx.Client, body: bytes, expected: tuple[int, str]) -> None:
    assert post(client, body) == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("application/json; charset=utf-16", 400),
        ("application/json; charset=gbk", 400),
        ("text/json", 415),
        ("application/jsonp", 415),
        ("application/json, text/plain", 415),
        ("multipart/form-data; boundary=a", 415),
        (";", 415),
    ],
)
def test_content_types_and_charsets(client: httpx.Client, kind: str, expected: int) -> None:
    body = json.dumps({"text": TEXT}, ensure_ascii=False)
    encoded = body.encode(kind.partition("charset=")[2] or "utf-8")
    assert post(client, encoded, **{"content-type": kind})[0] == expected


def test_an_encoded_body_is_not_decoded(client: httpx.Client) -> None:
    bomb = gzip.compress(b" " * 100_000_000)
    assert post(client, bomb, **{"content-encoding": "gzip"}) == (400, "not-json")


CLOSE = b"Connection: close\r\n"
SENT = b"POST /v1/tag HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
NO_REQUESTS = {
    "nothing of HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "an unknown version": b"GET / HTTP/9.9\r\n" + HOST + b"\r\n",
    "no version that there is": b"GET / HTTP/x\r\n" + HOST + b"\r\n",
    "an unknown method": b"SMUGGLE / HTTP/1.1\r\n" + HOST + b"\r\n",
    "CONNECT": b"CONNECT example.org:443 HTTP/1.1\r\n" + HOST + b"\r\n",
    "both lengths": SENT
    + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n",
    "both lengths, turned": SENT + b"Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n",
    "two lengths": SENT + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n{}",
    "no number": SENT + b"Content-Length: +5\r\n\r\n{}",
    "a negative length": SENT + b"Content-Length: -1\r\n\r\n{}",
    "an endless length": SENT + b"Content-Length: " + b"9" * 40 + b"\r\n\r\n{}",
    "hidden chunks": SENT + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "a space before the colon": SENT + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "a folded head": SENT + b"A: b\r\n c: d\r\n\r\n",
    "no chunk": SENT + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    "a chunk of no end": SENT + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 30 + b"\r\n",
    "a chunk that is longer": SENT + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n",
    "a NUL in a head": b"GET / HTTP/1.1\r\n" + HOST + b"A: \0\r\n\r\n",
    "a bare CR": b"GET / HTTP/1.1\r\n" + HOST + b"A: b\rC: d\r\n\r\n",
    "bytes in a path": b"GET /\xe6\x8a\xa5 HTTP/1.1\r\n" + HOST + b"\r\n",
    "a NUL in a path": b"GET /\0 HTTP/1.1\r\n" + HOST + b"\r\n",
    "a space in a path": b"GET /a b HTTP/1.1\r\n" + HOST + b"\r\n",
    "a path of no path": b"GET healthz HTTP/1.1\r\n" + HOST + b"\r\n",
}


@pytest.mark.parametrize("sent", NO_REQUESTS.values(), ids=NO_REQUESTS)
@pytest.mark.usefixtures("client")
def test_what_is_no_request_is_told_once_and_cut_off(served: Server, sent: bytes) -> None:
    answer = said(served, sent)
    assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert answer.count(b"HTTP/1.1") == 1 + answer.count(b"not a request of HTTP/1.1")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["type"] == "urn:wuxing:problem:not-http"


def test_bytes_of_one_request_are_none_of_the_next(served: Server, client: httpx.Client) -> None:
    inner = b"GET /v1/model HTTP/1.1\r\n" + HOST + b"\r\n"
    body = b'{"text": "' + inner.replace(b"\r\n", b"\\r\\n") + b'"}'
    length = f"Content-Length: {len(body)}\r\n\r\n".encode()
    answer = said(served, SENT + length + body + b"GET /healthz HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n")
    assert answer.count(b"HTTP/1.1 200 OK") == 2
    assert answer.endswith(b'{"status":"alive"}')
    assert b"fingerprint" not in answer


def test_pipelined_requests_are_answered_in_order(served: Server, client: httpx.Client) -> None:
    paths = [b"/healthz", b"/nothing", b"/v1/limits"] * 20
    requests = b"".join(b"GET " + path + b" HTTP/1.1\r\n" + HOST + b"\r\n" for path in paths)
    answer = said(served, requests + b"GET /healthz HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n")
    statuses = [part[:3] for part in answer.split(b"HTTP/1.1 ")[1:]]
    assert statuses == [b"200", b"404", b"200"] * 20 + [b"200"]


def test_garbage_behind_a_request_is_not_taken_for_its_answer(served: Server, client: httpx.Client) -> None:
    body = json.dumps({"text": TEXT}).encode()
    length = f"Content-Length: {len(body)}\r\n\r\n".encode()
    answer = said(served, SENT + length + body + b"garbage\r\n\r\n")
    assert b"not-http" not in answer or answer.startswith(b"HTTP/1.1 200 OK")


def test_an_endless_head_behind_a_request_is_cut_off(served: Server, client: httpx.Client) -> None:
    line = b"A: " + b"a" * 1_000 + b"\r\n"
    with connected(served) as connection:
        connection.sendall(SENT + b"Content-Length: 2\r\n\r\n{}GET / HTTP/1.1\r\n")
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            connection.sendall(line * 100_000)


def test_old_callers_are_answered_and_closed(served: Server, client: httpx.Client) -> None:
    answer = said(served, b"GET /healthz HTTP/1.0\r\n" + HOST + b"\r\n")
    assert answer.endswith(b'{"status":"alive"}')
    assert b"403" in said(served, b"GET /healthz HTTP/1.0\r\n\r\n").partition(b"\r\n")[0]


def test_an_upgrade_is_not_made(served: Server, client: httpx.Client) -> None:
    upgrade = b"Upgrade: websocket\r\nConnection: Upgrade, close\r\nSec-WebSocket-Key: AAAA\r\n\r\n"
    answer = said(served, b"GET /healthz HTTP/1.1\r\n" + HOST + upgrade)
    assert answer.startswith(b"HTTP/1.1 200 OK")


def test_a_flood_of_headers_is_refused(served: Server, client: httpx.Client) -> None:
    flood = b"".join(b"A%d: b\r\n" % number for number in range(10_000))
    answer = said(served, b"GET / HTTP/1.1\r\n" + HOST + flood)
    assert answer.startswith(b"HTTP/1.1 431 ")


def test_slow_callers_keep_nobody_out(served: Server, client: httpx.Client) -> None:
    with ExitStack() as stack:
        slow = [stack.enter_context(connected(served)) for _ in range(200)]
        for number, connection in enumerate(slow):
            sent = (b"G", b"GET / HTTP/1.1\r\nA: ", SENT + b"Content-Length: 9\r\n\r\n{")[number % 3]
            connection.sendall(sent)
        for _ in range(5):
            assert client.get("/healthz").status_code == 200
            assert client.post("/v1/tag", json={"text": TEXT}).status_code == 200
        # Those that never finish a head are cut off, though they go on to send.
        assert [connection.recv(1) for connection in slow[::3]] == [b""] * len(slow[::3])


def test_callers_that_leave_early_are_no_fault(served: Server, client: httpx.Client) -> None:
    for sent in (SENT + b"Content-Length: 99\r\n\r\n{", SENT + b"Content-Length: 2\r\n\r\n{}", b"GET / HT"):
        for _ in range(20):
            with connected(served) as connection:
                connection.sendall(sent)


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "example.org"},
        {"Host": "localhost.example.org"},
        {"Host": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://example.org"},
        {"Origin": "null"},
    ],
)
def test_foreign_pages_and_hosts(client: httpx.Client, headers: dict[str, str]) -> None:
    answer = client.post("/v1/tag", json={"text": TEXT}, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:wuxing:problem:foreign")
    assert client.get("/", headers=headers).status_code == (403 if "Host" in headers else 200)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_form_of_a_foreign_page_sends_no_job(client: httpx.Client, method: str) -> None:
    files = {"file": ("a.txt", TEXT.encode())}
    answer = client.request(method, "/v1/jobs", files=files, headers={"Origin": "http://127.0.0.1:3000"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "../settings.py",
        "..%2fsettings.py",
        "%2e%2e/settings.py",
        "%2e%2e%2f%2e%2e%2fsettings.py",
        "..%5csettings.py",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "js/../../settings.py",
        "%00",
        "index.html%00.js",
        "%c0%ae%c0%ae/settings.py",
        ".",
        "",
        "js",
        "js/",
        "file:///etc/passwd",
    ],
)
@pytest.mark.usefixtures("client")
def test_no_path_leads_out_of_the_page(served: Server, path: str) -> None:
    for start in (b"/page/", b"/"):
        line = b"GET " + start + path.encode() + b" HTTP/1.1\r\n"
        answer = said(served, line + HOST + CLOSE + b"\r\n")
        status = 200 if start + path.encode() == b"/" else 404
        assert answer.startswith(f"HTTP/1.1 {status} ".encode()), answer[:200]
        assert b"ServiceSettings" not in answer
        assert b"root:" not in answer


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": f"Basic {KEY}"},
        {"Authorization": f"Bearer {KEY.upper()}"},
        {"Authorization": f"Bearer {KEY[:-1]}"},
        {"Authorization": f"Bearer {KEY}{KEY}"},
        {"Authorization": f"Bearer ann={KEY}"},
        {"Authorization": f"Bearer {KEY.replace('a', 'ａ')}"},
        {"Authorization": f"Bearer {KEY.replace('a', 'á')}"},
        {"Authorization": f"Bearer {KEY}, Bearer {KEY}"},
        {"X-API-Key": KEY},
        {"Cookie": f"key={KEY}"},
        {"Proxy-Authorization": f"Bearer {KEY}"},
        {"X-Forwarded-For": "127.0.0.1", "Host": "localhost"},
    ],
    ids=str,
)
@pytest.mark.parametrize("path", ["/v1/limits", "/metrics", "/v1/%74ag", "//v1/limits", "/page/../v1/limits"])
def test_only_a_key_opens(keyed: Server, headers: dict[str, str], path: str) -> None:
    request = [f"GET {path}?key={KEY}&access_token={KEY} HTTP/1.1", "Connection: close"]
    lines = request + [f"{name}: {value}" for name, value in ({"Host": "localhost"} | headers).items()]
    answer = said(keyed, "\r\n".join([*lines, "", ""]).encode())
    expected = (b"404", b"401") if path.startswith("/page/") else (b"401",)
    assert answer.partition(b" ")[2][:3] in expected
    assert b"body_bytes" not in answer


@pytest.mark.parametrize("value", [b"", b"Bearer", b"Bearer ", b"Bearer \xff\xfe", b"Bearer \xef\xbb\xbf"])
def test_what_is_hardly_a_header_opens_nothing(keyed: Server, value: bytes) -> None:
    answer = said(
        keyed, b"GET /v1/limits HTTP/1.1\r\n" + HOST + CLOSE + b"Authorization: " + value + b"\r\n\r\n"
    )
    assert answer.startswith(b"HTTP/1.1 401 ")


def test_two_keys_are_none(keyed: Server) -> None:
    for first, second in ((KEY, "x" * 20), ("x" * 20, KEY)):
        headers = "".join(f"Authorization: Bearer {key}\r\n" for key in (first, second)).encode()
        answer = said(keyed, b"GET /v1/limits HTTP/1.1\r\n" + HOST + CLOSE + headers + b"\r\n")
        # Whichever is believed, it is one that was sent whole.
        assert answer[:12] in (b"HTTP/1.1 200", b"HTTP/1.1 401")
        assert KEY.encode() not in answer


def test_a_request_without_a_key_is_not_worked_on(keyed: Server) -> None:
    with keyed.client() as client:
        while client.get("/readyz").status_code != 200:
            pass
        before = client.get("/metrics", headers=BEARER).text
        for _ in range(20):
            assert client.post("/v1/tag", json={"text": TEXT}).status_code == 401
        after = client.get("/metrics", headers=BEARER).text

    assert "wuxing_documents_total 0.0" in before
    assert "wuxing_documents_total 0.0" in after


def test_memory_is_bounded(served: Server, client: httpx.Client) -> None:
    process = psutil.Process(served.process.pid)
    before = process.memory_info().rss
    for _ in range(5):
        assert post(client, b'{"text": "' + b"a" * 14_000_000 + b'"}') == (413, "too-large")
    assert process.memory_info().rss - before < 100_000_000


def test_files_are_left_nowhere(served: Server, client: httpx.Client) -> None:
    files: list[Any] = [("file", ("../../outside.txt", TEXT.encode())), ("file", ("/tmp/outside.txt", b""))]
    assert client.post("/v1/documents", files=files).status_code == 200
    folder: Path = served.log.parent
    assert list((folder / "uploads").iterdir()) == []
    assert list(folder.parent.rglob("outside*")) == []
