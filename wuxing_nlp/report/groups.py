"""Documents in groups: by what they say of themselves, by year, or by a column of the input."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple

from wuxing_nlp.batch.columns import OF_INPUT
from wuxing_nlp.batch.outcome import Record
from wuxing_nlp.documents.document import Metadata
from wuxing_nlp.errors import ReportError
from wuxing_nlp.report.tally import Tally

MOST_KEPT = 10_000
"""Groups that are counted one by one; documents of any further ones are counted together."""

LONGEST_KEY = 200
"""Characters of a group's name that count: a column may hold whole texts."""

YEAR, SCRIPT = "year", "script"
METADATA = tuple(attribute.name for attribute in fields(Metadata))
_YEAR = re.compile(r"(?:19|20)\d{2}")


@dataclass(frozen=True, slots=True)
class Grouping:
    """A way to put documents in groups: its name, and a document's group ("" where it has none)."""

    name: str
    key: Callable[[Record], str]


def grouping(name: str, columns: Sequence[str]) -> Grouping:
    """The grouping of a name: a name of the metadata, ``year``, ``script``, or one of the input's own
    columns (with `` (input)`` behind it where the metadata has that name).

    Raises:
        ReportError: there is no such name; the message lists those that there are.
    """
    own = name.removesuffix(OF_INPUT)
    if name == YEAR:
        return Grouping(name, year_of)
    if name == SCRIPT:
        return Grouping(name, lambda record: str(record["script"]["script"]))
    if name in METADATA:
        return Grouping(name, lambda record: str(record["metadata"][name]))
    if name in columns or own in columns:
        column = name if name in columns else own
        return Grouping(name, lambda record: str(record["fields"].get(column, "")))
    known = ", ".join((YEAR, SCRIPT, *METADATA, *columns))
    raise ReportError(f"documents cannot be grouped by {name!r}; they have {known}")


def year_of(record: Record) -> str:
    """The year of a document's date; "" where it has none."""
    found = _YEAR.match(record["metadata"]["date"])
    return found[0] if found else ""


class Row(NamedTuple):
    """A group of a table."""

    key: str
    tally: Tally


class Table(NamedTuple):
    """Groups as they are shown: ``rows`` are the largest, ``rest`` the others together, ``hidden`` how
    many these are, ``unsaid`` the documents that have no group."""

    rows: list[Row]
    rest: Tally
    hidden: int
    unsaid: Tally


class Groups:
    """Tallies of groups; memory stays flat however many groups there are.

    Args:
        by: how documents are put in groups.
    """

    def __init__(self, by: Grouping) -> None:
        self.name = by.name
        self._key = by.key
        self._tallies: dict[str, Tally] = {}
        self._overflow = Tally()

    def add(self, record: Record) -> None:
        """Count a tagged document in its group."""
        key = self._key(record).strip()[:LONGEST_KEY]
        tally = self._tallies.get(key)
        if tally is None and len(self._tallies) < MOST_KEPT:
            tally = self._tallies[key] = Tally()
        (self._overflow if tally is None else tally).add(record)

    @property
    def overflowed(self) -> bool:
        """Whether there were more groups than are counted one by one."""
        return self._overflow.documents > 0

    def __iter__(self) -> Iterator[Row]:
        """All groups that are counted one by one, in the order of their names, without the one whose
        documents do not say."""
        return (Row(key, self._tallies[key]) for key in sorted(self._tallies) if key)

    def table(self, most: int) -> Table:
        """The groups with the most judged units, largest first; years in order."""
        ranked = sorted(self, key=lambda row: (-row.tally.coded, row.key))
        rows, rest = ranked[:most], Tally()
        for _, tally in ranked[most:]:
            rest.merge(tally)
        rest.merge(self._overflow)
        if self.name == YEAR:
            rows.sort(key=lambda row: row.key)
        return Table(rows, rest, len(ranked[most:]), self._tallies.get("", Tally()))
