"""What callers may choose, names above all, leads to no other file and writes no line of the log."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from benchmarks.serving import Server, looks, serving
from wuxing_nlp.service.jobs.names import safe_names

KEY = "a-key-that-nobody-guesses"
TEXT = "坚决整治推诿扯皮、久拖不决。"
SECRET = "第九号来信人的住址"
MARK = "escaped"
EDGE = "edge"
NAMES = [
    f"../{MARK}.txt",
    f"../../../../../../tmp/{MARK}.txt",
    f"..\\..\\{MARK}.txt",
    f"/tmp/{MARK}.txt",
    f"//server/share/{MARK}.txt",
    f"\\\\server\\share\\{MARK}.txt",
    f"\\\\?\\C:\\{MARK}.txt",
    f"C:\\{MARK}.txt",
    f"C:{MARK}.txt",
    f"file:///tmp/{MARK}.txt",
    f"{MARK}.txt:stream.txt",
    f"a/../{MARK}.txt",
    f"....//....//{MARK}.txt",
    f"..%2f..%2f{MARK}.txt",
    f"..%5c{MARK}.txt",
    f"..／..／{MARK}.txt",
    f"․․/{MARK}.txt",
    f"~/{MARK}.txt",
    f"$HOME/{MARK}.txt",
    f"`touch {MARK}`.txt",
    f"; touch {MARK};.txt",
    f"{MARK}.txt\0.docx",
    f"\0{MARK}.txt",
    f"{MARK}\u202etxt.exe.txt",
    "CON.txt",
    "nul.tar.txt",
    "COM1.txt",
    "aux .txt",
    "lpt¹.txt",
    ".",
    "..",
    "...txt",
    "-rf.txt",
    "--out=x.txt",
    "*.txt",
    "a?.txt",
    "a. . .txt",
    "長" * 3_000 + ".txt",
    "n" * 3_500 + ".txt",
    ".txt",
    ".htaccess.txt",
    "~$lock.txt",
    "'; DROP TABLE jobs; --.txt",
    '{"event": "forged"}.txt',
    "{0.__class__}%s%n{{7*7}}${7*7}.txt",
    "\x1b[31mred\x07.txt",
    "line\u2028end\u2029\x85.txt",
]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose folder is the only one that changes, and whose log is sound and discreet."""
    folder = tmp_path_factory.mktemp("traces") / "a" / "b" / "data"
    with serving(folder, "--workers", "1", keys=f"ann={KEY}") as running:
        yield running
        assert list((folder / "uploads").iterdir()) == []
        # Whatever was sent lies in the inputs of a job, or is gone with it.
        assert [path for path in folder.parents[2].rglob(f"*{MARK}*") if path.parent.name != "inputs"] == []
        assert list(Path("/tmp").glob(f"*{MARK}*")) == []
    raw = (folder / "log.jsonl").read_bytes()
    lines = [json.loads(line) for line in raw.decode("utf-8").split("\n") if line]
    assert {re.sub("[0-9]+", "N", line["event"]) for line in lines} <= EVENTS
    assert {line["level"] for line in lines} <= {"INFO", "WARNING"}
    assert {line["path"] for line in lines if "path" in line} <= PATHS
    for told in (KEY, SECRET, MARK, TEXT, "forged", "DROP TABLE", "\x1b", "\u2028"):
        assert told not in raw.decode("utf-8")
        assert json.dumps(told)[1:-1] not in raw.decode("utf-8")


EVENTS = {
    "Started server process [N]",
    "Waiting for application startup.",
    "Application startup complete.",
    "Invalid HTTP request received.",
    "Unsupported upgrade request.",
    "request",
    "a job is queued",
    "a job runs",
    "a job is done",
    "a job is removed",
}
"""What the log says; nothing that was sent is among it."""

PATHS = {
    "/",
    "/v1/tag",
    "/v1/documents",
    "/v1/jobs",
    "/v1/jobs/{id}",
    "/v1/jobs/{id}/{file}",
    "/v1/limits",
    "other",
}


@pytest.fixture
def client(served: Server) -> Iterator[httpx.Client]:
    with served.client(headers={"Authorization": f"Bearer {KEY}"}) as client:
        yield client


def form(*names: str) -> bytes:
    """A form with a file of each name, as it is."""
    made = b""
    for name in names:
        head = f'Content-Disposition: form-data; name="file"; filename="{name}"'.replace('{"', "{'")
        made += f"--{EDGE}\r\n{head}\r\n\r\n{TEXT}{SECRET}\r\n".encode()
    return made + f"--{EDGE}--\r\n".encode()


HEADERS = {"content-type": f"multipart/form-data; boundary={EDGE}"}


@pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name)[:30])
def test_a_name_of_an_upload_is_only_shown(client: httpx.Client, name: str) -> None:
    answer = client.post("/v1/documents", content=form(name), headers=HEADERS)
    if answer.status_code == 200:
        [document] = answer.json()["documents"]
        shown = document["document"]
        assert "/" not in shown
        assert "\\" not in shown
        assert not [
            sign for sign in shown if sign < " " or "\x7f" <= sign <= "\x9f" or sign in "\u2028\u2029"
        ]
        assert len(shown) <= 200
        assert document["text"] == TEXT + SECRET
    else:
        assert answer.status_code in (400, 422), answer.text
        assert SECRET not in answer.text


def test_names_of_a_job_are_files_of_its_folder(client: httpx.Client, served: Server) -> None:
    names = [name for name in NAMES if '"' not in name and "\0" not in name and len(name) < 3_000]
    usable = [name for name in names if name not in (".", "..")]
    answer = client.post("/v1/jobs", content=form(*usable), headers=HEADERS)
    assert answer.status_code == 202, answer.text
    id = answer.json()["id"]
    folder = served.log.parent / "jobs" / id
    kept = sorted(path.name for path in (folder / "inputs").iterdir())
    assert len(kept) == len(usable)
    assert kept == sorted(safe_names(usable))
    for _ in looks():
        if (job := client.get(f"/v1/jobs/{id}").json())["state"] == "done":
            break
    assert job["counts"]["documents"] == sum(name.endswith(".txt") for name in kept)
    documents = client.get(f"/v1/jobs/{id}/documents.csv")
    assert documents.headers["content-disposition"].isascii()
    assert client.delete(f"/v1/jobs/{id}").status_code == 204
    assert not folder.exists()


@pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name)[:30])
def test_on_windows_a_name_is_a_file_and_no_device(name: str) -> None:
    [safe] = safe_names([name], windows=True)
    path = PureWindowsPath(safe)
    assert (path.name, path.drive, path.root) == (safe, "", "")
    assert not path.is_reserved()
    assert not set('<>:"|?*/\\') & set(safe)
    assert not safe.endswith((" ", "."))
    assert not any(sign < " " for sign in safe)


def test_on_windows_names_stay_apart() -> None:
    assert safe_names(["a?.txt", "a*.txt", "a.txt. "], windows=True) == ["a_.txt", "a_ (2).txt", "a.txt"]


@pytest.mark.parametrize("name", ["../a\\b/c", 'a"b;c=d', "a\r\nX-Injected: y\u202e"], ids=ascii)
def test_a_name_of_a_job_is_one_header_of_its_files(client: httpx.Client, name: str) -> None:
    query = {"name": name[:200]}
    job = client.post("/v1/jobs", params=query, json={"rows": [{"正文": TEXT}]}).json()
    for _ in looks():
        if client.get(f"/v1/jobs/{job['id']}").json()["state"] == "done":
            break
    answer = client.get(f"/v1/jobs/{job['id']}/units.csv")
    assert answer.status_code == 200
    assert "x-injected" not in answer.headers
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith("attachment; filename")
    assert disposition.isascii()
    assert "/" not in disposition
    assert "\\" not in disposition
    assert client.delete(f"/v1/jobs/{job['id']}").status_code == 204


@pytest.mark.parametrize(
    "path",
    [
        "units.csv%00",
        "../units.csv",
        "..%2funits.csv",
        "inputs%2frows.jsonl",
        "%2e%2e%2flog.jsonl",
        "log.jsonl",
    ],
)
def test_no_other_file_of_a_job_is_a_result(client: httpx.Client, path: str) -> None:
    id = client.post("/v1/jobs", json={"rows": [{"正文": TEXT}]}).json()["id"]
    assert client.get(f"/v1/jobs/{id}/{path}").status_code in (404, 422)
    assert client.delete(f"/v1/jobs/{id}").status_code == 204


FORGED = '\r\n{"level": "ERROR", "event": "forged"}\r\n'
INJECTED = [
    FORGED,
    "\n" + SECRET,
    f'"}}\n{{"event": "forged", "key": "{SECRET}',
    "\x1b[2J\x1b[31mforged",
    "\u2028{}\u2029\x85\x0b\x0c",
    "%s%n%(levelname)s{0}{message}",
    "a" * 5_000 + SECRET,
]


@pytest.mark.parametrize("text", INJECTED, ids=ascii)
def test_what_is_sent_writes_no_line_of_the_log(client: httpx.Client, text: str) -> None:
    """Its lines are looked at when the server ends."""
    encoded = quote(text)
    visible = text.encode("ascii", "backslashreplace").decode().translate(dict.fromkeys(range(32), "?"))
    calls: list[dict[str, Any]] = [
        {"method": "GET", "url": f"/v1/{encoded}"},
        {"method": "GET", "url": f"/v1/jobs/{encoded}"},
        {"method": "DELETE", "url": f"/v1/jobs/{encoded}"},
        {"method": "GET", "url": f"/v1/limits?{encoded}={encoded}"},
        {"method": "POST", "url": f"/v1/documents?prefer={encoded}&text_column={encoded}"},
        {"method": "POST", "url": f"/v1/jobs?name={encoded}"},
        {"method": "POST", "url": "/v1/tag", "json": {text: text, "text": 1}},
        {"method": "POST", "url": "/v1/tag", "json": {"text": "a", "prefer": text}},
        {"method": "POST", "url": "/v1/tag", "content": text, "headers": {"content-type": visible}},
    ]
    for name in ("X-Request-ID", "User-Agent", "Idempotency-Key", "Referer", "X-Forwarded-For", "Cookie"):
        calls.append({"method": "GET", "url": "/v1/limits", "headers": {name: visible}})
    for call in calls:
        answer = client.request(**call)
        assert answer.status_code in (200, 400, 401, 404, 405, 415, 422), answer.text
        assert answer.headers["x-request-id"].replace("-", "").isalnum()
        assert "forged" not in str(answer.headers)


def test_bytes_that_are_no_request_write_no_line_of_the_log(served: Server) -> None:
    host, port = served.url.removeprefix("http://").split(":")
    for start in (
        b"",
        b"GET /",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Request-ID: ",
        b"POST /v1/tag HTTP/1.1\r\n",
    ):
        for text in INJECTED:
            with socket.create_connection((host, int(port)), 60) as connection:
                connection.sendall(start + text.encode() + b"\r\n\r\n")
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(65_536):
                    pass
