"""A .docx as the package that it is: checked before anything is unpacked, and opened part by part.

Of a package only the parts with text are unpacked, so that pictures cost nothing. Declared sizes are
what :mod:`zipfile` never reads beyond, so that the limits hold for a package that lies, too.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from docx.opc.packuri import PACKAGE_URI, PackURI
from docx.oxml.parser import parse_xml

from wuxing_nlp.documents.archives.directory import check_directory
from wuxing_nlp.documents.archives.unpacking import ERRORS
from wuxing_nlp.documents.source import one_line, told
from wuxing_nlp.errors import DocumentError

MAX_PART_BYTES = 64_000_000
"""The largest part that is parsed, unpacked: a text of two million characters has less."""

MAX_PACKAGE_BYTES = 1_000_000_000
"""All parts together, as the package declares them."""

MAX_TAGS = 3_000_000
"""Tags of a part. Parsed, each takes some 200 bytes, and ten microseconds to be read; two million
characters in Word's markup have half a million."""

MAX_RATIO = 200
"""How many times its packed size a large part may have; text in Word's markup has 10 to 40."""

_LARGE = 10_000_000
_LONGEST_NAME = 100

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_ENCRYPTED = 0x1
_RESAVE = "open it in Word, WPS or LibreOffice and save it as .docx"

_OTHERS = {"xl/workbook.xml": "an Excel workbook", "ppt/presentation.xml": "a PowerPoint presentation"}


class Package:
    """The parts of an open package."""

    def __init__(self, archive: ZipFile, name: str) -> None:
        self._archive = archive
        self._name = name
        self._parts = {info.filename.lower(): info for info in archive.infolist()}
        self._check_sizes()
        self.main_uri = self._find_main()

    def root(self, uri: PackURI) -> Any:
        """The root element of a part. Raises DocumentError: it is too large, broken, or a bomb."""
        info = self._parts[uri.membername.lower()]
        self._check_part(info)
        try:
            part = self._archive.read(info)
            self._check_tags(part.count(b"<"), info)
            root = parse_xml(part)
        except SyntaxError as error:  # which is what lxml's errors are
            raise self._broken(f"{_called(info)}: {told(error.msg)}") from None
        except ERRORS as error:
            raise self._broken(f"{_called(info)}: {told(error)}") from None
        if root.getroottree().docinfo.internalDTD is not None:
            raise DocumentError(
                self._name,
                "declares entities, as no Word document does (an XML bomb?)",
                f"if you trust it, {_RESAVE}",
            )
        return root

    def related(self, uri: PackURI, kind: str) -> PackURI | None:
        """The part that ``uri`` refers to as ``kind``, the last word of the relation's type, in
        whichever of the two dialects of the format; None where there is no such part."""
        if uri.rels_uri.membername.lower() not in self._parts:
            return None
        for relation in self.root(uri.rels_uri).iter("{*}Relationship"):
            if relation.get("Type", "").endswith(f"/{kind}") and relation.get("TargetMode") != "External":
                part = PackURI.from_rel_ref(uri.baseURI, relation.get("Target", ""))
                if part.membername.lower() in self._parts:
                    return part
        return None

    def _find_main(self) -> PackURI:
        found = self.related(PACKAGE_URI, "officeDocument") or PackURI("/word/document.xml")
        for part, kind in _OTHERS.items():
            if found.membername.lower() == part or part in self._parts:
                raise DocumentError(
                    self._name, f"{kind}, not a Word document", "give it the suffix of its format"
                )
        if found.membername.lower() not in self._parts:
            raise DocumentError(
                self._name,
                "a ZIP archive without word/document.xml, no Word document",
                f"unpack it, or {_RESAVE}",
            )
        return found

    def _check_sizes(self) -> None:
        size = sum(info.file_size for info in self._parts.values())
        if size > MAX_PACKAGE_BYTES:
            raise self._bomb(f"{size:,} bytes unpacked, the limit is {MAX_PACKAGE_BYTES:,}")

    def _check_part(self, info: ZipInfo) -> None:
        if info.flag_bits & _ENCRYPTED:
            raise DocumentError(self._name, "encrypted parts", f"{_RESAVE} without a password")
        if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise self._broken(f"{_called(info)} is packed in a way that Word does not use")
        if info.file_size > max(_LARGE, MAX_RATIO * info.compress_size):
            raise self._bomb(f"{_called(info)} grows more than {MAX_RATIO} times to {info.file_size:,} bytes")
        if info.file_size > MAX_PART_BYTES:
            raise DocumentError(
                self._name,
                f"{_called(info)} has {info.file_size:,} bytes, the limit is {MAX_PART_BYTES:,}",
                "split the document",
            )

    def _check_tags(self, tags: int, info: ZipInfo) -> None:
        if tags > MAX_TAGS:
            seen = f"{_called(info)} has {tags:,} tags, the limit is {MAX_TAGS:,}"
            raise DocumentError(self._name, seen, "split the document")

    def _bomb(self, seen: str) -> DocumentError:
        return DocumentError(
            self._name, f"{seen} (a zip bomb?)", f"if you trust it, {_RESAVE} without its pictures"
        )

    def _broken(self, seen: str) -> DocumentError:
        return DocumentError(self._name, f"a damaged Word document ({seen})", f"copy it again, or {_RESAVE}")


def _called(part: ZipInfo) -> str:
    return one_line(part.filename)[:_LONGEST_NAME]


@contextmanager
def open_package(data: bytes, name: str) -> Iterator[Package]:
    """The package of a .docx, closed behind the block.

    Raises:
        DocumentError: the data is no package, cut off, encrypted, a bomb, or no Word document.
    """
    if data.startswith(_OLD_OFFICE):
        raise DocumentError(
            name,
            "either encrypted with a password or an old .doc under the name of a .docx",
            f"{_RESAVE} without a password",
        )
    stream = io.BytesIO(data)
    check_directory(stream, name)
    try:
        archive = ZipFile(stream)
    except ERRORS as error:
        if data.startswith(_ZIP):
            seen = f"a damaged Word document ({told(error)}; it may have been cut off)"
            raise DocumentError(name, seen, "copy it again from where it comes") from None
        raise DocumentError(
            name, "not a .docx: no ZIP archive at all", f"{_RESAVE}, or give it its own suffix"
        ) from None
    with archive:
        yield Package(archive, name)
