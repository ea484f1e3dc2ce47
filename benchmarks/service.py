"""The service over loopback beside the Python API in as many processes, and its single calls."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks import processes
from benchmarks.contest import Contest
from benchmarks.driver import Driven, drive, tag_request
from benchmarks.results import Figure, Results
from benchmarks.serving import serving
from benchmarks.timing import in_turns, percentile, ratios, timed

BATCH = 100
"""Texts of a call, each a unit."""

API, HTTP = "Python API", "http"
UNIT, EMPTY = "unit", "no model"
WORKERS = (1, 2)
CONNECTIONS = (1, 8)

_AHEAD = 4
"""Connections a worker: enough that none waits for its next call."""


def measure(contest: Contest) -> Results:
    """``service`` / workers / evidence or codes: units/s in calls of 100, beside the Python API in as
    many processes; ``service single`` / connections: calls of one unit a second, beside calls without
    a text, which go the same way but for the model; their ``p50`` and ``p99`` in ms."""
    results = Results()
    with ProcessPoolExecutor(1, get_context("spawn")) as driver:
        for workers in WORKERS:
            with _served(contest, workers) as url:
                with processes.pool(contest, workers) as pool:
                    for what in ("evidence", "codes"):
                        results.update(_batches(_Pair(contest, url, driver, pool, workers, what)))
                if workers == 1:
                    for connections in CONNECTIONS:
                        results.update(_singles(contest, url, driver, connections))
    return results


@contextmanager
def _served(contest: Contest, workers: int) -> Iterator[str]:
    """The address of a server with so many workers, whose data go with it."""
    options = ("--workers", str(workers), "--model", str(contest.bundle), "--queue", "1000")
    with TemporaryDirectory() as folder, serving(Path(folder), *options) as server:
        yield server.url


class _Pair:
    """The service and the Python API, with as many processes each, on the same texts."""

    def __init__(
        self,
        contest: Contest,
        url: str,
        driver: ProcessPoolExecutor,
        pool: ProcessPoolExecutor,
        workers: int,
        what: str,
    ) -> None:
        self.contest = contest
        self.workers = workers
        self.what = what
        self._url = url
        self._driver = driver
        self._pool = pool
        self._evidence = what == "evidence"

    def api(self, number: int) -> float:
        """Seconds of the Python API."""
        tag = partial(_tag, evidence=self._evidence)
        return timed(lambda: list(self._pool.map(tag, self._texts(number))))[0]

    def http(self, number: int) -> float:
        """Seconds of the service."""
        requests = [tag_request(batch, evidence=self._evidence) for batch in self._texts(number)]
        return self._driver.submit(drive, self._url, requests, _AHEAD * self.workers).result().seconds

    def _texts(self, number: int) -> list[list[str]]:
        count = self.contest.settings.served_units
        texts = self.contest.texts.units(count, "traditional", number, f"service {self.what}")
        return [texts[at : at + BATCH] for at in range(0, len(texts), BATCH)]


def _tag(texts: list[str], *, evidence: bool) -> int:
    return len(processes.tagger().tag_together(texts, evidence=evidence))


def _batches(pair: _Pair) -> Results:
    settings = pair.contest.settings
    times = in_turns({API: pair.api, HTTP: pair.http}, settings.rounds)
    rate = {who: settings.served_units / median(taken) for who, taken in times.items()}
    name = f"service/{pair.workers}/{pair.what}"
    return Results(
        {
            name: Figure(rate[HTTP], "units/s", ratios(times, HTTP, [API])),
            f"{name}/{API}": Figure(rate[API], "units/s"),
        }
    )


def _singles(contest: Contest, url: str, driver: ProcessPoolExecutor, connections: int) -> Results:
    driven: dict[str, list[Driven]] = {UNIT: [], EMPTY: []}

    def take(number: int, what: str) -> float:
        texts = contest.texts.units(contest.settings.single_units, "traditional", number, "service single")
        requests = [tag_request([text] if what == UNIT else [], evidence=True) for text in texts]
        driven[what].append(driver.submit(drive, url, requests, connections).result())
        return driven[what][-1].seconds

    takers = {what: partial(take, what=what) for what in driven}
    times = in_turns(takers, contest.settings.rounds)
    results = Results()
    for what, rounds in driven.items():
        name = f"service single/{connections}/{what}"
        latencies = [1000 * latency for each in rounds[1:] for latency in each.latencies]
        rate = median(each.rate for each in rounds[1:])
        results.figures[name] = Figure(rate, "calls/s", ratios(times, what, [EMPTY]))
        for percent in (50, 99):
            results.figures[f"{name}/p{percent}"] = Figure(percentile(latencies, percent), "ms")
    return results
