"""A run: documents to a folder of tables. It streams, uses several processes, and goes on where it
was stopped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Protocol

from wuxing_nlp.atomic import write_file
from wuxing_nlp.batch import joining, tagging
from wuxing_nlp.batch.finished import finished, run_files
from wuxing_nlp.batch.parts import Counts, Parts
from wuxing_nlp.batch.plan import Plan
from wuxing_nlp.batch.record import CODEBOOK, RUN, carried_codebook, run_record
from wuxing_nlp.batch.tables import table_format
from wuxing_nlp.batch.workers import Workers
from wuxing_nlp.errors import OutputError, StrictError


class Watcher(Protocol):
    """Is told how a run gets on."""

    def tagged(self, done: tagging.Done) -> None:
        """A chunk is tagged."""

    def joined(self, part: int, parts: int) -> None:
        """So many parts of all stand in the tables."""


class Blind:
    """The watcher that does not care."""

    def tagged(self, done: tagging.Done) -> None:
        """Nothing."""

    def joined(self, part: int, parts: int) -> None:
        """Nothing."""


def run(
    plan: Plan,
    out: Path,
    *,
    workers: int = 1,
    restart: bool = False,
    strict: bool = False,
    watcher: Watcher | None = None,
) -> Counts:
    """Work off a plan and write its tables, ``results.jsonl``, ``failures.csv`` and ``run.json``.

    A run that was stopped, in whatever way, goes on where it was when it is started again with the
    same plan; the files are the same, byte for byte, as those of a run that nothing stopped, and
    whatever the number of workers. Where the same run stands in the folder already, whole and without
    a failure, nothing is done.

    Args:
        plan: what is to be done.
        out: the folder of the files; it is made.
        workers: processes; with 1 everything is done in this one.
        restart: discard what the folder holds of an unfinished or another run, and begin anew.
        strict: stop at the first document that fails.
        watcher: is told how the run gets on.

    Returns:
        What the run holds.

    Raises:
        OutputError: the folder cannot be written, or holds a run of another plan.
        StrictError: a document failed, and ``strict`` is True.
    """
    watcher = watcher or Blind()
    for form in plan.settings.tables:
        table_format(form)  # a missing library is told now, not when everything is tagged
    joining.check_files(out)
    if not restart and (held := finished(plan, out)):
        return held
    identity = plan.identity()
    parts = Parts(out, identity)
    parts.begin(restart=restart)
    counts, number = _tag(plan, parts, workers, strict, watcher)
    counts.notices[:0] = plan.notices
    joint = joining.Joint(plan.model.codebook, plan.settings, tuple(counts.fields))
    joining.remove_files(out)
    joining.write_files(out, joint, _join(parts, number, joint, workers, watcher))
    if carried := carried_codebook(plan.model.codebook):
        write_file(out / CODEBOOK, [carried])
    write_file(out / RUN, [run_record(identity, plan.model, counts, run_files(plan), plan.found.skipped)])
    parts.remove()
    return counts


def _tag(plan: Plan, parts: Parts, workers: int, strict: bool, watcher: Watcher) -> tuple[Counts, int]:
    counts, number = Counts(), 0
    tasks = (tagging.Task(chunk, plan.settings, parts.path(chunk.number)) for chunk in plan.chunks())
    done_by = Workers(workers, tagging.tag_chunk, tagging.tag_chunk_carefully)
    with closing(done_by.map(tasks)) as answers:
        for done in answers:
            counts.add(done.counts)
            number += 1
            watcher.tagged(done)
            if strict:
                stop_at_failure(done)
    return counts, number


def stop_at_failure(done: tagging.Done) -> None:
    """Pass what has no failure. Raises StrictError with the first one."""
    if done.failures:
        raise StrictError(f"{done.failures[0]} (stopped by --strict; without it the others are tagged)")


def _join(
    parts: Parts, number: int, joint: joining.Joint, workers: int, watcher: Watcher
) -> Iterator[dict[str, bytes]]:
    tasks = (joining.Task(parts.path(at), joint) for at in range(number))
    done_by = Workers(workers, joining.encode_part, _no_memory)
    with closing(done_by.map(tasks)) as answers:
        for at, encoded in enumerate(answers, start=1):
            yield encoded
            watcher.joined(at, number)


def _no_memory(task: joining.Task) -> dict[str, bytes]:
    raise OutputError(
        f"{task.part} could not be put into the tables: the process ended; free memory, then repeat the "
        "command, which goes on here"
    )
