"""The reader of PDFs."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec

from wuxing_nlp.documents.document import Document
from wuxing_nlp.documents.making import make_document
from wuxing_nlp.documents.options import ReadOptions
from wuxing_nlp.documents.pdf.isolation import extract_apart
from wuxing_nlp.documents.source import Source

# It is loaded in the process that reads; that it is missing is to be known here.
if find_spec("pypdfium2") is None:
    raise ModuleNotFoundError(name="pypdfium2")


def read(source: Source, options: ReadOptions) -> Iterator[Document]:
    """Read the text layer of a PDF, in a process of its own.

    Raises:
        DocumentError: it cannot be read, is empty or too large, or as
            :func:`~wuxing_nlp.documents.pdf.isolation.extract_apart`.
    """
    text = extract_apart(source.read(options.max_bytes), source.name, options)
    yield make_document(source.name, text, options)
