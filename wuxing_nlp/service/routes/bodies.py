"""How handlers take bodies."""

from __future__ import annotations

from starlette.requests import Request

from wuxing_nlp.service.media import media_type
from wuxing_nlp.service.problems import Problem


def check_media_type(request: Request, *expected: str) -> str:
    """The media type, which is one of those expected. Raises Problem: it is not."""
    seen = media_type(request.headers)
    if seen not in expected:
        raise Problem(
            "unsupported-media-type",
            f"the body is sent as {seen[:80] or 'nothing'!r}; send {' or '.join(expected)}",
        )
    return seen
