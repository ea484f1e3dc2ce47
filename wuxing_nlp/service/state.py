"""What the handlers of requests share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from starlette.requests import Request

from wuxing_nlp.model.bundle import Model
from wuxing_nlp.service.jobs.manager import Jobs
from wuxing_nlp.service.metrics import Metrics
from wuxing_nlp.service.pool.pool import Pool
from wuxing_nlp.service.settings import ServiceSettings


@dataclass(frozen=True, slots=True)
class Service:
    """One running service: its settings, the model that it serves, its processes, its figures and its
    jobs."""

    settings: ServiceSettings
    model: Model
    pool: Pool
    metrics: Metrics
    jobs: Jobs


def service(request: Request) -> Service:
    """The service that a request came to."""
    return cast(Service, request.app.state.service)


def told(request: Request, **facts: object) -> None:
    """Have facts of a request in its line of the log."""
    request.scope["state"].setdefault("told", {}).update(facts)
