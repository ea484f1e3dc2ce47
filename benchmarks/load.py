"""``python -m benchmarks.load``: mixed work for a server over loopback, for minutes; nothing may fail,
no answer may be another's, and its memory may not grow."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import monotonic, perf_counter

import httpx
import psutil

from benchmarks.serving import Server, serving
from benchmarks.streams import memory
from benchmarks.texts import Texts, authored
from benchmarks.timing import percentile

MOST_GROWTH = 1.1
"""How many times the memory of the second quarter the last one may take at most."""

_CALLERS = 6
_LOOK_EVERY = 1.0  # seconds
_POLL_EVERY = 0.2  # seconds
_TIMEOUT = 120  # seconds
_MIB = 2**20
_DONE, _FAILED = "done", "failed"


class WrongAnswerError(Exception):
    """An answer that is not what was asked for."""


@dataclass
class Load:
    """What is sent, and what came of it: seconds of every call by its kind, and what was wrong."""

    seconds: float
    texts: Texts
    random: Random = field(default_factory=lambda: Random(0))
    calls: dict[str, list[float]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    _tokens: count[int] = field(default_factory=lambda: count(1))

    def text(self, units: int) -> tuple[str, str]:
        """A text that nobody else sends, and the mark by which it is known."""
        token = f"〔第{next(self._tokens)}號〕"
        lines = self.texts.units(units, "traditional", self.random.randrange(1_000_000), "load")
        return token, "\n".join([f"{token}來信收悉，現將辦理情況答覆如下。", *lines])


Kind = Callable[[Load, httpx.AsyncClient], Awaitable[None]]


async def _single(load: Load, client: httpx.AsyncClient) -> None:
    token, text = load.text(1)
    answer = await client.post("/v1/tag", json={"text": text})
    _expect(answer, 200, token)


async def _batch(load: Load, client: httpx.AsyncClient) -> None:
    given = [load.text(2) for _ in range(20)]
    answer = await client.post("/v1/tag", json={"texts": [text for _, text in given], "evidence": False})
    _expect(answer, 200)
    documents = answer.json()["documents"]
    for (token, _), document in zip(given, documents, strict=True):
        if not document["units"][0]["text"].startswith(token):
            raise WrongAnswerError(f"an answer holds what belongs to another: {token}")


async def _upload(load: Load, client: httpx.AsyncClient) -> None:
    token, text = load.text(60)
    answer = await client.post("/v1/documents", files={"file": ("來信.txt", text.encode("big5", "ignore"))})
    _expect(answer, 200, token)


async def _mistake(load: Load, client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/tag", content=b'{"text": 5', headers={"content-type": "application/json"})
    _expect(answer, 400)


async def _look(load: Load, client: httpx.AsyncClient) -> None:
    _expect(await client.get("/v1/codebook"), 200)
    _expect(await client.get("/metrics"), 200)


async def _job(load: Load, client: httpx.AsyncClient) -> None:
    given = [load.text(20) for _ in range(20)]
    rows = [{"id": str(number), "text": text} for number, (_, text) in enumerate(given)]
    answer = await client.post("/v1/jobs", json={"rows": rows})
    _expect(answer, 202)
    path = f"/v1/jobs/{answer.json()['id']}"
    until = monotonic() + _TIMEOUT
    while (state := (await client.get(path)).json()["state"]) not in (_DONE, _FAILED):
        if monotonic() > until:
            raise WrongAnswerError(f"a job is {state} after {_TIMEOUT} seconds")
        await asyncio.sleep(_POLL_EVERY)
    results = (await client.get(f"{path}/results.jsonl")).text.splitlines()
    if state != _DONE or len(results) != len(rows):
        raise WrongAnswerError(f"a job is {state} with {len(results)} of {len(rows)} documents")
    for (token, _), line in zip(given, results, strict=True):
        if not json.loads(line)["units"][0]["text"].startswith(token):
            raise WrongAnswerError(f"a job holds what belongs to another: {token}")
    _expect(await client.delete(path), 204)


def _expect(answer: httpx.Response, status: int, token: str = "") -> None:
    if answer.status_code != status or token not in answer.text:
        raise WrongAnswerError(f"{answer.status_code} instead of {status}: {answer.text[:300]}")


_MIX: dict[Kind, int] = {_single: 60, _batch: 20, _upload: 10, _mistake: 5, _look: 5}
"""Kinds of calls, and how often each comes."""


async def _caller(load: Load, client: httpx.AsyncClient, mix: dict[Kind, int], until: float) -> None:
    while monotonic() < until:
        [kind] = load.random.choices(list(mix), list(mix.values()))
        begun = perf_counter()
        try:
            await kind(load, client)
        except (httpx.HTTPError, WrongAnswerError, KeyError, ValueError) as error:
            load.wrong.append(f"{kind.__name__.strip('_')}: {type(error).__name__}: {error}")
        load.calls.setdefault(kind.__name__.strip("_"), []).append(perf_counter() - begun)


async def _watch(load: Load, process: psutil.Process, until: float) -> None:
    while monotonic() < until:
        load.memory.append(memory(process) / _MIB)
        await asyncio.sleep(_LOOK_EVERY)


async def run(load: Load, server: Server) -> None:
    """Put the load on a server."""
    until = monotonic() + load.seconds
    async with httpx.AsyncClient(base_url=server.url, timeout=_TIMEOUT, trust_env=False) as client:
        await asyncio.gather(
            _watch(load, psutil.Process(server.process.pid), until),
            _caller(load, client, {_job: 1}, until),
            *(_caller(load, client, _MIX, until) for _ in range(_CALLERS)),
        )


def growth(seen: list[float]) -> float:
    """How many times what the second quarter took at its peak the last quarter took."""
    quarter = max(len(seen) // 4, 1)
    return max(seen[-quarter:]) / max(seen[quarter : 2 * quarter] or seen)


def _told(load: Load) -> None:
    for kind, seconds in sorted(load.calls.items()):
        # Twice, for percentiles need two values at least.
        p50, p99 = (1000 * percentile([*seconds, *seconds], percent) for percent in (50, 99))
        print(f"{kind:8} {len(seconds):7,} calls, p50 {p50:7.1f} ms, p99 {p99:7.1f} ms")
    print(f"memory   {min(load.memory):.0f} to {max(load.memory):.0f} MiB, {growth(load.memory):.2f} times")
    for wrong, times in Counter(load.wrong).most_common(20):
        print(f"WRONG    {times} times: {wrong}")


def main() -> int:
    """Run what the arguments ask for; 1 where something was wrong, else 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--seconds", type=float, default=180)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    load = Load(options.seconds, Texts(authored()))
    with TemporaryDirectory() as folder, serving(Path(folder), "--workers", str(options.workers)) as server:
        asyncio.run(run(load, server))
        code = server.stop()
    _told(load)
    return int(bool(load.wrong) or growth(load.memory) > MOST_GROWTH or code)


if __name__ == "__main__":
    sys.exit(main())
