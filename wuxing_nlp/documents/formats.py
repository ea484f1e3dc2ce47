"""Which suffix is read by which reader; a reader's libraries are loaded with its first file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Protocol, TypeVar, cast

from wuxing_nlp.documents.document import Document
from wuxing_nlp.documents.options import ReadOptions
from wuxing_nlp.documents.source import Source
from wuxing_nlp.documents.tables.table import Table
from wuxing_nlp.errors import DocumentError

_T = TypeVar("_T")

Maker = Callable[[Table], Iterable[_T]]
"""A table to what somebody needs of it: documents, or something else. Raises DocumentError: it is not
one that can be used."""


class TableReader(Protocol):
    """Reads a source of its format, and hands each table to a maker."""

    def __call__(self, source: Source, options: ReadOptions, make: Maker[_T]) -> Iterator[_T]: ...


class Reader(Protocol):
    """Reads a source of its format. What is wrong with one document among many (a row of a table)
    is given in its place, and the reading goes on; what is wrong with all of it is raised."""

    def __call__(self, source: Source, options: ReadOptions) -> Iterator[Document | DocumentError]: ...


@dataclass(frozen=True, slots=True)
class Format:
    """A file format.

    Attributes:
        name: what to call a file of it.
        module: the module of this room whose ``read`` is its reader; that of a table has ``read_rows``
            as well.
        extra: the extra of this package that brings the libraries of the reader; "" if it needs none.
        table: True where a file holds many documents, one a row.
    """

    name: str
    module: str
    extra: str = ""
    table: bool = False

    def reader(self, name: str) -> Reader:
        """The reader, to read the source ``name``. Raises DocumentError: its libraries are missing."""
        return cast(Reader, self._loaded(name).read)

    def table_reader(self, name: str) -> TableReader:
        """The reader of a table's rows. Raises DocumentError: as :meth:`reader`."""
        return cast(TableReader, self._loaded(name).read_rows)

    def _loaded(self, name: str) -> ModuleType:
        try:
            return import_module(f"wuxing_nlp.documents.{self.module}")
        except ModuleNotFoundError as error:
            library = str(error.name).partition(".")[0]
            raise DocumentError(
                name,
                f"to read {self.name} the library {library} is needed",
                f"pip install 'wuxing_nlp[{self.extra}]'",
            ) from None


_PLAIN = Format("plain text", "plain.reader")
_DELIMITED = Format("a table of delimited text", "tables.delimited", table=True)
_JSON_LINES = Format("JSON lines", "tables.json_lines", table=True)

FORMATS = {
    ".txt": _PLAIN,
    ".text": _PLAIN,
    ".md": _PLAIN,
    ".docx": Format("a Word document", "word.reader", "documents"),
    ".pdf": Format("a PDF", "pdf.reader", "documents"),
    ".html": Format("a web page", "html.reader", "documents"),
    ".htm": Format("a web page", "html.reader", "documents"),
    ".csv": _DELIMITED,
    ".tsv": _DELIMITED,
    ".jsonl": _JSON_LINES,
    ".ndjson": _JSON_LINES,
    ".xlsx": Format("an Excel workbook", "tables.workbook", "documents", table=True),
    ".parquet": Format("a Parquet file", "tables.parquet", "parquet", table=True),
}
"""Suffix, in lower case, to format."""

ARCHIVES = frozenset({".zip"})
"""Suffixes of files that hold other files."""

_AS_WORD = "open it in Word, WPS or LibreOffice and save it as .docx"
_AS_WORKBOOK = "open it in Excel, WPS or LibreOffice and save it as .xlsx"
_UNPACK = "unpack it and give the folder"

REFUSED = {
    **dict.fromkeys((".doc", ".wps", ".rtf", ".odt", ".dot", ".dotx", ".docm", ".wpt", ".pages"), _AS_WORD),
    **dict.fromkeys((".xls", ".et", ".ods", ".xlsm", ".xlsb", ".numbers"), _AS_WORKBOOK),
    **dict.fromkeys((".ofd", ".ceb", ".caj"), "export it as .pdf from its reader"),
    **dict.fromkeys((".ppt", ".pptx", ".dps", ".odp"), "save its outline as .docx or its text as .txt"),
    **dict.fromkeys((".rar", ".7z", ".gz", ".tar", ".bz2", ".xz", ".tgz"), _UNPACK),
    **dict.fromkeys((".mht", ".mhtml", ".shtml", ".xhtml"), "open it in a browser and save it as .html"),
    **dict.fromkeys((".json", ".xml"), "put one document a line and save it as .jsonl"),
}
"""Suffix of a document that is not read, to what to do; other suffixes hold no document."""


def is_hidden(name: str) -> bool:
    """True for the name of a file or folder that no user means."""
    # ~$ begins the file that Word and WPS keep beside an open document.
    return name.startswith((".", "~$"))


def suffixes() -> str:
    """The suffixes that are read, for a message."""
    return ", ".join(sorted({*FORMATS, *ARCHIVES}))
