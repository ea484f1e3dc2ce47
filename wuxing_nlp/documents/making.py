"""Text to a document: the checks and the metadata that all formats share."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import replace

from wuxing_nlp.documents.document import Document, Metadata
from wuxing_nlp.documents.options import ReadOptions
from wuxing_nlp.errors import DocumentError


def make_document(
    name: str,
    text: str,
    options: ReadOptions,
    *,
    encoding: str = "",
    known: Metadata | None = None,
    fields: Mapping[str, str] | None = None,
) -> Document:
    """The document of a text; ``known`` is metadata from elsewhere, which goes before the text's own.

    Raises:
        DocumentError: nothing in the text is visible, or it is too long.
    """
    if not any(map(_is_visible, text)):
        raise DocumentError(name, "holds white space only", "give a document with text")
    if len(text) > options.max_characters:
        raise DocumentError(
            name,
            f"{len(text):,} characters, the limit is {options.max_characters:,}",
            "split the document or raise max_characters",
        )
    document = Document(name, text, encoding, known or Metadata(), dict(fields or {}))
    return completed(document) if options.metadata else document


def completed(document: Document) -> Document:
    """The document with what its text says of it, where its metadata leaves that open."""
    # Its patterns take a twentieth of a second to compile, which a tagger of strings need not wait for.
    from wuxing_nlp.documents.metadata.extraction import metadata_of

    return replace(document, metadata=metadata_of(document.text, document.metadata))


def _is_visible(character: str) -> bool:
    return not character.isspace() and unicodedata.category(character) not in ("Cc", "Cf")
