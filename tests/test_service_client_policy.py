"""Whether the client tries again, and when: decided without a service."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxing_nlp.errors import ServiceError
from wuxing_nlp.service.client import ServiceProblem
from wuxing_nlp.service.client.policy import LONGEST_PAUSE, Policy, Tries, pause_after, retry_after
from wuxing_nlp.service.client.steps import Reply, Trouble

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        (" 7 ", 7),
        ("9" * 400, float("inf")),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90),
        (format_datetime(NOW - timedelta(days=1), usegmt=True), 0),
        ("Mon, 02 Mar 2026 08:31:00 -0000", 60),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("²", None),
        ("Mon, 99 Mar 2026 08:31:00 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


@given(value=st.text())
def test_whatever_retry_after_says_is_taken(value: str) -> None:
    seconds = retry_after(value, NOW)
    assert seconds is None or seconds >= 0


@given(count=st.integers(1, 10_000))
def test_pauses_grow_with_chance_and_an_end(count: int) -> None:
    most = min(0.5 * 2 ** min(count - 1, 50), LONGEST_PAUSE)
    assert most / 2 <= pause_after(count, None) <= most
    assert pause_after(count, 3) == 3
    assert pause_after(count, 1e9) == LONGEST_PAUSE


def reply(status: int, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, httpx.Headers(named), b"")


@pytest.mark.parametrize("status", [301, 400, 401, 404, 408, 409, 413, 422, 429, 500, 502, 504])
def test_only_503_is_tried_again(status: int) -> None:
    with pytest.raises(ServiceProblem) as caught:
        Tries(Policy(60, 4), "GET /").pause(reply(status, retry_after="0"))
    assert (caught.value.status, caught.value.slug) == (status, "")


def test_the_tries_are_counted() -> None:
    tries = Tries(Policy(1_000, 3), "GET /")
    assert [tries.pause(reply(503, retry_after="2")) for _ in range(3)] == [2, 2, 2]
    with pytest.raises(ServiceProblem):
        tries.pause(reply(503, retry_after="2"))
    tries.renew()
    assert tries.pause(reply(503, retry_after="2")) == 2


def test_nobody_waits_for_what_comes_too_late() -> None:
    with pytest.raises(ServiceProblem):
        Tries(Policy(5, 4), "GET /").pause(reply(503, retry_after="5"))
    assert 0 < Tries(Policy(5, 4), "GET /").pause(reply(503)) < 5


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (httpx.ConnectError("refused"), True),
        (httpx.ReadError("reset"), True),
        (httpx.RemoteProtocolError("gone"), True),
        (httpx.ConnectTimeout("slow"), True),
        (httpx.ReadTimeout("slow"), False),
        (httpx.WriteTimeout("slow"), False),
        (httpx.ProxyError("no"), False),
        (httpx.DecodingError("no"), False),
    ],
)
def test_connections_that_broke_are_tried_again(error: httpx.RequestError, again: bool) -> None:
    tries = Tries(Policy(60, 1), "GET http://a.example/v1/model")
    if again:
        tries.pause(Trouble(error))
    with pytest.raises(ServiceError, match=r"GET http://a\.example/v1/model: ") as caught:
        tries.pause(Trouble(error))
    assert ("tried 2 times" if again else "tried once") in str(caught.value)
