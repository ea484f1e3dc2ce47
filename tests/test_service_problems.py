"""Problems: their kinds, their answers, and what OpenAPI is told of them."""

from __future__ import annotations

import json
import pickle
import re
from http import HTTPStatus

import pytest

from wuxing_nlp.service.problems import KINDS, MEDIA_TYPE, PREFIX, Problem, ProblemBody, responses


def test_kinds_are_errors_with_a_title() -> None:
    for slug, kind in KINDS.items():
        assert re.fullmatch("[a-z]+(-[a-z]+)*", slug)
        assert HTTPStatus(kind.status) >= 400
        assert kind.title
    assert len({kind.title for kind in KINDS.values()}) == len(KINDS)


def test_slugs_that_were_given_out_are_still_there() -> None:
    known = """not-json not-a-form no-key foreign not-found method-not-allowed too-slow not-finished
    key-reused too-large too-much unsupported-media-type invalid unreadable failed busy worker-lost
    stopping not-ready out-of-time"""
    assert set(known.split()) <= set(KINDS)


@pytest.mark.parametrize("slug", KINDS)
def test_an_answer(slug: str) -> None:
    problem = Problem(slug, "what was seen; what to do", {"errors": []}, retry_after=7)
    response = problem.response("id-1")
    body = json.loads(bytes(response.body))
    assert (response.status_code, response.headers["content-type"]) == (problem.status, MEDIA_TYPE)
    assert response.headers["retry-after"] == "7"
    assert body == {
        "type": PREFIX + slug,
        "title": KINDS[slug].title,
        "status": KINDS[slug].status,
        "detail": "what was seen; what to do",
        "request_id": "id-1",
        "errors": [],
    }
    assert ProblemBody.model_validate(body, strict=True).model_dump() == body
    assert ("www-authenticate" in response.headers) == (problem.status == 401)


def test_no_text_spoils_an_answer() -> None:
    detail = "a name\ud800 with “quotes”\n and \x00\x1b[31m"
    body = bytes(Problem("invalid", detail).response("1").body)
    assert body.isascii()
    assert json.loads(body)["detail"] == detail


def test_a_problem_travels_between_processes() -> None:
    sent = Problem("busy", "wait", {"failures": [{"name": "a"}]}, retry_after=1)
    came = pickle.loads(pickle.dumps(sent))
    assert (came.slug, came.detail, came.more, came.retry_after) == (
        sent.slug,
        sent.detail,
        sent.more,
        sent.retry_after,
    )


def test_what_openapi_is_told() -> None:
    told = responses("no-key", "invalid", "unreadable", "busy")
    assert set(told) == {400, 401, 403, 422, 431, 500, 503}
    assert "`urn:wuxing:problem:invalid`" in told[422]["description"]
    assert "`urn:wuxing:problem:unreadable`" in told[422]["description"]
    assert told[503]["description"].count("urn:wuxing:problem:busy") == 1
    assert set(told[503]["headers"]) == {"Retry-After"}
    assert set(told[401]["headers"]) == {"WWW-Authenticate"}
    assert all(set(each["content"]) == {MEDIA_TYPE} for each in told.values())
