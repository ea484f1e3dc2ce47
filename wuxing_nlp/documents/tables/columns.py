"""Which column of a table is the text and which names its rows; rows to documents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import fields as fields_of
from itertools import chain

from wuxing_nlp.documents.document import Document, Metadata
from wuxing_nlp.documents.making import make_document
from wuxing_nlp.documents.options import ReadOptions
from wuxing_nlp.documents.source import one_line
from wuxing_nlp.documents.tables.headers import folded, ranked
from wuxing_nlp.documents.tables.known import known_of
from wuxing_nlp.documents.tables.table import Row, Table
from wuxing_nlp.errors import DocumentError
from wuxing_nlp.text.characters import han_count

MAX_COLUMNS = 20_000
"""Columns of a table; Excel has 16,384."""

SAMPLE_ROWS = 200
"""Rows that a guess looks at."""

_SAMPLE_CHARACTERS = 4_000_000
_JUDGED = 2_000  # characters of a cell: enough to see whether it is Chinese
_FEWEST_HAN = 5  # a filled cell of a text column, on average; names and places have fewer
_LONGEST_ID = 100
_SHOWN = 20
_LONGEST_NAME = 20


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a table are for: the text, the rows' names (None: their numbers), and by
    attribute of :class:`Metadata` those that say something of the document."""

    text: str
    id: str | None
    known: Mapping[str, str]

    def document(self, table: Table, row: Row, options: ReadOptions) -> Document:
        """The document of a row. Raises DocumentError: it has no text, or too much."""
        number, cells = row
        key = one_line(cells.get(self.id, "").strip()) if self.id is not None else ""
        name = f"{table.name}#{key}" if key else row_name(table.name, number)
        text = cells.get(self.text, "")
        if not text.strip():
            raise DocumentError(
                name, f"no text in column {self.text!r}", "fill the cell or leave the row out"
            )
        fields = {column: cell for column, cell in cells.items() if column != self.text}
        known = known_of(cells, self.known)
        return make_document(name, text, options, encoding=table.encoding, known=known, fields=fields)


def row_name(table: str, number: int) -> str:
    """What to call a row that has no name of its own."""
    return f"{table}#row {number}"


def documents(table: Table, options: ReadOptions) -> Iterator[Document | DocumentError]:
    """Rows to documents, lazily; the first ones decide what the columns are.

    Raises:
        DocumentError: the table has no rows, or not the column that is named or needed.
    """
    rows = iter(table.rows)
    failed = 0
    for row in rows:
        if not isinstance(row, DocumentError):
            yield from _chosen(table, chain([row], rows), options)
            return
        failed += 1
        yield row
    if not failed:
        raise DocumentError(
            table.name, "no row with anything in it", "give a table with a row for each document"
        )


def _chosen(
    table: Table, rows: Iterator[Row | DocumentError], options: ReadOptions
) -> Iterator[Document | DocumentError]:
    first = _beginning(rows)
    sample = [row for row in first if not isinstance(row, DocumentError)]
    names = table.columns_of(sample)
    check_count(table.name, len(names))
    columns = choose(table.name, names, [cells for _, cells in sample], options)
    for row in chain(first, rows):
        try:
            yield row if isinstance(row, DocumentError) else columns.document(table, row, options)
        except DocumentError as error:
            yield error


def _beginning(rows: Iterator[Row | DocumentError]) -> list[Row | DocumentError]:
    beginning: list[Row | DocumentError] = []
    size = 0
    for row in rows:
        beginning.append(row)
        size += 0 if isinstance(row, DocumentError) else sum(map(len, chain(row[1], row[1].values())))
        if len(beginning) >= SAMPLE_ROWS or size > _SAMPLE_CHARACTERS:
            break
    return beginning


def choose(
    table: str, names: Sequence[str], sample: Sequence[Mapping[str, str]], options: ReadOptions
) -> Columns:
    """What the columns ``names`` are for, as the options say or the header and ``sample`` suggest;
    a guess is told. Raises DocumentError: no such column, or none that looks like text."""
    text = _named(table, options.text_column, names) or _text(names, sample)
    if text is None:
        raise DocumentError(
            table, f"no column of Chinese text; {listed(names)}", "name the right one with --text-column"
        )
    others = [name for name in names if name != text]
    key, why = _named(table, options.id_column, names), ""
    if key is None:
        key, why = _id(others, sample)
    elif twice := _twice(key, sample):
        options.say(f"{table}: {_quoted(key)} has {twice} twice, so that several documents have one name")
    _tell(table, text, key, why, options)
    return Columns(text, key, known_columns(others))


def known_columns(names: Sequence[str]) -> dict[str, str]:
    """The column of each attribute of :class:`Metadata` that one of the names stands for."""
    found = {attribute.name: ranked(attribute.name, names) for attribute in fields_of(Metadata)}
    return {attribute: columns[0] for attribute, columns in found.items() if columns}


def _named(table: str, wanted: str | None, names: Sequence[str]) -> str | None:
    if wanted is None or wanted in names:
        return wanted
    alike = [name for name in names if folded(name) == folded(wanted)]
    if len(alike) == 1:
        return alike[0]
    raise DocumentError(table, f"there is no column {wanted!r}; {listed(names)}", "check the name")


def listed(names: Sequence[str]) -> str:
    """What columns a table has, as a part of a message."""
    # Short, for where a table has no header its first row stands in its place.
    shown = ", ".join(map(_quoted, names[:_SHOWN]))
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"its columns are {shown}{more}" if names else "it has no columns"


def _text(names: Sequence[str], sample: Sequence[Mapping[str, str]]) -> str | None:
    for name in ranked("text", names):
        if any(cells.get(name, "").strip() for cells in sample):
            return name
    amounts = {name: _amount(name, sample) for name in names}
    fullest = max(names, key=lambda name: amounts[name][0], default=None)
    if fullest is None or amounts[fullest][0] == 0:
        return None
    total, filled = amounts[fullest]
    return fullest if len(names) == 1 or total >= _FEWEST_HAN * filled else None


def _amount(name: str, sample: Sequence[Mapping[str, str]]) -> tuple[int, int]:
    """Chinese characters in a column of the sample, and its cells that are filled."""
    cells = [cell[:_JUDGED] for row in sample if (cell := row.get(name, "").strip())]
    return sum(map(han_count, cells)), len(cells)


def _id(names: Sequence[str], sample: Sequence[Mapping[str, str]]) -> tuple[str | None, str]:
    """The column that can name the rows, if there is one, and why a likelier one cannot, if there is one."""
    why = ""
    for name in ranked("id", names):
        if not (flaw := _flaw(name, sample)):
            return name, why
        why = why or f", for {_quoted(name)} {flaw}"
    return None, why


def _flaw(name: str, sample: Sequence[Mapping[str, str]]) -> str:
    """Why a column cannot name the rows of a sample; "" where it can."""
    keys = [row.get(name, "").strip() for row in sample]
    if not all(keys):
        return "has an empty cell"
    if any(len(key) > _LONGEST_ID for key in keys):
        return f"has a cell of more than {_LONGEST_ID} characters"
    return f"has {twice} twice" if (twice := _twice(name, sample)) else ""


def _twice(name: str, sample: Sequence[Mapping[str, str]]) -> str:
    """What stands in two cells of a column, quoted; "" where nothing does."""
    counts = Counter(key for row in sample if (key := row.get(name, "").strip()))
    return next((_quoted(key) for key, count in counts.items() if count > 1), "")


def _quoted(text: str) -> str:
    return repr(one_line(text)[:_LONGEST_NAME])


def _tell(table: str, text: str, key: str | None, why: str, options: ReadOptions) -> None:
    told = []
    if options.text_column is None:
        told.append(f"text column {_quoted(text)} (guessed; --text-column names another)")
    if options.id_column is None:
        if key is None:
            told.append(f"rows named by their number{why} (--id-column names a column)")
        else:
            told.append(f"rows named by {_quoted(key)}{why}")
    if told:
        options.say(f"{table}: {', '.join(told)}")


_SENTENCE = re.compile("[。！？；]")
_LONGEST_HEADER = 60


def header(table: str, cells: Sequence[str], options: ReadOptions, *, first: int = 1) -> list[str] | None:
    """The columns that a first row names, all distinct; an empty one is called by its place, which
    for the first cell is ``first``. None for a row that is no header but text, which is told; where
    the user names a column there is one. Raises DocumentError: too many columns."""
    check_count(table, len(cells))
    if options.text_column is None and any(map(is_text, cells)):
        options.say(f"{table}: its first row is text and no header: read as a row, the columns numbered")
        return None
    return distinct(cells, first)


def check_count(table: str, columns: int) -> None:
    """Raises DocumentError: more columns than :data:`MAX_COLUMNS`."""
    if columns > MAX_COLUMNS:
        seen = f"{columns:,} columns, the limit is {MAX_COLUMNS:,}"
        raise DocumentError(
            table, seen, "leave columns out, or check the separator: comma, tab, semicolon or bar"
        )


def is_text(cell: str) -> bool:
    """True for a cell that names no column, as it has a sentence or is very long."""
    return len(cell) > _LONGEST_HEADER or _SENTENCE.search(cell) is not None


def distinct(names: Sequence[str], first: int = 1) -> list[str]:
    """The names, in order: by their place where they are blank, numbered where they come again."""
    given = set(names)
    unique: dict[str, None] = {}
    times: Counter[str] = Counter()
    for place, name in enumerate(names, first):
        base = candidate = name if name.strip() else f"column {place}"
        while candidate in unique or (candidate != name and candidate in given):
            times[base] += 1
            candidate = f"{base} ({times[base] + 1})"
        unique[candidate] = None
    return list(unique)
