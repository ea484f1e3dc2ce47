"""The reader of plain text: .txt, .md and .text files, and streams of bytes."""

from __future__ import annotations

from collections.abc import Iterator

from wuxing_nlp.documents.document import Document
from wuxing_nlp.documents.making import make_document
from wuxing_nlp.documents.options import ReadOptions
from wuxing_nlp.documents.plain.decoding import decode
from wuxing_nlp.documents.source import Source


def read(source: Source, options: ReadOptions) -> Iterator[Document]:
    """Read plain text in any of the encodings that :func:`decode` knows.

    Raises:
        DocumentError: it cannot be read, is empty, blank or too large, a binary, or in no known
            encoding.
    """
    text, encoding = decode(source.read(options.max_bytes), source.name)
    yield make_document(source.name, text, options, encoding=encoding)
