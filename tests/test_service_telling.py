"""The outermost layer: ids, logs and an answer whatever happens; nothing of a text or a key in a log."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope, Send

from benchmarks.serving import Server, serving
from wuxing_nlp.service.asgi.telling import SECURITY, Told
from wuxing_nlp.service.logs import LOG
from wuxing_nlp.service.metrics import Metrics
from wuxing_nlp.service.pool.pool import Pool
from wuxing_nlp.service.settings import ServiceSettings

KEY = "a-key-that-nobody-guesses"
SECRET = "秘密文件不得外传"

App = Callable[[Scope, Receive, Send], Awaitable[None]]


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> pytest.LogCaptureFixture:
    """What the service logs, wherever its log goes otherwise."""
    monkeypatch.setattr(LOG, "handlers", [caplog.handler])
    monkeypatch.setattr(LOG, "propagate", False)
    caplog.set_level("INFO", LOG.name)
    return caplog


class Call:
    """A request to an application within the layer: what was sent back, and the figures."""

    def __init__(self, app: App, path: str = "/v1/tag", request_id: str = "") -> None:
        self.answers: list[Message] = []
        self.metrics = Metrics(Pool(ServiceSettings()))
        headers = [(b"x-request-id", request_id.encode("latin-1"))] if request_id else []
        scope = {"type": "http", "method": "POST", "path": path, "headers": headers, "state": {}}
        asyncio.run(Told(app, self.metrics)(scope, self.receive, self.send))

    async def receive(self) -> Message:
        return {"type": "http.request", "body": SECRET.encode(), "more_body": False}

    async def send(self, message: Message) -> None:
        self.answers.append(message)

    @property
    def status(self) -> int:
        """The status, of the only answer there is."""
        [start] = (each for each in self.answers if each["type"] == "http.response.start")
        return int(start["status"])

    @property
    def headers(self) -> dict[str, str]:
        """The headers of the answer."""
        return {name.decode(): value.decode() for name, value in self.answers[0]["headers"]}

    @property
    def body(self) -> Any:
        """The body of the answer."""
        return json.loads(self.answers[1]["body"])


async def fine(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    scope["state"]["told"] = {"documents": 3}
    await send({"type": "http.response.start", "status": 200, "headers": [(b"a", b"b")]})
    await send({"type": "http.response.body", "body": b'"fine"'})


async def faulty(scope: Scope, receive: Receive, send: Send) -> None:
    raise ValueError(SECRET)


async def begun(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    raise ValueError(SECRET)


async def left(scope: Scope, receive: Receive, send: Send) -> None:
    raise ClientDisconnect


async def cancelled(scope: Scope, receive: Receive, send: Send) -> None:
    raise asyncio.CancelledError


def test_a_request_is_told_in_a_line(told: pytest.LogCaptureFixture) -> None:
    call = Call(fine, request_id="trace-1.a_B")
    [record] = told.records
    facts = record.__dict__
    assert record.getMessage() == "request"
    assert (facts["id"], facts["method"], facts["path"], facts["status"]) == (
        "trace-1.a_B",
        "POST",
        "other",
        200,
    )
    assert (facts["bytes_in"], facts["bytes_out"], facts["documents"]) == (len(SECRET.encode()), 6, 3)
    assert facts["seconds"] >= 0
    assert call.headers == {"a": "b", "x-request-id": "trace-1.a_B", **SECURITY}
    assert b'wuxing_requests_total{method="POST",path="other",status="200"} 1.0' in call.metrics.text()
    assert b"wuxing_requests_in_flight 0.0" in call.metrics.text()


@pytest.mark.parametrize("given", ["", "a b", "a" * 65, "编号", 'a"b', "a\x00", "../a", "a;b"])
def test_an_id_that_could_spoil_a_log_is_replaced(told: pytest.LogCaptureFixture, given: str) -> None:
    call = Call(fine, request_id=given.encode().decode("latin-1"))
    assert re.fullmatch("[0-9a-f]{32}", call.headers["x-request-id"])
    assert told.records[0].__dict__["id"] == call.headers["x-request-id"]


def test_two_requests_have_two_ids() -> None:
    assert Call(fine).headers["x-request-id"] != Call(fine).headers["x-request-id"]


def test_a_fault_is_answered_and_told_without_what_it_said(told: pytest.LogCaptureFixture) -> None:
    call = Call(faulty)
    assert (call.status, call.body["type"]) == (500, "urn:wuxing:problem:failed")
    assert call.body["request_id"] == call.headers["x-request-id"]
    fault, request = told.records
    assert fault.getMessage() == "a request failed"
    assert fault.__dict__["error"] == "ValueError"
    assert any("test_service_telling.py" in line for line in fault.__dict__["where"])
    assert request.__dict__["status"] == 500
    assert SECRET not in json.dumps([record.__dict__ for record in told.records], default=str)
    assert SECRET not in json.dumps(call.body, ensure_ascii=False)


def test_an_answer_that_has_begun_is_not_followed_by_another(told: pytest.LogCaptureFixture) -> None:
    assert Call(begun).status == 200
    assert [record.getMessage() for record in told.records] == ["a request failed", "request"]


def test_a_caller_that_left_is_no_fault(told: pytest.LogCaptureFixture) -> None:
    assert Call(left).answers == []
    [record] = told.records
    assert record.__dict__["status"] == 499


def test_a_request_that_is_cut_off_is_told_so(told: pytest.LogCaptureFixture) -> None:
    answers: list[Message] = []

    async def send(message: Message) -> None:
        answers.append(message)

    scope = {"type": "http", "method": "POST", "path": "/", "headers": [], "state": {}}
    layer = Told(cancelled, Metrics(Pool(ServiceSettings())))
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(layer(scope, None, send))  # type: ignore[arg-type]
    assert answers[0]["status"] == 503
    assert json.loads(answers[1]["body"])["type"] == "urn:wuxing:problem:stopping"
    assert told.records[0].__dict__["status"] == 503


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, list[dict[str, Any]]]]:
    """The log of a server that was asked for all kinds of things."""
    with serving(tmp_path_factory.mktemp("told"), "--workers", "1", keys=f"ann={KEY}") as server:
        with server.client(headers={"Authorization": f"Bearer {KEY}"}) as client:
            calls = [
                client.post("/v1/tag", json={"text": SECRET}, headers={"X-Request-ID": "mine"}),
                client.post("/v1/tag", json={"text": SECRET, SECRET: SECRET}),
                client.post("/v1/tag", content=f'{{"text": "{SECRET}'.encode()),
                client.post("/v1/documents", files={"file": (f"{SECRET}.txt", SECRET.encode())}),
                client.post("/v1/documents", files={"file": (f"{SECRET}.pdf", SECRET.encode())}),
                client.post("/v1/documents", params={"min_probability": SECRET}, files={"file": ("a", b"")}),
                client.get(f"/v1/{SECRET}"),
                client.get("/v1/limits%0A%7B%22event%22:%22forged%22%7D"),
                client.get(f"/v1/limits?key={KEY}", headers={b"Authorization": f"Bearer {SECRET}".encode()}),
                client.get("/v1/limits", headers={b"User-Agent": SECRET.encode(), b"X-Request-ID": b"a b"}),
                client.get("/healthz"),
            ]
        statuses = [call.status_code for call in calls]
        assert statuses == [200, 422, 415, 200, 422, 422, 404, 404, 401, 200, 200]
        assert server.stop() == 0
        yield server, [json.loads(line) for line in server.log.read_text(encoding="utf-8").splitlines()]


def test_every_line_is_json_with_time_and_level(lines: tuple[Server, list[dict[str, Any]]]) -> None:
    for line in lines[1]:
        assert line["level"] in ("INFO", "WARNING")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00", line["time"])
        assert line["event"]
        assert "forged" not in line["event"]


def test_requests_are_told_but_not_those_that_watch(lines: tuple[Server, list[dict[str, Any]]]) -> None:
    requests = [line for line in lines[1] if line["event"] == "request"]
    assert [line["path"] for line in requests] == [
        *["/v1/tag"] * 3,
        *["/v1/documents"] * 3,
        *["other"] * 3,
        "/v1/limits",
    ]
    assert [line["key"] for line in requests] == ["ann"] * 8 + [""] + ["ann"]
    assert requests[0]["id"] == "mine"
    assert re.fullmatch("[0-9a-f]{32}", requests[-1]["id"])
    assert (requests[0]["documents"], requests[0]["units"]) == (1, 1)
    assert requests[3]["files"] == 1


def test_no_text_no_key_and_no_path_of_a_caller_is_in_the_log(
    lines: tuple[Server, list[dict[str, Any]]],
) -> None:
    log = lines[0].log.read_text(encoding="utf-8")
    for secret in (SECRET, json.dumps(SECRET)[1:-1], KEY, "forged", "%0A"):
        assert secret not in log


def test_nothing_of_a_call_is_left_on_disk(lines: tuple[Server, list[dict[str, Any]]]) -> None:
    folder: Path = lines[0].log.parent
    for path in folder.rglob("*"):
        assert not path.is_file() or SECRET.encode() not in path.read_bytes()
    assert list((folder / "uploads").iterdir()) == []
