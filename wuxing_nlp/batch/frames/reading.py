"""The rows of a data frame as documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

import narwhals.stable.v2 as nw
from narwhals.exceptions import DuplicateError

from wuxing_nlp.documents import Document, ReadOptions
from wuxing_nlp.documents.making import make_document
from wuxing_nlp.documents.source import one_line
from wuxing_nlp.documents.tables.cells import to_text
from wuxing_nlp.documents.tables.columns import known_columns, listed
from wuxing_nlp.documents.tables.known import known_of
from wuxing_nlp.errors import DocumentError

_FRAME = "the frame"


@dataclass(frozen=True, slots=True)
class Opened:
    """A frame whose columns are known to be there.

    Attributes:
        rows: the frame, collected where it was lazy.
        text: the column that holds the texts.
        id: the column that names the rows; None for their index labels or, without an index, their
            numbers from 0 on.
        lazy: the library of a frame that was lazy; None for one that was not.
    """

    rows: nw.DataFrame[Any]
    text: str
    id: str | None
    lazy: ModuleType | None

    @classmethod
    def of(cls, frame: object, text: str, id: str | None, *, whole: bool = False) -> Opened:
        """Open a native frame; without ``whole``, the two columns alone are collected.

        Raises:
            DocumentError: it is no frame, or has no such column.
        """
        found = _known(frame)
        names = found.collect_schema().names()
        needed = list(dict.fromkeys([text] if id is None else [text, id]))
        for name in needed:
            if name not in names:
                seen = f"there is no column {name!r}; {listed(list(map(str, names)))}"
                raise DocumentError(_FRAME, seen, "check the name")
        if not whole:
            found = found.select(nw.col(name) for name in needed)
        if isinstance(found, nw.LazyFrame):
            return cls(found.collect(), text, id, nw.get_native_namespace(found))
        return cls(found, text, id, None)

    @property
    def library(self) -> ModuleType:
        """The library of the rows."""
        module: ModuleType = nw.get_native_namespace(self.rows)
        return module

    @property
    def others(self) -> list[str]:
        """The columns beside the text."""
        return [name for name in self.rows.columns if name != self.text]

    def documents(self, options: ReadOptions) -> Iterator[Document | DocumentError]:
        """The document of every row, in order, and in the place of one that has no text, or too much,
        the error. Columns that are called as metadata is (省份, 日期, …) are taken for that."""
        options = replace(options, metadata=False)  # tagging asks the text for it, and once is enough
        known = known_columns([name for name in self.others if isinstance(name, str)])
        columns = {name: _cells(self.rows.get_column(name)) for name in set(known.values())}
        texts = _cells(self.rows.get_column(self.text))
        for at, (name, text) in enumerate(zip(self._names(), texts, strict=True)):
            told = known_of({column: cells[at] for column, cells in columns.items()}, known)
            try:
                yield make_document(name, text, options, known=told)
            except DocumentError as error:
                yield error

    def _names(self) -> Iterator[str]:
        index = nw.maybe_get_index(self.rows)
        labels: Sequence[object] = range(len(self.rows)) if index is None else index
        ids = [""] * len(self.rows) if self.id is None else _cells(self.rows.get_column(self.id))
        return (one_line(key.strip() or str(label)) for key, label in zip(ids, labels, strict=True))

    def native(self, made: nw.DataFrame[Any]) -> Any:
        """A frame that was made from this one, as a frame of the kind that was opened."""
        return nw.to_native(made if self.lazy is None else made.lazy(backend=self.lazy))


def _known(frame: Any) -> nw.DataFrame[Any] | nw.LazyFrame[Any]:
    try:
        found: nw.DataFrame[Any] | nw.LazyFrame[Any] = nw.from_native(frame)
        found.collect_schema()
    except TypeError:
        seen = f"a {type(frame).__name__} is no data frame"
        raise DocumentError(_FRAME, seen, "give one of pandas, polars, pyarrow or the like") from None
    except DuplicateError:
        # Only pandas and pyarrow let columns share a name.
        names = getattr(frame, "column_names", None) or list(frame.columns)
        name, _ = Counter(names).most_common(1)[0]
        raise DocumentError(
            _FRAME, f"there are several columns {name!r}", "give them different names"
        ) from None
    return found


def _cells(column: nw.Series[Any]) -> list[str]:
    """The cells of a column as text; "" for what its library calls missing, and for NaN."""
    missing = column.is_null().to_list()
    return [
        "" if gone or _is_nan(cell) else to_text(cell)
        for gone, cell in zip(missing, column.to_list(), strict=True)
    ]


def _is_nan(cell: object) -> bool:
    return isinstance(cell, float) and cell != cell
