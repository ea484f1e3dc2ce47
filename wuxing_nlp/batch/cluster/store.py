"""The folder that a cluster's run writes to, on any file system that fsspec knows.

A file gets its name only when it is whole. Beside the results the folder keeps ``.parts``: the plan
of the run, and for every partition that is done a mark that names the plan and the partition's hash.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import fsspec

from wuxing_nlp.batch.record import RUN
from wuxing_nlp.errors import OutputError, said

KEPT = ".parts"
"""The folder inside a run's folder that holds what the run goes on from."""

TABLES = ("units", "documents", "failures")
"""The folders of the tables, each with one Parquet file a partition."""

_PLAN = f"{KEPT}/plan.json"


@dataclass(frozen=True, slots=True)
class Store:
    """A run's folder; a small value that travels to a worker. Every method raises OutputError where
    the file system does not do as it is told.

    Attributes:
        files: the fsspec file system.
        root: the folder's path there.
    """

    files: Any
    root: str

    @classmethod
    def of(cls, out: Path | str) -> Store:
        """The store of a local path or a URL."""
        with _told(str(out)):
            files, root = fsspec.url_to_fs(str(out))
        return cls(files, root.rstrip("/"))

    def begin(self, identity: dict[str, Any], *, restart: bool) -> str:
        """Make the folders, or take them over from a run of the same plan, done or not.

        Returns:
            The plan's mark, by which tasks know their own work.

        Raises:
            OutputError: also where the folder holds a run of another plan, or one of a single machine,
                and ``restart`` is False.
        """
        plan = json.dumps(identity, indent=1).encode()
        before = self.read(_PLAN)
        if restart:
            self._discard()
        elif before != plan and (before is not None or self._parts() or self.has(RUN)):
            raise OutputError(self._other_plan(identity, json.loads(before or b"{}")))
        for folder in (*TABLES, KEPT):
            with _told(self._path(folder)):
                self.files.makedirs(self._path(folder), exist_ok=True)
        self.sweep()
        self.remove(RUN)
        self.write(_PLAN, plan)
        return mark(plan)

    def _other_plan(self, identity: dict[str, Any], before: dict[str, Any]) -> str:
        changed = [key for key in identity if before.get(key) != identity[key]] if before else []
        which = (
            f"a run that differs in {', '.join(changed)}" if changed else "an unknown run, or parts of one"
        )
        return f"{self.root} holds {which}; choose another folder, or discard what is there with --restart"

    def is_of(self, plan: str) -> bool:
        """Whether the folder still belongs to the plan: a task that outlived its run must not write."""
        return mark(self.read(_PLAN) or b"") == plan

    def read(self, name: str) -> bytes | None:
        """A file's bytes; None where it is not there."""
        with _told(self._path(name)):
            try:
                content: bytes = self.files.cat_file(self._path(name))
            except FileNotFoundError:
                return None
        return content

    def has(self, name: str) -> bool:
        """Whether a file is there."""
        with _told(self._path(name)):
            return bool(self.files.exists(self._path(name)))

    def write(self, name: str, content: bytes) -> None:
        """Write a small file, whole or not at all."""
        with self._renamed(name) as part:
            self.files.pipe_file(part, content)

    def publish(self, local: Path, name: str) -> None:
        """Write a file from a local one, whole or not at all."""
        with self._renamed(name) as part:
            self.files.put_file(str(local), part)

    def fetch(self, name: str, local: Path) -> None:
        """Copy a file to a local one."""
        with _told(self._path(name)):
            self.files.get_file(self._path(name), str(local))

    def remove(self, name: str) -> None:
        """Remove a file, where it is there."""
        with _told(self._path(name)):
            if self.files.exists(self._path(name)):
                self.files.rm_file(self._path(name))

    def sweep(self) -> None:
        """Remove what killed workers left half written."""
        self._remove_all(f"{KEPT}/*.part")

    def _discard(self) -> None:
        # Only files of a run's own, for the folder may be somebody's home.
        for name in (RUN, _PLAN):
            self.remove(name)
        for pattern in (f"{KEPT}/part-*", *(f"{table}/part-*.parquet" for table in TABLES)):
            self._remove_all(pattern)

    def _remove_all(self, pattern: str) -> None:
        for path in self._found(pattern):
            with _told(path):
                self.files.rm_file(path)

    def _parts(self) -> list[str]:
        return [path for table in TABLES for path in self._found(f"{table}/part-*.parquet")]

    def _found(self, pattern: str) -> list[str]:
        folder, _, name = pattern.rpartition("/")
        start, _, end = name.partition("*")
        with _told(self._path(folder)):
            # Not by glob: the folder's own path may have signs of a pattern.
            if not self.files.isdir(self._path(folder)):
                return []
            paths = self.files.ls(self._path(folder), detail=False)
        names = ((path, path.rpartition("/")[2]) for path in paths)
        return sorted(path for path, name in names if name.startswith(start) and name.endswith(end))

    def _path(self, name: str) -> str:
        return f"{self.root}/{name}"

    @contextmanager
    def _renamed(self, name: str) -> Iterator[str]:
        part = self._path(f"{KEPT}/{uuid4().hex}.part")
        with _told(self._path(name)):
            yield part
            self.files.mv(part, self._path(name))


def mark(plan: bytes) -> str:
    """The mark of a plan."""
    return hashlib.sha256(plan).hexdigest()


@contextmanager
def _told(path: str) -> Iterator[None]:
    try:
        yield
    except OutputError:
        raise
    # Every file system raises what its library raises, and not all of that is an OSError.
    except Exception as error:
        raise OutputError(
            f"{path} cannot be used ({said(error)}); name a folder "
            "that every machine of the cluster may write to, or a URL"
        ) from error
