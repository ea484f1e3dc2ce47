"""Two processes beside one: each loads the model once, then codes batch after batch."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from functools import partial
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from statistics import median

import wuxing_nlp
from benchmarks.contest import Contest
from benchmarks.results import Figure, Results
from benchmarks.settings import BATCH
from benchmarks.timing import in_turns, ratios, timed

NAMES = {1: "1 process", 2: "2 processes"}

LONGEST_START = 120
"""Seconds until processes that do not load the model are given up."""

_tagger: wuxing_nlp.Tagger


def measure(contest: Contest) -> Results:
    """``processes`` / how many: units/s of the fastest engine, once the processes are at work."""
    count = contest.settings.shared_units
    with ExitStack() as stack:
        pools = {name: stack.enter_context(pool(contest, n)) for n, name in NAMES.items()}
        takers = {name: partial(_take, contest, pool) for name, pool in pools.items()}
        times = in_turns(takers, contest.settings.rounds)
    return Results(
        {
            f"processes/{n}": Figure(count / median(times[name]), "units/s", ratios(times, name, [NAMES[1]]))
            for n, name in NAMES.items()
        }
    )


def pool(contest: Contest, count: int) -> ProcessPoolExecutor:
    """A pool whose processes have all loaded the model; :func:`tagger` is theirs."""
    context = get_context("spawn")
    ready = context.Barrier(count + 1)
    made = ProcessPoolExecutor(count, context, _start, (contest.bundle, contest.engines[0], ready))
    for _ in range(count):  # it starts a process for every task while none is idle
        made.submit(int)
    ready.wait(LONGEST_START)
    return made


def _start(bundle: Path, engine: str, ready: Barrier) -> None:
    global _tagger
    _tagger = wuxing_nlp.load(bundle, engine=engine)
    ready.wait(LONGEST_START)


def tagger() -> wuxing_nlp.Tagger:
    """The tagger of a process of a pool."""
    return _tagger


def _code(texts: list[str]) -> list[tuple[str, ...]]:
    return _tagger.code_units(texts)


def _take(contest: Contest, pool: ProcessPoolExecutor, number: int) -> float:
    texts = contest.texts.units(contest.settings.shared_units, "traditional", number, "processes")
    batches = [texts[at : at + BATCH] for at in range(0, len(texts), BATCH)]
    return timed(lambda: list(pool.map(_code, batches)))[0]
