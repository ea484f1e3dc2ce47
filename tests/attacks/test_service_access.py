"""Ways around a key, and to the jobs of others."""

from __future__ import annotations

import base64
import hmac
import json
import re
import signal
import socket
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from benchmarks.serving import Server, looks, serving
from wuxing_nlp.service.access.keys import read_keys

ANN, BOB, NEW = "key-of-ann-fi-0123456789", "key-of-bob-fi-0123456789", "key-of-ann-after-rotation"
TEXT = "坚决整治推诿扯皮、久拖不决。"
ROWS = {"rows": [{"编号": "1", "正文": TEXT}]}
SECRET = b"body_bytes"
"""What only an answer of ``/v1/limits`` holds."""

SECONDS = 60
PATHS = [
    "/v1/limits",
    "//v1/limits",
    "///v1/limits",
    "/V1/LIMITS",
    "/v1/./limits",
    "/v1//limits",
    "/v1/limits/",
    "/v1/limits/.",
    "/v1/limits;page",
    "/v1/limits%00",
    "/v1/limits%20",
    "/v1/limits%2f",
    "/v1%2Flimits",
    "/v1%5Climits",
    "/v1\\limits",
    "/%76%31/limits",
    "/%2576%2531/limits",
    "/%EF%BD%96%31/limits",
    "/page/../v1/limits",
    "/page/%2e%2e/v1/limits",
    "/page/..%2Fv1/limits",
    "/page/%2e%2e%2fv1%2flimits",
    "/page/..;/v1/limits",
    "/page//v1/limits",
    "/page/v1/limits",
    "/page/js/../../v1/limits",
    "/healthz/../v1/limits",
    "/healthz/v1/limits",
    "/healthz%2F..%2Fv1%2Flimits",
    "/healthz;/v1/limits",
    "/openapi.json/../v1/limits",
    "/./v1/limits",
    "/../v1/limits",
    "/v1/limits?path=/healthz",
    "/v1/limits?key=KEY&api_key=KEY&access_token=KEY&authorization=Bearer%20KEY",
    "/v1/limits#/healthz",
    "http://localhost/v1/limits",
    "http://localhost/page/../v1/limits",
    "http://ann:KEY@localhost/v1/limits",
    "HTTP://LOCALHOST//v1/limits",
    "http://localhost:80/healthz/../v1/limits",
    "/?/v1/limits",
]
METHODS = ["GET", "HEAD", "OPTIONS", "TRACE", "POST", "PUT", "PATCH", "DELETE"]
OVERRIDES = [
    "X-HTTP-Method-Override: GET",
    "X-Method-Override: GET",
    "X-Original-URL: /healthz",
    "X-Rewrite-URL: /healthz",
    "X-Forwarded-Prefix: /page",
    "X-Forwarded-Uri: /healthz",
    "X-Forwarded-For: 127.0.0.1\r\nX-Real-IP: 127.0.0.1\r\nForwarded: for=127.0.0.1;host=localhost",
    "X-Forwarded-Host: localhost\r\nX-Forwarded-User: ann\r\nX-Remote-User: ann\r\nRemote-User: ann",
    f"X-API-Key: {ANN}\r\nApi-Key: {ANN}\r\nX-Authorization: Bearer {ANN}\r\nKey: {ANN}",
    f"Cookie: key={ANN}; Authorization=Bearer {ANN}; session={ANN}",
    f"Proxy-Authorization: Bearer {ANN}\r\nWWW-Authenticate: Bearer {ANN}",
    f"Sec-WebSocket-Protocol: bearer, {ANN}",
]


def basic(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


WRONG = [
    "",
    "Bearer",
    "Bearer ",
    "Bearer ann",
    "Bearer None",
    "Bearer null",
    "Bearer *",
    ANN,
    f"Basic {basic(f'ann:{ANN}')}",
    f"Basic {basic(ANN)}",
    f"Basic {ANN}",
    f"Bearer {basic(ANN)}",
    f"Digest {ANN}",
    f"Token {ANN}",
    f"Bearer: {ANN}",
    f"Bearer={ANN}",
    f"Bearer\t{ANN}",
    f"Bearer  {ANN}",
    f"Bearer Bearer {ANN}",
    f"Bearer ann={ANN}",
    f"Bearer ann:{ANN}",
    f'Bearer "{ANN}"',
    f"Bearer '{ANN}'",
    f"Bearer <{ANN}>",
    f"Bearer {ANN},",
    f"Bearer {ANN}, Bearer {ANN}",
    f"Bearer {ANN};",
    f"Bearer {ANN}%00",
    f"Bearer {ANN}\\0",
    f"Bearer {ANN} {BOB}",
    f"Bearer {ANN}{BOB}",
    f"Bearer {ANN} ",
    f"Bearer {ANN}  ",
    f"Bearer {ANN[:-1]}",
    f"Bearer {ANN[1:]}",
    f"Bearer {ANN}0",
    f"Bearer {ANN.upper()}",
    f"Bearer {ANN.title()}",
    f"Bearer {ANN.swapcase()}",
    f"Bearer {ANN[::-1]}",
    f"Bearer {''.join(f'%{ord(sign):02x}' for sign in ANN)}",
    f"Bearer {''.join(f'&#{ord(sign)};' for sign in ANN)}",
    f"Bearer {''.join(chr(ord(sign) + 0xFEE0) for sign in ANN)}",  # full width
    f"Bearer {ANN.replace('fi', 'ﬁ')}",
    f"Bearer {ANN.replace('a', 'а')}",  # Cyrillic
    f"Bearer {unicodedata.normalize('NFD', ANN.replace('a', 'à'))}",
    f"Bearer {ANN}\u0301",
    f"Bearer {ANN}\u200b",
    f"Bearer \ufeff{ANN}",
    f"Bearer\u00a0{ANN}",
    f"Bearer\u3000{ANN}",
    f"Ｂｅａｒｅｒ {ANN}",
    f"Bearer {read_keys(f'ann={ANN}').digests['ann'].hex()}",
    f"Bearer sha256:{read_keys(f'ann={ANN}').digests['ann'].hex()}",
    f"Bearer {'a' * 30_000}",
]


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with two keys; whatever was tried, it had no fault, and no key stands anywhere."""
    folder = tmp_path_factory.mktemp("access")
    with serving(folder, "--workers", "1", keys=f"ann={ANN},bob={BOB}") as running:
        yield running
        log = running.log.read_text(encoding="utf-8")
        assert [line for line in log.splitlines() if json.loads(line)["level"] == "ERROR"] == []
        for path in folder.rglob("*"):
            found = path.read_bytes() if path.is_file() else b""
            assert not [key for key in (ANN, BOB) if key.encode() in found], path


def said(server: Server, *lines: str | bytes, body: bytes = b"") -> bytes:
    """All that a server says to the lines of a request."""
    parts = [line if isinstance(line, bytes) else line.encode() for line in (*lines, "Connection: close")]
    came = b""
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), SECONDS) as connection:
        connection.sendall(b"\r\n".join([*parts, b"", b""]) + body)
        while part := connection.recv(65_536):
            came += part
    return came


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize("method", METHODS)
def test_no_path_and_no_method_is_a_way_around_a_key(keyed: Server, method: str) -> None:
    for path in PATHS:
        answer = said(keyed, f"{method} {path.replace('KEY', ANN)} HTTP/1.1", "Host: localhost")
        assert SECRET not in answer, path
        # 200 is the page itself, at `/?…`; 400 is no request, 404 and 405 are answers of the open paths.
        opens = path.startswith(("/page/", "http://localhost/page/")) or path == "/?/v1/limits"
        assert status(answer) in ((200, 400, 404, 405) if opens else (400, 401)), (path, answer)


@pytest.mark.parametrize("headers", OVERRIDES)
def test_no_other_header_is_a_key_a_path_or_a_method(keyed: Server, headers: str) -> None:
    for method in ("GET", "POST"):
        answer = said(keyed, f"{method} /v1/limits HTTP/1.1", "Host: localhost", headers)
        assert status(answer) == 401
    answer = said(
        keyed, "GET /healthz HTTP/1.1", "Host: localhost", headers.replace("/healthz", "/v1/limits")
    )
    assert answer.endswith(b'{"status":"alive"}')


@pytest.mark.parametrize("value", WRONG, ids=lambda value: ascii(value)[:40])
def test_what_is_nearly_a_key_is_none(keyed: Server, value: str) -> None:
    answer = said(keyed, "GET /v1/limits HTTP/1.1", "Host: localhost", f"Authorization: {value}")
    assert status(answer) in (400, 401)
    assert SECRET not in answer


@pytest.mark.parametrize(
    "line",
    [
        f"Authorization: Bearer {ANN}\0",
        f"Authorization: Bearer \0{ANN}",
        f"Authorization: Bearer {ANN}\rX: y",
        f"Authorization : Bearer {ANN}",
        f" Authorization: Bearer {ANN}",
        f"Authorization\t: Bearer {ANN}",
        f"Author\u00adization: Bearer {ANN}",
        f"Authorization:: Bearer {ANN}",
        f"Authorisation: Bearer {ANN}",
        f"Authorization: Bearer\r\n {ANN}",
        f"X: y\r\n\tAuthorization: Bearer {ANN}",
    ],
    ids=ascii,
)
def test_what_is_hardly_the_header_is_none(keyed: Server, line: str) -> None:
    answer = said(keyed, "GET /v1/limits HTTP/1.1", "Host: localhost", line)
    assert status(answer) in (400, 401)
    assert SECRET not in answer


def test_a_key_in_a_body_or_behind_it_is_none(keyed: Server) -> None:
    for body in (f'{{"key": "{ANN}", "text": "a"}}', f"key={ANN}", f"Authorization: Bearer {ANN}\r\n\r\n"):
        sent = body.encode()
        head = ["POST /v1/tag HTTP/1.1", "Host: localhost", "Content-Type: application/json"]
        assert status(said(keyed, *head, f"Content-Length: {len(sent)}", body=sent)) == 401
        trailing = b'd\r\n{"text": "a"}\r\n0\r\n' + f"Authorization: Bearer {ANN}\r\n\r\n".encode()
        assert status(said(keyed, *head, "Transfer-Encoding: chunked", body=trailing)) == 401


@pytest.mark.parametrize("lines", [(BOB[:-1], ANN), ("", ANN), (ANN, BOB[:-1])], ids=ascii)
def test_of_several_keys_the_first_counts_and_they_are_not_joined(
    keyed: Server, lines: tuple[str, str]
) -> None:
    headers = [f"Authorization: Bearer {key}" for key in lines]
    answer = said(keyed, "GET /v1/limits HTTP/1.1", "Host: localhost", *headers)
    assert status(answer) == (200 if lines[0] == ANN else 401)


@pytest.mark.parametrize("value", [f"Bearer {ANN}", f"bearer {ANN}", f"BEARER {ANN}", f"  Bearer {ANN}"])
def test_a_key_opens_in_any_case_of_its_scheme(keyed: Server, value: str) -> None:
    for name in ("Authorization", "authorization", "AUTHORIZATION"):
        answer = said(keyed, "GET /v1/limits HTTP/1.1", "Host: localhost", f"{name}: {value}")
        assert status(answer) == 200


@pytest.mark.parametrize("sent", [ANN, BOB, "a-key-of-nobody-at-all", "", "ä", "a" * 100_000])
def test_every_key_is_compared_in_whole_and_in_constant_time(
    monkeypatch: pytest.MonkeyPatch, sent: str
) -> None:
    compared: list[tuple[bytes, bytes]] = []
    real = hmac.compare_digest

    def counting(first: bytes, second: bytes) -> bool:
        compared.append((first, second))
        return real(first, second)

    keys = read_keys(f"ann={ANN},bob={BOB}")
    monkeypatch.setattr(hmac, "compare_digest", counting)
    assert keys.owner(sent) == {ANN: "ann", BOB: "bob"}.get(sent)
    # Hashes of one length, all of them, whichever fits: time says nothing of where a key differs.
    assert [len(value) for pair in compared for value in pair] == [32] * 4
    assert [known for _, known in compared] == list(keys.digests.values())


@pytest.mark.parametrize("hosts", [("localhost", "example.org"), ("example.org", "localhost"), ("a", "a")])
def test_two_hosts_are_none(keyed: Server, hosts: tuple[str, str]) -> None:
    lines = [f"Host: {host}" for host in hosts]
    for key in ([], [f"Authorization: Bearer {ANN}"]):
        assert status(said(keyed, "GET /v1/limits HTTP/1.1", *lines, *key)) == 400


# ---------------------------------------------------------------------------------- jobs of others


@pytest.fixture
def ann(keyed: Server) -> Iterator[httpx.Client]:
    with keyed.client(headers={"Authorization": f"Bearer {ANN}"}) as client:
        yield client


@pytest.fixture
def bob(keyed: Server) -> Iterator[httpx.Client]:
    with keyed.client(headers={"Authorization": f"Bearer {BOB}"}) as client:
        yield client


def done(client: httpx.Client, **headers: str) -> str:
    """The id of a job that is sent and done."""
    id = str(client.post("/v1/jobs", json=ROWS, headers=headers).json()["id"])
    for _ in looks():
        if client.get(f"/v1/jobs/{id}").json()["state"] == "done":
            break
    return id


def test_another_key_cannot_tell_a_job_from_none(ann: httpx.Client, bob: httpx.Client) -> None:
    id, none = done(ann), "0" * 32
    for method in ("GET", "HEAD", "DELETE", "PUT", "POST", "PATCH"):
        for path in ("", "/results.jsonl", "/units.csv", "/run.json", "/", "/../" + id, "/inputs/rows.jsonl"):
            mine, nobodys = (bob.request(method, f"/v1/jobs/{which}{path}") for which in (id, none))
            assert (mine.status_code, told(mine, id)) == (nobodys.status_code, told(nobodys, none))
            assert mine.status_code in (404, 405, 422)
    mine, nobodys = (bob.get("/v1/jobs", params={"after": which}) for which in (id, none))
    assert (mine.status_code, told(mine, id)) == (nobodys.status_code, told(nobodys, none))
    assert ann.get(f"/v1/jobs/{id}/units.csv").status_code == 200
    assert ann.delete(f"/v1/jobs/{id}").status_code == 204


def told(answer: httpx.Response, id: str) -> str:
    """What an answer says, but for the ids of the request and the job."""
    return re.sub('"request_id": "[^"]*"', "", answer.text).replace(id, "")


def test_ids_are_no_patterns_and_no_questions(ann: httpx.Client, bob: httpx.Client) -> None:
    id = done(ann)
    for client in (ann, bob):
        for asked in (
            "%",
            "_" * 32,
            "' OR 1=1 --",
            f"{id}' --",
            id.upper() + "Z",
            f"{id}\0",
            f" {id}",
            "..",
            "*",
        ):
            answer = client.get(f"/v1/jobs/{quote(asked, safe='')}")
            assert answer.status_code == 404, asked
            assert client.get("/v1/jobs", params={"after": asked}).status_code == 404
    assert [job["id"] for job in ann.get("/v1/jobs").json()["jobs"]] == [id]
    assert bob.get("/v1/jobs").json()["jobs"] == []
    ann.delete(f"/v1/jobs/{id}")


def test_ids_are_random_and_no_two_have_more_in_common_than_their_form(ann: httpx.Client) -> None:
    ids = [ann.post("/v1/jobs", json=ROWS).json()["id"] for _ in range(8)]
    assert all(
        re.fullmatch("[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}", id) for id in ids
    )  # 122 random bits
    assert len({id[at : at + 6] for id in ids for at in (0, 6, 17, 23)}) == 4 * len(ids)
    for id in ids:
        assert ann.delete(f"/v1/jobs/{id}").status_code == 204


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="needs SIGHUP")
def test_a_job_belongs_to_the_name_of_a_key_whatever_the_key(tmp_path: Path) -> None:
    path, data = tmp_path / "keys", tmp_path / "data"

    def listed(client: httpx.Client, key: str) -> list[str] | int:
        answer = client.get("/v1/jobs", headers={"Authorization": f"Bearer {key}"})
        return [job["id"] for job in answer.json()["jobs"]] if answer.is_success else answer.status_code

    def read_again(server: Server, lines: str) -> None:
        path.write_text(lines)
        before = server.log.read_text().count("the keys were read again")
        server.process.send_signal(signal.SIGHUP)
        for _ in looks():
            if server.log.read_text().count("the keys were read again") > before:
                break

    path.write_text(f"ann={ANN}\nbob={BOB}\n")
    with serving(data, "--workers", "1", keys=f"@{path}") as server, server.client() as client:
        sent = {"Authorization": f"Bearer {ANN}"}
        id = client.post("/v1/jobs", json=ROWS, headers=sent).json()["id"]
        assert (listed(client, ANN), listed(client, BOB)) == ([id], [])
        read_again(server, f"ann={NEW}\nbob={BOB}\n")  # a new key for the same name
        assert (listed(client, ANN), listed(client, NEW), listed(client, BOB)) == (401, [id], [])
        read_again(server, f"carl={ANN}\nbob={BOB}\n")  # the old key under another name
        assert (listed(client, ANN), listed(client, NEW), listed(client, BOB)) == ([], 401, [])
        assert server.stop() == 0
    with serving(data, "--workers", "1") as server, server.client() as client:
        assert client.get("/v1/jobs").json()["jobs"] == []  # without keys: not a key's jobs
        assert client.get(f"/v1/jobs/{id}").status_code == 404
        shared = client.post("/v1/jobs", json=ROWS).json()["id"]
        with server.client() as other:
            assert [job["id"] for job in other.get("/v1/jobs").json()["jobs"]] == [shared]
        assert server.stop() == 0
