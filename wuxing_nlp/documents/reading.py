"""One door for every format: the reader of a source is chosen by its suffix."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from wuxing_nlp.documents.document import Document
from wuxing_nlp.documents.formats import ARCHIVES, FORMATS, REFUSED, Format, Maker, suffixes
from wuxing_nlp.documents.options import MAX_BYTES, ReadOptions
from wuxing_nlp.documents.plain.reader import read as read_plain
from wuxing_nlp.documents.source import STREAM, Source, one_line
from wuxing_nlp.errors import DocumentError, WuxingError

_T = TypeVar("_T")


def format_of(source: Source) -> Format:
    """The format of a source. Raises DocumentError: it is not read, with what to do instead."""
    if source.name == STREAM:
        return FORMATS[".txt"]
    suffix = source.suffix
    if suffix in FORMATS:
        return FORMATS[suffix]
    seen = f"the format {suffix} is not read" if suffix else "a name without a suffix tells no format"
    raise DocumentError(
        source.name, seen, REFUSED.get(suffix, f"save the document as .txt (UTF-8); read are {suffixes()}")
    )


def read_documents(
    source: Source | Path | str, options: ReadOptions | None = None
) -> Iterator[Document | DocumentError]:
    """Read what a file holds, lazily and in order: one document, or of a table one a row.

    An archive is no document: :func:`find_sources` finds what is in it.

    Yields:
        Documents, and in the place of each that cannot be read the error that says why. Nothing is
        raised: what stops the whole file is the last thing that is given.
    """
    if not isinstance(source, Source):
        source = Source.of(source)
    try:
        source.check()
        reader = format_of(source).reader(source.name)
        yield from reader(source, options or ReadOptions())
    except DocumentError as error:
        yield error
    except Exception as error:
        # A library may fail in ways that nobody foresaw; one file must never stop the others.
        yield DocumentError.of_library(source.name, error)


def read_table(path: Path | str, make: Maker[_T], options: ReadOptions | None = None) -> list[_T]:
    """What ``make`` makes of a file's tables (a workbook has several), in order.

    Raises:
        DocumentError: no such file, no table, or what the format's reader finds.
    """
    source = Source.of(path)
    source.check()
    form = format_of(source)
    if not form.table:
        tables = ", ".join(suffix for suffix, known in FORMATS.items() if known.table)
        raise DocumentError(source.name, f"{form.name} is no table", f"save the rows as one of {tables}")
    reader = form.table_reader(source.name)
    try:
        return list(reader(source, options or ReadOptions(), make))
    except WuxingError:
        raise
    except Exception as error:
        raise DocumentError.of_library(source.name, error) from error


def read_document(
    path: Path | str, *, root: Path | str | None = None, max_bytes: int = MAX_BYTES
) -> Document:
    """Read a document of any known format.

    Args:
        path: the file; its suffix names the format.
        root: a folder that the document's name is relative to, if the file lies in it.
        max_bytes: the largest file that is read, in bytes.

    Raises:
        DocumentError: no such file, a folder, an unknown format, a table of many documents (see
            :func:`read_documents`), or what the format's reader finds.
    """
    source = Source.of(path)
    source.check()
    if source.suffix in ARCHIVES or format_of(source).table:
        raise DocumentError(source.name, "a file of many documents", "use read_documents or wuxing classify")
    [document] = read_documents(source, ReadOptions(max_bytes=max_bytes))
    if isinstance(document, DocumentError):
        raise document
    if root is not None and Path(path).is_relative_to(root):
        document = replace(document, name=one_line(Path(path).relative_to(root).as_posix()))
    return document


def read_stream(data: bytes, name: str = STREAM, *, max_bytes: int = MAX_BYTES) -> Document:
    """The document that bytes of plain text make, as they come from standard input.

    Raises:
        DocumentError: as for a plain-text file; the message calls the data ``name``.
    """
    [document] = read_plain(Source(name, data=data), ReadOptions(max_bytes=max_bytes))
    return document
