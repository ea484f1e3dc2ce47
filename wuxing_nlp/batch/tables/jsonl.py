"""JSON lines: an object a row, with the names of the columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import BinaryIO

from wuxing_nlp.batch.columns import Column, Row
from wuxing_nlp.batch.lines import json_line
from wuxing_nlp.batch.tables.plain import PlainWriter


def encode(rows: Iterable[Row], columns: Sequence[Column]) -> bytes:
    """Rows as lines; see :class:`TableFormat`."""
    names = [column.name for column in columns]
    return b"".join(json_line(dict(zip(names, row, strict=True))) for row in rows)


def writer(stream: BinaryIO, columns: Sequence[Column], title: str) -> PlainWriter:
    """A writer of lines; see :class:`TableFormat`."""
    return PlainWriter(stream)
