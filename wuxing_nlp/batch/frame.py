"""Data frames: the units of a frame's rows, for pandas, a Dask ``map_partitions`` and a Spark
``mapInPandas``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import pandas as pd
import pyarrow as pa

from wuxing_nlp.batch.columns import Column, FailureTable, Row, UnitTable
from wuxing_nlp.batch.outcome import Failure, Result, tag_items
from wuxing_nlp.batch.settings import Settings
from wuxing_nlp.batch.tables import parquet
from wuxing_nlp.batch.tagging import tagger_of
from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.documents import Document, ReadOptions
from wuxing_nlp.documents.making import make_document
from wuxing_nlp.documents.source import one_line
from wuxing_nlp.documents.tables.cells import to_text
from wuxing_nlp.errors import DocumentError

_FRAME = "the frame"
_TEXT = pd.StringDtype("pyarrow")  # what Dask calls string[pyarrow]; the same in pandas 2 and 3
_SPARK = {"text": "string", "count": "bigint", "share": "double"}


def tag_frame(
    frame: pd.DataFrame,
    *,
    text_column: str,
    id_column: str | None = None,
    settings: Settings | None = None,
) -> pd.DataFrame:
    """The units of a frame's documents, one document a row.

    The columns and their types are those of the units table, whatever the frame holds, so that the
    results of many partitions fit together; :func:`unit_meta` and :func:`unit_ddl` say them
    beforehand. A row without text has no units; :func:`failed_rows` says which rows those are. The
    model is loaded once a process.

    Args:
        frame: the documents.
        text_column: the column that holds the text; named, not guessed, for partitions must agree.
        id_column: the column that ``document`` is taken from; without it, or where its cell is
            empty, that is the row's index label: distinct in a frame, but not in all its partitions.
        settings: the model, its preference, and whether text is quoted; how tables are written and
            how files are read does not matter here, but for the limit of a text's length.

    Returns:
        One row a unit, in order, with an index of its own.

    Raises:
        DocumentError: the frame has no such column.
        BundleError: the model cannot be loaded.
    """
    settings = settings or Settings()
    documents = _documents(frame, text_column, id_column, settings.options)
    table = UnitTable(load_codebook(), text=settings.text)
    return _frame(_unit_rows(documents, table, settings), table.columns)


def failed_rows(
    frame: pd.DataFrame,
    *,
    text_column: str,
    id_column: str | None = None,
    settings: Settings | None = None,
) -> pd.DataFrame:
    """The rows that :func:`tag_frame` gives no units for, with the reason and what to do.

    It reads no model: run it over the same partitions beside the tagging, for a function that is
    mapped over partitions has no other way to report.

    Args:
        frame: as for :func:`tag_frame`, like the other arguments.

    Returns:
        One row a failure: ``input``, ``reason``, ``advice``, all text.

    Raises:
        DocumentError: the frame has no such column.
    """
    table = FailureTable()
    options = (settings or Settings()).options
    items = _documents(frame, text_column, id_column, options)
    failures = (Failure.of(item) for item in items if isinstance(item, DocumentError))
    return _frame((row for failure in failures for row in table.rows(failure)), table.columns)


def unit_meta(*, text: bool = True) -> pd.DataFrame:
    """An empty frame with the columns and types of :func:`tag_frame`: the ``meta`` of Dask."""
    return _frame((), _unit_columns(text))


def unit_ddl(*, text: bool = True) -> str:
    """The same as a schema of Spark."""
    return ", ".join(f"`{column.name}` {_SPARK[column.type]}" for column in _unit_columns(text))


def _unit_columns(text: bool) -> list[Column]:
    return UnitTable(load_codebook(), text=text).columns


def _unit_rows(
    documents: Iterable[Document | DocumentError], table: UnitTable, settings: Settings
) -> Iterator[Row]:
    found = [item for item in documents if isinstance(item, Document)]
    # An empty partition, as Dask and Spark have many, needs no model.
    if not found:
        return
    tagger = tagger_of(settings)
    for outcome in tag_items(tagger, found, evidence=settings.evidence, probabilities=True):
        if isinstance(outcome, Result):
            yield from table.rows(outcome.to_dict(text=settings.text))


def _documents(
    frame: pd.DataFrame, text_column: str, id_column: str | None, options: ReadOptions
) -> Iterator[Document | DocumentError]:
    texts = _column(frame, text_column)
    options = replace(options, metadata=False)  # tagging asks the text for it, and once is enough
    ids = _column(frame, id_column) if id_column is not None else [None] * len(frame)
    for label, text, key in zip(frame.index, texts, ids, strict=True):
        name = one_line(_cell(key).strip() or str(label))
        try:
            yield make_document(name, _cell(text), options)
        except DocumentError as error:
            yield error


def _column(frame: pd.DataFrame, name: str) -> pd.Series:
    if name not in frame.columns:
        columns = ", ".join(repr(column) for column in frame.columns)
        seen = f"there is no column {name!r}; its columns are {columns}"
        raise DocumentError(_FRAME, seen, "check the name")
    column = frame[name]
    if isinstance(column, pd.DataFrame):
        raise DocumentError(_FRAME, f"there are several columns {name!r}", "give them different names")
    return column


def _cell(value: Any) -> str:
    """A cell as text; "" for None, NaN, NaT and pd.NA."""
    missing = pd.isna(value) if pd.api.types.is_scalar(value) else False
    return "" if missing else to_text(value)


def _frame(rows: Iterable[Row], columns: list[Column]) -> pd.DataFrame:
    frame: pd.DataFrame = parquet.table(rows, columns).to_pandas(types_mapper={pa.string(): _TEXT}.get)
    return frame
