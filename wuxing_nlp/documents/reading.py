"""One door for every format: the reader of a file is chosen by its suffix."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Protocol

from wuxing_nlp.documents.document import Document
from wuxing_nlp.documents.files import MAX_BYTES, check_file, display_name
from wuxing_nlp.documents.plain import plain_document, read_plain
from wuxing_nlp.errors import DocumentError


class Reader(Protocol):
    """Reads one file of a format, at most ``max_bytes`` large; raises DocumentError."""

    def __call__(self, path: Path, *, max_bytes: int) -> Document: ...


READERS: dict[str, Reader] = {".txt": read_plain, ".md": read_plain, ".text": read_plain}
"""Suffix, in lower case, to the reader of its format."""

_NOT_YET = frozenset(
    {".doc", ".docx", ".wps", ".rtf", ".odt", ".pdf", ".ofd", ".html", ".htm", ".xls", ".xlsx", ".csv"}
)


def readable(path: Path) -> bool:
    """True for a file name whose suffix has a reader."""
    return path.suffix.lower() in READERS


def suffixes() -> str:
    """The suffixes that are read, for a message."""
    return ", ".join(sorted(READERS))


def read_document(
    path: Path | str, *, root: Path | str | None = None, max_bytes: int = MAX_BYTES
) -> Document:
    """Read a document of any known format.

    Args:
        path: the file; its suffix names the format.
        root: a folder that the document's name is relative to, if the file lies in it.
        max_bytes: the largest file that is read, in bytes.

    Raises:
        DocumentError: no such file, a folder, an unknown format, or what the format's reader finds.
    """
    path = Path(path)
    check_file(path, max_bytes)
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise _no_reader(path)
    document = reader(path, max_bytes=max_bytes)
    if root is not None and path.is_relative_to(root):
        document = replace(document, name=display_name(path.relative_to(root)))
    return document


def read_stream(data: bytes, name: str = "-", *, max_bytes: int = MAX_BYTES) -> Document:
    """The document that bytes of plain text make, as they come from standard input.

    Raises:
        DocumentError: as for a plain-text file; the message calls the data ``name``.
    """
    return plain_document(data, name, max_bytes=max_bytes)


def _no_reader(path: Path) -> DocumentError:
    suffix = path.suffix.lower()
    seen = f"the format {suffix} is not read yet" if suffix in _NOT_YET else f"no reader for {suffix!r}"
    return DocumentError(
        f"{display_name(path)}: {seen}, only {suffixes()} are; save the document as .txt (UTF-8)"
    )
