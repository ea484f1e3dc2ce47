"""A whole work report, tagged with evidence."""

from __future__ import annotations

import re
from functools import partial
from statistics import median

from benchmarks.contest import Contest
from benchmarks.results import Figure, Results
from benchmarks.texts import SCRIPTS, Script
from benchmarks.timing import in_turns, ratios, timed

_END = re.compile("(?<=[。！？；\n])")


def measure(contest: Contest) -> Results:
    """``report`` / script / engine: ms, beside the yardstick's on the same report."""
    results = Results()
    for script in SCRIPTS:
        takers = {name: partial(_take, contest, script, name) for name in ("naive", *contest.engines)}
        times = in_turns(takers, contest.settings.rounds)
        for name, taken in times.items():
            results.figures[f"report/{script}/{name}"] = Figure(
                1000 * median(taken), "ms", ratios(times, name)
            )
    return results


def _take(contest: Contest, script: Script, name: str, number: int) -> float:
    text = contest.texts.report(contest.settings.report_length, script, number, f"report {name}")
    if name == "naive":
        return timed(lambda: contest.naive.codes([unit for unit in _END.split(text) if unit.strip()]))[0]
    return timed(lambda: contest.taggers[name].tag(text))[0]
