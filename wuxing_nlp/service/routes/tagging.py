"""``/v1/tag`` and ``/v1/documents``: what is tagged while the caller waits."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from wuxing_nlp.model.preference import Preference
from wuxing_nlp.service.folders import upload_folder
from wuxing_nlp.service.pool.tasks import Answer, FilesTask, TagTask
from wuxing_nlp.service.problems import responses
from wuxing_nlp.service.routes.bodies import check_media_type
from wuxing_nlp.service.state import service, told
from wuxing_nlp.service.uploads import FORM, save_uploads
from wuxing_nlp.service.waiting import while_wanted
from wuxing_nlp.service.wire.documents import DocumentsAnswer, TagAnswer
from wuxing_nlp.service.wire.requests import MinProbability

router = APIRouter()

JSON = "application/json"

_ANY = ("no-key", "too-slow", "too-large", "too-much", "unsupported-media-type", "invalid")
_POOL = ("worker-lost", "out-of-time")


def _of_request(name: str) -> dict[str, Any]:
    # The body is read by a worker process, so OpenAPI has to be told of it.
    return {
        "requestBody": {
            "required": True,
            "content": {JSON: {"schema": {"$ref": f"#/components/schemas/{name}"}}},
        }
    }


@router.post(
    "/v1/tag",
    summary="Tag texts 标注文本",
    response_model=TagAnswer,
    responses=responses("not-json", *_ANY, *_POOL),
    openapi_extra=_of_request("TagRequest"),
)
async def tag(request: Request) -> Response:
    """Cut texts into coding units and tag each with the codebook's codes, probabilities and evidence."""
    check_media_type(request, JSON)
    service(request).pool.check()  # before a body is taken that nobody can work on
    task = TagTask(await request.body())
    return _answered(request, await while_wanted(request, service(request).pool.do(task)))


@router.post(
    "/v1/documents",
    summary="Tag files 标注文件",
    response_model=DocumentsAnswer,
    responses=responses("not-a-form", "unreadable", "no-room", *_ANY, *_POOL),
    openapi_extra={"requestBody": {"required": True, "content": FORM}},
)
async def documents(
    request: Request,
    evidence: bool = True,
    probabilities: bool = False,
    min_probability: MinProbability = 0,
    prefer: Preference = Preference.BALANCED,
    text_column: Annotated[str, Query(max_length=200)] = "",
    id_column: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Read files of any supported format, several or an archive too, and tag what is in them."""
    check_media_type(request, "multipart/form-data")
    service(request).pool.check()
    settings = service(request).settings
    async with upload_folder(settings.folder) as folder:
        files = await save_uploads(request, folder, settings.files)
        columns = text_column or None, id_column or None
        task = FilesTask(files, evidence, probabilities, min_probability, prefer, *columns)
        told(request, files=len(files))
        return _answered(request, await while_wanted(request, service(request).pool.do(task)))


def _answered(request: Request, answer: Answer) -> Response:
    metrics = service(request).metrics
    metrics.documents.inc(answer.documents)
    metrics.units.inc(answer.units)
    told(request, documents=answer.documents, units=answer.units)
    return Response(answer.body, media_type=JSON)
