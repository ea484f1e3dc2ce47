"""``python -m benchmarks``: measure, print, compare with the committed ratios."""

from __future__ import annotations

import os

# One core a process: numpy's own threads would help the yardstick here and ours there. It must be
# said before numpy is imported.
os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

import argparse
import json
import platform
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks import (
    bars,
    growth,
    guard,
    processes,
    report,
    service,
    speed,
    stages,
    startup,
    streams,
    tables,
)
from benchmarks.contest import Contest
from benchmarks.results import Results
from benchmarks.settings import DEFAULT, FULL, QUICK

SECTIONS: dict[str, Callable[[Contest], Results]] = {
    "startup": startup.measure,
    "speed": speed.measure,
    "stages": stages.measure,
    "report": report.measure,
    "processes": processes.measure,
    "service": service.measure,
    "growth": growth.measure,
    "streams": streams.measure,
}

WIDTH = 160


def main() -> int:
    """Run what the arguments ask for; 1 where a committed ratio was lost, else 0."""
    options = _options()
    console = Console(width=WIDTH)
    if busy := _busy():
        console.print(busy)
    contest = Contest(options.settings, options.bundle)
    results = _measured(contest, options.only or list(SECTIONS), console)
    judged = [bar for bar in bars.BARS if options.whole or bar.seen(results) is not None]
    console.print(tables.bars_table(judged, results))
    lost = _guarded(options, results, console)
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(
        json.dumps(_written(contest, results, lost), ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )
    console.print(f"written to {options.json}")
    return 1 if lost else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    size = parser.add_mutually_exclusive_group()
    size.add_argument(
        "--quick", dest="settings", action="store_const", const=QUICK, help="a look at the harness"
    )
    size.add_argument(
        "--full", dest="settings", action="store_const", const=FULL, help="up to 1,000,000 units"
    )
    parser.add_argument("--only", nargs="+", choices=SECTIONS, help="measure some sections, compare nothing")
    parser.add_argument("--accept", action="store_true", help="commit the ratios of this run")
    parser.add_argument("--bundle", type=Path, help="the model's folder (default: the shipped one)")
    parser.add_argument("--json", type=Path, default=Path("out", "benchmarks.json"), help="where figures go")
    parser.set_defaults(settings=DEFAULT)
    options = parser.parse_args()
    options.whole = options.settings.comparable and not options.only
    if options.accept and not options.whole:
        parser.error("--accept needs a whole run; leave out --quick and --only")
    return options


def _measured(contest: Contest, sections: list[str], console: Console) -> Results:
    results = Results(skipped=dict(contest.skipped))
    for name in sections:
        found = SECTIONS[name](contest)
        console.print(tables.figures_table(name, found), "")
        results.update(found)
    for what, reason in results.skipped.items():
        console.print(f"skipped: {what}: {reason}")
    return results


def _guarded(options: argparse.Namespace, results: Results, console: Console) -> list[guard.Loss]:
    """Accept the ratios, or tell what was lost of the committed ones."""
    if not options.whole:
        console.print("only a whole run is compared with the committed ratios")
        return []
    if options.accept:
        guard.write(guard.accepted(guard.read(), results))
        console.print(f"the ratios are in {guard.COMMITTED.name} now")
        return []
    lost = guard.losses(guard.read(), results)
    for loss in lost:
        console.print(f"LOST {loss}")
    console.print(f"{len(lost)} of the committed ratios were lost (more than {guard.MOST_LOST:.0%} of one)")
    return lost


def _busy() -> str:
    """A warning where other processes take the time that is to be measured."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return (
        f"the machine is busy (load {load:.1f}): wait, or trust nothing of what follows" if load > 1 else ""
    )


def _written(contest: Contest, results: Results, lost: list[guard.Loss]) -> dict[str, Any]:
    """Everything as plain JSON values."""
    judged = [asdict(bar) | {"seen": bar.seen(results), "verdict": bar.verdict(results)} for bar in bars.BARS]
    settings = asdict(contest.settings)
    facts = {"machine": _machine(contest), "settings": settings, "bars": judged, "lost": list(map(str, lost))}
    return results.to_dict() | facts


def _machine(contest: Contest) -> dict[str, Any]:
    return {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "cores": os.cpu_count(),
        "reader": type(contest.taggers[contest.engines[0]].model.space.reader).__name__,
    }


if __name__ == "__main__":
    sys.exit(main())
