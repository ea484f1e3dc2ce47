"""The texts inside a downloaded file, by its type: what a search for coded units looks through."""

from __future__ import annotations

import csv
import io
import json
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import PurePosixPath
from typing import Any
from xml.etree import ElementTree

from wuxing_nlp.errors import CorpusError

LARGEST_FILE = 200 * 1024 * 1024
"""Bytes of a download, and of a file unpacked from an archive."""

# What zipfile and its decompressors raise on damaged, encrypted or forged archives.
_DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, ValueError, OSError)

# Tags that stand inside a sentence, of HTML and of DocBook; every other tag ends the line.
_INLINE = re.compile(
    "a|abbr|b|big|cite|code|em|font|i|ins|kbd|label|mark|q|s|small|span|strike|strong|sub|sup|u|"
    "emphasis|link|subscript|superscript"
)
_DROPPED = frozenset(("script", "style"))
_SPACES = re.compile(r"[ \t\r\n]+")
_SQL_STRING = re.compile(r"'[^'\\]*+(?:(?:\\.|'')[^'\\]*+)*+'", re.DOTALL)
_SQL_ESCAPE = re.compile(r"\\(.)|''", re.DOTALL)
_SQL_ESCAPES = {"n": "\n", "r": "\n", "t": "\t", "0": ""}
_MARKDOWN = re.compile(r"\*\*|\\(?=[!-/:-@\[-`{-~])")
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def extract_texts(name: str, data: bytes, member: str = "") -> list[str]:
    """The texts in a file's bytes; ``name`` tells its type, ``member`` a file inside an archive.

    JSON and JSON lines: every string value. CSV, TSV and workbooks: every cell. Word documents:
    the paragraphs. HTML, XML and SQL dumps: the text between the tags, a line a block. Everything
    else: the text as it stands.

    Raises:
        CorpusError: the file is damaged, too large when unpacked, or not in UTF-8 or GB 18030.
    """
    suffix = PurePosixPath(name).suffix.lower()
    try:
        if suffix == ".zip":
            return extract_texts(member, _zip_member(data, member))
        if suffix == ".docx":
            return ["\n".join(_word_paragraphs(_zip_member(data, "word/document.xml")))]
        if suffix == ".xlsx":
            return list(_workbook_strings(data))
    except _DAMAGE as error:
        raise CorpusError(f"{member or name} cannot be unpacked: {error}") from error
    return list(_plain_texts(suffix, decode(data)))


def decode(data: bytes) -> str:
    """The text of the bytes: UTF-8, with or without a mark, else GB 18030. Raises CorpusError."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CorpusError("the file is neither UTF-8 nor GB 18030 text")


def _plain_texts(suffix: str, text: str) -> Iterator[str]:
    if suffix == ".json":
        yield from _json_strings(text)
    elif suffix == ".jsonl":
        for line in text.split("\n"):
            yield from _json_strings(line)
    elif suffix in (".csv", ".tsv"):
        yield from _cells(text, "," if suffix == ".csv" else "\t")
    elif suffix in (".html", ".htm", ".shtml", ".xml"):
        yield _without_tags(text)
    elif suffix == ".sql":
        yield _without_tags("\n".join(map(_sql_value, _SQL_STRING.findall(text))))
    else:
        yield text
        if suffix == ".md":
            yield _MARKDOWN.sub("", text)


def _json_strings(text: str) -> Iterator[str]:
    """Every string value of the JSON text; the text itself where it is not JSON."""
    try:
        values: list[Any] = [json.loads(text)]
    except (ValueError, RecursionError):
        yield text
        return
    while values:
        value = values.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            values.extend(value.values())
        elif isinstance(value, list):
            values.extend(value)


def _cells(text: str, delimiter: str) -> Iterator[str]:
    try:
        yield from (
            cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) for cell in row
        )
    except csv.Error:
        # A cell above the csv module's limit, or a stray quote: search the table as it stands.
        yield text.replace('""', '"')


def _sql_value(quoted: str) -> str:
    def plain(match: re.Match[str]) -> str:
        return "'" if match[1] is None else _SQL_ESCAPES.get(match[1], match[1])

    return _SQL_ESCAPE.sub(plain, quoted[1:-1])


class _Text(HTMLParser):
    """Collects the text between tags: a line a block, white space folded as a browser does."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._dropping = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._dropping = tag in _DROPPED
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        self._dropping = False
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self._dropping:
            self.pieces.append(_SPACES.sub(" ", data))

    def _break(self, tag: str) -> None:
        if not _INLINE.fullmatch(tag):
            self.pieces.append("\n")


def _without_tags(text: str) -> str:
    parser = _Text()
    try:
        parser.feed(text)
        parser.close()
    except AssertionError as error:
        # Older Pythons answer a broken declaration (<![…) so.
        raise CorpusError(f"the markup is damaged: {error}") from error
    return "".join(parser.pieces)


def _zip_member(data: bytes, member: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            if _same_name(info, member):
                with archive.open(info) as stream:
                    content = stream.read(LARGEST_FILE + 1)
                if len(content) > LARGEST_FILE:
                    raise CorpusError(f"{member} is larger than {LARGEST_FILE} bytes when unpacked")
                return content
    raise CorpusError(f"{member or 'a file name behind !'} is not in the archive")


def _same_name(info: zipfile.ZipInfo, member: str) -> bool:
    """True for the member, in whatever folder; old archives name it in GBK without saying so."""
    names = [info.filename]
    if not info.flag_bits & 0x800:
        names.append(info.filename.encode("cp437", "replace").decode("gb18030", "replace"))
    return bool(member) and any(f"/{name}".endswith(f"/{member}") for name in names)


def _xml(data: bytes) -> ElementTree.Element:
    """The root of an office file's XML part; one with a DOCTYPE (which could nest entities) is refused."""
    try:
        text = data.decode("utf-8-sig")
        if "<!DOCTYPE" in text:
            raise CorpusError("the document declares a DOCTYPE, which no office program writes")
        return ElementTree.fromstring(text)
    except (UnicodeDecodeError, ElementTree.ParseError) as error:
        raise CorpusError(f"the document's XML is damaged: {error}") from error


def _word_paragraphs(data: bytes) -> Iterator[str]:
    for paragraph in _xml(data).iter(f"{_WORD}p"):
        breaks = {f"{_WORD}br": "\n", f"{_WORD}tab": "\t"}
        yield "".join(
            node.text or "" if node.tag == f"{_WORD}t" else breaks.get(node.tag, "")
            for node in paragraph.iter()
        )


def _workbook_strings(data: bytes) -> Iterator[str]:
    """The shared strings of a workbook, and those that stand in the cells themselves."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [
            name for name in archive.namelist() if name.startswith(("xl/sharedStrings", "xl/worksheets/"))
        ]
    for name in names:
        part = _zip_member(data, name) if name.endswith(".xml") else b""
        if name.startswith("xl/sharedStrings") or b"inlineStr" in part:
            root = _xml(part)
            for holder in (*root.iter(f"{_SHEET}si"), *root.iter(f"{_SHEET}is")):
                text = "".join(node.text or "" for node in holder.iter(f"{_SHEET}t"))
                yield text.replace("_x000D_", "\n")
