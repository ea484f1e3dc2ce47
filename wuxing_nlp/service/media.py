"""What requests say of themselves."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import Scope


def media_type(headers: Headers) -> str:
    """The media type of a body, without parameters, in lower case; "" where none is said."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def path_of(scope: Scope) -> str:
    """The path of a request, without the prefix that the application may stand at."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))
