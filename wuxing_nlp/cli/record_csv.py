"""Records as CSV."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from wuxing_nlp.batch.columns import Column
from wuxing_nlp.batch.tables import csv as csv_table


def encoded(records: Sequence[Mapping[str, Any]], texts: Collection[str]) -> bytes:
    """Records, all of the same names, as CSV without a byte-order mark.

    Args:
        records: at least one.
        texts: the names of texts, among them those that are in no record; the others are figures.
    """
    columns = [Column(name, "text" if name in texts else "share") for name in records[0]]
    rows = [list(record.values()) for record in records]
    return csv_table.header(columns).encode() + csv_table.encode(rows, columns)
