"""What is uploaded: files by their paths, or rows, which become one."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from tempfile import TemporaryDirectory

from wuxing_nlp.batch.lines import json_line
from wuxing_nlp.documents.source import one_line
from wuxing_nlp.errors import ServiceError
from wuxing_nlp.service.client.steps import Upload

Paths = str | PathLike[str] | Iterable[str | PathLike[str]]
Rows = Iterable[Mapping[str, object]]

_ROWS = "rows.jsonl"


def files_of(paths: Paths) -> tuple[Upload, ...]:
    """The files at some paths, or at one, each called by the last part of its path.

    Raises:
        ServiceError: there is none.
    """
    several = [paths] if isinstance(paths, str | PathLike) else paths
    files = tuple(Upload(_shown(path.name), path) for path in map(Path, several))
    if not files:
        raise ServiceError("there is no file to send; name at least one")
    return files


@contextmanager
def files_or_rows(paths: Paths | None, rows: Rows | None) -> Iterator[tuple[Upload, ...]]:
    """The files at some paths, or a file of rows that is there for the length of the block: rows may
    come from anywhere, once, and have to be sent again where a try fails.

    Raises:
        ServiceError: neither or both are given, or there are none of them, or a row is no JSON.
    """
    if (paths is None) == (rows is None):
        raise ServiceError("give paths of files, or rows, and not both")
    if paths is not None:
        yield files_of(paths)
        return
    with TemporaryDirectory(prefix="wuxing-") as folder:
        path = Path(folder) / _ROWS
        with path.open("wb") as stream:
            stream.writelines(_lines(rows or ()))
        if not path.stat().st_size:
            raise ServiceError("there is no row to send; give at least one")
        yield (Upload(_ROWS, path),)


def _shown(name: str) -> str:
    """A name as a form can have it: bytes that are no text show as U+FFFD."""
    return one_line(os.fsencode(name).decode("utf-8", "replace"))


def _lines(rows: Rows) -> Iterator[bytes]:
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, Mapping):
            raise ServiceError(f"row {number} is a {type(row).__name__}; give a mapping of columns to values")
        try:
            yield json_line(dict(row))
        except (TypeError, ValueError) as error:
            raise ServiceError(f"row {number} cannot be sent as JSON ({error}); give strings") from None
