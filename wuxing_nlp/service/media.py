"""What the bodies of requests are."""

from __future__ import annotations

from starlette.datastructures import Headers


def media_type(headers: Headers) -> str:
    """The media type of a body, without parameters, in lower case; "" where none is said."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()
