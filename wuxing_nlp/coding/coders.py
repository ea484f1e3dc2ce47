"""The codings of several coders: their files in, one unit with what each of them gave out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from wuxing_nlp.coding.coder_tables import BY, CodedRow, CoderTable, read_tables
from wuxing_nlp.errors import CorpusError


@dataclass(frozen=True, slots=True)
class SharedUnit:
    """A unit, and the codes that each coder gave to it.

    Attributes:
        id: what tells it from others: its id, ``document#unit``, or the SHA-1 of its text.
        text: "" where no file has it.
        document: the document that it stands in; "" where no file says so.
        kind: of the document; "" where no file says so.
        codes: coder to written codes; who did not code the unit is not in it.
    """

    id: str
    text: str
    document: str
    kind: str
    codes: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class SharedCodings:
    """What several coders gave to the same units.

    Attributes:
        coders: their names, in the order of the files.
        units: in the order in which the files first name them.
        by: what tells units apart: ``id``, ``place`` (document and unit) or ``text``.
    """

    coders: tuple[str, ...]
    units: tuple[SharedUnit, ...]
    by: str


def read_codings(
    paths: Sequence[Path | str],
    *,
    by: str | None = None,
    coder_columns: Sequence[str] = (),
    notify: Callable[[str], None] | None = None,
) -> SharedCodings:
    """Read coders' files: tables (CSV, TSV, Excel, JSON lines, Parquet) of one row a unit.

    A file is *long* where it has a column ``codes`` (``"D2, P-"``; ``0`` for none; an empty cell for a
    unit that was not coded): the codings of the coder that the file is named after, or of those that
    its column ``coder`` names. It is *wide* where it has no such column, but a column of codes for
    every coder, named after the coder (``anna`` or ``codes_anna``); or else a column of 0 and 1 for
    every base code.

    Units are told apart by a column ``id``, else by the columns ``document`` and ``unit``, else by
    ``text`` (or its ``sha1``): by the first of them that all files have. Texts must be the same in all.

    Args:
        paths: the files.
        by: ``id``, ``place`` or ``text``, to tell units apart by this and nothing else.
        coder_columns: the columns of wide files that hold codes; else those called ``codes_…``, or else
            those whose cells are mostly codes, and not all of them 0.
        notify: called with a line for the user where a sheet is left out or coders' columns are guessed.

    Raises:
        DocumentError: a file that cannot be read as a table, a broken row of it, or no codings.
        CorpusError: an unknown code, a unit without a name or that a coder coded twice, one name for
            two texts; the message says which file, which row, what.
    """
    tables = [
        table for path, name in _named(paths) for table in read_tables(path, name, coder_columns, notify)
    ]
    by = _chosen(tables, by)
    coders: dict[str, None] = {}
    units: dict[str, _Gathered] = {}
    for table in tables:
        coders |= dict.fromkeys(table.coders)
        for row in table.rows:
            coders |= dict.fromkeys(row.codes)
            key = _key(row, by)
            units.setdefault(key, _Gathered(key, by, row)).add(row)
    return SharedCodings(tuple(coders), tuple(unit.shared() for unit in units.values()), by)


def _named(paths: Sequence[Path | str]) -> list[tuple[Path, str]]:
    """The files, each with the name of its coder: what it is called, or its path where two are alike."""
    files = list(dict.fromkeys(map(Path, paths)))
    stems = [file.stem for file in files]
    return [(file, file.stem if stems.count(file.stem) == 1 else file.as_posix()) for file in files]


def _chosen(tables: Sequence[CoderTable], by: str | None) -> str:
    """What tells units apart in all tables."""
    for key in [by] if by else BY:
        if all(key in table.keys for table in tables):
            return key
    wanted = BY[by] if by else ", or ".join(BY.values())
    found = "; ".join(f"{table.name} has {_having(table)}" for table in tables)
    raise CorpusError(f"units are to be told apart by {wanted}, the same in all files; {found}")


def _having(table: CoderTable) -> str:
    return ", or ".join(columns for key, columns in BY.items() if key in table.keys) or "none of them"


def _key(row: CodedRow, by: str) -> str:
    if key := row.keys[by]:
        return key
    raise CorpusError(f"{row.place}: no {BY[by]}, by which units are told apart here; fill the cell")


@dataclass(slots=True)
class _Gathered:
    """A unit while the files are read."""

    key: str
    by: str
    first: CodedRow
    text: str = ""
    document: str = ""
    kind: str = ""
    codes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)

    def add(self, row: CodedRow) -> None:
        """Take over what a row says. Raises CorpusError: it says it again, or something else."""
        if self.text and row.text and self.text.split() != row.text.split():
            raise CorpusError(
                f"{row.place}: {self.key!r} is another text than in {self.first.place}; "
                f"one {BY[self.by]} must mean one unit in all files"
            )
        for coder, codes in row.codes.items():
            if coder in self.places:
                raise CorpusError(self._again(coder, row))
            self.codes[coder], self.places[coder] = codes, row.place
        self.text = self.text or row.text
        self.document = self.document or row.document
        self.kind = self.kind or row.kind

    def _again(self, coder: str, row: CodedRow) -> str:
        unit, repeated = repr(self.key), "keep one of the two"
        if self.by == "text":
            unit = repr(row.text[:20]) if row.text else unit
            repeated += ", or tell units apart by an id or by document and unit"
        return f"{row.place}: the unit of {self.places[coder]} again ({unit}, coded by {coder}); {repeated}"

    def shared(self) -> SharedUnit:
        """The unit, once all files are read."""
        return SharedUnit(self.key, self.text, self.document, self.kind, self.codes)
