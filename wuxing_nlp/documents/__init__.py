"""Files to documents: one reader a format, all of them ending in a :class:`Document`."""

from wuxing_nlp.documents.document import Document, Metadata
from wuxing_nlp.documents.finding import Found, find_sources
from wuxing_nlp.documents.making import completed
from wuxing_nlp.documents.options import MAX_BYTES, MAX_CHARACTERS, ReadOptions
from wuxing_nlp.documents.plain.decoding import decode
from wuxing_nlp.documents.reading import format_of, read_document, read_documents, read_stream, read_table
from wuxing_nlp.documents.source import STREAM, Source

__all__ = [
    "MAX_BYTES",
    "MAX_CHARACTERS",
    "STREAM",
    "Document",
    "Found",
    "Metadata",
    "ReadOptions",
    "Source",
    "completed",
    "decode",
    "find_sources",
    "format_of",
    "read_document",
    "read_documents",
    "read_stream",
    "read_table",
]
