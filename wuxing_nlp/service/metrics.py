"""What Prometheus reads: counts and times, never a text."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from wuxing_nlp.service.pool.pool import Pool

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_METHODS = frozenset({"GET", "POST", "DELETE", "HEAD", "OPTIONS"})


class Metrics:
    """The figures of one service."""

    def __init__(self, pool: Pool) -> None:
        self._registry = CollectorRegistry()
        labels = ("method", "path", "status")
        self._requests = Counter(
            "wuxing_requests", "Requests that were answered.", labels, registry=self._registry
        )
        self._seconds = Histogram(
            "wuxing_request_seconds",
            "Seconds from a request's head to the end of its answer.",
            ("path",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self.in_flight = self._gauge("wuxing_requests_in_flight", "Requests that are being answered.")
        self.documents = Counter("wuxing_documents", "Documents tagged by calls.", registry=self._registry)
        self.units = Counter("wuxing_units", "Coding units tagged by calls.", registry=self._registry)
        self._gauge("wuxing_calls_waiting", "Calls that wait for a process.").set_function(
            lambda: pool.waiting
        )
        self._gauge("wuxing_workers", "Processes that can work.").set_function(lambda: pool.alive)
        self._gauge("wuxing_workers_busy", "Processes at work.").set_function(lambda: pool.working)
        self._gauge("wuxing_workers_lost", "Processes that ended and were replaced.").set_function(
            lambda: pool.lost
        )
        self.jobs = Gauge("wuxing_jobs", "Jobs by state.", ("state",), registry=self._registry)

    def _gauge(self, name: str, told: str) -> Gauge:
        return Gauge(name, told, registry=self._registry)

    def count(self, method: object, path: object, status: object, seconds: object) -> None:
        """Count a request; a method that nobody knows is ``other``, for a caller may invent any."""
        assert isinstance(seconds, float)
        known = method if method in _METHODS else "other"
        self._requests.labels(known, path, status).inc()
        self._seconds.labels(path).observe(seconds)

    def text(self) -> bytes:
        """All figures, in Prometheus' text form."""
        return generate_latest(self._registry)
