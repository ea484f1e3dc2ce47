"""The application: its layers from outside in, and its routes."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response

from wuxing_nlp.errors import ServiceError
from wuxing_nlp.model.bundle import load_model
from wuxing_nlp.service import logs
from wuxing_nlp.service.access.ring import KeyRing
from wuxing_nlp.service.asgi.bounded import Bounded
from wuxing_nlp.service.asgi.guarded import Guarded
from wuxing_nlp.service.asgi.telling import Told
from wuxing_nlp.service.folders import open_folder
from wuxing_nlp.service.jobs.manager import Jobs
from wuxing_nlp.service.metrics import Metrics
from wuxing_nlp.service.openapi import openapi
from wuxing_nlp.service.pool.pool import Pool
from wuxing_nlp.service.problems import Problem
from wuxing_nlp.service.routes import about, jobs, page, tagging
from wuxing_nlp.service.settings import ServiceSettings
from wuxing_nlp.service.state import Service
from wuxing_nlp.version import __version__

_DESCRIPTION = """Tags Chinese policy text with five types of government and five conduct problems.

给中文政策文本逐句标注“五型政府”和“怕、慢、假、庸、散”五个突出问题。
位置（start、end）按 Unicode 码位计算，指向您给的原文。

Errors are problems of RFC 9457; `type` is stable, `detail` says what to do."""

_METHODS = ("GET", "POST", "DELETE")
_SENT = ("Authorization", "Content-Type", "Idempotency-Key", "X-Request-ID")
_SHOWN = ("X-Request-ID", "Retry-After", "Location")


def create_app(settings: ServiceSettings | None = None) -> FastAPI:
    """The application, for any ASGI server; one process of it at a time for a data folder.

    Raises:
        ServiceError: there are no keys where keys are needed, or they cannot be read.
        BundleError: the model cannot be loaded.
    """
    settings = settings or ServiceSettings()
    keys = KeyRing(settings)
    model, pool = load_model(settings.bundle), Pool(settings)
    metrics = Metrics(pool)
    service = Service(settings, model, pool, metrics, Jobs(settings, model, metrics))
    app = FastAPI(
        title="wuxing_nlp",
        version=__version__,
        description=_DESCRIPTION,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        docs_url=None,  # its page loads scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan(service, keys),
        middleware=_layers(service, keys),
        exception_handlers={
            Problem: _answer_problem,
            RequestValidationError: _answer_invalid,
            HTTPException: _answer_http,
        },
    )
    app.state.service = service
    for routes in (tagging, jobs, about, page):
        app.include_router(routes.router)
    app.openapi = lambda: openapi(app, keyed=bool(keys()))  # type: ignore[method-assign]
    return app


def _layers(service: Service, keys: KeyRing) -> list[Middleware]:
    """From outside in."""
    cors = Middleware(
        CORSMiddleware,
        allow_origins=service.settings.cors,
        allow_methods=_METHODS,
        allow_headers=_SENT,
        expose_headers=_SHOWN,
    )
    return [
        Middleware(Told, service.metrics),
        *([cors] if service.settings.cors else []),
        Middleware(Bounded, service.settings),
        Middleware(Guarded, service.settings, keys),
    ]


def _lifespan(service: Service, keys: KeyRing) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        open_folder(service.settings.folder)
        if not logs.LOG.hasHandlers():
            logs.configure()  # another server than ours, which knows nothing of our log
        if keys.changes:
            # Where this process has no such signal, or is not the one that gets it, keys stay as they are.
            with suppress(AttributeError, NotImplementedError, RuntimeError, ValueError):
                asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, keys.reload)
        app.openapi()  # now, for it takes longer than anybody should wait
        try:
            await service.jobs.start()
        except (OSError, ServiceError) as error:
            app.state.refusal = error  # for the line that the command line ends with
            raise
        service.pool.start()
        try:
            yield
        finally:
            await service.jobs.stop()
            await service.pool.stop()

    return lifespan


async def _answer_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return error.response(request.scope["state"]["request_id"])


async def _answer_invalid(request: Request, error: Exception) -> Response:
    """Parameters that FastAPI checks, in our form; their values are not repeated."""
    assert isinstance(error, RequestValidationError)
    errors = [{"where": ".".join(map(str, each["loc"])), "seen": each["msg"]} for each in error.errors()]
    detail = f"{errors[0]['where']}: {errors[0]['seen']}; see /openapi.json for what is taken"
    return await _answer_problem(request, Problem("invalid", detail, {"errors": errors}))


async def _answer_http(request: Request, error: Exception) -> Response:
    """What the framework refuses, in our form."""
    assert isinstance(error, HTTPException)
    known = {
        404: Problem("not-found", "there is nothing at this path; see /openapi.json for what there is"),
        405: Problem("method-not-allowed", "this path takes other methods; see /openapi.json"),
    }
    broken = Problem("not-a-form", f"the form cannot be read ({error.detail}); send multipart/form-data")
    response = await _answer_problem(request, known.get(error.status_code, broken))
    response.headers.update(error.headers or {})
    if allowed := _methods(request):
        response.headers["Allow"] = allowed
    return response


def _methods(request: Request) -> str:
    """The methods of the path that was called; the framework knows those of its first route alone."""
    path = getattr(request.scope.get("route"), "path", "")
    if not path:
        return ""
    return ", ".join(method.upper() for method in request.app.openapi()["paths"].get(path, ()))
