"""Tables as files: one format a file. Each *encodes* rows to bytes, which any worker can do, and
*writes* what was encoded in order, which one process does."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from wuxing_nlp.batch.tables.format import TableFormat, TableWriter
from wuxing_nlp.errors import OutputError

__all__ = ["FORMATS", "TableFormat", "TableWriter", "table_format"]

FORMATS = {"csv": "", "jsonl": "", "xlsx": "documents", "parquet": "parquet"}
"""Format, which is also the suffix, to the extra that brings its library; "" where none is needed."""


def table_format(name: str) -> TableFormat:
    """The format of a name. Raises OutputError: there is no such format, or its library is missing."""
    if name not in FORMATS:
        raise OutputError(f"there is no table format {name!r}; there are {', '.join(FORMATS)}")
    try:
        return cast(TableFormat, import_module(f"wuxing_nlp.batch.tables.{name}"))
    except ModuleNotFoundError as error:
        raise OutputError(
            f"to write {name} tables the library {error.name} is needed; "
            f"pip install 'wuxing_nlp[{FORMATS[name]}]'"
        ) from None
