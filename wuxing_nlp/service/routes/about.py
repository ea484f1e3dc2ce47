"""What the service says of itself: codebook, model, limits, health, figures."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from wuxing_nlp.model.bundle import Model
from wuxing_nlp.service import metrics
from wuxing_nlp.service.problems import Problem, responses
from wuxing_nlp.service.state import service
from wuxing_nlp.service.wire.about import CodebookAnswer, Health, LimitsAnswer, ModelAnswer
from wuxing_nlp.version import __version__

router = APIRouter()

_KEPT = (
    "name",
    "version",
    "fingerprint",
    "codebook",
    "letters",
    "codes",
    "preferences",
    "scores",
    "parts",
    "versions",
)


@router.get("/v1/codebook", summary="The codebook 编码手册", responses=responses("no-key"))
async def codebook(request: Request) -> CodebookAnswer:
    """What every label means, with examples and what it is not to be confused with."""
    book = service(request).model.codebook
    return CodebookAnswer(sha256=book.fingerprint, **vars(book.contents))


@router.get("/v1/model", summary="The model 模型", responses=responses("no-key"))
async def model(request: Request) -> ModelAnswer:
    """What tags: hashes, held-out scores, and the model card."""
    return model_answer(service(request).model)


@router.get("/v1/limits", summary="The limits 限额", responses=responses("no-key"))
async def limits(request: Request) -> LimitsAnswer:
    """The limits of this service."""
    settings = service(request).settings
    named = {each.name: getattr(settings, each.name) for each in fields(settings)}
    return LimitsAnswer.model_validate({**named, "workers": settings.processes})


@router.head("/healthz", include_in_schema=False)
@router.get("/healthz", summary="Is it alive? 是否存活", responses=responses())
async def healthz() -> Health:
    """Answers as long as the service lives, whatever its processes do."""
    return Health(status="alive")


@router.head("/readyz", include_in_schema=False)
@router.get("/readyz", summary="Can it work? 是否就绪", responses=responses("not-ready"))
async def readyz(request: Request) -> Health:
    """Answers 200 once a process has loaded the model."""
    if not service(request).pool.ready:
        raise Problem(
            "not-ready", "no process has loaded the model yet; try again in a second", retry_after=1
        )
    return Health(status="ready")


@router.get(
    "/metrics",
    summary="Figures for Prometheus 监控指标",
    response_class=Response,
    responses={
        200: {"content": {"text/plain": {"schema": {"type": "string"}}}},
        **responses("no-key"),
    },
)
async def figures(request: Request) -> Response:
    """Counts and times of requests, calls, processes and jobs."""
    return Response(service(request).metrics.text(), media_type=metrics.CONTENT_TYPE)


def model_answer(model: Model) -> ModelAnswer:
    """What is said of a model."""
    facts: dict[str, Any] = {name: model.facts.get(name, {}) for name in _KEPT}
    names = model.outputs.names
    return ModelAnswer(
        **facts,
        cited=model.name,
        untrained=[name for name, known in zip(names, model.trained, strict=True) if not known],
        card=model.card,
        package=__version__,
    )
