"""The page: plain files, at ``/`` and below ``/page/``."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from starlette.responses import FileResponse, Response

from wuxing_nlp.service.problems import Problem

router = APIRouter(include_in_schema=False)

FOLDER = Path(__file__).resolve().parents[1] / "page"

_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
# A newer version of the package may have other files under the same names: ask each time, get 304.
_FRESH = {"Cache-Control": "no-cache"}


@router.get("/")
async def index() -> Response:
    """The page."""
    return _file(FOLDER / "index.html")


@router.get("/page/{path:path}")
async def part(path: str) -> Response:
    """A file that the page loads."""
    wanted = _FILES.get(path)
    if wanted is None:
        raise Problem("not-found", "the page has no such file; see / for the page")
    return _file(wanted)


def _file(path: Path) -> Response:
    return FileResponse(path, media_type=_TYPES[path.suffix], headers=_FRESH)


_FILES = {
    path.relative_to(FOLDER).as_posix(): path
    for path in FOLDER.rglob("*")
    if path.suffix in _TYPES and path.is_file()
}
"""The files that there are; a path that a caller sends is only ever looked up here."""
