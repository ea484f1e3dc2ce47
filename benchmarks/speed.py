"""Units a second, in batches and one at a time, beside the yardstick and fastText."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from statistics import median

from benchmarks.contest import FASTEST, Contest
from benchmarks.results import Figure, Results
from benchmarks.settings import BATCH
from benchmarks.texts import SCRIPTS, Script
from benchmarks.timing import Caller, in_turns, percentile, ratios
from wuxing_nlp import Tagger

Coder = Callable[[list[str]], object]


def measure(contest: Contest) -> Results:
    """``batch`` and ``one`` / script / who: units/s; of one at a time also p50 and p99 in ms."""
    settings, results = contest.settings, Results()
    for script in SCRIPTS:
        results.figures |= _race(contest, script, "batch", BATCH, settings.batch_units)
        results.figures |= _race(contest, script, "one", 1, settings.single_units)
    return results


def _race(contest: Contest, script: Script, way: str, size: int, count: int) -> dict[str, Figure]:
    callers = {name: Caller(code, size) for name, code in _coders(contest).items()}

    def take(name: str, number: int) -> float:
        return callers[name].seconds_a_unit(contest.texts.units(count, script, number, f"{way} {name}"))

    times = in_turns({name: partial(take, name) for name in callers}, contest.settings.rounds)
    figures = {f"{way}/{script}/{name}": _figure(name, times) for name in times}
    if size == 1:
        for name, caller in callers.items():
            figures |= _latency(f"latency/{script}/{name}", caller.calls[count:])  # less the warm-up
    return figures


def _coders(contest: Contest) -> dict[str, Coder]:
    coders: dict[str, Coder] = {"naive": contest.naive.codes}
    if contest.fast_text:
        coders["fastText"] = contest.fast_text.codes
    for engine, tagger in contest.taggers.items():
        coders |= {f"{engine}/{what}": code for what, code in _ways(tagger).items()}
    return coders


def _ways(tagger: Tagger) -> dict[str, Coder]:
    return {
        "codes": tagger.code_units,
        "tags": partial(tagger.tag_units, evidence=False),
        "evidence": partial(tagger.tag_units, evidence=True),
    }


def _figure(name: str, times: dict[str, list[float]]) -> Figure:
    return Figure(1 / median(times[name]), "units/s", ratios(times, name, _yardsticks(name)))


def _yardsticks(name: str) -> list[str]:
    """What ours stands beside; the others are no business of the guard."""
    engine = name.split("/")[0]
    # fastText stands behind the fastest segmenter: only beside that engine is the comparison fair.
    return {FASTEST: ["naive", "fastText"], "naive": [], "fastText": []}.get(engine, ["naive"])


def _latency(name: str, calls: list[float]) -> dict[str, Figure]:
    return {f"{name}/p{percent}": Figure(1000 * percentile(calls, percent), "ms") for percent in (50, 99)}
