"""A table of codings as CSV in UTF-8, for Excel, R and pandas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from wuxing_nlp.atomic import write_file
from wuxing_nlp.codebook import Codebook
from wuxing_nlp.coding.exchange import table
from wuxing_nlp.coding.exchange.items import Item
from wuxing_nlp.coding.exchange.outcomes import Outcome
from wuxing_nlp.documents.plain.decoding import decode
from wuxing_nlp.documents.tables.columns import distinct, row_name
from wuxing_nlp.documents.tables.formulas import csv_lines, safe
from wuxing_nlp.documents.tables.table import Row, Table
from wuxing_nlp.errors import CorpusError, DocumentError

# One limit for the whole process, raised once, as for the tables of documents: a text may be longer.
csv.field_size_limit(2**31 - 1)

_BOM = "\ufeff"  # Excel reads a CSV as UTF-8 only where it begins with this mark
_DELIMITERS = ",;\t"


def guarded(text: str) -> str:
    """Text that no spreadsheet runs as a formula: an apostrophe before one that would be, and before
    one that only apostrophes keep from it, so that :func:`unguarded` knows which of them is ours."""
    return f"'{text}" if _live(text) else text


def unguarded(cell: str) -> str:
    """The text that :func:`guarded` made the cell of."""
    return cell[1:] if cell.startswith("'") and _live(cell) else cell


def _live(text: str) -> bool:
    bare = text.lstrip("'")
    return safe(bare) != bare


def write(items: Sequence[Item], path: Path, model: str, book: Codebook) -> list[Path]:
    """Write the table; see :func:`wuxing_nlp.coding.exchange.table.row`."""
    rows = (
        [guarded(cell) if isinstance(cell, str) else cell for cell in table.row(item, book)] for item in items
    )
    write_file(path, [(_BOM + csv_lines([table.header(book), *rows])).encode()])
    return [path]


def read(path: Path, empty_is_none: bool, book: Codebook) -> Iterator[Outcome]:
    """The codings of a table, also of one that Excel saved: in another encoding, or with semicolons.

    Args:
        path: the file.
        empty_is_none: of no effect, since the cells say what was coded.
        book: whose labels.

    Raises:
        CorpusError: the file cannot be read, or its header lacks what is needed.
    """
    try:
        text = _decoded(path)
        yield from table.outcomes(path, book, _table(path, text))
    except DocumentError as error:
        raise CorpusError(str(error)) from error


def _decoded(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CorpusError(f"{path} cannot be read: {error.strerror or error}") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return decode(data, str(path))[0].removeprefix(_BOM)


def _table(path: Path, text: str) -> Table:
    lines = text.splitlines()
    first = lines[0] if lines else ""
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = distinct([name.strip() for name in next(reader, [])])
    except csv.Error as error:
        raise DocumentError(
            str(path), f"a header that is not CSV ({error})", "save the table anew"
        ) from error
    return Table(str(path), _rows(path, reader, names), names)


def _rows(path: Path, reader: Iterator[list[str]], names: Sequence[str]) -> Iterator[Row | DocumentError]:
    number = 1
    try:
        for number, cells in enumerate(reader, 2):
            if len(cells) == len(names):
                yield number, dict(zip(names, map(unguarded, cells), strict=True))
            elif any(map(str.strip, cells)):
                seen = f"{len(cells)} cells where the header has {len(names)}"
                yield DocumentError(row_name(str(path), number), seen, "quote cells that hold a separator")
    except csv.Error as error:
        seen = f"not CSV ({error}), and nothing behind it can be read"
        advice = "quote cells that hold separators, and double quotation marks inside them"
        yield DocumentError(row_name(str(path), number + 1), seen, advice)
