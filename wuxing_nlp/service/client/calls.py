"""The calls of the API: what is sent for each, and how the answer is read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Unpack
from urllib.parse import quote
from uuid import uuid4

from pydantic import TypeAdapter

from wuxing_nlp.batch.lines import json_line
from wuxing_nlp.errors import ServiceError
from wuxing_nlp.service.client.flows import Call
from wuxing_nlp.service.client.options import FileOptions, JobOptions, TagOptions, given
from wuxing_nlp.service.client.steps import Request, Upload
from wuxing_nlp.service.wire.about import CodebookAnswer, Health, LimitsAnswer, ModelAnswer
from wuxing_nlp.service.wire.documents import DocumentsAnswer, TagAnswer
from wuxing_nlp.service.wire.jobs import Job, JobsAnswer

_JSON = {"Content-Type": "application/json"}
_JOBS = "/v1/jobs"


def tag(text: str | Sequence[str], **options: Unpack[TagOptions]) -> Call[TagAnswer]:
    """Tag one text, or several."""
    texts = {"text": text} if isinstance(text, str) else {"texts": list(text)}
    body = json_line({**texts, **given(options, TagOptions)})
    return Call(Request("POST", "/v1/tag", headers=_JSON, content=body), TagAnswer.model_validate_json)


def tag_files(files: tuple[Upload, ...], **options: Unpack[FileOptions]) -> Call[DocumentsAnswer]:
    """Read and tag files."""
    request = Request("POST", "/v1/documents", _query(given(options, FileOptions)), files=files)
    return Call(request, DocumentsAnswer.model_validate_json)


def codebook() -> Call[CodebookAnswer]:
    """What every label means."""
    return Call(Request("GET", "/v1/codebook"), TypeAdapter(CodebookAnswer).validate_json)


def model() -> Call[ModelAnswer]:
    """What tags."""
    return Call(Request("GET", "/v1/model"), ModelAnswer.model_validate_json)


def limits() -> Call[LimitsAnswer]:
    """The limits of the service."""
    return Call(Request("GET", "/v1/limits"), LimitsAnswer.model_validate_json)


def ready() -> Call[Health]:
    """Whether the service can work."""
    return Call(Request("GET", "/readyz"), Health.model_validate_json)


def submit(files: tuple[Upload, ...], **options: Unpack[JobOptions]) -> Call[Job]:
    """Begin a job; repeated under its key it stays one. Raises ServiceError: no key can be like that."""
    query = given(options, JobOptions)
    key = str(query.pop("idempotency_key", "") or uuid4().hex)
    if not (key.isascii() and key.isprintable()):
        raise ServiceError(f"idempotency_key is {key!r}; give printable ASCII characters")
    request = Request("POST", _JOBS, _query(query), {"Idempotency-Key": key}, files=files)
    return Call(request, Job.model_validate_json)


def jobs(after: str | None) -> Call[JobsAnswer]:
    """A page of the jobs, the newest first: those older than the job ``after``."""
    query = {"after": after} if after else {}
    return Call(Request("GET", _JOBS, query), JobsAnswer.model_validate_json)


def job(job: Job | str) -> Call[Job]:
    """A job as it stands now."""
    return Call(Request("GET", _path(job)), Job.model_validate_json)


def delete(job: Job | str) -> Call[None]:
    """Remove a job, and end it if it runs."""
    return Call(Request("DELETE", _path(job)), lambda body: None, gone_is_done=True)


def job_file(job: Job | str, file: str) -> Request:
    """A file of a job; it is streamed, uncompressed, so that bytes can be counted."""
    path = f"{_path(job)}/{quote(file, safe='')}"
    return Request("GET", path, headers={"Accept-Encoding": "identity"})


def target(file: str, to: str | Path) -> Path:
    """Where a job's file is written: at a path, or under its own name in a folder that there is."""
    path = Path(to)
    return path / file if path.is_dir() else path


def _path(job: Job | str) -> str:
    return f"{_JOBS}/{quote(job if isinstance(job, str) else job.id, safe='')}"


def _query(options: dict[str, object]) -> dict[str, str]:
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in options.items()
    }
