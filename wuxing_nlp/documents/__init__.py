"""Files to documents: one reader a format, all of them ending in a :class:`Document`."""

from wuxing_nlp.documents.decoding import decode
from wuxing_nlp.documents.document import Document
from wuxing_nlp.documents.files import MAX_BYTES
from wuxing_nlp.documents.finding import find_documents
from wuxing_nlp.documents.reading import read_document, read_stream

__all__ = ["MAX_BYTES", "Document", "decode", "find_documents", "read_document", "read_stream"]
