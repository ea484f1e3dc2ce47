"""Data frames tagged: texts of a column in, units or documents out."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from functools import partial
from itertools import compress
from typing import Any, Literal

import narwhals.stable.v2 as nw
from narwhals.stable.v2.typing import IntoFrameT

from wuxing_nlp.batch.columns import Cell, DocumentTable, FailureTable, Row, UnitTable
from wuxing_nlp.batch.frames import building
from wuxing_nlp.batch.frames.reading import Opened
from wuxing_nlp.batch.outcome import Failure, Result, tag_items
from wuxing_nlp.batch.settings import Settings
from wuxing_nlp.batch.tagging import tagger_of
from wuxing_nlp.documents import Document, ReadOptions
from wuxing_nlp.errors import DocumentError
from wuxing_nlp.model.tagger import Tagger

FAILURE = "failure"
"""The column of documents that says why a row was not tagged; missing where it was."""

Level = Literal["units", "documents"]

_EMPTY: dict[str, Cell] = {"text": "", "count": 0, "share": None}


def tag_frame(
    frame: IntoFrameT,
    *,
    text: str,
    id: str | None = None,
    level: Level = "units",
    tagger: Tagger | None = None,
    evidence: bool = True,
    probabilities: bool = True,
) -> IntoFrameT:
    """Tag the texts of a data frame, one document a row.

    A lazy frame is collected (for units the two columns alone) and the result is lazy again. For
    frames in many partitions see :func:`wuxing_nlp.batch.tag_frame`, whose columns never vary.

    Args:
        frame: of pandas, polars, pyarrow, or another library that narwhals knows.
        text: the column that holds the texts.
        id: the column that ``document`` is taken from; without it, or where its cell is empty, that is
            the row's index label or, in a frame without index, its number from 0 on.
        level: what a row of the result is.
        tagger: what tags; without it the shipped one, loaded once a process.
        evidence: False to leave the column ``evidence`` out, which saves a third of the time.
        probabilities: False to leave the columns ``p_…`` out.

    Returns:
        ``units``: one row a unit, with the columns of ``units.csv``; in pandas the index is that of the
        unit's row, as :meth:`pandas.DataFrame.explode` keeps it. A row without text has no units,
        which a warning tells and :func:`failed_rows` lists.

        ``documents``: every row of the frame, in order and with its index: the columns of
        ``documents.csv``, then ``failure`` (why the row was not tagged, else missing; such a row has no
        units and no shares), then the frame's own columns without the text, untouched; one that is
        called like ours gets `` (input)`` behind its name.

    Raises:
        DocumentError: it is no frame, or has no such column; the message names those it has.
        ValueError: no such level.
        BundleError: the model cannot be loaded.
    """
    if level not in ("units", "documents"):
        raise ValueError(f"there is no level {level!r}; it is units or documents")
    load = partial(tagger_of, Settings()) if tagger is None else lambda: tagger
    opened = Opened.of(frame, text, id, whole=level == "documents")
    if level == "documents":
        made = _of_documents(opened, load)
    else:
        made = _of_units(opened, load, evidence=evidence, probabilities=probabilities)
    native: IntoFrameT = opened.native(made)
    return native


def failed_rows(frame: IntoFrameT, *, text: str, id: str | None = None) -> IntoFrameT:
    """The rows that :func:`tag_frame` gives no units for; it reads no model.

    Args:
        frame, text, id: as for :func:`tag_frame`.

    Returns:
        One row a failure: ``input``, ``reason``, ``advice``, all text.

    Raises:
        DocumentError: it is no frame, or has no such column.
    """
    opened = Opened.of(frame, text, id)
    made = building.frame(failure_rows(opened, ReadOptions()), FailureTable().columns, opened.library)
    native: IntoFrameT = opened.native(made)
    return native


def outcomes(
    opened: Opened, options: ReadOptions, load: Callable[[], Tagger], *, evidence: bool, probabilities: bool
) -> Iterator[Result | Failure]:
    """What comes of every row, in order."""
    items = list(opened.documents(options))
    # An empty partition, as Dask and Spark have many, needs no model.
    if not any(isinstance(item, Document) for item in items):
        return (Failure.of(item) for item in items if isinstance(item, DocumentError))
    return tag_items(load(), items, evidence=evidence, probabilities=probabilities)


def failure_rows(opened: Opened, options: ReadOptions) -> Iterator[Row]:
    """The rows of the failures table, from reading alone."""
    table = FailureTable()
    for item in opened.documents(options):
        if isinstance(item, DocumentError):
            yield from table.rows(Failure.of(item))


def _of_units(
    opened: Opened, load: Callable[[], Tagger], *, evidence: bool, probabilities: bool
) -> nw.DataFrame[Any]:
    table = UnitTable(load().model.codebook)
    wanted = [
        (evidence or column.name != "evidence") and (probabilities or column.type != "share")
        for column in table.columns
    ]
    found = list(outcomes(opened, ReadOptions(), load, evidence=evidence, probabilities=probabilities))
    _tell([outcome for outcome in found if isinstance(outcome, Failure)], len(found))
    placed = [
        (at, list(compress(row, wanted)))
        for at, outcome in enumerate(found)
        if isinstance(outcome, Result)
        for row in table.rows(outcome.to_dict())
    ]
    columns = list(compress(table.columns, wanted))
    made = building.frame((row for _, row in placed), columns, opened.library)
    return _indexed(made, nw.maybe_get_index(opened.rows), [at for at, _ in placed])


def _tell(failures: list[Failure], rows: int) -> None:
    if failures:
        warnings.warn(
            f"{len(failures)} of {rows} rows have no units (the first is {failures[0]}); "
            "wuxing_nlp.failed_rows lists them",
            stacklevel=4,
        )


def _indexed(made: nw.DataFrame[Any], index: Any, origins: list[int]) -> nw.DataFrame[Any]:
    """The frame with the index labels of the rows that its rows come from, where there is an index."""
    if index is None:
        return made
    native = nw.to_native(made)
    native.index = index.take(origins)
    indexed: nw.DataFrame[Any] = nw.from_native(native)
    return indexed


def _of_documents(opened: Opened, load: Callable[[], Tagger]) -> nw.DataFrame[Any]:
    book = load().model.codebook
    table = DocumentTable(book, (FAILURE,))
    found = outcomes(opened, ReadOptions(), load, evidence=False, probabilities=False)
    rows = (_document_row(table, outcome) for outcome in found)
    made = building.series(rows, table.columns, opened.library)
    named = DocumentTable(book, (FAILURE, *opened.others)).columns[len(table.columns) :]
    renamed = {old: column.name for old, column in zip(opened.others, named, strict=True)}
    own = opened.rows.rename({old: new for old, new in renamed.items() if old != new})
    names = (*(one.name for one in made), *renamed.values())
    return own.with_columns(*made).select(nw.col(name) for name in names)  # a name may be a number in pandas


def _document_row(table: DocumentTable, outcome: Result | Failure) -> Row:
    if isinstance(outcome, Result):
        return next(table.rows(outcome.to_dict()))
    empty = [_EMPTY[column.type] for column in table.columns[1:-1]]
    return [outcome.name, *empty, outcome.seen]
