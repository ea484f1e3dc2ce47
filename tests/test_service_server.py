"""A real server: its limits on what is slow or large, its start, and its end."""

from __future__ import annotations

import json
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from benchmarks.serving import Server, looks, serving

SECONDS = 60  # for what takes two: a busy machine must not fail a test
TASK = {"text": "坚决整治推诿扯皮。"}
HEAD = b"POST /v1/tag HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="stops processes by signals")


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that waits for nobody for long, and takes little."""
    small = ("--header-bytes", "2000", "--body-bytes", "5000")
    options = ("--header-seconds", "1", "--read-seconds", "1", *small)
    with serving(tmp_path_factory.mktemp("strict"), "--workers", "1", *options) as running:
        yield running


@contextmanager
def connected(server: Server) -> Iterator[socket.socket]:
    """A bare connection to a server."""
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), SECONDS) as connection:
        yield connection


def answered(connection: socket.socket) -> bytes:
    """All that comes before the server closes a connection."""
    came = b""
    while part := connection.recv(65_536):
        came += part
    return came


def problem(answer: bytes) -> dict[str, Any]:
    """The problem of an answer in bytes."""
    head, _, body = answer.partition(b"\r\n\r\n")
    found = dict(json.loads(body))
    assert head.startswith(f"HTTP/1.1 {found['status']} ".encode())
    assert b"content-type: application/problem+json" in head
    assert f"x-request-id: {found['request_id']}".encode() in head
    return found


def figure(client: httpx.Client, name: str) -> float:
    """A figure of /metrics."""
    for line in client.get("/metrics").text.splitlines():
        if line.startswith(f"{name} "):
            return float(line.rpartition(" ")[2])
    raise AssertionError(name)


@contextmanager
def held(server: Server, client: httpx.Client) -> Iterator[psutil.Process]:
    """The only worker of a server, which stands still for the length of a block."""
    while client.get("/readyz").status_code != 200:
        assert server.process.poll() is None
    children = psutil.Process(server.process.pid).children()
    [worker] = (child for child in children if any("spawn_main" in part for part in child.cmdline()))
    worker.suspend()
    try:
        yield worker
    finally:
        with suppress(psutil.NoSuchProcess):
            worker.resume()


@contextmanager
def busy(server: Server, client: httpx.Client) -> Iterator[Future[httpx.Response]]:
    """A call on which the only worker of a server is at work for the length of a block."""
    with ThreadPoolExecutor(1) as calls, server.client() as caller:
        with held(server, client):
            call = calls.submit(caller.post, "/v1/tag", json=TASK)
            while figure(client, "wuxing_workers_busy") < 1:
                assert not call.done()
            yield call
        call.result()


@pytest.mark.parametrize(
    "sent", [b"", b"GET", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: localhost\r\nA: "]
)
def test_a_head_that_does_not_arrive_is_not_waited_for(strict: Server, sent: bytes) -> None:
    with connected(strict) as connection:
        connection.sendall(sent)
        assert answered(connection) == b""


@pytest.mark.parametrize("after", [b"GET / HTTP/1.1\r\nHos", b"POST /v1/tag HTTP/1.1\r\n"])
def test_neither_is_the_next_of_a_connection(strict: Server, after: bytes) -> None:
    with connected(strict) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" + after)
        assert answered(connection).endswith(b'{"status":"alive"}')


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /" + b"a" * 3_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /" + b"a" * 3_000,
        b"GET / HTTP/1.1\r\nHost: localhost\r\nA: " + b"a" * 3_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nA: " + b"a" * 3_000,
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"A: b\r\n" * 500 + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"A: b\r\n" * 500,
    ],
)
def test_a_large_head_is_refused(strict: Server, sent: bytes) -> None:
    with connected(strict) as connection:
        connection.sendall(sent)
        assert problem(answered(connection))["type"] == "urn:wuxing:problem:head-too-large"


def test_a_head_below_the_limit_is_taken(strict: Server) -> None:
    with strict.client() as client:
        assert client.get("/healthz", headers={"A": "a" * 1_200}).status_code == 200


@pytest.mark.parametrize(
    "head", [b"Content-Length: 99\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"]
)
def test_a_body_that_does_not_arrive_is_told(strict: Server, head: bytes) -> None:
    with connected(strict) as connection:
        connection.sendall(HEAD + b"Connection: close\r\n" + head)
        assert problem(answered(connection))["type"] == "urn:wuxing:problem:too-slow"


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("size", [5_001, 10_000, 14_000])
def test_a_body_that_is_too_large_is_told(strict: Server, size: int, chunked: bool) -> None:
    whole = b"a" * size
    parts = iter([whole[:1_000], whole[1_000:]])
    with strict.client() as client:
        answer = client.post(
            "/v1/tag", content=parts if chunked else whole, headers={"content-type": "application/json"}
        )
    assert answer.status_code == 413
    assert answer.json()["type"] == "urn:wuxing:problem:too-large"


def test_a_lying_length_is_told(strict: Server) -> None:
    with connected(strict) as connection:
        connection.sendall(
            HEAD + b"Connection: close\r\nContent-Length: 999999999999\r\n\r\n" + b"a" * 50_001
        )
        # Nothing more is sent: what is read of it is bounded in bytes and in time.
        assert problem(answered(connection))["type"] == "urn:wuxing:problem:too-large"


@pytest.mark.parametrize("path", ["/healthz", "/v1/nothing", "/v1/documents", "/"])
def test_a_body_that_nobody_wants_does_not_hide_the_answer(strict: Server, path: str) -> None:
    with strict.client() as client:
        for _ in range(3):
            answer = client.post(path, content=iter([b"a" * 4_000] * 3))
            assert answer.status_code in (404, 405, 415)
            assert answer.json()["request_id"] == answer.headers["x-request-id"]


def test_what_a_finished_answer_left_unread_is_not_waited_for(strict: Server) -> None:
    with connected(strict) as connection:
        connection.sendall(b"POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999\r\n\r\n" + b"a")
        assert connection.recv(65_536).startswith(b"HTTP/1.1 405 ")
        connection.sendall(b"a")
        answered(connection)


def test_only_so_many_connections_are_open(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "1", "--connections", "3") as server:
        with connected(server), connected(server), connected(server):
            with connected(server) as fourth:
                found = answered(fourth)
            assert problem(found)["type"] == "urn:wuxing:problem:busy"
            assert b"retry-after: 1\r\n" in found
        with server.client() as client:
            while not client.get("/healthz").is_success:
                pass


def test_connections_are_more_than_the_system_starts_with(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 1_000:
        pytest.skip("the system lets nobody open 1,000 files")
    with ExitStack() as stack:
        resource.setrlimit(resource.RLIMIT_NOFILE, (200, hard))
        stack.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        server = stack.enter_context(serving(tmp_path, "--workers", "1", "--connections", "400"))
        resource.setrlimit(resource.RLIMIT_NOFILE, (1_000, hard))
        client = stack.enter_context(server.client())
        for _ in range(300):
            stack.enter_context(connected(server))
        assert client.get("/healthz").status_code == 200


def test_health_is_told_while_every_worker_is_busy(tmp_path: Path) -> None:
    with (
        serving(tmp_path, "--workers", "1", "--queue", "0") as server,
        server.client() as client,
        busy(server, client),
    ):
        for path in ("/healthz", "/readyz", "/v1/limits", "/metrics", "/openapi.json"):
            assert client.get(path).status_code == 200
        answer = client.post("/v1/tag", json=TASK)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert answer.json()["type"] == "urn:wuxing:problem:busy"
        assert figure(client, "wuxing_workers_busy") == 1


def test_a_call_that_takes_too_long_is_told_and_the_next_is_answered(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "1", "--seconds", "3") as server, server.client() as client:
        with held(server, client) as worker:
            answer = client.post("/v1/tag", json=TASK)
        assert (answer.status_code, answer.json()["type"]) == (504, "urn:wuxing:problem:out-of-time")
        while client.post("/v1/tag", json=TASK).status_code != 200:
            assert server.process.poll() is None
        assert not worker.is_running()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_finishes_what_runs_and_takes_no_more(tmp_path: Path, number: int) -> None:
    with serving(tmp_path, "--workers", "1") as server, server.client() as client:
        with busy(server, client) as call:
            server.process.send_signal(number)
            while "Shutting down" not in server.log.read_text(encoding="utf-8"):
                assert server.process.poll() is None
            with pytest.raises(httpx.TransportError), server.client() as late:
                late.get("/healthz")
        assert call.result().status_code == 200
        assert server.process.wait(SECONDS) == 0
        assert not [line for line in server.log.read_text().splitlines() if '"ERROR"' in line]


def test_a_stop_waits_only_so_long(tmp_path: Path) -> None:
    with (
        serving(tmp_path, "--workers", "1", "--stop-seconds", "0") as server,
        server.client() as client,
        busy(server, client) as call,
    ):
        assert server.stop() == 0
        answer = call.result()
        assert (answer.status_code, answer.json()["type"]) == (503, "urn:wuxing:problem:stopping")


def test_without_keys_other_machines_are_let_in_only_when_told(tmp_path: Path) -> None:
    with (
        serving(tmp_path, "--workers", "1", "--host", "0.0.0.0", "--no-auth") as server,
        httpx.Client(base_url=server.url.replace("0.0.0.0", "127.0.0.1"), trust_env=False) as client,
    ):
        assert client.get("/v1/limits", headers={"Host": "example.org"}).status_code == 200


def test_with_keys_other_machines_need_one(tmp_path: Path) -> None:
    key = "a-key-that-nobody-guesses"
    with (
        serving(tmp_path, "--workers", "1", "--host", "0.0.0.0", keys=f"ann={key}") as server,
        httpx.Client(base_url=server.url.replace("0.0.0.0", "127.0.0.1"), trust_env=False) as client,
    ):
        assert client.get("/healthz").status_code == 200
        refused = client.get("/v1/limits")
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, 'Bearer realm="wuxing"')
        assert client.get("/v1/limits", headers={"Authorization": f"Bearer {key}"}).status_code == 200
        # A large body without a key is refused, and the answer is still seen.
        assert client.post("/v1/tag", content=b"a" * 4_000_000).status_code == 401


ASKED = {
    "Origin": "https://example.org",
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization, content-type",
}


def test_other_origins_are_not_let_in(server: Server) -> None:
    with server.client() as client:
        assert client.options("/v1/tag", headers=ASKED).status_code == 405
        answer = client.get("/v1/limits", headers={"Origin": "https://example.org"})
        assert not [name for name in answer.headers if name.startswith("access-control")]


def test_named_origins_are_let_in(tmp_path: Path) -> None:
    site = {"Origin": "https://example.org", "Sec-Fetch-Site": "cross-site"}
    with (
        serving(tmp_path, "--workers", "1", "--cors", "https://example.org") as server,
        server.client() as client,
    ):
        asked = client.options("/v1/tag", headers=ASKED)
        assert asked.status_code == 200
        assert asked.headers["access-control-allow-origin"] == "https://example.org"
        for body, status in ((TASK, 200), ({}, 422)):
            answer = client.post("/v1/tag", json=body, headers=site)
            assert answer.status_code == status
            assert answer.headers["access-control-allow-origin"] == "https://example.org"
            assert "X-Request-ID" in answer.headers["access-control-expose-headers"]
        for origin in ("https://example.org.evil", "http://example.org", "null"):
            asked = client.options("/v1/tag", headers={**ASKED, "Origin": origin})
            assert asked.status_code == 400
            assert "access-control-allow-origin" not in asked.headers
            answer = client.post("/v1/tag", json=TASK, headers={**site, "Origin": origin})
            assert answer.status_code == 403


def test_a_caller_who_takes_no_answer_is_cut_off(tmp_path: Path) -> None:
    with (
        serving(tmp_path, "--workers", "1", "--write-seconds", "0.2") as server,
        connected(server) as connection,
    ):
        ask = b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        with suppress(ConnectionError):
            connection.sendall(500 * ask)
            # The answers that the system holds for us come first, and then the end of the connection.
            for _ in looks():
                connection.sendall(ask)
        came = 0
        with suppress(ConnectionError):
            while part := connection.recv(65_536):
                came += len(part)
        with server.client() as client:
            assert came < 500 * len(client.get("/openapi.json").content)


def test_work_for_a_caller_who_has_gone_is_stopped(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "1") as server, server.client() as client:
        with held(server, client) as worker:
            with connected(server) as connection:
                body = json.dumps(TASK).encode()
                connection.sendall(HEAD + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
                for _ in looks():
                    if figure(client, "wuxing_workers_busy"):
                        break
            worker.wait(SECONDS)
        assert client.post("/v1/tag", json=TASK).status_code == 200


def test_an_answer_has_its_limit_too(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "1", "--answer-bytes", "2000") as server, server.client() as client:
        assert client.post("/v1/tag", json=TASK).status_code == 200
        found = client.post("/v1/tag", json={"texts": 3 * [TASK["text"]]}).json()
        assert found["type"].endswith("too-much")
        assert "the limit is 2,000" in found["detail"]


def test_a_head_alone_may_be_asked_for(strict: Server) -> None:
    with strict.client() as client:
        for path in ("/", "/healthz", "/page/js/main.js"):
            answer = client.head(path)
            assert (answer.status_code, answer.content) == (200, b""), path


def test_a_file_of_the_page_is_sent_once(strict: Server) -> None:
    with strict.client() as client:
        first = client.get("/page/js/main.js")
        assert first.headers["content-type"] == "text/javascript; charset=utf-8"
        again = client.get("/page/js/main.js", headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
