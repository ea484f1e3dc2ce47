"""Small files that ask for much: each is read or refused with a limit named, in bounded memory."""

from __future__ import annotations

import io
import json
import os
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.attacks.fuzz import portable, seeds

ROOT = Path(__file__).resolve().parents[2]
MEMORY = 1 << 30
"""Bytes that reading may take: twenty times the largest file of one document."""

TEXT = "坚决整治推诿扯皮、久拖不决，对庸政懒政的严肃问责。"
SAID = f"<w:p><w:r><w:t>{TEXT}</w:t></w:r></w:p>"
READ = TEXT
"""What is expected of a file that is read."""
ANYTHING = ""
"""What is expected of one that its library may understand or not, as long as it lives."""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds a process's memory")


def padded(body: str) -> bytes:
    """A Word document that packs so badly that its packing is no reason to refuse it."""
    return seeds.package(f"{SAID}{body}{commented(150_000)}", {})


def styled(depth: int) -> bytes:
    """A Word document of styles that are based on one another."""
    based = "".join(
        f'<w:style w:styleId="{at}"><w:basedOn w:val="{at + 1}"/></w:style>' for at in range(depth)
    )
    return seeds.package(
        SAID, {"word/styles.xml": f'<w:styles xmlns:w="{seeds.W}">{based}</w:styles>'.encode()}
    )


def listing(entries: int) -> bytes:
    """An archive whose table of contents names one file again and again."""
    one = seeds.zipped({"word/document.xml": b""})
    start, end = one.index(b"PK\1\2"), one.index(b"PK\5\6")
    table = one[start:end] * entries
    return (
        one[:start] + table + struct.pack("<4s4HLLH", b"PK\5\6", 0, 0, 65_535, 65_535, len(table), start, 0)
    )


def sheet(rows: str, head: str = "") -> bytes:
    """A workbook whose sheet is replaced."""
    with zipfile.ZipFile(io.BytesIO(seeds.book([["正文"], [TEXT]]))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    made = f'{head}<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'
    return seeds.zipped(parts | {"xl/worksheets/sheet1.xml": made.encode()})


def announcing(strings: str) -> bytes:
    """A workbook that announces more strings than it has; those stand in its sheet."""
    shared = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" {strings}/>'
    with zipfile.ZipFile(io.BytesIO(seeds.book([["正文"], [TEXT]]))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return seeds.zipped(parts | {"xl/sharedStrings.xml": shared.encode()})


def tree(count: int, kids: bytes) -> bytes:
    """A PDF whose tree of pages lies."""
    return portable.file_of(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, kids),
            3: b"<</Type/Pages/Parent 2 0 R/Kids[2 0 R 3 0 R]/Count 9>>",
        }
    )


def drawn(stream: bytes) -> bytes:
    """A PDF that draws something after its text."""
    return portable.one_page(TEXT, contents=b"[6 0 R 8 0 R]", more={8: stream})


def keyed(rows: int, keys: int) -> bytes:
    """JSON lines of ever new keys."""
    lines = (
        ",".join([f'"正文":"{TEXT}"', *(f'"{row}.{key}":""' for key in range(keys))]) for row in range(rows)
    )
    return "\n".join(f"{{{line}}}" for line in lines).encode()


def shared(size: int, rows: int) -> bytes:
    """A Parquet file whose rows share one long text that does not pack, but for the last."""
    text = pa.DictionaryArray.from_arrays([0] * rows + [1], pa.array([os.urandom(size // 2).hex(), TEXT]))
    stream = io.BytesIO()
    pq.write_table(pa.table({"正文": text}), stream, dictionary_pagesize_limit=1 << 30)
    return stream.getvalue()


def nested(depth: int) -> bytes:
    data = seeds.zipped({"a.txt": TEXT.encode()})
    for _ in range(depth):
        data = seeds.zipped({"a.zip": data})
    return data


def lying_dictionary() -> bytes:
    """An archive that wants four gigabytes for the dictionary of one sentence."""
    made = bytearray(seeds.zipped({"a.txt": TEXT.encode()}, zipfile.ZIP_LZMA))
    at = made.index(b"a.txt") + 5 + 5  # behind the name, the version and the coding's parameters
    made[at : at + 4] = b"\xff\xff\xff\xff"
    return bytes(made)


def commented(size: int) -> str:
    """A comment of XML that does not pack."""
    return f"<!--{os.urandom(size).hex()}-->"


def titled(before: str) -> bytes:
    """A page that names its title, with something before its article."""
    return f"<meta charset=utf-8><title>{TEXT}</title>{before}<div id=zoom>{TEXT}</div>".encode()


MANY_CHOICES = f"<mc:AlternateContent>{'<mc:Fallback/>' * 400_000}</mc:AlternateContent>"
FIELD = '<w:fldChar w:fldCharType="begin"/><w:fldChar w:fldCharType="separate"/>'
CORNERS = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>'
CELL = "<c><v>1</v></c>"
FAR, LATE = (
    '<row r="1"><c r="ZZZZZZZZZZ1"><v>1</v></c></row>',
    f'<row r="{10**20}"><c r="A{2**32}"><v>1</v></c></row>',
)
LINES = "甲\n" * 500_000
OPEN = "<div class=title>"
HEADINGS = "<h1><a>x</a></h1>"
SMALL: dict[str, tuple[Callable[[], bytes], str]] = {
    "tags.docx": (lambda: padded("<w:p/>" * 3_000_001), "tags, the limit is 3,000,000"),
    "choices.docx": (lambda: padded(MANY_CHOICES), READ),
    "fields.docx": (lambda: padded(f"<w:p>{FIELD * 100_000}{'<w:t>a</w:t>' * 200_000}</w:p>"), READ),
    "styles.docx": (lambda: styled(60_000), READ),
    "listing.docx": (lambda: listing(600_000), "more than 100,000 entries"),
    "zeros.docx": (lambda: seeds.package(SAID, {"word/document.xml": bytes(200_000_000)}), "a zip bomb?"),
    "listing.xlsx": (lambda: listing(600_000), "more than 100,000 entries"),
    "tags.xlsx": (lambda: sheet(commented(800_000) + "<c/>" * 40_000_001), "tags in its sheets"),
    "corner.xlsx": (lambda: sheet(CORNERS), "cells, empty ones between them counted"),
    "wide.xlsx": (lambda: sheet(f"{commented(20_000)}<row>{CELL * 200_000}</row>"), "the limit is 20,000"),
    "announced.xlsx": (lambda: announcing('uniqueCount="2147483648"'), "2147483648 strings announced"),
    "zeros.xlsx": (lambda: announcing(f'uniqueCount="{2**31:0>40}"'), "2147483648 strings announced"),
    "far.xlsx": (lambda: sheet(FAR), ANYTHING),
    "late.xlsx": (lambda: sheet(LATE), ANYTHING),
    "nameless.csv": (lambda: f"正文{',' * 19_999}\n".encode() + f"{TEXT}\n".encode() * 100_000, READ),
    "wide.csv": (lambda: f"正文{',x' * 1_000_000}\n{TEXT}\n".encode(), "1,000,001 columns, the limit"),
    "long.csv": (lambda: f"正文,x\n{TEXT},".encode() + b"a" * 100_000_000, "characters in one row"),
    "quotes.csv": (lambda: f"正文,x\n{TEXT},1\n".encode() + b'"\n' * 300_000, READ),
    "keys.jsonl": (lambda: keyed(30, 19_000), "columns, the limit is 20,000"),
    "many keys.jsonl": (lambda: keyed(1, 100_000), "columns, the limit is 20,000"),
    "long.jsonl": (lambda: b'{"a":"' + b"a" * 100_000_000 + b'"}', "characters in one line"),
    "deep.jsonl": (lambda: b'{"a":' * 100_000, "no valid JSON"),
    "headings.html": (lambda: titled("<header>" * 500 + HEADINGS * 40_000 + "</header>" * 500), READ),
    "deep.html": (lambda: titled("<div>" * 4_000 + "<header></header>" * 10_000 + "</div>" * 4_000), READ),
    "title.html": (lambda: titled(f"{OPEN * 10_000}{'甲' * 2_000_000}{'</div>' * 10_000}"), READ),
    "lines.html": (lambda: titled(f"{OPEN * 10_000}<pre>{LINES}</pre>{'</div>' * 10_000}"), READ),
    "nested.html": (lambda: titled("<div>" * 100_000), "nested without end"),
    "shared.parquet": (lambda: shared(10_000_000, 1_000), "10,000,000 characters, the limit is 2,000,000"),
    "round.pdf": (lambda: tree(9, b"3 0 R 2 0 R"), ANYTHING),
    "count.pdf": (lambda: tree(2_000_000_000, b"3 0 R"), ANYTHING),
    "filters.pdf": (lambda: drawn(portable.stream_of(b"", b" " * 100_000_000, 3)), READ),
    "arrays.pdf": (lambda: portable.one_page(TEXT, page=b"/A " + b"[" * 1_000_000), READ),
    "nested.zip": (lambda: nested(9), "deep in archives"),
    "listing.zip": (lambda: listing(600_000), "more than 100,000 entries"),
    "dictionary.zip": (lambda: lying_dictionary(), "asks for more memory than there is"),
}  # fmt: skip
"""Name to what makes the file, and a part of what is said of it."""


@pytest.mark.parametrize("suffix", sorted({Path(name).suffix for name in SMALL}))
def test_what_is_small_and_asks_for_much_is_read_or_refused(suffix: str, tmp_path: Path) -> None:
    wanted = {name: said for name, (_, said) in SMALL.items() if name.endswith(suffix)}
    for name in wanted:
        (tmp_path / name).write_bytes(SMALL[name][0]())
    line = [sys.executable, "-B", "-m", "tests.attacks.bounded", str(tmp_path), str(MEMORY)]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}
    done = subprocess.run(line, cwd=ROOT, env=environment, capture_output=True, timeout=900)
    assert (done.returncode, done.stderr) == (0, b"")
    found: dict[str, list[str]] = json.loads(done.stdout)
    assert set(found) == set(wanted)
    for name, said in wanted.items():
        assert any(said in text for text in found[name]), (name, found[name])
        assert "reader failed" not in "".join(found[name])
