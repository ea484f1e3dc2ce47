"""Files of forms: their names are only shown, their bytes are kept as they came."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from benchmarks.serving import Server
from wuxing_nlp.service.uploads import shown_name

TEXT = "坚决整治推诿扯皮、久拖不决。\n第三中学操场于八月底完工。\n".encode()
EDGE = "edge"


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    with server.client() as client:
        yield client


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("报告.txt", "报告.txt"),
        ("../../etc/passwd", "passwd"),
        ("/etc/passwd", "passwd"),
        ("C:\\文件\\报告.docx", "报告.docx"),
        ("a/b\\c.txt", "c.txt"),
        ("..", ".."),
        ("", ""),
        ("/", ""),
        ("a\nb\r\x00\x1b[31m.txt", "a\ufffdb\ufffd\ufffd\ufffd[31m.txt"),
        ("=cmd|'calc'!A0.txt", "=cmd|'calc'!A0.txt"),
    ],
)
def test_a_name_is_its_last_part_on_one_line(given: str, shown: str) -> None:
    assert shown_name(given) == shown


@pytest.mark.parametrize("suffix", ["", ".txt", ".docx", f".{'x' * 300}"])
def test_a_long_name_keeps_its_suffix(suffix: str) -> None:
    shown = shown_name("报" * 300 + suffix)
    assert len(shown) == 200
    assert shown.endswith(suffix[:20])


def test_a_surrogate_is_shown() -> None:
    assert shown_name("卷/报告\udce5.txt") == "报告\\udce5.txt"


def form(*parts: tuple[str, bytes], boundary: str = EDGE) -> bytes:
    """A form's body: heads of parts, as they are, and their bodies."""
    made = b"".join(
        f"--{boundary}\r\n{head}\r\n\r\n".encode("utf-8", "surrogateescape") + body + b"\r\n"
        for head, body in parts
    )
    return made + f"--{boundary}--\r\n".encode()


def sent(
    client: httpx.Client, body: bytes, kind: str = f"multipart/form-data; boundary={EDGE}"
) -> httpx.Response:
    return client.post("/v1/documents", content=body, headers={"content-type": kind})


def head(filename: str, name: str = "file") -> str:
    return f'Content-Disposition: form-data; name="{name}"; filename="{filename}"'


@pytest.mark.parametrize(
    ("filename", "shown"),
    [
        ("报告.txt", "报告.txt"),
        ("../../../etc/passwd.txt", "passwd.txt"),
        ("a\tb.txt", "a\ufffdb.txt"),
        ("<script>alert(1)<／script>.txt", "<script>alert(1)<／script>.txt"),
        ("n" * 3_000 + ".txt", "n" * 196 + ".txt"),
    ],
)
def test_a_name_is_shown_and_nothing_else(client: httpx.Client, filename: str, shown: str) -> None:
    answer = sent(client, form((head(filename), TEXT)))
    assert answer.status_code == 200
    [document] = answer.json()["documents"]
    assert document["document"] == shown
    assert document["text"] == TEXT.decode()


def test_a_name_that_is_not_utf8_costs_no_document(client: httpx.Client) -> None:
    answer = sent(client, form((head("\udcb1\udca8.txt"), TEXT))).json()  # as GB 18030 writes it
    assert [document["text"] for document in answer["documents"]] == [TEXT.decode()]


def test_a_surrogate_in_a_name_is_shown(client: httpx.Client) -> None:
    kind = f"multipart/form-data; boundary={EDGE}; charset=unicode_escape"
    [document] = sent(client, form((head("\\\\ud800.txt"), TEXT)), kind).json()["documents"]
    assert document["document"] == "\\ud800.txt"


def test_names_in_no_encoding_are_told(client: httpx.Client) -> None:
    kind = f"multipart/form-data; boundary={EDGE}; charset=undefined"
    answer = sent(client, form((head("a.txt"), TEXT)), kind)
    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:wuxing:problem:not-a-form"
    assert "UTF-8" in answer.json()["detail"]


def test_several_files_keep_their_order_and_their_names(client: httpx.Client) -> None:
    files = [("file", (f"{name}.txt", TEXT)) for name in ("乙", "甲", "甲")]
    answer = client.post("/v1/documents", files=files).json()
    assert [document["document"] for document in answer["documents"]] == ["乙.txt", "甲.txt", "甲.txt"]


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [('Content-Disposition: form-data; name="file"', TEXT)],
        [(head("a.txt", "files"), TEXT)],
        [(head("a.txt"), TEXT), ('Content-Disposition: form-data; name="evidence"', b"false")],
        [(head("a.txt"), TEXT), (head("a.txt", "other"), TEXT)],
        [(head(""), TEXT)],
        [(head("/"), TEXT)],
        [(head("a.txt"), TEXT), (head(""), TEXT)],
    ],
)
def test_a_form_has_files_and_nothing_else(client: httpx.Client, parts: list[tuple[str, bytes]]) -> None:
    answer = sent(client, form(*parts))
    assert answer.status_code == 422
    assert "the form needs parts 'file', each a file with its name" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", f"multipart/form-data; boundary={EDGE}"),
        (b"nothing", f"multipart/form-data; boundary={EDGE}"),
        (form((head("a.txt"), TEXT))[:-20], f"multipart/form-data; boundary={EDGE}"),
        (form((head("a.txt"), TEXT)), "multipart/form-data; boundary=other"),
        (form((head("a.txt"), TEXT)), "multipart/form-data"),
        (form((head("a.txt"), TEXT)), "multipart/form-data; boundary="),
        (form((head("a.txt"), TEXT)), f"multipart/form-data; boundary={'x' * 300}"),
        (form(("no head at all", TEXT)), f"multipart/form-data; boundary={EDGE}"),
        (form(("Content-Disposition: form-data", TEXT)), f"multipart/form-data; boundary={EDGE}"),
    ],
)
def test_what_is_no_form_is_told(client: httpx.Client, body: bytes, kind: str) -> None:
    answer = sent(client, body, kind)
    assert answer.status_code in (400, 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"].rpartition(":")[2] in ("not-a-form", "invalid")


def test_more_files_than_the_limit_are_too_much(client: httpx.Client) -> None:
    files = client.get("/v1/limits").json()["files"]
    answer = client.post("/v1/documents", files=[("file", ("a.txt", TEXT))] * files)
    assert len(answer.json()["documents"]) == files
    for count in (files + 1, files + 99):
        answer = client.post("/v1/documents", files=[("file", ("a.txt", TEXT))] * count)
        assert answer.status_code == 413
        assert answer.json()["type"] == "urn:wuxing:problem:too-much"
        assert answer.json()["detail"].startswith(f"more than {files} files, the limit of one upload")
