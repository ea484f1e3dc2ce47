"""Pandas frames in many partitions: a Dask ``map_partitions``, a Spark ``mapInPandas``. The columns
and their types never vary; :mod:`wuxing_nlp.batch.frames` is for a frame by itself."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path

import pandas as pd
import pyarrow as pa

from wuxing_nlp.batch.columns import Column, FailureTable, Row, UnitTable
from wuxing_nlp.batch.frames.reading import Opened
from wuxing_nlp.batch.frames.tagging import failure_rows, outcomes
from wuxing_nlp.batch.outcome import Result
from wuxing_nlp.batch.settings import Settings
from wuxing_nlp.batch.tables import parquet
from wuxing_nlp.batch.tagging import tagger_of
from wuxing_nlp.model.bundle import codebook_of

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
    opened = Opened.of(frame, text_column, id_column)
    table = UnitTable(settings.codebook(), text=settings.text)
    load = partial(tagger_of, settings)
    found = outcomes(opened, settings.options, load, evidence=settings.evidence, probabilities=True)
    records = (outcome.to_dict(text=settings.text) for outcome in found if isinstance(outcome, Result))
    return _frame((row for record in records for row in table.rows(record)), table.columns)


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
    opened = Opened.of(frame, text_column, id_column)
    return _frame(failure_rows(opened, (settings or Settings()).options), FailureTable().columns)


def unit_meta(*, text: bool = True, model: Path | None = None) -> pd.DataFrame:
    """An empty frame with the columns and types of :func:`tag_frame`: the ``meta`` of Dask; those of
    the shipped codebook, or of the bundle ``model``, which may have a codebook of its own."""
    return _frame((), _unit_columns(text, model))


def unit_ddl(*, text: bool = True, model: Path | None = None) -> str:
    """The same as a schema of Spark."""
    return ", ".join(f"`{column.name}` {_SPARK[column.type]}" for column in _unit_columns(text, model))


def _unit_columns(text: bool, model: Path | None) -> list[Column]:
    return UnitTable(codebook_of(model), text=text).columns


def _frame(rows: Iterable[Row], columns: list[Column]) -> pd.DataFrame:
    frame: pd.DataFrame = parquet.table(rows, columns).to_pandas(types_mapper={pa.string(): _TEXT}.get)
    return frame
