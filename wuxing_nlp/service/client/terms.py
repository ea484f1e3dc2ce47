"""On what terms a client calls: the same for both clients."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import TypeVar

from wuxing_nlp.service.client import calls
from wuxing_nlp.service.client.errors import ServiceProblem
from wuxing_nlp.service.client.flows import Call, exchange, streamed, waiting
from wuxing_nlp.service.client.policy import Policy, Tries
from wuxing_nlp.service.client.steps import Flow, Request
from wuxing_nlp.service.client.wiring import Settings, settings_of
from wuxing_nlp.service.wire.jobs import Job

_T = TypeVar("_T")

TIMEOUT = 120.0
"""Seconds that a call may take in all; a service itself takes no longer than 60 by default."""

RETRIES = 4
"""How often a call is repeated at most."""

BATCH = 100
"""How many texts ``tag_many`` sends together."""


class Terms:
    """The address, the key, and how patient a client is; its methods are the flows of calls."""

    def __init__(self, url: str, key: str | None, timeout: float, retries: int) -> None:
        self.settings: Settings = settings_of(url, key)
        self._policy = Policy(timeout, retries)

    def exchange(self, call: Call[_T], timeout: float | None = None) -> Flow[_T]:
        """A call, within ``timeout`` seconds or as long as calls may take."""
        policy = self._policy if timeout is None else replace(self._policy, timeout=timeout)
        return exchange(call, self._tries(call.request, policy))

    def streamed(self, request: Request) -> Flow[None]:
        """A request whose answer is streamed."""
        return streamed(request, self._tries(request, self._policy))

    def is_ready(self) -> Flow[bool]:
        """Whether the service is ready; it is asked once."""
        call = calls.ready()
        try:
            yield from exchange(call, self._tries(call.request, replace(self._policy, retries=0)))
        except ServiceProblem as problem:
            if problem.status != HTTPStatus.SERVICE_UNAVAILABLE:
                raise
            return False
        return True

    def jobs(self) -> Flow[list[Job]]:
        """All jobs, page by page."""
        found: list[Job] = []
        after: str | None = None
        while True:
            page = yield from self.exchange(calls.jobs(after))
            found += page.jobs
            if (after := page.next) is None:
                return found

    def waiting(self, job: Job | str, timeout: float | None) -> Flow[Job]:
        """The wait for a job."""
        return waiting(lambda: self.exchange(calls.job(job)), timeout)

    def _tries(self, request: Request, policy: Policy) -> Tries:
        base = str(self.settings["base_url"]).rstrip("/")
        return Tries(policy, f"{request.method} {base}{request.path}")
