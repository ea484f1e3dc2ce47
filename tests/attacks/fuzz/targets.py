"""The readers that are attacked, each with sound files, words of its format, and what it may do."""

from __future__ import annotations

import json
import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.attacks.fuzz import portable, seeds
from wuxing_nlp.codebook import read_codebook
from wuxing_nlp.coding import read_units
from wuxing_nlp.coding.coder_tables import read_tables
from wuxing_nlp.coding.exchange import import_units
from wuxing_nlp.documents import Document, ReadOptions, Source, format_of
from wuxing_nlp.documents.archives.entries import entries
from wuxing_nlp.errors import CodebookError, CorpusError, DocumentError

LONGEST_MESSAGE = 2_000
"""Characters of a message for a person."""

_CODEBOOK = Path(__file__).resolve().parents[2] / "data" / "policy_tools.toml"
_LINES = ("Cc", "Cs", "Zl", "Zp")  # controls and line ends, half pairs
_VARYING = re.compile(r"""'[^']*'|"[^"]*"|[0-9]+|[^\x00-\x7f]+""")


class Broken(Exception):
    """A reader gave what it must not give."""


@dataclass(frozen=True, slots=True)
class Target:
    """A reader.

    Attributes:
        name: by which it is asked for.
        suffix: that its files have.
        seeds: makes sound files of it.
        tokens: words that mean something in its format.
        read: reads a file's bytes; gives of each thing in it, or of what is wrong, a short word. Anything
            that it raises is a finding.
    """

    name: str
    suffix: str
    seeds: Callable[[], Sequence[bytes]]
    tokens: Sequence[bytes]
    read: Callable[[bytes, str], Iterable[str]]


def _documents(data: bytes, suffix: str) -> Iterator[str]:
    """The words of what is in a file, read with small limits, so that they are met."""
    source = Source(f"a{suffix}", data=data)
    told: list[str] = []
    options = ReadOptions(max_characters=200_000, notify=told.append)
    try:
        for item in format_of(source).reader(source.name)(source, options):
            yield _word(item)
    except DocumentError as error:
        yield _word(error)
    for line in told:
        _check_message(line)


def _archive(data: bytes, suffix: str) -> Iterator[str]:
    for entry in entries(Source(f"a{suffix}", data=data)):
        if isinstance(entry, DocumentError):
            yield _word(entry)
            continue
        try:
            yield from map(_word, format_of(entry).reader(entry.name)(entry, ReadOptions()))
        except DocumentError as error:
            yield _word(error)


def _word(item: Document | DocumentError) -> str:
    if isinstance(item, DocumentError):
        _check_message(str(item))
        return _VARYING.sub("#", item.seen)[:60]
    _check_message(item.name)
    if not item.text.strip():
        raise Broken(f"a document {item.name!r} with the text {item.text[:20]!r}")
    for value in (item.text, item.name, *item.fields, *item.fields.values()):
        value.encode()
    return f"a document, {item.encoding} {item.metadata.date[:1]} {bool(item.metadata.number)}"


def _check_message(message: str) -> None:
    if any(unicodedata.category(sign) in _LINES for sign in message) or len(message) > LONGEST_MESSAGE:
        raise Broken(f"a message of {len(message)} characters that is no line: {message[:300]!r}")


def _codings(read: Callable[[Path], object]) -> Callable[[bytes, str], Iterator[str]]:
    def read_file(data: bytes, suffix: str) -> Iterator[str]:
        path = Path(tempfile.gettempdir()) / f"codings{suffix}"
        path.write_bytes(data)
        try:
            read(path)
        except (CodebookError, CorpusError, DocumentError) as error:
            yield f"{type(error).__name__}: {_VARYING.sub('#', str(error).replace(str(path), ''))[:60]}"
        else:
            yield "codings"

    return read_file


def _coder_tables() -> list[bytes]:
    long = (
        'id,document,unit,text,coder,codes\n1,a,1,窗口推诿扯皮。,甲,"P-,D2"\n2,a,2,敢担当。,乙,"[""D2""]"\n'
    )
    wide = "text,codes_甲,codes_乙,D2,P\n窗口推诿扯皮。,P-,0,1,0\n敢担当。,D2,NA,0,1\n"
    return [long.encode(), wide.encode("gb18030"), wide.replace(",codes_甲", "").encode()]


def _tasks() -> list[bytes]:
    result = {"from_name": "codes", "to_name": "text", "type": "choices", "value": {"choices": ["P-", "D2"]}}
    data = {"id": "1", "text": "窗口推诿扯皮。", "document": "a", "kind": "other", "fold": 2}
    notes = {"id": 3, "completed_by": {"email": "a@b.c"}, "result": [result], "was_cancelled": False}
    tasks = [
        {"id": 1, "data": data, "annotations": [notes, {"result": []}], "predictions": [{"result": [result]}]}
    ]
    return [json.dumps(tasks, ensure_ascii=False).encode(), json.dumps(tasks[0]).encode()]


def _examples() -> list[bytes]:
    rows = [
        {"id": 7, "text": "窗口推诿扯皮。", "label": ["P-"], "Comments": [], "document": "a"},
        {"id": 8, "text": "敢担当。", "labels": ["D2", "D2"], "username": "甲"},
        {
            "text": "施工。",
            "codes": [],
            "kind": "petition",
            "annotation_approver": None,
            "document": "b",
            "id": "u",
        },
    ]
    return ["\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()]


_NUMBERS = (b"-1", b"0", b"99999999999", b"1e999", b"NaN")
_XML = (
    b"<w:p>", b"</w:p>", b"<w:tbl>", b"<w:tc>", b"&#0;", b"&#x110000;", b"&a;", b"<![CDATA[", b"]]>",
    b"<!--", b"xml:space", b'<!DOCTYPE a [<!ENTITY a "b">]>', b"TargetMode", b"External",
    b"http://127.0.0.1:9/", b"begin", b"restart",
)  # fmt: skip
_SHEET = (
    b'r="XFD1048576"', b'r="A0"', b"\xe6\xad\xa3\xe6\x96\x87", b't="s"', b't="d"', b't="e"', b't="b"',
    b't="inlineStr"', b"<c>", b"<v>", b"<is><t>", b"<mergeCell ref='A1:XFD9'/>", b"1e308", b"Sheet1",
    b"../", b"veryHidden",
)  # fmt: skip
_PDF = (
    b"/Kids", b"/Parent", b"/Count", b"/Contents", b"/Filter", b"/FlateDecode", b"/ASCII85Decode",
    b"/LZWDecode", b"/RunLengthDecode", b"/JBIG2Decode", b"/JPXDecode", b"/DCTDecode",
    b"/DecodeParms<</Predictor 15/Columns 99999>>", b"/ObjStm", b"/XRef", b"/Prev", b"/Encrypt",
    b"/W[1 2 1]", b"/Index[0 9]", b"/First", b"/N", b"/Length", b"1 0 R", b"3 0 R", b"endobj", b"stream\n",
    b"endstream", b"<<", b">>", b"[", b"]", b"BT", b"ET", b"Tf", b"Tj", b"TJ", b"Td", b"Tm", b"cm", b"q",
    b"Q", b"Do", b"BI", b"ID", b"EI", b"/Rotate 90", b"/MediaBox[0 0 1 1]", b"/OpenAction",
    b"/JS(app.alert(1))", b"/Launch", b"/URI(http://127.0.0.1:9/)", b"beginbfrange", b"/Type3",
    b"/CharProcs",
)  # fmt: skip
_PAGE = (
    b"<table>", b"<td>", b"</table>", b"<select>", b"<svg>", b"<math>", b"<template>", b"<frameset>",
    b"<plaintext>", b"<script>", b"</script>", b"<a>", b"<b>", b"</p>", b"<div id=zoom>", b"<article>",
    b"<h1>", b"<li>", b"<pre>", b"<br>", b"<body>", b"<head>", b"<meta charset=big5>", b"<title>",
    b"<![CDATA[", b"<!--", b"-->", b"&#0;", b"&#x110000;", b"&nbsp", b"style='display:block'", b"hidden",
    b"\xef\xbf\xbf", b"\0",
)  # fmt: skip
_JSON = (
    b"{",
    b"}",
    b"[",
    b"]",
    b'"',
    b"\\u0000",
    b"\\ud800",
    b":",
    b",",
    b"null",
    b"1e999",
    b'"text"',
    b'"label"',
    b"\n",
)
_TEXTS = (
    b'"',
    b'""',
    b",",
    b"\t",
    b";",
    b"|",
    b"\r",
    b"\n",
    b"\r\n",
    b"\0",
    b"=cmd",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xe2\x80\xa8",
)
_TOML = (b"[[", b"]]", b"=", b'"""', b"{", b"}", b"inf", b"1979-05-27", b"letter", b"name", b"\\uD800", b"#")
_PACKED = (
    b"PK\x03\x04",
    b"PK\x01\x02",
    b"PK\x05\x06",
    b"PK\x06\x06",
    b"PK\x06\x07",
    b"../",
    b"\xff\xff\xff\xff",
    b"\0\0",
)
_ARROW = (
    b"PAR1",
    b"\x15\x00",
    b"\x15\xfe\xff\xff\xff\x0f",
    b"\x19\xfc",
    b"\x1c",
    b"\x00",
    b"\xff\xff\xff\x7f",
    b"ARROW:schema",
)

TARGETS = {
    target.name: target
    for target in (
        Target("plain", ".txt", seeds.plain, _TEXTS, _documents),
        Target("word", ".docx", seeds.word, _XML + _NUMBERS, _documents),
        Target("pdf", ".pdf", portable.pages, _PDF + _NUMBERS, _documents),
        Target("html", ".html", seeds.page, _PAGE, _documents),
        Target("csv", ".csv", seeds.delimited, _TEXTS + _NUMBERS, _documents),
        Target("jsonl", ".jsonl", seeds.json_lines, _JSON + _NUMBERS, _documents),
        Target("xlsx", ".xlsx", seeds.workbook, _SHEET + _XML + _NUMBERS, _documents),
        Target("parquet", ".parquet", seeds.parquet, _ARROW, _documents),
        Target("zip", ".zip", seeds.archive, _PACKED + _TEXTS, _archive),
        Target(
            "coders", ".csv", _coder_tables, _TEXTS + _NUMBERS, _codings(lambda path: read_tables(path, "甲"))
        ),
        Target("units", ".jsonl", _examples, _JSON + _NUMBERS, _codings(read_units)),
        Target("doccano", ".jsonl", _examples, _JSON, _codings(lambda path: import_units("doccano", path))),
        Target(
            "label-studio", ".json", _tasks, _JSON, _codings(lambda path: import_units("label-studio", path))
        ),
        Target("codebook", ".toml", lambda: [_CODEBOOK.read_bytes()], _TOML, _codings(read_codebook)),
    )
}
"""Name to reader."""
