"""A table as its reader hands it over, whatever the format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from wuxing_nlp.errors import DocumentError

Row = tuple[int, Mapping[str, str]]
"""A row's number, as a person counts it in the file, and its cells by their columns."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a file; its rows are read once, from the top, while its file is open.

    Attributes:
        name: what messages call it: the file, and the sheet where a workbook has several.
        rows: the rows, and errors in the place of those that are broken.
        columns: what the header names; () for a format without one.
        encoding: the codec of the file; "" where the format leaves no choice.
    """

    name: str
    rows: Iterable[Row | DocumentError]
    columns: Sequence[str] = ()
    encoding: str = ""

    def sound(self) -> Iterator[Row]:
        """The rows. Raises DocumentError: one is broken."""
        for row in self.rows:
            if isinstance(row, DocumentError):
                raise row
            yield row

    def columns_of(self, rows: Iterable[Row]) -> list[str]:
        """The columns; those of some of its rows, where it has no header."""
        return list(self.columns or dict.fromkeys(name for _, cells in rows for name in cells))
