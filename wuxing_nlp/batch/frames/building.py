"""Rows of a table as columns of a data frame."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import ModuleType
from typing import Any

import narwhals.stable.v2 as nw

from wuxing_nlp.batch.columns import Column, Row, storable

_TYPES: dict[str, Any] = {"text": nw.String, "count": nw.Int64, "share": nw.Float64}


def series(rows: Iterable[Row], columns: Sequence[Column], library: ModuleType) -> list[nw.Series[Any]]:
    """One series a column, of the library's types for text, whole numbers and fractions.

    Args:
        rows, columns: those of a table.
        library: pandas, polars, pyarrow, …, as a module.
    """
    cells: Sequence[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * len(columns)
    return [
        nw.new_series(column.name, list(map(storable, values)), _TYPES[column.type], backend=library)
        for column, values in zip(columns, cells, strict=True)
    ]


def frame(rows: Iterable[Row], columns: Sequence[Column], library: ModuleType) -> nw.DataFrame[Any]:
    """The same as a frame."""
    made = series(rows, columns, library)
    return nw.from_dict({column.name: column for column in made})
