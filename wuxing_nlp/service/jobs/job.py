"""What is known of a job."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from wuxing_nlp import batch
from wuxing_nlp.documents import ReadOptions
from wuxing_nlp.model.preference import Preference


class State(StrEnum):
    """Where a job is; see :class:`wuxing_nlp.service.jobs.store.Store` for what follows what."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Options:
    """What a job's results are to be, as :class:`wuxing_nlp.batch.Settings` has it."""

    evidence: bool = True
    text: bool = True
    prefer: Preference = Preference.BALANCED
    text_column: str | None = None
    id_column: str | None = None

    def settings(self, model: Path | None, characters: int) -> batch.Settings:
        """The settings of the job's run, with a model and the longest document that is taken."""
        options = ReadOptions(
            max_characters=characters, text_column=self.text_column, id_column=self.id_column
        )
        return batch.Settings(model, self.prefer, self.text, self.evidence, options=options)


@dataclass(frozen=True, slots=True)
class Counts:
    """What a job's results hold."""

    documents: int = 0
    failures: int = 0
    units: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job.

    Attributes:
        id: 32 hexadecimal digits that nobody guesses.
        owner: the name of the key that sent it; "" where no keys are needed.
        name: what its sender calls it.
        digest: SHA-256 of everything that was sent.
        key: the ``Idempotency-Key`` that it was sent under.
        created: when it was accepted, in ISO 8601; ``started`` and ``finished`` alike.
        progress: from 0 to 1; None where nobody knows.
        error: of a failed job, what was seen and what to do.
        crashes: how often its process has ended by itself.
    """

    id: str
    owner: str
    name: str
    digest: str
    created: str
    options: Options = field(default_factory=Options)
    key: str | None = None
    state: State = State.QUEUED
    started: str | None = None
    finished: str | None = None
    progress: float | None = 0.0
    counts: Counts | None = None
    error: str | None = None
    crashes: int = 0
