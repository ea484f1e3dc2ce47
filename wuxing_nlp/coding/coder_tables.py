"""Tables of codings, long or wide: what their columns are for, and their rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from wuxing_nlp.codebook import Codebook, load_codebook
from wuxing_nlp.codebook.columns import label_name
from wuxing_nlp.coding.units import text_sha1
from wuxing_nlp.documents import ReadOptions, read_table
from wuxing_nlp.documents.tables.columns import listed
from wuxing_nlp.documents.tables.formulas import bare
from wuxing_nlp.documents.tables.headers import folded, ranked
from wuxing_nlp.documents.tables.table import Row, Table
from wuxing_nlp.errors import CodebookError, CorpusError, DocumentError

BY = {"id": "id", "place": "document and unit", "text": "text"}
"""What can tell units apart, best first, and the columns that it takes."""

CODES_OF = "codes_"
"""What may stand before a coder's name in the header of a wide table, as in those that we write."""

_NAMES = {
    "id": ("id", "unitid", "编号", "单位编号"),
    "document": ("document", "documentid", "doc", "文档", "文件", "文档编号", "文件编号"),
    "unit": ("unit", "unitnumber", "单位", "单位序号"),
    "codes": ("codes", "code", "labels", "代码", "编码", "标签"),
    "coder": ("coder", "annotator", "rater", "编码员", "编码者", "编码人", "标注员", "标注者", "标注人"),
    "sha1": ("sha1",),
    "kind": ("kind", "文种"),
}
_NOT_CODED = ("", "NA", "NaN")  # as R and pandas write a cell without a value
_FLAGS = {"1": True, "1.0": True, "true": True, "0": False, "0.0": False, "false": False, "": False}

_Codes = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CodedRow:
    """A row of a table of codings.

    Attributes:
        place: the table and the row, for a message.
        keys: what tells its unit from others, by the names of :data:`BY`; "" where a cell is empty.
        text: "" where the table has none; so are ``document`` and ``kind``.
        codes: coder to written codes; a coder whose cell is empty is not in it.
    """

    place: str
    keys: Mapping[str, str]
    text: str
    document: str
    kind: str
    codes: Mapping[str, _Codes]


@dataclass(frozen=True, slots=True)
class CoderTable:
    """A table of codings: its name, the coders that its columns name, and its rows."""

    name: str
    coders: tuple[str, ...]
    rows: tuple[CodedRow, ...]

    @property
    def keys(self) -> frozenset[str]:
        """What of :data:`BY` tells its units apart."""
        return frozenset(self.rows[0].keys)


def read_tables(
    path: Path | str,
    coder: str,
    coder_columns: Sequence[str] = (),
    notify: Callable[[str], None] | None = None,
) -> list[CoderTable]:
    """The tables of a file: several where it is a workbook of several sheets with codings.

    Args:
        path: the file.
        coder: whose codings they are where the table does not say.
        coder_columns: the columns of a wide table that hold codes; guessed without it.
        notify: called with a line for the user where a sheet is left out or coders' columns are guessed.

    Raises:
        DocumentError: the file or a row of it cannot be read, it is no table, or has no codings.
        CorpusError: a row's codes cannot be understood.
    """
    options = ReadOptions(notify=notify)
    return read_table(path, lambda table: [_coder_table(table, coder, coder_columns, options.say)], options)


def _coder_table(
    table: Table, coder: str, coder_columns: Sequence[str], say: Callable[[str], None]
) -> CoderTable:
    rows = list(table.sound())
    if not rows:
        raise DocumentError(table.name, "no row with anything in it", "give a table with a row for each unit")
    names = table.columns_of(rows)
    uses = _uses(names)
    wide = _wide(table.name, rows, names, uses, coder_columns, say)
    coders, codes_of = _codings(table.name, names, uses, coder, wide)
    return CoderTable(table.name, coders, tuple(_row(table.name, row, uses, codes_of) for row in rows))


def _uses(names: Sequence[str]) -> dict[str, str]:
    """Use to the column that is for it, where there is one."""
    by_name = {folded(name): name for name in reversed(names)}
    found = {
        use: by_name[known[0]] for use, all_ in _NAMES.items() if (known := [n for n in all_ if n in by_name])
    }
    texts = ranked("text", [name for name in names if name not in found.values()])
    return found | ({"text": texts[0]} if texts else {})


def _row(
    table: str,
    row: Row,
    uses: Mapping[str, str],
    codes_of: Callable[[Mapping[str, str]], Mapping[str, _Codes]],
) -> CodedRow:
    number, cells = row
    place = f"{table}, row {number}"
    values = {use: bare(cells.get(column, "")).strip() for use, column in uses.items()}
    try:
        codes = codes_of(cells)
    except (CodebookError, CorpusError) as error:
        raise CorpusError(f"{place}: {error}") from error
    text, document = values.get("text", ""), values.get("document", "")
    return CodedRow(place, _keys(values), text, document, values.get("kind", ""), codes)


def _keys(values: Mapping[str, str]) -> dict[str, str]:
    keys = {"id": values["id"]} if "id" in values else {}
    if "document" in values and "unit" in values:
        known = values["document"] and values["unit"]
        keys["place"] = f"{values['document']}#{values['unit']}" if known else ""
    if text := values.get("text", ""):
        keys["text"] = text_sha1(text)
    elif "text" in values or "sha1" in values:
        keys["text"] = values.get("sha1", "")
    return keys


# ------------------------------------------------------------------------------ where the codes stand


def _codings(
    table: str, names: Sequence[str], uses: Mapping[str, str], coder: str, wide: Mapping[str, str]
) -> tuple[tuple[str, ...], Callable[[Mapping[str, str]], Mapping[str, _Codes]]]:
    """The coders that a table's columns name, and what reads the codings of a row."""
    if wide:
        return tuple(wide.values()), lambda cells: _by_column(cells, wide)
    if "codes" in uses:
        by = uses.get("coder")
        return (() if by else (coder,)), lambda cells: _long(cells, uses["codes"], by, coder)
    if flags := _flag_columns(names):
        return (coder,), lambda cells: _flagged(cells, flags, coder)
    raise DocumentError(
        table, f"no column of codes; {listed(names)}", "name the right one codes, or give --coder-columns"
    )


def _long(cells: Mapping[str, str], column: str, by: str | None, coder: str) -> dict[str, _Codes]:
    codes = parse_cell(cells.get(column, ""))
    if codes is None:
        return {}
    name = _name(cells.get(by, "")) if by else coder
    if not name:
        raise CorpusError(f"the cell {by!r} is empty; name the coder")
    return {name: codes}


def _wide(
    table: str,
    rows: list[Row],
    names: Sequence[str],
    uses: Mapping[str, str],
    wanted: Sequence[str],
    say: Callable[[str], None],
) -> dict[str, str]:
    """Column to coder, of a wide table: the columns that are wanted, else those that are marked as
    coders', else those that look like codes, which is told; none of a long table."""
    if missing := [name for name in wanted if name not in names]:
        raise DocumentError(table, f"there is no column {missing[0]!r}; {listed(names)}", "check the name")
    if "codes" in uses and not wanted:
        return {}
    columns = wanted or [name for name in names if name.startswith(CODES_OF)]
    if not columns:
        others = [name for name in names if name not in uses.values()]
        columns = [name for name in others if _looks_coded([row[1].get(name, "") for row in rows])]
        if columns:
            shown = ", ".join(map(repr, columns))
            say(f"{table}: columns of codes {shown} (guessed; --coder-columns names them)")
    return {name: _name(name).removeprefix(CODES_OF) for name in columns}


def _looks_coded(cells: Iterable[str]) -> bool:
    """True where at least half of the filled cells are codes, and not all of them none."""
    outcomes = [_try(cell) for cell in cells if cell.strip() not in _NOT_CODED]
    known = [codes for codes in outcomes if codes is not None]
    return any(known) and 2 * len(known) >= len(outcomes)


def _try(cell: str) -> _Codes | None:
    try:
        return parse_cell(cell)
    except (CodebookError, CorpusError):
        return None


def _by_column(cells: Mapping[str, str], columns: Mapping[str, str]) -> dict[str, _Codes]:
    found: dict[str, _Codes] = {}
    for column, coder in columns.items():
        try:
            codes = parse_cell(cells.get(column, ""))
        except (CodebookError, CorpusError) as error:
            raise CorpusError(f"column {column!r}: {error}") from error
        if codes is not None:
            found[coder] = codes
    return found


def _flag_columns(names: Sequence[str]) -> dict[str, str]:
    """Column of 0 and 1 to the base code that it is of."""
    book = load_codebook()
    known = {name: code for code in book.codes for name in (code, label_name(code, book))}
    return {name: known[name] for name in names if name in known}


def _flagged(cells: Mapping[str, str], flags: Mapping[str, str], coder: str) -> dict[str, _Codes]:
    values = {column: cells.get(column, "").strip() for column in flags}
    if all(value in _NOT_CODED for value in values.values()):
        return {}
    for column, value in values.items():
        if value.casefold() not in _FLAGS:
            raise CorpusError(f"the cell {column!r} holds {value!r}; 0 or 1 is expected")
    given = (flags[column] for column, value in values.items() if _FLAGS[value.casefold()])
    return {coder: load_codebook().written(given)}


def parse_cell(cell: str, codebook: Codebook | None = None) -> _Codes | None:
    """The written codes of a cell: ``D2,P-``, a JSON list, ``0`` for none; None for an empty cell. Codes
    are those of the codebook, of the shipped one where none is given.

    Raises:
        CodebookError: a code is unknown.
        CorpusError: a list that is not of codes.
    """
    cell = cell.strip()
    if cell in _NOT_CODED:
        return None
    book = codebook or load_codebook()
    if not cell.startswith("["):
        return book.parse(cell)
    try:
        codes = json.loads(cell)
    except (ValueError, RecursionError):
        codes = None
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        raise CorpusError(f'{cell[:60]!r} is no list of codes; ["D2", "P-"] is expected, [] for none')
    return book.check(codes)


def _name(cell: str) -> str:
    return " ".join(bare(cell).split())
