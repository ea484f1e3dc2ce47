"""The reader of .csv and .tsv: a row a document, in flat memory whatever the size of the file."""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import chain, count, islice, repeat
from typing import TypeVar

from wuxing_nlp.documents.document import Document
from wuxing_nlp.documents.formats import Maker
from wuxing_nlp.documents.options import ReadOptions
from wuxing_nlp.documents.source import Source, told
from wuxing_nlp.documents.tables.columns import documents, header, is_text, row_name
from wuxing_nlp.documents.tables.table import Row, Table
from wuxing_nlp.documents.tables.text_stream import BROKEN, lines_of, open_text
from wuxing_nlp.errors import DocumentError

# The module csv knows one limit for the whole process, and 128 Ki characters is less than a report
# has. Set for a while and put back, it would fail other threads' readers in between; so it is raised
# once, as far as every platform allows, and what bounds our memory is the limit of a record below.
csv.field_size_limit(2**31 - 1)

_DELIMITERS = ",\t;|"
_SNIFFED = 200_000
_SNIFFED_ROWS = 50
_BESIDE_TEXT = 1_000_000
"""Characters that a record may have beside twice the longest text (for quotation marks are doubled)."""
_MOST_NAMELESS = 100
"""Columns behind the last one with a name: each row, however short, is given a cell for each."""
_QUOTE = "double quotation marks inside a quoted cell, or save the table as .xlsx and give that"

_Record = tuple[int, list[str]]
_T = TypeVar("_T")


def read(source: Source, options: ReadOptions) -> Iterator[Document | DocumentError]:
    """Read a table of delimited text; its first row names the columns.

    The delimiter is the one of comma, tab, semicolon and bar that gives the evenest table. Blank rows
    are no documents, but count in the numbers of rows. A row that cannot be read as it was meant is
    an error in its place: it breaks the rules of quotation, has more or fewer cells than the header,
    holds broken bytes, or is too long. After a quotation mark that is never closed reading goes on at
    the next line, so that the rows behind it are not lost.

    Raises:
        DocumentError: empty, a binary, no known encoding, no rows, no column of text.
    """
    return read_rows(source, options, lambda table: documents(table, options))


def read_rows(source: Source, options: ReadOptions, make: Maker[_T]) -> Iterator[_T]:
    """What ``make`` makes of the table, which is read as by :func:`read`."""
    with source.open() as stream, open_text(stream, source.name) as text:
        sample = text.read(_SNIFFED)
        text.seek(0)
        feed = _Feed(lines_of(text, _limit(options)), _limit(options))
        reader = csv.reader(feed, delimiter=_delimiter(sample, source, options), strict=True)
        records = _records(source.name, reader, feed)
        yield from make(_table(source.name, records, options, text.encoding))


def _limit(options: ReadOptions) -> int:
    return 2 * options.max_characters + _BESIDE_TEXT


def _delimiter(sample: str, source: Source, options: ReadOptions) -> str:
    """The delimiter whose header has the column that is wanted, has columns at all, and whose rows
    are as wide as the header; the likeliest for the file's suffix where several do."""
    ordered = sorted(_DELIMITERS, key=lambda it: it == "\t", reverse=source.suffix == ".tsv")
    return max(ordered, key=lambda delimiter: _fitness(_sniffed(sample, delimiter), options))


def _sniffed(sample: str, delimiter: str) -> list[list[str]]:
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in islice(filter(None, reader), _SNIFFED_ROWS):
            rows.append(row)  # one by one: those before an error stay
    except csv.Error:
        return rows
    # The last row may have been cut by the end of the sample.
    return rows if len(rows) < 2 or len(sample) < _SNIFFED else rows[:-1]


def _fitness(rows: Sequence[Sequence[str]], options: ReadOptions) -> tuple[bool, bool, float]:
    if not rows:
        return False, False, 0.0
    width = len(rows[0])
    even = sum(len(row) == width for row in rows) / len(rows)
    # A list of sentences has commas too, but not as many in each.
    table = width > 1 and (even == 1 or not any(map(is_text, rows[0])))
    return options.text_column in rows[0], table, even


class _TooLong(Exception):
    pass


class _Feed:
    """Lines for the reader of csv; remembers those of the record that is being read."""

    def __init__(self, lines: Iterator[str | None], limit: int) -> None:
        self.limit = limit
        self._lines = lines
        self._again: deque[str] = deque()
        self._record: list[str] = []
        self._size = 0

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        if line is None:
            raise _TooLong
        self._record.append(line)
        self._size += len(line)
        if self._size > self.limit:
            raise _TooLong
        return line

    def begin(self) -> None:
        """A record begins."""
        self._record = []
        self._size = 0

    def go_back(self) -> bool:
        """To the line after the one where the record began; False if the record was one line.

        No line is read more than twice so: one that opens a quotation when a record begins with it
        has an odd number of marks, and so ends, well or badly, the one it stands in.
        """
        behind = self._record[1:]
        self._again.extendleft(reversed(behind))
        return bool(behind)


def _records(table: str, reader: Iterator[list[str]], feed: _Feed) -> Iterator[_Record | DocumentError]:
    """The records with their numbers; blank lines are empty records, as a person counts them."""
    for number in count(1):
        feed.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, _TooLong) as error:
            yield _broken(row_name(table, number), error, feed)
        else:
            yield number, cells


def _broken(name: str, error: Exception, feed: _Feed) -> DocumentError:
    if feed.go_back():
        return DocumentError(name, "a quotation mark that is not closed; read on at the next line", _QUOTE)
    if isinstance(error, _TooLong):
        seen = f"more than {feed.limit:,} characters in one row"
        return DocumentError(name, seen, "split the row or raise max_characters")
    return DocumentError(name, f"not as a table is quoted ({told(error)})", _QUOTE)


def _table(
    table: str, records: Iterator[_Record | DocumentError], options: ReadOptions, encoding: str
) -> Table:
    first = next((record for record in records if isinstance(record, DocumentError) or any(record[1])), None)
    if first is None:
        raise DocumentError(table, "blank rows only", "give a table with a header and rows")
    if isinstance(first, DocumentError):
        raise DocumentError(table, f"the header cannot be read: {first.seen}", first.advice)
    cells = [cell.replace(BROKEN, "\ufffd").replace("\0", "\ufffd") for cell in first[1]]
    least = max(place for place, name in enumerate(cells, 1) if name.strip() or place == 1)
    names = header(table, cells[: least + _MOST_NAMELESS], options)
    if names is None:
        names = [f"column {place}" for place, _ in enumerate(cells, 1)]
        records = chain([first], records)
        least = len(names)
    rows = (_row(table, record, names, least, encoding) for record in records)
    return Table(table, (row for row in rows if row is not None), names, encoding)


def _row(
    table: str, record: _Record | DocumentError, names: Sequence[str], least: int, encoding: str
) -> Row | DocumentError | None:
    """A record as a row, None if it is blank."""
    if isinstance(record, DocumentError):
        return record
    number, cells = record
    if not any(map(str.strip, cells)):
        return None
    name = row_name(table, number)
    if not least <= len(cells) <= len(names) and not (len(cells) > least and not any(cells[len(names) :])):
        seen = f"{len(cells)} cells where the header names {least}"
        return DocumentError(name, seen, "quote cells that hold a separator or a line break")
    if any(BROKEN in cell for cell in cells):
        return DocumentError(
            name, f"bytes that are no {encoding}", "correct the row, or save the table as UTF-8"
        )
    if any("\0" in cell for cell in cells):
        return DocumentError(name, "NUL characters", "the row is damaged: correct it")
    return number, dict(zip(names, chain(cells, repeat("")), strict=False))
