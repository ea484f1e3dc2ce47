"""The process that does a job: what runs in it, and the handle that the service has of it."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock

from wuxing_nlp import batch
from wuxing_nlp.batch.parts import FOLDER, Parts
from wuxing_nlp.batch.tagging import Done
from wuxing_nlp.batch.workers import MANY_BYTES, begin
from wuxing_nlp.documents import find_sources
from wuxing_nlp.errors import WuxingError
from wuxing_nlp.service import logs
from wuxing_nlp.service.jobs.folder import INPUTS, OUT, alone, sync
from wuxing_nlp.service.jobs.job import Counts

_NICENESS = 10
"""Jobs step back behind calls, for which somebody waits."""

_TAGGING = 0.9
"""The share of a job's time that is over when everything is tagged."""

_SECONDS = 1.0
"""Between two words about a job's progress."""

_FAREWELL = 10.0
"""Seconds that a process may still take after its last word."""

_FAULT = "a fault of the service; please report it, with the id of the job"


@dataclass(frozen=True, slots=True)
class Order:
    """What a process is to do: the job of a folder, with settings, in so many processes; ``careful``
    after one of them has died, so that whatever document it was takes no other down with it."""

    folder: Path
    settings: batch.Settings
    workers: int
    careful: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How the job gets on: from 0 to 1, None where nobody knows."""

    fraction: float | None
    counts: Counts


@dataclass(frozen=True, slots=True)
class Finished:
    """The job is done."""

    counts: Counts


@dataclass(frozen=True, slots=True)
class Failed:
    """The job cannot be done: what was seen, what to do."""

    error: str


Word = Progress | Finished | Failed
"""What the process of a job says; the last word is how it ended."""


class JobProcess:
    """A process that does one job. All methods but :meth:`kill` belong to one thread."""

    def __init__(self, order: Order) -> None:
        context = get_context("spawn")
        self._here, self._there = context.Pipe(duplex=False)
        # No daemon, since those may have no workers: it is ended here, where the service is not
        # ended in order.
        self._process = context.Process(target=_work, args=(self._there, order), name="job")
        self._lock = Lock()
        self._killed = False

    def start(self) -> int | None:
        """Start it, unless it was killed before; its number."""
        with self._lock:
            if not self._killed:
                atexit.register(self.kill)
                self._process.start()
        self._there.close()
        return self._process.pid

    def word(self) -> Word | None:
        """What it says next; None where it has ended. It blocks."""
        try:
            word = self._here.recv()
        except (OSError, EOFError):
            return None
        assert isinstance(word, Progress | Finished | Failed)
        return word

    def let_end(self) -> None:
        """Wait some seconds for its end by itself, after its last word: a process that is killed
        leaves semaphores behind, which the service would be told of when it stops."""
        if self._process.pid is not None:
            self._process.join(_FAREWELL)

    def kill(self) -> None:
        """End it at once. Its own workers end with it."""
        with self._lock:
            self._killed = True
            if self._process.pid is not None:
                self._process.kill()

    def join(self) -> int | None:
        """Wait for its end, which is the number of a signal below 0 where one ended it."""
        if self._process.pid is not None:
            self._process.join()
        atexit.unregister(self.kill)
        return self._process.exitcode


def _work(there: Connection, order: Order) -> None:
    begin()
    logs.configure()
    # Ctrl-C reaches all processes of a terminal, and systemd tells all of a service to stop; the one
    # that listens says when it is time to end. What is ignored is so in workers too, which must end
    # when their pool says so: SIGTERM is handled, by doing nothing.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in ("SIGTERM", "SIGHUP"):
        if number := getattr(signal, name, None):
            signal.signal(number, lambda *_: None)
    with suppress(AttributeError, OSError):
        os.nice(_NICENESS)
    with suppress(OSError):
        there.send(_end(order, there.send))


def _end(order: Order, tell: Callable[[Word], None]) -> Finished | Failed:
    try:
        # Names of documents are those of the files, whatever folder the service keeps them in.
        os.chdir(order.folder / INPUTS)
        with alone(Path(os.pardir)):
            return Finished(_run(order, tell))
    except WuxingError as error:
        return Failed(str(error))
    except Exception as error:
        logs.log_fault("a job failed", error, job=order.folder.name)
        return Failed(_FAULT)


def _run(order: Order, tell: Callable[[Word], None]) -> Counts:
    # As a path from here: what is still written when the folder is gone does not make it anew.
    out = Path(os.pardir, OUT)
    if (record := out / batch.RUN).is_file():
        # The run was complete when its process ended, before anybody was told.
        shutil.rmtree(out / FOLDER, ignore_errors=True)
        found = json.loads(record.read_bytes())["counts"]
        return Counts(found["documents"], found["failures"], found["units"])
    plan = batch.Plan(find_sources(sorted(os.listdir())), order.settings, order.settings.bundle())
    counts = batch.run(
        plan,
        out,
        workers=_workers(order, plan),
        # A run that another version or model began is done anew.
        restart=not Parts(out, plan.identity()).fit(),
        watcher=_Watcher(plan.weight(), tell),
    )
    sync(out)
    return Counts(counts.documents, counts.failures, counts.units)


def _workers(order: Order, plan: batch.Plan) -> int:
    wanted = order.workers if plan.size() > MANY_BYTES else 1
    # In one process nothing would be isolated.
    return max(wanted, 2) if order.careful else wanted


class _Watcher:
    """Watches a run, and tells of it now and then."""

    def __init__(self, weight: int | None, tell: Callable[[Word], None]) -> None:
        self._weight = weight
        self._tell = tell
        self._tagged = 0
        self._counts = Counts()
        self._next = time.monotonic()

    def tagged(self, done: Done) -> None:
        """A chunk is tagged."""
        self._tagged += done.size
        more, counts = done.counts, self._counts
        self._counts = replace(
            counts,
            documents=counts.documents + more.documents,
            failures=counts.failures + more.failures,
            units=counts.units + more.units,
        )
        self._say(min(self._tagged / self._weight, 1) * _TAGGING if self._weight else None)

    def joined(self, part: int, parts: int) -> None:
        """So many parts of all stand in the tables."""
        self._say(_TAGGING + part / parts * (1 - _TAGGING) if self._weight else None)

    def _say(self, fraction: float | None) -> None:
        if (now := time.monotonic()) >= self._next:
            self._next = now + _SECONDS
            self._tell(Progress(fraction, self._counts))
