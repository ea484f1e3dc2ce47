"""Finished chunks on disk: what a run that was killed need not do again.

A part is one gzip file: a line that sums it up, then a line an outcome. It gets its name only when
it is whole, so that a part that is there is finished, whatever happened to the process.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from wuxing_nlp.atomic import atomic_file, sweep, write_file
from wuxing_nlp.batch.lines import json_line
from wuxing_nlp.batch.outcome import Failure, Record
from wuxing_nlp.errors import OutputError

FOLDER = ".unfinished"
"""The folder inside a run's folder that holds its parts until the run is complete."""

_PLAN = "plan.json"
_FAST = 1  # the level of gzip that costs less than a tenth of tagging


@dataclass(slots=True)
class Counts:
    """What a part or a run holds; ``fields`` are the names of the input's own columns, in order,
    ``notices`` what readers decided by themselves."""

    documents: int = 0
    failures: int = 0
    units: int = 0
    statuses: dict[str, int] = field(default_factory=dict)
    fields: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, outcomes: Iterable[Record | Failure], notices: Iterable[str] = ()) -> Counts:
        """The counts of some outcomes."""
        counts = cls(notices=list(notices))
        for outcome in outcomes:
            if isinstance(outcome, Failure):
                counts.failures += 1
                continue
            profile = outcome["profile"]
            counts.add(cls(1, 0, profile["units"], profile["statuses"], list(outcome["fields"])))
        return counts

    def add(self, other: Counts) -> None:
        """Count what another part holds as well."""
        self.documents += other.documents
        self.failures += other.failures
        self.units += other.units
        for status, count in other.statuses.items():
            self.statuses[status] = self.statuses.get(status, 0) + count
        self.fields = list(dict.fromkeys([*self.fields, *other.fields]))
        self.notices += other.notices


class Parts:
    """The parts of a run's folder. They bear the mark of their plan: what a process still writes
    whose run was discarded is never taken for a part of another.

    Args:
        out: the run's folder.
        identity: everything that the results depend on, as plain JSON values.
    """

    def __init__(self, out: Path, identity: dict[str, Any]) -> None:
        self._folder = out / FOLDER
        self._identity = identity
        self._mark = hashlib.sha256(json_line(identity)).hexdigest()[:12]

    def fit(self) -> bool:
        """Whether the folder has no unfinished run, or one of the same plan."""
        return self._plan() in (None, self._identity)

    def begun(self) -> bool:
        """Whether the folder has an unfinished run of this plan."""
        return bool(self._plan() == self._identity)

    def begin(self, *, restart: bool) -> None:
        """Make the folder, or take it over from an unfinished run of the same plan.

        Raises:
            OutputError: the folder cannot be made, or holds an unfinished run of another plan and
                ``restart`` is False.
        """
        before, identity = self._plan(), self._identity
        if restart or before is None:
            self.remove()
        elif before != identity:
            changed = [key for key in identity if before.get(key) != identity[key]]
            raise OutputError(
                f"{self._folder.parent} holds an unfinished run that differs in {', '.join(changed)}; "
                "repeat its command to finish it, or discard it with --restart"
            )
        try:
            self._folder.mkdir(parents=True, exist_ok=before == identity and not restart)
        except OSError as error:
            raise OutputError(
                f"{self._folder.parent} cannot be a folder: {error.strerror or error}"
            ) from error
        sweep(self._folder.parent)
        sweep(self._folder)
        write_file(self._folder / _PLAN, [json_line(identity)])

    def _plan(self) -> Any:
        try:
            return json.loads((self._folder / _PLAN).read_bytes())
        except (OSError, ValueError):
            return None

    def path(self, number: int) -> Path:
        """The file of a chunk's part, whether it is there or not."""
        return self._folder / f"{self._mark}-{number:08d}.jsonl.gz"

    def remove(self) -> None:
        """Remove all parts: the run is complete, or to be done anew."""
        shutil.rmtree(self._folder, ignore_errors=True)


def write_part(path: Path, outcomes: list[Record | Failure], notices: Iterable[str] = ()) -> Counts:
    """Write a part, whole or not at all. Raises OutputError as :func:`atomic_file` does."""
    counts = Counts.of(outcomes, notices)
    with atomic_file(path) as stream, packing(stream) as packed:
        for value in (asdict(counts), *map(_plain, outcomes)):
            packed.write(json_line(value))
    return counts


def packing(stream: BinaryIO) -> gzip.GzipFile:
    """A stream that packs what is written to it; without a name and a time in its header the same
    content is the same bytes."""
    return gzip.GzipFile("", "wb", compresslevel=_FAST, fileobj=stream, mtime=0)


def read_counts(path: Path) -> Counts:
    """What a part holds, by its first line."""
    with gzip.open(path, "rb") as stream:
        return Counts(**json.loads(stream.readline()))


def read_part(path: Path) -> Iterator[Record | Failure]:
    """The outcomes of a part, in order."""
    return map(outcome_of, read_lines(path))


def read_lines(path: Path) -> Iterator[bytes]:
    """The lines of a part's outcomes, in order: a record's is the one that ``results.jsonl`` gets."""
    with gzip.open(path, "rb") as stream:
        stream.readline()
        yield from stream


def outcome_of(line: bytes) -> Record | Failure:
    """The outcome of a line."""
    value = json.loads(line)
    return Failure(**value["failure"]) if "failure" in value else value


def _plain(outcome: Record | Failure) -> Record:
    return {"failure": asdict(outcome)} if isinstance(outcome, Failure) else outcome
