"""Metadata that the cells of a table's row give, in the form that :class:`Metadata` has."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from wuxing_nlp.documents.document import Metadata
from wuxing_nlp.documents.metadata.dates import find_dates
from wuxing_nlp.documents.metadata.kinds import KINDS
from wuxing_nlp.documents.metadata.regions import NATION, REGIONS, region_of_place

_COMPACT = re.compile(r"((?:19|20)\d\d)(?:[-/.]?(0[1-9]|1[0-2])(?:[-/.]?(0[1-9]|[12]\d|3[01]))?)?年?")
_LONGEST = 300  # characters of a title; more is a text under the wrong name
_OF_THE_NATION = frozenset((NATION, "中央", "国家", "国家级", "全國", "國家"))


def known_of(cells: Mapping[str, str], columns: Mapping[str, str]) -> Metadata:
    """The metadata of a row; "" for a cell that is empty or says nothing that is understood.

    Args:
        cells: the row's cells by column.
        columns: the column of each attribute of :class:`Metadata` that has one.
    """
    found = {attribute: cells.get(column, "").strip() for attribute, column in columns.items()}
    short = {attribute: cell for attribute, cell in found.items() if 0 < len(cell) <= _LONGEST}
    return Metadata(**{attribute: _READ.get(attribute, _line)(cell) for attribute, cell in short.items()})


def _line(cell: str) -> str:
    return " ".join(cell.split())


# A table has few dates and fewer regions, in very many rows.
@lru_cache(maxsize=10_000)
def _date(cell: str) -> str:
    if dates := find_dates(cell):
        return dates[0].iso
    match = _COMPACT.fullmatch(cell)
    return "-".join(filter(None, match.groups())) if match else ""


@lru_cache(maxsize=10_000)
def _region(cell: str) -> str:
    if cell in _OF_THE_NATION:
        return NATION
    begun = [region for region in REGIONS if region.startswith(cell)] if len(cell) > 1 else []
    return begun[0] if len(begun) == 1 else region_of_place(cell)


def _kind(cell: str) -> str:
    return cell if cell in KINDS else ""


_READ: Mapping[str, Callable[[str], str]] = {"date": _date, "region": _region, "kind": _kind}
