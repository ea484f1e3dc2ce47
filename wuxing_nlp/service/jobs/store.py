"""The jobs of a data folder, in SQLite: what is written here outlives the service."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from wuxing_nlp.errors import ServiceError
from wuxing_nlp.model.preference import Preference
from wuxing_nlp.service.jobs.job import Counts, Job, Options, State

MOST_CRASHES = 3
"""So often the process of a job may end by itself; then the job has failed."""

_VERSION = 1
_SECONDS = 2  # for a service that is just ending to let go of the folder
_SCHEMA = """
CREATE TABLE jobs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    created TEXT NOT NULL,
    options TEXT NOT NULL,
    key TEXT,
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed')),
    started TEXT,
    finished TEXT,
    progress REAL,
    counts TEXT,
    error TEXT,
    crashes INTEGER NOT NULL,
    UNIQUE (owner, key)
);
CREATE INDEX jobs_by_state ON jobs (state, number);
CREATE INDEX jobs_by_owner ON jobs (owner, number);
"""
_FIELDS = tuple(field.name for field in fields(Job))
_COLUMNS = ", ".join(_FIELDS)
_CRASHED = (
    "its process ended {} times (a crash of a library, or no memory left); send the documents in smaller "
    "jobs, and leave out what may be damaged"
)


class Store:
    """The jobs of one data folder, for one service at a time.

    A job is queued, then running, then done or failed; from running it may go back to queued. No
    other step is possible: a method asked for one does nothing and says so by False. Every change
    is on the disk when its method returns. Methods block, and are called by one thread at a time.

    Raises:
        ServiceError: another service has the file, or it cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._connection = sqlite3.connect(
                path, timeout=_SECONDS, isolation_level=None, check_same_thread=False
            )
        except sqlite3.Error as error:
            raise _refusal(path, error) from None
        try:
            version = self._open()
        except sqlite3.Error as error:
            self.close()
            raise _refusal(path, error) from None
        if version > _VERSION:
            self.close()
            raise ServiceError(
                f"{path} was written by a newer version of wuxing_nlp; install that one, or name another "
                "folder with --data"
            )

    def _open(self) -> int:
        """Take the file, and make its tables where it is new; the version that it had."""
        run = self._connection.execute
        run("PRAGMA locking_mode = EXCLUSIVE")  # first, so that nothing is shared with another process
        run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = FULL")
        run("BEGIN IMMEDIATE")  # takes the lock, which is kept
        version = int(run("PRAGMA user_version").fetchone()[0])
        if version == 0:
            for statement in filter(str.strip, _SCHEMA.split(";")):
                run(statement)
            run(f"PRAGMA user_version = {_VERSION}")
        run("COMMIT")
        return version

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def add(self, job: Job) -> None:
        """Keep a new job. Its id, and its owner's key, are not there yet."""
        marks = ", ".join("?" * len(_FIELDS))
        values = [_stored(getattr(job, name)) for name in _FIELDS]
        self._connection.execute(f"INSERT INTO jobs ({_COLUMNS}) VALUES ({marks})", values)

    def find(self, id: str) -> Job | None:
        """The job of an id."""
        return self._first("WHERE id = ?", id)

    def find_key(self, owner: str, key: str) -> Job | None:
        """The job that an owner sent under an ``Idempotency-Key``."""
        return self._first("WHERE owner = ? AND key = ?", owner, key)

    def of_owner(self, owner: str, limit: int, after: str | None = None) -> list[Job]:
        """An owner's jobs, newest first: at most ``limit``, of those older than the job ``after``."""
        older = "AND number < (SELECT number FROM jobs WHERE id = ?)" if after else ""
        values = [owner, after] if after else [owner]
        return self._all(f"WHERE owner = ? {older} ORDER BY number DESC LIMIT ?", *values, limit)

    def ended_before(self, time: str) -> list[str]:
        """The ids of jobs that ended before a time."""
        asked = "SELECT id FROM jobs WHERE state IN ('done', 'failed') AND finished < ?"
        return [row[0] for row in self._connection.execute(asked, (time,))]

    def ids(self) -> set[str]:
        """The ids of all jobs."""
        return {row[0] for row in self._connection.execute("SELECT id FROM jobs")}

    def states(self) -> dict[State, int]:
        """How many jobs are in each state."""
        found = dict(self._connection.execute("SELECT state, count(*) FROM jobs GROUP BY state").fetchall())
        return {state: found.get(state.value, 0) for state in State}

    def begin(self, time: str) -> Job | None:
        """Let the oldest queued job run, if there is one."""
        job = self._first("WHERE state = 'queued' ORDER BY number LIMIT 1")
        if job is None:
            return None
        self._move(State.QUEUED, job.id, state=State.RUNNING, started=job.started or time)
        return self.find(job.id)

    def note(self, id: str, progress: float | None, counts: Counts) -> bool:
        """Note how a running job gets on."""
        return self._move(State.RUNNING, id, progress=progress, counts=counts)

    def finish(self, id: str, counts: Counts, time: str) -> bool:
        """A running job is done."""
        return self._move(
            State.RUNNING, id, state=State.DONE, progress=1.0, counts=counts, finished=time, error=None
        )

    def fail(self, id: str, error: str, time: str) -> bool:
        """A running job has failed."""
        return self._move(State.RUNNING, id, state=State.FAILED, error=error, finished=time)

    def crash(self, id: str, time: str) -> bool:
        """The process of a running job ended by itself: the job is queued again, or has failed."""
        job = self.find(id)
        if job is None or not self._move(State.RUNNING, id, crashes=job.crashes + 1):
            return False
        if job.crashes + 1 >= MOST_CRASHES:
            return self.fail(id, _CRASHED.format(job.crashes + 1), time)
        return self._move(State.RUNNING, id, state=State.QUEUED)

    def requeue(self) -> int:
        """Queue what was running again: its process was ended, or with the service. Says how many."""
        return self._connection.execute("UPDATE jobs SET state = 'queued' WHERE state = 'running'").rowcount

    def remove(self, id: str) -> bool:
        """Forget a job, in whatever state."""
        return self._connection.execute("DELETE FROM jobs WHERE id = ?", (id,)).rowcount == 1

    def _move(self, before: State, id: str, **values: object) -> bool:
        """Change a job that is in a state. False where it is not, or no longer there."""
        changed = ", ".join(f"{name} = ?" for name in values)
        given = [_stored(value) for value in values.values()]
        return (
            self._connection.execute(
                f"UPDATE jobs SET {changed} WHERE id = ? AND state = ?", (*given, id, before.value)
            ).rowcount
            == 1
        )

    def _first(self, where: str, *values: object) -> Job | None:
        return next(iter(self._all(where, *values)), None)

    def _all(self, where: str, *values: object) -> list[Job]:
        rows = self._connection.execute(f"SELECT {_COLUMNS} FROM jobs {where}", values).fetchall()
        return [_job(dict(zip(_FIELDS, row, strict=True))) for row in rows]


def _refusal(path: Path, error: sqlite3.Error) -> ServiceError:
    if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        seen = f"another service works with the data folder {path.parent}; end it"
    else:
        seen = f"{path} cannot be used ({error}); move it away to begin without jobs"
    return ServiceError(f"{seen}, or name another folder with --data")


def _stored(value: object) -> object:
    """A value as a column holds it."""
    return json.dumps(asdict(value)) if isinstance(value, Options | Counts) else value


def _job(row: dict[str, Any]) -> Job:
    options = json.loads(row["options"])
    options["prefer"] = Preference(options["prefer"])
    row["options"] = Options(**options)
    row["counts"] = Counts(**json.loads(row["counts"])) if row["counts"] else None
    row["state"] = State(row["state"])
    return Job(**row)
