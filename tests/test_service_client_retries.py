"""What the client does when a service is busy, gone, or breaks off."""

from __future__ import annotations

import asyncio
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil
import pytest

from benchmarks.serving import Server, serving
from wuxing_nlp.errors import ServiceError
from wuxing_nlp.service.client import AsyncClient, Client, ServiceProblem

TEXT = "坚决整治推诿扯皮、久拖不决。"


# -- a service that is busy --


def worker_of(server: Server) -> psutil.Process:
    """The process that tags, as soon as it is there."""
    while True:
        for child in psutil.Process(server.process.pid).children():
            with suppress(psutil.Error):
                if any("spawn_main" in part for part in child.cmdline()):
                    return child


@contextmanager
def halted(server: Server) -> Iterator[Callable[[], None]]:
    """The only worker stands still until the block, or what it is given, lets it go on."""
    worker = worker_of(server)
    worker.suspend()
    try:
        yield worker.resume
    finally:
        with suppress(psutil.NoSuchProcess):  # it was ended for being too slow
            worker.resume()


def until(server: Server, sign: Callable[[str], bool]) -> None:
    """Wait until the figures of a server show a sign."""
    with server.client() as client:
        for _ in range(20_000):
            if sign(client.get("/metrics").text):
                return
    raise AssertionError("the figures never showed it")


def figure(name: str, metrics: str) -> float:
    """The sum of what a figure's lines say."""
    return sum(float(line.rpartition(" ")[2]) for line in metrics.splitlines() if line.startswith(name))


REFUSED = 'wuxing_requests_total{method="POST",path="/v1/tag",status="503"}'


def test_a_busy_service_is_asked_again(tmp_path: Path) -> None:
    with (
        serving(tmp_path / "data", "--workers", "1", "--queue", "0") as server,
        ThreadPoolExecutor() as threads,
        Client(server.url, retries=600, timeout=600) as client,
        Client(server.url, retries=0) as hasty,
    ):
        with halted(server) as go_on:
            assert not client.ready()
            with pytest.raises(ServiceProblem, match="try again in a second") as caught:
                hasty.tag(TEXT)
            assert (caught.value.slug, caught.value.status) == ("busy", 503)
            answer = threads.submit(client.tag, TEXT)
            until(server, lambda metrics: figure(REFUSED, metrics) >= 3)
            go_on()
            assert answer.result().documents[0].units[0].codes == ["M-", "P-"]
        assert client.ready()


def test_time_that_is_up_is_told(tmp_path: Path) -> None:
    async def awaited(url: str) -> None:
        async with AsyncClient(url, timeout=0.3) as client:
            await client.tag(TEXT)

    with serving(tmp_path / "data", "--workers", "1") as server, halted(server):
        expected = (
            r"POST http://127\.0\.0\.1:\d+/v1/tag: no answer within 0\.3 seconds \(tried once\); give more"
        )
        with Client(server.url) as client, pytest.raises(ServiceError, match=expected):
            client.tag(TEXT, timeout=0.3)
        with pytest.raises(ServiceError, match=expected):
            asyncio.run(awaited(server.url))


def test_work_that_took_too_long_is_not_sent_again(tmp_path: Path) -> None:
    with serving(tmp_path / "data", "--workers", "1", "--seconds", "0.3") as server:
        until(server, lambda metrics: figure("wuxing_workers ", metrics) == 1)
        with halted(server), Client(server.url) as client, pytest.raises(ServiceProblem) as caught:
            client.tag(TEXT)
        assert (caught.value.slug, caught.value.status) == ("out-of-time", 504)
        until(server, lambda metrics: figure('wuxing_requests_total{method="POST"', metrics) == 1)


def test_several_calls_are_under_way(tmp_path: Path) -> None:
    async def main(server: Server, go_on: Callable[[], None]) -> list[int]:
        async with AsyncClient(server.url) as client:

            async def tagged() -> list[int]:
                return [len(each.units) async for each in client.tag_many([TEXT] * 6, batch=1, in_flight=3)]

            task = asyncio.create_task(tagged())
            await asyncio.to_thread(
                until, server, lambda metrics: figure("wuxing_calls_waiting", metrics) == 3
            )
            go_on()
            return await task

    with serving(tmp_path / "data", "--workers", "1") as server, halted(server) as go_on:
        assert asyncio.run(main(server, go_on)) == [1] * 6


# -- a service that is not there, or breaks off --


def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def test_a_service_that_is_down_is_told() -> None:
    url = f"http://127.0.0.1:{unused_port()}"
    expected = rf"GET {url}/v1/model: ConnectError: .* \(tried 2 times\); see that the service runs there"
    with Client(url, retries=1) as client, pytest.raises(ServiceError, match=expected):
        client.model()
    with Client(url) as client, pytest.raises(ServiceError, match="tried once"):
        client.ready()

    async def awaited() -> None:
        async with AsyncClient(url, retries=1) as client:
            await client.model()

    with pytest.raises(ServiceError, match=expected):
        asyncio.run(awaited())


class Line(socketserver.ThreadingTCPServer):
    """A line to a server that breaks: of the first connections' answers so many bytes come through."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, server: Server, *through: int) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.target = ("127.0.0.1", int(server.url.rpartition(":")[2]))
        self.through = iter(through)
        self.connections = 0
        self.url = f"http://127.0.0.1:{self.server_address[1]}"


class _Connection(socketserver.BaseRequestHandler):
    server: Line

    def handle(self) -> None:
        self.server.connections += 1
        left = next(self.server.through, 1 << 60)
        with socket.create_connection(self.server.target) as far, suppress(OSError):
            threading.Thread(target=self._forward, args=(far,), daemon=True).start()
            while part := far.recv(65_536):
                self.request.sendall(part[:left])
                left -= len(part)
                if left <= 0:
                    break
            self.request.shutdown(socket.SHUT_RDWR)

    def _forward(self, far: socket.socket) -> None:
        with suppress(OSError):
            while part := self.request.recv(65_536):
                far.sendall(part)


@contextmanager
def breaking(server: Server, *through: int) -> Iterator[Line]:
    with Line(server, *through) as line:
        threading.Thread(target=line.serve_forever, daemon=True).start()
        yield line
        line.shutdown()


def test_a_lost_answer_is_asked_for_again(server: Server, tmp_path: Path) -> None:
    path = tmp_path / "通知.txt"
    path.write_text(TEXT * 5_000, encoding="utf-8")  # more than one part of an upload
    with Client(server.url) as client, breaking(server, 0, 300) as line, Client(line.url) as other:
        assert other.tag(TEXT) == client.tag(TEXT)
        assert line.connections == 3
    with breaking(server, 0) as line, Client(line.url) as other:
        assert other.tag_files(path, evidence=False).documents[0].text == TEXT * 5_000
        assert line.connections == 2


def test_a_job_is_sent_once_whatever_is_lost(server: Server) -> None:
    with breaking(server, 0) as line, Client(line.url) as other, Client(server.url) as client:
        before = client.jobs()
        job = other.submit(rows=iter([{"正文": TEXT}]))
        assert line.connections == 2
        assert [each.id for each in client.jobs()] == [job.id, *(each.id for each in before)]


def test_what_is_removed_stays_so_whatever_is_lost(server: Server) -> None:
    with Client(server.url) as client:
        job = client.submit(rows=[{"正文": TEXT}])
        with breaking(server, 0) as line, Client(line.url) as other:
            other.delete(job)
            assert line.connections == 2
            with pytest.raises(ServiceProblem) as caught:
                other.delete(job)
        assert (caught.value.slug, caught.value.status) == ("not-found", 404)


def test_a_stream_that_breaks_goes_on(server: Server, tmp_path: Path) -> None:
    async def awaited(url: str, id: str) -> list[str]:
        async with AsyncClient(url) as client:
            return [record["document"] async for record in client.results(id)]

    rows = [{"编号": f"第{number}号", "正文": TEXT} for number in range(300)]
    with Client(server.url) as client:
        job = client.wait(client.submit(rows=rows), timeout=300)
        whole = client.download(job, "results.jsonl", tmp_path / "whole").read_bytes()
        assert len(whole) > 200_000
        names = [f"rows.jsonl#第{number}号" for number in range(300)]
        with breaking(server, 50_000, 0, 100_000) as line, Client(line.url) as other:
            assert [record["document"] for record in other.results(job)] == names
            assert line.connections == 4
        with breaking(server, 70_000) as line, Client(line.url) as other:
            assert other.download(job, "results.jsonl", tmp_path / "again").read_bytes() == whole
            assert line.connections == 2
        with breaking(server, 50_000, 10) as line:
            assert asyncio.run(awaited(line.url, job.id)) == names
        client.delete(job)


def test_a_stream_that_ends_too_early_leaves_no_file(server: Server, tmp_path: Path) -> None:
    async def awaited(url: str, id: str) -> None:
        async with AsyncClient(url, retries=0) as client:
            await client.download(id, "units.csv", tmp_path)

    with Client(server.url) as client:
        job = client.wait(client.submit(rows=[{"正文": TEXT}] * 100), timeout=300)
        (tmp_path / "units.csv").write_text("before", encoding="utf-8")
        with breaking(server, 2_000, 2_000) as line:
            with (
                Client(line.url, retries=0) as other,
                pytest.raises(ServiceError, match="RemoteProtocolError"),
            ):
                other.download(job, "units.csv", tmp_path)
            with pytest.raises(ServiceError, match="RemoteProtocolError"):
                asyncio.run(awaited(line.url, job.id))
        assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["before"]


# -- what is not the service --


class _Other(BaseHTTPRequestHandler):
    """Answers as the path's first part says."""

    def do_GET(self) -> None:
        if self.path.startswith("/endless/"):
            self.send_response(200)
            self.end_headers()
            with suppress(OSError):
                while True:
                    self.wfile.write(b" ")
            return
        status, body = {
            "sent-on": (301, b""),
            "page": (502, b"<html>Bad Gateway</html>"),
            "json": (200, b'{"name": "another"}'),
            "list": (599, b'["type"]'),
            "deep": (500, b"[" * 100_000),
        }[self.path.split("/")[1]]
        self.send_response(status)
        self.send_header("Location", "https://a.example/\x85v1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def other() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Other) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_address[1]}"
        running.shutdown()


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("sent-on", 301, "sends on to https://a.example/.v1 .*give the client that address"),
        ("page", 502, "502 Bad Gateway, and not of the service itself"),
        ("list", 599, "the answer is 599, and not"),
        ("deep", 500, "500 Internal Server Error, and not"),
    ],
)
def test_what_is_not_the_service_is_told(other: str, path: str, status: int, told: str) -> None:
    with Client(f"{other}/{path}/", retries=0) as client, pytest.raises(ServiceProblem, match=told) as caught:
        client.model()
    problem = caught.value
    assert (problem.status, problem.slug, problem.type, problem.request_id) == (status, "", "about:blank", "")
    assert str(problem).isprintable()


def test_an_answer_of_another_form_is_told(other: str) -> None:
    with (
        Client(f"{other}/json") as client,
        pytest.raises(ServiceError, match=r"/v1/model is not of the form .*version: Field required"),
    ):
        client.model()


def test_an_answer_without_an_end_is_left_in_time(other: str) -> None:
    async def awaited() -> None:
        async with AsyncClient(f"{other}/endless", timeout=0.3) as client:
            await client.model()

    with (
        Client(f"{other}/endless", timeout=0.3) as client,
        pytest.raises(ServiceError, match=r"within 0\.3 seconds"),
    ):
        client.model()
    with pytest.raises(ServiceError, match=r"within 0\.3 seconds"):
        asyncio.run(awaited())
