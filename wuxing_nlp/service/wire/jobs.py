"""Jobs as they are answered."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from wuxing_nlp.batch.joining import FAILURES, RESULTS
from wuxing_nlp.batch.record import RUN
from wuxing_nlp.service.jobs.job import Job as KeptJob
from wuxing_nlp.service.jobs.job import State


class ResultFile(StrEnum):
    """The files that a job's results are in."""

    RESULTS = RESULTS
    UNITS = "units.csv"
    DOCUMENTS = "documents.csv"
    FAILURES = FAILURES
    RUN = RUN


class JobCounts(BaseModel):
    """What a job's results hold, so far."""

    documents: int
    failures: int
    units: int


class Job(BaseModel):
    """A job. ``progress`` is null where nobody knows it beforehand, as of an Excel workbook;
    ``error`` says of a failed job what was seen and what to do; ``files`` are those that can be
    fetched at the job's path."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "0f8fad5bd9cb469fa16570867728950e",
                    "name": "各县工作报告.zip",
                    "state": "running",
                    "created": "2026-03-02T08:30:00.000Z",
                    "started": "2026-03-02T08:30:01.250Z",
                    "finished": None,
                    "progress": 0.4,
                    "counts": {"documents": 120, "failures": 1, "units": 26840},
                    "error": None,
                    "files": [],
                }
            ]
        }
    )

    id: Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
    name: str
    state: State
    created: datetime
    started: datetime | None
    finished: datetime | None
    progress: Annotated[float | None, Field(ge=0, le=1)]
    counts: JobCounts | None
    error: str | None
    files: list[ResultFile]


class JobsAnswer(BaseModel):
    """Jobs, newest first; ``next`` is what ``after`` is to be for those that follow, null where none do."""

    jobs: list[Job]
    next: str | None


def job_answer(job: KeptJob) -> Job:
    """A job as it is answered."""
    return Job.model_validate(
        {
            **{name: getattr(job, name) for name in Job.model_fields if hasattr(job, name)},
            "files": list(ResultFile) if job.state is State.DONE else [],
        },
        from_attributes=True,
    )
