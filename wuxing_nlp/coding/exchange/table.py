"""A table of codings: a row a unit, a column a label with 0 or 1, beside the unit's own fields."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from wuxing_nlp.codebook import Codebook
from wuxing_nlp.codebook.columns import label_name
from wuxing_nlp.coding.exchange.fields import FIELDS, unit_of
from wuxing_nlp.coding.exchange.items import Item
from wuxing_nlp.coding.exchange.outcomes import NOT_CODED, Coding, Flaw, Left, Outcome, caught
from wuxing_nlp.coding.exchange.spelling import Spellings
from wuxing_nlp.documents.tables.table import Table
from wuxing_nlp.errors import CorpusError, DocumentError

CODER = "coder"
"""The column that names who coded the row, where a table has one."""

_MARKS = {"1": True, "1.0": True, "true": True, "0": False, "0.0": False, "false": False}
_AGAIN = re.compile(r" \([0-9]+\)$")  # how the readers of tables tell equal columns apart


def header(book: Codebook) -> list[str]:
    """The names of the columns: the unit's fields, then ``Z0`` … ``S_tackled``."""
    return [*FIELDS, *(label_name(code, book) for code in book.codes)]


def row(item: Item, book: Codebook) -> list[str | int]:
    """The cells of a unit under :func:`header`; nothing under the labels of one that is not coded.

    Raises:
        CorpusError: a model suggests codes, which nobody could tell from codings here.
    """
    if item.suggested is not None:
        raise CorpusError("a table has no place for suggestions; export for doccano or label-studio")
    values = [getattr(item.unit, name) for name in FIELDS]
    fields = ["" if value is None else value for value in values]
    if item.codes is None:
        return [*fields, *("" for _ in book.codes)]
    base = book.base(item.codes)
    return [*fields, *(int(code in base) for code in book.codes)]


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of a table hold labels: name to written code of the codebook."""

    labels: Mapping[str, str]
    book: Codebook

    @classmethod
    def of(cls, table: str, names: Sequence[str], book: Codebook) -> Columns:
        """The columns of a header. Raises DocumentError: no text, a label missing or given twice."""
        spellings = Spellings(book)
        found = {name: min(codes) for name in names if len(codes := spellings.find(name)) == 1}
        doubled = [name for name in names if _known(_AGAIN.sub("", name), found) and _AGAIN.search(name)]
        if len(set(found.values())) < len(found):
            doubled += [name for name, code in found.items() if list(found.values()).count(code) > 1]
        if doubled:
            raise DocumentError(table, f"columns given twice: {', '.join(doubled)}", "keep one of each")
        if "text" not in names:
            raise DocumentError(table, "no column 'text'", "name the column of the texts so")
        if missing := [label_name(code, book) for code in book.codes if code not in found.values()]:
            raise DocumentError(
                table, f"no column for the labels {', '.join(missing)}", "give each label a column of 0 and 1"
            )
        return cls(found, book)

    def codes(self, cells: Mapping[str, str]) -> tuple[str, ...] | None:
        """The codes of a row, None where no label has been decided. Raises CorpusError: some have
        not, or a cell holds neither 0 nor 1."""
        values = {name: cells.get(name, "").strip() for name in self.labels}
        if not any(values.values()):
            return None
        if empty := [name for name, value in values.items() if not value]:
            raise CorpusError(
                f"nothing stands under {', '.join(empty)}; write 0 or 1, or leave all labels empty"
            )
        for name, value in values.items():
            if value.casefold() not in _MARKS:
                raise CorpusError(f"{value!r:.40} stands under {name}; 0 or 1 is expected")
        given = (code for name, code in self.labels.items() if _MARKS[values[name].casefold()])
        return self.book.check(given)


def _known(name: str, labels: Mapping[str, str]) -> bool:
    return name in (*FIELDS, CODER) or name in labels


def outcomes(path: Path, book: Codebook, table: Table) -> Iterator[Outcome]:
    """What the rows of a table hold; with ``path`` and ``book`` bound, a maker for the readers of tables.

    Raises:
        DocumentError: the header lacks what is needed.
    """
    columns = Columns.of(table.name, table.columns, book)
    for found in table.rows:
        if isinstance(found, DocumentError):
            yield Flaw(path, found.name.rpartition("#")[2], f"{found.seen}; {found.advice}")
        else:
            number, cells = found
            yield from caught(path, f"row {number}", partial(_coding, columns, number, cells, path.stem))


def _coding(columns: Columns, number: int, cells: Mapping[str, str], stem: str) -> Iterator[Coding | Left]:
    codes = columns.codes(cells)
    unit = unit_of(cells, codes or (), f"{stem}-{number:04d}", columns.book)
    place = f"row {number}"
    yield Left(place, NOT_CODED) if codes is None else Coding(place, cells.get(CODER, ""), unit)
