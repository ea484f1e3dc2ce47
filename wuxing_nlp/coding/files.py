"""Coded units in files: tab-separated, JSON lines, CSV and workbooks in; JSON lines out.

Every reader says of a bad line which file and line it is, what stands there and what is allowed;
:func:`read_units` stops at the first one, :func:`problems` lists them all.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from wuxing_nlp.atomic import write_file
from wuxing_nlp.codebook import Codebook, load_codebook
from wuxing_nlp.coding.units import CodedUnit
from wuxing_nlp.documents import ReadOptions, read_table
from wuxing_nlp.documents.tables.formulas import bare
from wuxing_nlp.documents.tables.table import Table
from wuxing_nlp.errors import CodebookError, CorpusError, DocumentError

_TSV_HEADER = ["document", "codes", "text"]
_CSV_REQUIRED = ("text", "codes")
_CSV_OPTIONAL = ("id", "kind", "document")
_DRAWN = re.compile(r"([a-z]+): ")
"""How ``wuxing sample`` begins to say why; a coder's own reasons do not."""

_JSON_REQUIRED = ("id", "text", "codes", "kind", "document")
_JSON_STRINGS = ("id", "text", "kind", "document", "source", "path", "sample")


NO_CODES = "no codes are given; write 0 for a unit that carries none"
"""What is wrong with a row whose codes nobody has filled in."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one line of a file; its text is the message for a person."""

    path: Path
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}, line {self.line}: {self.what}"


_Scan = Iterator[tuple[int, CodedUnit | Problem]]


def read_units(path: Path | str, codebook: Codebook | None = None) -> list[CodedUnit]:
    """The coded units of a file, or of all files of a folder in the order of their names.

    ``.tsv``: the header ``document codes text``, one unit a line; the kind is the file's stem, the
    id ``<stem>-0001`` and on, the document ``authored:<stem>:<document>``.
    ``.jsonl``: an object a line with ``id``, ``text``, ``codes`` (a list), ``kind``, ``document``
    and perhaps ``source``, ``path``, ``fold``, ``sample`` and ``sha1`` (checked); more is ignored.
    ``.csv``: the columns ``text`` and ``codes`` (``"D2, P-"``, also with ``;`` or ``、`` between them;
    ``0`` for none), perhaps ``id``, ``kind`` (else ``other``) and ``document`` (else every unit is a
    document of its own); an apostrophe
    that guards a cell from being run as a formula is no part of it. A row of a sheet of ``wuxing sample``
    (it has a column ``why``, whose first word is the unit's ``sample``) without codes is not coded yet, and
    left out.
    ``.xlsx``: the same columns, in the sheets of a workbook.
    Codes are those of the ``codebook``, of the shipped one where none is given.

    Raises:
        CorpusError: the first bad line, or a file that cannot be read.
    """
    units: list[CodedUnit] = []
    for file in _files(Path(path)):
        for outcome in _checked(file, codebook or load_codebook()):
            if isinstance(outcome, Problem):
                raise CorpusError(str(outcome))
            units.append(outcome)
    return units


def problems(path: Path | str) -> list[Problem]:
    """Every problem of a file or folder, in order; an empty list where all lines are coded units.

    Raises:
        CorpusError: the file is missing, cannot be opened, or is of a type that holds no units.
    """
    book = load_codebook()
    outcomes = (outcome for file in _files(Path(path)) for outcome in _checked(file, book))
    return [outcome for outcome in outcomes if isinstance(outcome, Problem)]


def scan(path: Path, codebook: Codebook) -> Iterator[tuple[Path, int, CodedUnit | Problem]]:
    """Every unit of a file or folder with its file and line, a Problem in the place of what is none;
    units are not compared with each other.

    Raises:
        CorpusError: as :func:`problems`.
    """
    for file in _files(path):
        for line, outcome in _READERS[file.suffix.lower()](file, codebook):
            yield file, line, outcome


def write_jsonl(units: Iterable[CodedUnit], path: Path | str) -> None:
    """Write the units as JSON lines that :func:`read_units` reads; the file is whole or not there."""
    write_json_lines((asdict(unit) | {"sha1": unit.sha1} for unit in units), Path(path))


def write_json_lines(rows: Iterable[Mapping[str, Any]], path: Path) -> None:
    """Write one compact JSON object a line, in UTF-8; the file is whole or not there."""
    write_file(
        path,
        (json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for row in rows),
    )


def json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any] | Problem]]:
    """Line numbers and objects of a JSON lines file; a Problem in the place of what is no object."""
    text = _decoded(path)
    if isinstance(text, Problem):
        yield text.line, text
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, _json_object(path, number, line)


def _json_object(path: Path, number: int, line: str) -> dict[str, Any] | Problem:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Problem(path, number, f"not JSON ({error}); one object a line is expected")
    if not isinstance(row, dict):
        return Problem(path, number, f"a JSON object is expected, {type(row).__name__} found")
    return row


def check_fields(row: Mapping[str, Any], required: Iterable[str], strings: Iterable[str]) -> None:
    """Raise CorpusError for a missing or mistyped field of a coding's JSON object."""
    if missing := [name for name in required if name not in row]:
        raise CorpusError(f"the field {missing[0]!r} is missing; needed are {', '.join(required)}")
    for name in strings:
        if not isinstance(row.get(name, ""), str):
            raise CorpusError(f"the field {name!r} holds {row[name]!r}; a string is expected")
    codes = row["codes"]
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        raise CorpusError(f"the field 'codes' holds {codes!r}; a list of codes is expected, [] for none")
    fold = row.get("fold")
    if fold is not None and (not isinstance(fold, int) or isinstance(fold, bool)):
        raise CorpusError(f"the field 'fold' holds {fold!r}; a whole number or null is expected")


def _files(path: Path) -> list[Path]:
    """The file, or the files of the folder that can hold units, by name."""
    if path.is_dir():
        found = sorted(file for file in path.iterdir() if file.suffix.lower() in _READERS and file.is_file())
        found = [file for file in found if not file.name.startswith(".")]
        if not found:
            raise CorpusError(f"{path} holds no coded units: no file ends in {', '.join(_READERS)}")
        return found
    if not path.is_file():
        raise CorpusError(f"{path} does not exist; give a file of coded units, or a folder of them")
    if path.suffix.lower() not in _READERS:
        raise CorpusError(f"{path} is no file of coded units; allowed are {', '.join(_READERS)}")
    return [path]


def _checked(path: Path, codebook: Codebook) -> Iterator[CodedUnit | Problem]:
    """What the file's reader finds, with a Problem for the second of two equal texts or ids."""
    texts: dict[str, int] = {}
    ids: dict[str, int] = {}
    for line, outcome in _READERS[path.suffix.lower()](path, codebook):
        if isinstance(outcome, Problem):
            yield outcome
        elif (first := texts.setdefault(outcome.text, line)) != line:
            yield Problem(path, line, f"the text of line {first} again ({outcome.text[:20]!r}…); keep one")
        elif (first := ids.setdefault(outcome.id, line)) != line:
            yield Problem(path, line, f"the id of line {first} again ({outcome.id!r}); ids must differ")
        else:
            yield outcome


def _decoded(path: Path) -> str | Problem:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CorpusError(f"{path} cannot be read: {error.strerror or error}") from error
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Problem(path, line, f"not UTF-8 (byte 0x{data[error.start]:02x}); save the file as UTF-8")


def _made(
    path: Path, line: int, make: Callable[..., CodedUnit], *arguments: object
) -> tuple[int, CodedUnit | Problem]:
    """The unit made of the arguments, or the Problem that the codebook or its own checks find."""
    try:
        return line, make(*arguments)
    except (CodebookError, CorpusError) as error:
        return line, Problem(path, line, str(error))


def _parse_codes(cell: str, codebook: Codebook) -> tuple[str, ...]:
    # An empty cell is more often forgotten than meant: "coded, carries none" has to be said.
    if not cell.strip():
        raise CorpusError(NO_CODES)
    return codebook.parse(cell)


def _read_tsv(path: Path, codebook: Codebook) -> _Scan:
    text = _decoded(path)
    if isinstance(text, Problem):
        yield text.line, text
        return
    lines = text.removesuffix("\n").split("\n")
    if lines[0].split("\t") != _TSV_HEADER:
        expected = "<tab>".join(_TSV_HEADER)
        yield 1, Problem(path, 1, f"the header {expected} is expected, {lines[0][:60]!r} found")
        return
    for number, line in enumerate(lines[1:], start=2):
        cells = line.split("\t")
        if len(cells) != len(_TSV_HEADER):
            what = f"{len(_TSV_HEADER)} columns are expected ({', '.join(_TSV_HEADER)}), {len(cells)} found"
            yield number, Problem(path, number, what)
        else:
            yield _made(path, number, _tsv_unit, codebook, path.stem, number - 1, *cells)


def _tsv_unit(codebook: Codebook, stem: str, number: int, document: str, codes: str, text: str) -> CodedUnit:
    if not document.strip():
        raise CorpusError("the document is empty; name the document that the unit stands in")
    return CodedUnit(
        f"{stem}-{number:04d}",
        text,
        _parse_codes(codes, codebook),
        stem,
        f"authored:{stem}:{document}",
        codebook=codebook,
    )


def _read_jsonl(path: Path, codebook: Codebook) -> _Scan:
    for number, row in json_lines(path):
        if isinstance(row, Problem):
            yield number, row
        else:
            yield _made(path, number, _json_unit, codebook, row)


def _json_unit(codebook: Codebook, row: dict[str, Any]) -> CodedUnit:
    check_fields(row, _JSON_REQUIRED, _JSON_STRINGS)
    strings = {name: row[name] for name in _JSON_STRINGS if name in row}
    unit = CodedUnit(**strings, codes=tuple(row["codes"]), fold=row.get("fold"), codebook=codebook)
    if row.get("sha1", unit.sha1) != unit.sha1:
        raise CorpusError(
            f"the text's SHA-1 is {unit.sha1}, the line says {row['sha1']}: the text was changed"
        )
    return unit


def _read_csv(path: Path, codebook: Codebook) -> _Scan:
    text = _decoded(path)
    if isinstance(text, Problem):
        yield text.line, text
        return
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] | None = None
    line, number = 1, 0
    try:
        for cells in reader:
            if header is None:
                header = cells
                if what := _csv_header_problem(header):
                    yield 1, Problem(path, 1, what)
                    return
            elif len(cells) != len(header):
                what = f"{len(header)} columns are expected, {len(cells)} found"
                yield line, Problem(path, line, what)
            else:
                number += 1
                row = dict(zip(header, map(bare, cells), strict=True))
                if not _is_waiting(row):
                    yield _made(path, line, _csv_unit, codebook, path.stem, number, row)
            line = reader.line_num + 1
    except csv.Error as error:
        yield line, Problem(path, line, f"not CSV ({error}); quote cells that hold commas or quotes")
    if header is None:
        yield 1, Problem(path, 1, "the file is empty; a header with the columns text and codes is expected")


def _csv_header_problem(header: list[str]) -> str:
    missing = [name for name in _CSV_REQUIRED if header.count(name) != 1]
    doubled = [name for name in _CSV_OPTIONAL if header.count(name) > 1]
    if not missing and not doubled:
        return ""
    optional = ", ".join(_CSV_OPTIONAL)
    return (
        f"a header with text and codes once (and perhaps {optional}) is expected, {','.join(header)!r} found"
    )


def _csv_unit(codebook: Codebook, stem: str, number: int, row: dict[str, str]) -> CodedUnit:
    name = row.get("id") or f"{stem}-{number:04d}"
    codes = _parse_codes(row["codes"], codebook)
    kind, document = row.get("kind") or "other", row.get("document") or name
    drawn = _DRAWN.match(row.get("why", ""))
    sample = drawn[1] if drawn else ""
    return CodedUnit(name, row["text"], codes, kind, document, sample=sample, codebook=codebook)


def _is_waiting(row: Mapping[str, str]) -> bool:
    """True of a row of a sheet that was drawn to be coded, and is not coded yet."""
    return bool(row.get("why", "").strip()) and not row.get("codes", "").strip()


def _read_workbook(path: Path, codebook: Codebook) -> _Scan:
    try:
        yield from read_table(path, partial(_sheet, path, codebook), ReadOptions(text_column="text"))
    except DocumentError as error:
        raise CorpusError(str(error)) from error


def _sheet(path: Path, codebook: Codebook, table: Table) -> _Scan:
    for number, row in table.sound():
        if what := _csv_header_problem([*table.columns]):
            yield 1, Problem(path, 1, what)
            return
        cells = {name: bare(cell) for name, cell in row.items()}
        if not _is_waiting(cells):
            yield _made(path, number, _csv_unit, codebook, path.stem, number, cells)


_Reader = Callable[[Path, Codebook], _Scan]
_READERS: dict[str, _Reader] = {
    ".tsv": _read_tsv,
    ".jsonl": _read_jsonl,
    ".csv": _read_csv,
    ".xlsx": _read_workbook,
}
SUFFIXES = frozenset(_READERS)
"""What the names of files of coded units end in."""
