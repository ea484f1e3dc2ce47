"""The partitions of a cluster's run: files on any file system that fsspec knows, each worked off whole."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import fsspec
from fsspec.implementations.local import LocalFileSystem

from wuxing_nlp.documents import Source
from wuxing_nlp.documents.formats import FORMATS
from wuxing_nlp.documents.source import one_line
from wuxing_nlp.errors import DocumentError, said

_TABLES = frozenset(suffix for suffix, form in FORMATS.items() if form.table)


@dataclass(frozen=True, slots=True)
class Partition:
    """A file that one task works off; a small value that travels to a worker.

    Attributes:
        name: what to show a person: a local path as it was given, or the file's URL.
        files: the fsspec file system that it lies on.
        path: its path there.
        size: its bytes; 0 where it could not be found.
    """

    name: str
    files: Any
    path: str
    size: int

    def fetched(self, folder: Path) -> Source | DocumentError:
        """The partition as a local file: what is local stays where it is, what is not is copied into
        ``folder``. An error that says why, where it cannot be."""
        if isinstance(self.files, LocalFileSystem):
            return Source(self.name, Path(self.path))
        local = folder / "partition"
        try:
            self.files.get_file(self.path, str(local))
        except FileNotFoundError:
            return DocumentError(self.name, "there is no such file", "check the path")
        # Every file system raises what its library raises, and not all of that is an OSError.
        except Exception as error:
            return DocumentError(
                self.name, f"cannot be fetched ({said(error)})", "see that every worker may read it"
            )
        return Source(self.name, local)


def find_partitions(inputs: Sequence[str | Path | Partition]) -> list[Partition]:
    """The files that paths mean, those of a path sorted, each file once.

    A pattern or folder that holds nothing, and a file that is not there, become a partition that
    fails: one bad path never stops the others.

    Args:
        inputs: files, patterns (``*``, ``**``, ``?``, ``[…]``) and folders, local or as URLs of any
            file system that fsspec knows. Of a folder the tables in it and below are meant, hidden
            ones and those that begin with ``_`` left out. A :class:`Partition` is taken as it is.

    Raises:
        DocumentError: a file system that there is not, or that cannot be listed.
    """
    found: dict[str, Partition] = {}
    for given in inputs:
        for partition in [given] if isinstance(given, Partition) else _partitions(str(given)):
            found.setdefault(partition.name, partition)
    return list(found.values())


def _partitions(given: str) -> list[Partition]:
    try:
        files, path = fsspec.url_to_fs(given)
        sizes = dict(sorted(_sizes(files, path)))
    # As in fetching: what is raised is the file system's own.
    except Exception as error:
        seen = f"cannot be listed ({said(error)})"
        raise DocumentError(one_line(given), seen, "check the path and the rights") from error
    return [
        Partition(_name(given, files, found), files, found, size)
        for found, size in (sizes or {path: 0}).items()
    ]


def _sizes(files: Any, path: str) -> Iterator[tuple[str, int]]:
    entries = [files.info(path)] if files.exists(path) else files.glob(path, detail=True).values()
    for entry in entries:
        if entry["type"] != "directory":
            yield entry["name"], entry["size"] or 0
            continue
        for below, facts in files.find(entry["name"], detail=True).items():
            if _is_partition(below.removeprefix(entry["name"])):
                yield below, facts["size"] or 0


def _is_partition(path: str) -> bool:
    # What begins so is what Spark and Dask keep beside their partitions.
    hidden = any(part.startswith(("_", ".")) for part in PurePosixPath(path).parts)
    return not hidden and PurePosixPath(path).suffix.lower() in _TABLES


def _name(given: str, files: Any, path: str) -> str:
    if not isinstance(files, LocalFileSystem):
        return one_line(files.unstrip_protocol(path))
    as_given = path if "://" in given or os.path.isabs(given) else Path(os.path.relpath(path)).as_posix()
    return one_line(as_given)
