"""What can go wrong with a request, as RFC 9457 problems: a stable type and what to do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"
PREFIX = "urn:wuxing:problem:"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its status, and what it is called."""

    status: int
    title: str


KINDS = {
    "not-http": Kind(400, "This is not HTTP"),
    "not-json": Kind(400, "The body is not JSON"),
    "not-a-form": Kind(400, "The body is not a multipart form"),
    "no-key": Kind(401, "No valid API key"),
    "foreign": Kind(403, "A request from a foreign page or for a foreign host"),
    "not-found": Kind(404, "There is no such thing"),
    "method-not-allowed": Kind(405, "The method is not allowed here"),
    "too-slow": Kind(408, "The body arrived too slowly"),
    "not-finished": Kind(409, "The job is not finished"),
    "key-reused": Kind(409, "The Idempotency-Key was used for another job"),
    "too-large": Kind(413, "The body is too large"),
    "too-much": Kind(413, "Too much for one call"),
    "unsupported-media-type": Kind(415, "The content type is not taken here"),
    "no-such-range": Kind(416, "The file has no such part"),
    "invalid": Kind(422, "The request is not valid"),
    "unreadable": Kind(422, "No document could be read"),
    "head-too-large": Kind(431, "The head of the request is too large"),
    "failed": Kind(500, "The service failed"),
    "busy": Kind(503, "The service is busy"),
    "worker-lost": Kind(503, "The process that did the work ended"),
    "stopping": Kind(503, "The service is stopping"),
    "not-ready": Kind(503, "The service is not ready"),
    "no-room": Kind(507, "The disk is full"),
    "out-of-time": Kind(504, "The work took too long"),
}
"""Slug, which ends the type, to kind; slugs are never changed."""


class ProblemBody(BaseModel):
    """What a problem's answer holds; some kinds add members of their own."""

    model_config = ConfigDict(extra="allow")

    type: Annotated[str, Field(pattern=f"^{PREFIX}[a-z-]+$")]
    title: str
    status: Annotated[int, Field(ge=400, le=599)]
    detail: str
    request_id: Annotated[str, Field(pattern="^[A-Za-z0-9._-]{1,64}$")]


class Problem(Exception):
    """A problem that ends a request; it travels between processes.

    Attributes:
        slug: which kind, of :data:`KINDS`.
        detail: a sentence for a person: what was seen, what to do. It quotes no document.
        more: further members of the answer.
        retry_after: seconds after which the same request may do.
    """

    def __init__(
        self, slug: str, detail: str, more: Mapping[str, Any] | None = None, retry_after: int | None = None
    ) -> None:
        super().__init__(slug, detail, more, retry_after)
        self.slug = slug
        self.detail = detail
        self.more = more or {}
        self.retry_after = retry_after

    @property
    def status(self) -> int:
        """The status of the answer."""
        return KINDS[self.slug].status

    def response(self, request_id: str) -> Response:
        """The answer."""
        kind = KINDS[self.slug]
        body = {
            "type": PREFIX + self.slug,
            "title": kind.title,
            "status": kind.status,
            "detail": self.detail,
            "request_id": request_id,
            **self.more,
        }
        headers = {}
        if self.retry_after is not None:
            headers["Retry-After"] = str(self.retry_after)
        if kind.status == 401:
            headers["WWW-Authenticate"] = 'Bearer realm="wuxing"'
        # ASCII, so that no half of a surrogate pair (of a file name, say) can spoil the answer.
        return Response(json.dumps(body), kind.status, headers, MEDIA_TYPE)


_ANYWHERE = ("not-http", "foreign", "head-too-large", "failed", "busy", "stopping")
"""What any request may meet."""

_HEADERS = {401: "WWW-Authenticate", 503: "Retry-After"}


def fault() -> Problem:
    """What nobody foresaw; the log says more."""
    return Problem("failed", "a fault of the service; please report it, with the request_id")


def responses(*slugs: str) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says of the problems that a path may answer with, beside those of any path."""
    titles: dict[int, list[str]] = {}
    for slug in dict.fromkeys((*slugs, *_ANYWHERE)):
        titles.setdefault(KINDS[slug].status, []).append(f"{KINDS[slug].title} (`{PREFIX}{slug}`)")
    return {status: _response(status, "; ".join(said)) for status, said in titles.items()}


def _response(status: int, said: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/ProblemBody"}
    response: dict[str, Any] = {"description": said, "content": {MEDIA_TYPE: {"schema": schema}}}
    if name := _HEADERS.get(status):
        response["headers"] = {name: {"required": True, "schema": {"type": "string"}}}
    return response
