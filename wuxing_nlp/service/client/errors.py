"""What goes wrong with calls, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from wuxing_nlp.documents.source import one_line
from wuxing_nlp.errors import WuxingError
from wuxing_nlp.service.client.steps import Reply
from wuxing_nlp.service.wire.jobs import Job

_LONGEST = 500
_ABOUT_BLANK = "about:blank"  # of RFC 9457: the status says all that is known


class ServiceProblem(WuxingError):
    """The service, or something on the way to it, refused a call.

    Attributes:
        slug: which kind of problem (``busy``, ``too-much``, …); "" where it is not one of the service's.
        status: the HTTP status.
        detail: what was seen and what to do.
        request_id: names the call in the service's log; "" where nobody told it.
        type: the problem's URN, of which the slug is the end.
        more: further members, ``failures`` of an ``unreadable`` upload for one.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        type: str = _ABOUT_BLANK,
        request_id: str = "",
        more: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(status, detail, type, request_id, more)
        self.status = status
        self.detail = detail
        self.type = type
        self.slug = "" if type == _ABOUT_BLANK else type.rpartition(":")[2]
        self.request_id = request_id
        self.more = more or {}

    def __str__(self) -> str:
        named = f", request {self.request_id}" if self.request_id else ""
        return f"{self.detail} ({self.slug or 'HTTP'} {self.status}{named})"


class JobFailedError(WuxingError):
    """A job ended without results; ``job`` has all that is known of it."""

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        self.job = job

    def __str__(self) -> str:
        return f"job {self.job.id} failed: {self.job.error or 'the service does not say why'}"


def problem_of(reply: Reply) -> ServiceProblem:
    """The problem that an answer tells, of the service or of a proxy before it."""
    members = _members(reply.body)
    request_id = str(members.pop("request_id", "") or reply.headers.get("x-request-id", ""))
    kind, detail = members.pop("type", None), members.pop("detail", None)
    if not isinstance(kind, str) or not isinstance(detail, str):
        return ServiceProblem(reply.status, _unknown(reply), request_id=_line(request_id))
    more = {name: value for name, value in members.items() if name not in ("title", "status")}
    return ServiceProblem(reply.status, _line(detail), _line(kind), _line(request_id), more)


def _members(body: bytes) -> dict[str, Any]:
    try:
        members = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return members if isinstance(members, dict) else {}


def _unknown(reply: Reply) -> str:
    try:
        seen = f"{reply.status} {HTTPStatus(reply.status).phrase}"
    except ValueError:
        seen = str(reply.status)
    if 300 <= reply.status < 400:
        target = _line(reply.headers.get("location", "nowhere"))
        return f"the address sends on to {target} ({seen}); give the client that address"
    return (
        f"the answer is {seen}, and not of the service itself; see that the address is right, and what "
        "stands before the service"
    )


def _line(said: str) -> str:
    return one_line(said)[:_LONGEST]
