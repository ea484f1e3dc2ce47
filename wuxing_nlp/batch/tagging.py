"""Chunks to parts: what a worker of a run does first."""

from __future__ import annotations

from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from wuxing_nlp.batch.outcome import Failure, Item, Record, Result, tag_items
from wuxing_nlp.batch.parts import Counts, read_counts, read_part, write_part
from wuxing_nlp.batch.plan import Chunk
from wuxing_nlp.batch.settings import Settings
from wuxing_nlp.batch.workers import alone
from wuxing_nlp.documents import Document
from wuxing_nlp.errors import DocumentError, OutputError
from wuxing_nlp.model.preference import Preference
from wuxing_nlp.model.tagger import Tagger

_LOADING = Lock()


@dataclass(frozen=True, slots=True)
class Task:
    """A chunk, how it is to be tagged, and the file that its part is to be."""

    chunk: Chunk
    settings: Settings
    part: Path


@dataclass(frozen=True, slots=True)
class Done:
    """A chunk whose part is there: its weight in bytes, what it holds, and its failures."""

    size: int
    counts: Counts
    failures: tuple[Failure, ...]


def tag_chunk(task: Task) -> Done:
    """Tag a chunk and write its part; where the part is there already, read what it holds.

    Raises:
        OutputError: the part cannot be written.
    """
    if task.part.exists():
        failures = (outcome for outcome in read_part(task.part) if isinstance(outcome, Failure))
        return Done(task.chunk.size, read_counts(task.part), tuple(failures))
    return _written(task, _outcomes(task))


def tag_chunk_carefully(task: Task) -> Done:
    """Tag a chunk one of whose items ends the process that reads or tags it: every item in a process
    of its own, so that only the culprit is lost.

    Raises:
        OutputError: the part cannot be written, or no process of ours can be started here at all.
    """
    _check_processes(task.settings)
    whole = _Outcomes([], [])
    for item in task.chunk.items:
        one = replace(task, chunk=replace(task.chunk, items=(item,)))
        try:
            found = alone(_outcomes, one)
        except BrokenProcessPool:
            found = _Outcomes([_culprit(item)], [])
        whole.outcomes.extend(found.outcomes)
        whole.notices.extend(found.notices)
    return _written(task, whole)


def _check_processes(settings: Settings) -> None:
    """Pass where a process can load the model: else no document is to blame for its end."""
    try:
        alone(_load, settings)
    except BrokenProcessPool:
        raise OutputError(
            "no further process can be started here, or there is no memory left for one; use one worker, "
            'and in a program of your own begin with: if __name__ == "__main__":'
        ) from None


def _load(settings: Settings) -> None:
    tagger_of(settings)


class _Outcomes(NamedTuple):
    outcomes: list[Record | Failure]
    notices: list[str]


def _outcomes(task: Task) -> _Outcomes:
    settings = task.settings
    found = _Outcomes([], [])
    options = replace(settings.options, notify=found.notices.append)
    for outcome in tag_items(
        tagger_of(settings), task.chunk.items, options, evidence=settings.evidence, probabilities=True
    ):
        kept = outcome.to_dict(text=settings.text) if isinstance(outcome, Result) else outcome
        found.outcomes.append(kept)
    return found


def _written(task: Task, found: _Outcomes) -> Done:
    counts = write_part(task.part, found.outcomes, found.notices)
    failures = tuple(outcome for outcome in found.outcomes if isinstance(outcome, Failure))
    return Done(task.chunk.size, counts, failures)


def _culprit(item: Item) -> Failure:
    if isinstance(item, DocumentError):
        return Failure.of(item)
    what = "tagging" if isinstance(item, Document) else "reading"
    return Failure(
        item.name,
        f"{what} it ended the process (a crash of a library, or no memory left)",
        "the file may be damaged: open it in the program that made it and save it again",
    )


def tagger_of(settings: Settings) -> Tagger:
    """The tagger of a run, loaded once a process, whatever its threads."""
    with _LOADING:
        return _loaded(settings.model, settings.prefer)


@cache
def _loaded(model: Path | None, prefer: Preference) -> Tagger:
    return Settings(model, prefer).tagger()
