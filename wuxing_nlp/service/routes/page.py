"""The page: plain files, at ``/`` and below ``/page/``."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from wuxing_nlp.service.problems import Problem

router = APIRouter(include_in_schema=False)

FOLDER = Path(__file__).resolve().parents[1] / "page"

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}


@router.get("/")
@router.head("/")
async def index(request: Request) -> Response:
    """The page."""
    return await _file("index.html", request)


@router.get("/page/{path:path}")
@router.head("/page/{path:path}")
async def part(path: str, request: Request) -> Response:
    """A file that the page loads."""
    return await _file(path, request)


async def _file(path: str, request: Request) -> Response:
    try:
        response = await _FILES.get_response(path, request.scope)
    except HTTPException:
        raise Problem("not-found", "the page has no such file; see / for the page") from None
    # A newer version of the package may have other files under the same names: ask each time, get 304.
    response.headers["Cache-Control"] = "no-cache"
    if kind := _TYPES.get(PurePosixPath(path).suffix):
        response.headers["Content-Type"] = kind  # what a system thinks of .js is not always so
    return response


_FILES = StaticFiles(directory=FOLDER)
