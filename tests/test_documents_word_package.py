"""What is no Word document, or is one that must not be unpacked."""

from __future__ import annotations

import io
import re
import zipfile

import docx
import pytest

from wuxing_nlp.documents.word.package import open_package
from wuxing_nlp.errors import DocumentError

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MAIN = "word/document.xml"
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def plain_parts() -> dict[str, bytes]:
    stream = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("机关效能建设。" * 300)
    document.save(stream)
    with zipfile.ZipFile(stream) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


PARTS = plain_parts()


def packed(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    return packed({**PARTS, name: content})


PLAIN = packed(PARTS)
HEADLESS = packed({name: content for name, content in PARTS.items() if name != MAIN})


def tag_of(data: bytes) -> str:
    with open_package(data, "a.docx") as package:
        return str(package.root(package.main_uri).tag)


def refusal(data: bytes) -> str:
    with pytest.raises(DocumentError) as caught:
        tag_of(data)
    assert str(caught.value).startswith("a.docx: ")
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 400
    return str(caught.value)


def test_a_package_is_opened_part_by_part() -> None:
    assert tag_of(PLAIN) == f"{{{W}}}document"
    with open_package(PLAIN, "a.docx") as package:
        styles = package.related(package.main_uri, "styles")
        assert styles == "/word/styles.xml"
        assert package.related(package.main_uri, "footnotes") is None
        assert package.related(styles, "styles") is None
    # A broken picture or theme is nothing that the text depends on.
    assert tag_of(with_part("word/theme/theme1.xml", b"<broken")) == f"{{{W}}}document"


@pytest.mark.parametrize(
    ("data", "seen", "advice"),
    [
        (OLD_OFFICE + bytes(600), "encrypted with a password or an old .doc", "without a password"),
        (b"<html>", "not a .docx: no ZIP archive", "save it as .docx"),
        (PLAIN[: len(PLAIN) // 2], "it may have been cut off", "copy it again"),
        (PLAIN[: len(PLAIN) - 30], "it may have been cut off", "copy it again"),
        (HEADLESS, "without word/document.xml", "unpack it"),
        (with_part("xl/workbook.xml", b""), "an Excel workbook", "suffix"),
        (with_part("ppt/presentation.xml", b""), "a PowerPoint", "suffix"),
        (with_part(MAIN, b"<w:document"), "damaged Word document (word/document.xml", "save it"),
        (with_part(MAIN, b""), "damaged Word document (word/document.xml", "save it"),
        (with_part("_rels/.rels", b"<a"), "damaged Word document (_rels/.rels", "save it"),
        (packed(PARTS, zipfile.ZIP_LZMA), "packed in a way that Word does not use", "save it"),
    ],
)
def test_what_is_no_word_document_is_refused_with_a_reason(data: bytes, seen: str, advice: str) -> None:
    message = refusal(data)
    assert seen in message
    assert advice in message


def test_a_damaged_part_is_refused() -> None:
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as archive:
        start = archive.getinfo(MAIN).header_offset + 200
    assert "damaged Word document (word/document.xml" in refusal(
        PLAIN[:start] + bytes(60) + PLAIN[start + 60 :]
    )


def entry_of(data: bytes, name: str) -> int:
    """Where the entry of a part begins in the table of contents."""
    return data.rindex(b"PK\x01\x02", 0, data.rindex(name.encode()))


def test_an_encrypted_part_is_refused() -> None:
    flags = entry_of(PLAIN, MAIN) + 8
    assert "encrypted parts" in refusal(PLAIN[:flags] + b"\x01" + PLAIN[flags + 1 :])


def test_zip_bombs_are_refused_before_they_are_unpacked() -> None:
    bomb = with_part(MAIN, b" " * 20_000_000)
    assert "word/document.xml grows more than 200 times to 20,000,000 bytes (a zip bomb?)" in refusal(bomb)
    # A picture that is declared to have four gigabytes.
    picture = with_part("word/media/a.bmp", b"x" * 100)
    size = entry_of(picture, "word/media/a.bmp") + 24
    lying = picture[:size] + (0xFFFFFFF0).to_bytes(4, "little") + picture[size + 4 :]
    assert "bytes unpacked, the limit is 1,000,000,000 (a zip bomb?)" in refusal(lying)
    huge = packed({**PARTS, MAIN: bytes(range(256)) * 250_004}, zipfile.ZIP_STORED)
    assert "word/document.xml has 64,001,024 bytes, the limit is 64,000,000" in refusal(huge)


ENTITIES = "".join(
    f'<!ENTITY {name} "{("&" + before + ";") * 50}">' for name, before in zip("bcdef", "abcde", strict=True)
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    "body", ["<w:t>&f;</w:t>", "<w:t w:x='&f;'/>", "<w:t>&file;</w:t>", "<w:t>&a;</w:t>", "<w:t>无害</w:t>"]
)
def test_entities_are_refused_and_never_resolved(body: str, encoding: str) -> None:
    xml = (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE w:document [<!ENTITY a "甲">{ENTITIES}'
        f'<!ENTITY file SYSTEM "file:///etc/hostname">]><w:document xmlns:w="{W}">{body}</w:document>'
    )
    message = refusal(with_part(MAIN, xml.encode(encoding)))
    assert re.search("an XML bomb|damaged Word document", message)


def test_a_table_of_contents_that_leads_before_the_file_is_damage() -> None:
    place = entry_of(PLAIN, "_rels/.rels") + 42
    end = PLAIN.rindex(b"PK\x05\x06") + 16
    start = int.from_bytes(PLAIN[end : end + 4], "little") + 3
    led = bytearray(PLAIN)
    led[place : place + 4] = bytes(4)
    led[end : end + 4] = start.to_bytes(4, "little")
    assert "a damaged Word document" in refusal(bytes(led))
