"""Whether a call is tried again, and after how long."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from wuxing_nlp.errors import ServiceError, said
from wuxing_nlp.service.client.errors import problem_of
from wuxing_nlp.service.client.steps import Reply, Trouble

LONGEST_PAUSE = 60.0
"""Seconds that are waited at most, whatever a Retry-After says."""

_FIRST_PAUSE = 0.5
_MOST_SECONDS = 1_000_000.0
_LEAST = 0.001


@dataclass(frozen=True, slots=True)
class Policy:
    """How long a call may take in all, and how often it is tried again.

    Raises:
        ServiceError: a number that makes no sense.
    """

    timeout: float
    retries: int

    def __post_init__(self) -> None:
        if not 0 < self.timeout <= _MOST_SECONDS:
            raise ServiceError(
                f"timeout is {self.timeout}; give seconds, more than 0 and at most {_MOST_SECONDS:,.0f}"
            )
        if self.retries < 0:
            raise ServiceError(f"retries is {self.retries}; give 0 or more")


class Tries:
    """The tries of one call, which ``what`` names in messages."""

    def __init__(self, policy: Policy, what: str) -> None:
        self._policy = policy
        self._what = what
        self.renew()

    def renew(self) -> None:
        """Count and time from now on: the call got on."""
        self._count = 0
        self._end = time.monotonic() + self._policy.timeout

    @property
    def left(self) -> float:
        """Seconds until the call's time is up."""
        # Sockets take 0 for "do not wait at all", which fails in other ways than a wait that is over.
        return max(self._end - time.monotonic(), _LEAST)

    @property
    def whole(self) -> float:
        """Seconds that the call has in all."""
        return self._policy.timeout

    def pause(self, outcome: Reply | Trouble) -> float:
        """Seconds until the next try, after one that failed.

        Raises:
            ServiceProblem: the answer stands, or it is too late for another.
            ServiceError: there is no answer, and none is to be had.
        """
        self._count += 1
        seconds = pause_after(self._count, _wanted(outcome))
        if not _passing(outcome) or self._count > self._policy.retries or seconds >= self.left:
            if isinstance(outcome, Reply):
                raise problem_of(outcome)
            raise ServiceError(self._told(outcome)) from outcome.error
        return seconds

    def _told(self, trouble: Trouble) -> str:
        tried = "once" if self._count == 1 else f"{self._count} times"
        if trouble.late:
            return (
                f"{self._what}: no answer within {self._policy.timeout:g} seconds (tried {tried}); give more "
                "with timeout=, send less at once, or give large work to submit()"
            )
        return (
            f"{self._what}: {said(trouble.error)} (tried {tried}); see that the service runs there (wuxing "
            "serve) and that the address is right"
        )


def pause_after(count: int, wanted: float | None) -> float:
    """Seconds to wait after so many tries: what the service wants, or else the longer the more, with
    some chance in it, so that callers who were refused together do not come back together."""
    if wanted is not None:
        return min(wanted, LONGEST_PAUSE)
    longest = min(_FIRST_PAUSE * 2.0 ** min(count - 1, 30), LONGEST_PAUSE)
    return longest * random.uniform(0.5, 1.0)


def retry_after(value: str, now: datetime) -> float | None:
    """The seconds of a Retry-After: a number of them, or a date (RFC 9110, 10.2.3). None where it is
    neither."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    aware = date if date.tzinfo else date.replace(tzinfo=UTC)
    return max((aware - now).total_seconds(), 0.0)


def _passing(outcome: Reply | Trouble) -> bool:
    return outcome.status == HTTPStatus.SERVICE_UNAVAILABLE if isinstance(outcome, Reply) else outcome.again


def _wanted(outcome: Reply | Trouble) -> float | None:
    if isinstance(outcome, Trouble):
        return None
    return retry_after(outcome.headers.get("retry-after", ""), datetime.now(UTC))
