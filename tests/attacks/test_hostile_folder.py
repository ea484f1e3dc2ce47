"""A folder of hostile files: every good one is tagged, every bad one explained, memory bounded."""

from __future__ import annotations

import csv
import io
import json
import os
import resource
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import docx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

ROOT = Path(__file__).resolve().parents[2]
TEXT = "坚决整治推诿扯皮、久拖不决，对庸政懒政的严肃问责。\n第三中学操场于八月底完工。\n"
MEMORY = 3 << 30
"""Address space that the process may take, in bytes: a bomb that is set off needs more."""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds a process's memory")


def word(*paragraphs: str) -> bytes:
    made = docx.Document()
    for paragraph in paragraphs or TEXT.splitlines():
        made.add_paragraph(paragraph)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def word_with(body: bytes) -> bytes:
    """A Word file whose main part is replaced."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(word())) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, body if name == "word/document.xml" else old.read(name))
    return buffer.getvalue()


def portable(*, password: str | None = None, text: bool = True) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    encrypt = StandardEncryption(password, canPrint=0) if password else None
    canvas = Canvas(buffer, encrypt=encrypt)
    canvas.setFont("STSong-Light", 12)
    for at, line in enumerate(TEXT.splitlines()):
        if text:
            canvas.drawString(72, 720 - 20 * at, line)
        else:
            canvas.rect(72, 700 - 20 * at, 300, 12, fill=1)
    canvas.save()
    return buffer.getvalue()


def archive(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name.replace("__", "."), data)
    return buffer.getvalue()


def zeros(size: int) -> bytes:
    """An archive of one text, very small and very large."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made, made.open("zeros.txt", "w") as stream:
        for _ in range(size >> 20):
            stream.write(bytes(1 << 20))
    return buffer.getvalue()


def nested(depth: int) -> bytes:
    data = archive(a__txt=TEXT.encode())
    for _ in range(depth):
        data = archive(a__zip=data)
    return data


def encrypted_archive() -> bytes:
    """An archive whose flags say that its entry needs a password."""
    data = bytearray(archive(a__txt=TEXT.encode()))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(mark) + offset
        data[at] |= 1
    return bytes(data)


def changed_archive() -> bytes:
    data = bytearray(zipped := archive(a__txt=TEXT.encode() * 50))
    data[zipped.index(b"a.txt") + 20] ^= 0xFF
    return bytes(data)


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + pixels + chunk(b"IEND", b"")


def parquet() -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.table({"正文": [TEXT] * 9}), buffer)
    return buffer.getvalue()


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "哈哈哈哈哈哈哈哈哈哈">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True))
    + ']><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p>'
    "<w:r><w:t>&j;</w:t></w:r></w:p></w:body></w:document>"
).encode()
STOLEN = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p>'
    "<w:r><w:t>坚决整治推诿扯皮。&a;</w:t></w:r></w:p></w:body></w:document>"
).encode()

BAD: dict[str, Callable[[], bytes]] = {
    "empty.txt": lambda: b"",
    "blank.md": lambda: " \n\u3000\n".encode(),
    "binary.txt": lambda: bytes(range(256)) * 99,
    "nul.txt": lambda: TEXT.replace("。", "\0").encode(),
    "half.txt": lambda: b"\xff\xfe" + TEXT.encode("utf-16-le")[:-1],
    "one long line.txt": lambda: b"\xe6\x95\xb4" * 16_600_000,
    "too large.txt": lambda: b"\xe6\x95\xb4" * 17_000_000,
    "picture.txt": png,
    "page.txt": lambda: portable(),
    "truncated.docx": lambda: word()[:-900],
    "bomb.docx": lambda: word_with(b"<w:document>" + b" " * (600 << 20)),
    "laughs.docx": lambda: word_with(LAUGHS),
    "stolen.docx": lambda: word_with(STOLEN),
    "no archive.docx": lambda: TEXT.encode(),
    "really old.docx": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(900),
    "really a page.docx": lambda: portable(),
    "old.doc": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(900),
    "office.wps": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(900),
    "encrypted.pdf": lambda: portable(password="秘密"),
    "truncated.pdf": lambda: portable()[:200],
    "really word.pdf": word,
    "scanned.pdf": lambda: portable(text=False),
    "garbage.pdf": lambda: b"%PDF-1.7\n" + os.urandom(5000),
    "empty.html": lambda: b"<html><body><script>alert(1)</script></body></html>",
    "deep.html": lambda: b"<div>" * 90_000 + TEXT.encode(),
    "no workbook.xlsx": lambda: TEXT.encode(),
    "truncated.xlsx": lambda: archive(xl=b"x")[:-9],
    "truncated.parquet": lambda: parquet()[:-9],
    "no table.csv": lambda: b"a,b\n1,2\n",
    "no lines.jsonl": lambda: b"{[\n" * 9,
    "encrypted.zip": encrypted_archive,
    "changed.zip": changed_archive,
    "truncated.zip": lambda: archive(a__txt=TEXT.encode())[:-9],
    "zeros.zip": lambda: zeros(1 << 30),
    "too deep.zip": lambda: nested(9),
}
GOOD: dict[str, Callable[[], bytes]] = {
    "utf-8.txt": lambda: TEXT.encode(),
    "gb18030.txt": lambda: TEXT.encode("gb18030"),
    "word.docx": word,
    "page.pdf": lambda: portable(),
    "script.html": lambda: f"<p>{TEXT}</p><script>{TEXT}</script>".encode(),
    "rows.csv": lambda: f"编号,正文\n1,{TEXT.splitlines()[0]}\n".encode(),
    "=cmd|'calc'!A0.txt": lambda: TEXT.encode(),
    "<script>alert(1)<／script>.txt": lambda: TEXT.encode(),
    "new\nline\u202e.txt": lambda: TEXT.encode(),
    "inside.zip": lambda: archive(**{"../../outside.txt": TEXT.encode()}),
}
GBK_NAME = "青溪县工作报告.txt".encode("gbk")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile") / "in"
    (folder / "deeper").mkdir(parents=True)
    for name, make in (BAD | GOOD).items():
        (folder / name).write_bytes(make())
    with open(os.fsencode(folder) + b"/" + GBK_NAME, "wb") as stream:
        stream.write(TEXT.encode())
    (folder / "deeper" / "round").symlink_to(folder)
    (folder / "dead.txt").symlink_to(folder / "gone.txt")
    (folder / "itself.txt").symlink_to(folder / "itself.txt")
    os.mkfifo(folder / "pipe.txt")
    (folder / "closed.txt").write_text(TEXT, encoding="utf-8")
    (folder / "closed.txt").chmod(0)
    return folder


@pytest.fixture(scope="module")
def out(folder: Path) -> Path:
    """What a run over the folder wrote, in a process that may take only so much memory."""
    out = folder.parent / "out"

    def bounded() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

    done = subprocess.run(
        [sys.executable, "-m", "wuxing_nlp", "classify", str(folder), "--out", str(out), "--quiet"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"},
        stderr=subprocess.PIPE,
        preexec_fn=bounded,
        timeout=500,
    )
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    return out


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_good_file_is_tagged(out: Path, folder: Path) -> None:
    documents = [json.loads(line) for line in (out / "results.jsonl").read_bytes().splitlines()]
    names = [document["document"].removeprefix(f"{folder}/") for document in documents]
    closed = {"closed.txt"} if os.geteuid() == 0 else set()
    expected = {name for name in GOOD if name not in ("rows.csv", "inside.zip", "new\nline\u202e.txt")}
    assert expected | closed <= set(names)
    others = set(names) - expected - closed
    assert len(others) == 4, others
    assert sum(name.startswith("rows.csv#1") for name in others) == 1
    assert sum(name.startswith("inside.zip/") for name in others) == 1
    assert sum(name.startswith("new\ufffdline") for name in others) == 1
    assert sum("\\udc" in name for name in others) == 1
    for document in documents:
        assert any("P-" in unit["codes"] for unit in document["units"]), document["document"]
        assert "root:" not in json.dumps(document)
        assert "alert" not in " ".join(unit["text"] for unit in document["units"])


def test_every_bad_file_is_explained(out: Path, folder: Path) -> None:
    failures = rows(out / "failures.csv")
    told = {row["input"].removeprefix(f"{folder}/") for row in failures}
    closed = set() if os.geteuid() == 0 else {"closed.txt"}
    missing = {
        name
        for name in {*BAD, "dead.txt", "itself.txt", "pipe.txt", *closed}
        if not any(one.startswith(name) for one in told)
    }
    assert missing == set()
    assert all(len(row["reason"]) > 5 and len(row["advice"]) > 5 for row in failures)
    assert not any("its reader failed" in row["reason"] for row in failures)


def test_no_cell_is_live(out: Path) -> None:
    for name in ("units.csv", "documents.csv", "failures.csv"):
        for row in rows(out / name):
            assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row.values())


def test_nothing_is_written_outside(out: Path) -> None:
    assert not (out.parent / "outside.txt").exists()
    assert not (out.parent.parent / "outside.txt").exists()
