"""The reader of JSON lines: an object a line, a line a document, in flat memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain
from typing import TypeVar

from wuxing_nlp.documents.document import Document
from wuxing_nlp.documents.formats import Maker
from wuxing_nlp.documents.options import ReadOptions
from wuxing_nlp.documents.source import Source
from wuxing_nlp.documents.tables.cells import Written, to_text
from wuxing_nlp.documents.tables.columns import check_count, documents, row_name
from wuxing_nlp.documents.tables.table import Row, Table
from wuxing_nlp.documents.tables.text_stream import BROKEN, lines_of, open_text
from wuxing_nlp.errors import DocumentError

_ESCAPED = 6
"""Characters that JSON may write for one: \\uXXXX."""
_BESIDE_TEXT = 1_000_000
_T = TypeVar("_T")
_ONE_A_LINE = "write one JSON object a line: jq -c '.[]' list.json > rows.jsonl"


def read(source: Source, options: ReadOptions) -> Iterator[Document | DocumentError]:
    """Read JSON lines; the keys of the objects are the columns.

    Rows are numbered by lines; blank lines are no rows. A line that is no JSON object, has broken
    bytes, or is too long is an error in its place.

    Raises:
        DocumentError: empty, a binary, no known encoding, one JSON value over many lines, no rows,
            no key with text.
    """
    return read_rows(source, options, lambda table: documents(table, options))


def read_rows(source: Source, options: ReadOptions, make: Maker[_T]) -> Iterator[_T]:
    """What ``make`` makes of the table, which is read as by :func:`read`."""
    limit = _ESCAPED * options.max_characters + _BESIDE_TEXT
    with source.open() as stream, open_text(stream, source.name) as text:
        if text.readline(3).strip() in ("[", "{"):
            raise DocumentError(source.name, "one JSON value over many lines", _ONE_A_LINE)
        text.seek(0)
        rows = _rows(source.name, lines_of(text, limit), limit, text.encoding)
        yield from make(Table(source.name, rows, encoding=text.encoding))


def _rows(
    table: str, lines: Iterator[str | None], limit: int, encoding: str
) -> Iterator[Row | DocumentError]:
    for number, line in enumerate(lines, 1):
        name = row_name(table, number)
        if line is None:
            seen = f"more than {limit:,} characters in one line"
            yield DocumentError(name, seen, "split the document or raise max_characters")
        elif BROKEN in line:
            yield DocumentError(
                name, f"bytes that are no {encoding}", "correct the line, or save it as UTF-8"
            )
        elif not line.isspace():
            cells = _cells(name, line)
            yield cells if isinstance(cells, DocumentError) else (number, cells)


def _cells(name: str, line: str) -> dict[str, str] | DocumentError:
    try:
        value = json.loads(line, parse_float=Written)
        if not isinstance(value, dict):
            return DocumentError(name, f"JSON, but no object ({type(value).__name__})", _ONE_A_LINE)
        check_count(name, len(value))
        cells = {key: to_text(cell) for key, cell in value.items()}
    except (ValueError, RecursionError) as error:
        return DocumentError(name, f"no valid JSON ({_reason(error)})", _ONE_A_LINE)
    except DocumentError as error:
        return error
    try:
        "".join(chain(cells, cells.values())).encode()
    except UnicodeEncodeError:  # what a half escape gives, no file could hold
        return DocumentError(name, "half a surrogate pair (\\ud800–\\udfff)", "write the characters whole")
    return cells


def _reason(error: ValueError | RecursionError) -> str:
    return (
        f"{error.msg}, character {error.pos + 1:,}" if isinstance(error, json.JSONDecodeError) else str(error)
    )
