"""The reader of plain text: .txt, .md and .text files, and streams of bytes."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from wuxing_nlp.documents.decoding import decode
from wuxing_nlp.documents.document import Document
from wuxing_nlp.documents.files import MAX_BYTES, check_size, display_name, read_bytes
from wuxing_nlp.documents.title import title_of
from wuxing_nlp.errors import DocumentError


def read_plain(path: Path, *, max_bytes: int = MAX_BYTES) -> Document:
    """Read a plain-text file in any of the encodings that :func:`decode` knows.

    Raises:
        DocumentError: the file cannot be read, is empty or blank, too large, a binary, or in no
            known encoding.
    """
    return plain_document(read_bytes(path, max_bytes), display_name(path), path, max_bytes=max_bytes)


def plain_document(
    data: bytes, name: str, path: Path | None = None, *, max_bytes: int = MAX_BYTES
) -> Document:
    """The document that the bytes of a plain text make; errors as :func:`read_plain`."""
    check_size(len(data), name, max_bytes)
    text, encoding = decode(data, name)
    if not any(map(_is_visible, text)):
        raise DocumentError(f"{name}: holds white space only; give a document with text")
    return Document(name, text, title_of(text), encoding, path)


def _is_visible(character: str) -> bool:
    return not character.isspace() and unicodedata.category(character) not in ("Cc", "Cf")
