"""``/v1/jobs``: large work, done while nobody waits."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from wuxing_nlp.documents.source import one_line
from wuxing_nlp.model.preference import Preference
from wuxing_nlp.service.folders import upload_folder
from wuxing_nlp.service.jobs.folder import INPUTS, ROWS, place
from wuxing_nlp.service.jobs.job import Options
from wuxing_nlp.service.jobs.manager import Jobs, Wish
from wuxing_nlp.service.pool.tasks import RowsTask
from wuxing_nlp.service.problems import Problem, responses
from wuxing_nlp.service.routes.bodies import check_media_type
from wuxing_nlp.service.state import service, told
from wuxing_nlp.service.uploads import FORM, save_uploads
from wuxing_nlp.service.wire.jobs import Job, JobsAnswer, ResultFile, job_answer

router = APIRouter()

_LINES = "application/x-ndjson"
_BODY = {
    "required": True,
    "content": {
        **FORM,
        "application/json": {"schema": {"$ref": "#/components/schemas/RowsRequest"}},
        _LINES: {
            "schema": {"type": "string", "description": "a JSON object a line, each a row with a document"},
            "example": '{"编号": "1", "正文": "坚决整治推诿扯皮。"}\n{"编号": "2", "正文": "改善服务。"}\n',
        },
    },
}
_REFUSED = ("no-key",)
_TYPES = {
    ".jsonl": _LINES,
    ".csv": "text/csv",  # the framework adds the charset
    ".json": "application/json",
}
_RANGE = re.compile(r"bytes=(?:(\d{1,18})-(\d{0,18})|-\d{1,18})")
_NAMED = 200


def _wish(
    request: Request,
    evidence: Annotated[bool, Query(description="find the words behind every code")] = True,
    text: Annotated[bool, Query(description="whether results may quote the documents")] = True,
    prefer: Preference = Preference.BALANCED,
    text_column: Annotated[str | None, Query(max_length=_NAMED)] = None,
    id_column: Annotated[str | None, Query(max_length=_NAMED)] = None,
    name: Annotated[str, Query(max_length=_NAMED, description="what to call the job")] = "",
    key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            min_length=1,
            max_length=200,
            pattern="^[ -~]+$",
            description="the same job sent again under the same key is one job",
        ),
    ] = None,
) -> Wish:
    options = Options(evidence, text, prefer, text_column, id_column)
    return Wish(_owner(request), one_line(name).strip(), options, key)


def _owner(request: Request) -> str:
    return str(request.scope["state"]["key"])


def _jobs(request: Request) -> Jobs:
    return service(request).jobs


@router.post(
    "/v1/jobs",
    summary="Send a job 提交任务",
    status_code=202,
    responses={
        202: {
            "description": "The job is kept; `Location` says where it is.",
            "headers": {"Location": {"schema": {"type": "string"}}},
        },
        **responses(
            "not-json",
            "not-a-form",
            *_REFUSED,
            "no-room",
            "too-slow",
            "key-reused",
            "too-large",
            "too-much",
            "unsupported-media-type",
            "invalid",
            "worker-lost",
            "out-of-time",
        ),
    },
    openapi_extra={"requestBody": _BODY},
)
async def add(request: Request, response: Response, wish: Annotated[Wish, Depends(_wish)]) -> Job:
    """Send files of any supported format, or rows of a table; they are tagged when it is their turn."""
    take = _TAKE[check_media_type(request, *_TAKE)]
    await _jobs(request).check(wish)
    async with upload_folder(service(request).settings.folder) as folder:
        await take(request, folder)
        job = await _jobs(request).add(folder, wish)
    told(request, job=job.id)
    response.headers["Location"] = f"{request.scope.get('root_path', '')}/v1/jobs/{job.id}"
    return job_answer(job)


@router.get(
    "/v1/jobs",
    summary="Your jobs 任务列表",
    responses=responses(*_REFUSED, "not-found", "invalid"),
)
async def several(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    after: Annotated[str | None, Query(description="the job after which to go on")] = None,
) -> JobsAnswer:
    """The jobs that were sent with the same key, newest first."""
    found = await _jobs(request).several(_owner(request), limit + 1, after)
    more = found[limit - 1].id if len(found) > limit else None
    return JobsAnswer(jobs=list(map(job_answer, found[:limit])), next=more)


@router.get("/v1/jobs/{id}", summary="A job 任务状态", responses=responses(*_REFUSED, "not-found"))
async def one(request: Request, id: str) -> Job:
    """How a job gets on."""
    return job_answer(await _jobs(request).find(_owner(request), id))


@router.delete(
    "/v1/jobs/{id}",
    summary="Remove a job 删除任务",
    status_code=204,
    responses=responses(*_REFUSED, "not-found"),
)
async def remove(request: Request, id: str) -> None:
    """Stop a job, and remove it with its files and results."""
    jobs = _jobs(request)
    await jobs.remove(await jobs.find(_owner(request), id))
    told(request, job=id)


@router.get(
    "/v1/jobs/{id}/{file}",
    summary="Results of a job 下载结果",
    response_class=Response,
    responses={
        200: {
            "description": "The file. Sentences of the documents are in it, unless the job was sent with "
            "`text=false`.",
            "content": {
                kind: {"schema": {"type": "object" if kind.endswith("/json") else "string"}}
                for kind in _TYPES.values()
            },
        },
        206: {"description": "The part of the file that `Range` asks for."},
        **responses(*_REFUSED, "not-found", "not-finished", "no-such-range", "invalid"),
    },
)
async def result(request: Request, id: str, file: ResultFile) -> Response:
    """A file of the results of a job that is done: documents as JSON lines, tables as CSV, or the
    run's record."""
    jobs = _jobs(request)
    job = await jobs.find(_owner(request), id)
    path = await jobs.result(job, file.value)
    status = await asyncio.to_thread(path.stat)
    _check_range(request, status.st_size)
    return FileResponse(
        path,
        media_type=_TYPES[path.suffix],
        filename=f"{job.name}-{file.value}".replace("/", "_"),
        stat_result=status,
        headers={"Cache-Control": "no-store"},  # it may be protected text
    )


def _check_range(request: Request, size: int) -> None:
    """Have a part be asked for that there is. What is no range, or more than one, stands for the whole
    file, as RFC 9110 lets it. Raises Problem: the part begins behind the file's end."""
    asked = _RANGE.fullmatch(request.headers.get("range", ""))
    begin, end = asked.groups() if asked else (None, None)
    if not asked or (begin and end and int(end) < int(begin)) or asked[0] == "bytes=-0":
        headers = request.scope["headers"]
        request.scope["headers"] = [header for header in headers if header[0] != b"range"]
    elif begin and int(begin) >= size:
        raise Problem("no-such-range", f"the file has {size:,} bytes, which the range begins behind")


async def _take_files(request: Request, folder: Path) -> None:
    uploads = await save_uploads(request, folder, service(request).settings.files)
    told(request, files=len(uploads))
    await asyncio.to_thread(place, uploads, folder)


async def _take_lines(request: Request, folder: Path) -> None:
    path = _rows(folder)
    with path.open("xb") as stream:
        async for block in request.stream():
            await asyncio.to_thread(stream.write, block)
    if not path.stat().st_size:
        raise Problem("invalid", "there is no row in the body; send a JSON object a line")


async def _take_rows(request: Request, folder: Path) -> None:
    answer = await service(request).pool.do(RowsTask(await request.body()))
    told(request, rows=answer.documents)
    await asyncio.to_thread(_rows(folder).write_bytes, answer.body)


def _rows(folder: Path) -> Path:
    (folder / INPUTS).mkdir()
    return folder / INPUTS / ROWS


_TAKE: dict[str, Callable[[Request, Path], Awaitable[None]]] = {
    "multipart/form-data": _take_files,
    _LINES: _take_lines,
    "application/json": _take_rows,
}
"""Media type of a body to what makes it the inputs of a job's folder."""
