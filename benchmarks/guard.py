"""The regression guard: measured ratios beside the committed ones."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from benchmarks.results import Results

COMMITTED = Path(__file__).with_name("ratios.json")

MOST_LOST = 0.2
"""The part of a committed ratio that a run may lose."""

Ratios = dict[str, dict[str, float]]
"""Figure → yardstick → how many times as fast."""


@dataclass(frozen=True)
class Loss:
    """A ratio that fell too far; ``now`` is None where it is not measured any more."""

    figure: str
    yardstick: str
    before: float
    now: float | None

    def __str__(self) -> str:
        name = f"{self.figure}: {self.before:.3g} times {self.yardstick} was committed"
        if self.now is None:
            return f"{name}, and it is not measured any more"
        return f"{name}, {self.now:.3g} times was measured: {1 - self.now / self.before:.0%} lost"


def ratios(results: Results) -> Ratios:
    """The ratios of a run, in three figures."""
    return {
        name: {yardstick: float(f"{ratio:.3g}") for yardstick, ratio in figure.ratios.items()}
        for name, figure in sorted(results.figures.items())
        if figure.ratios
    }


def losses(committed: Ratios, results: Results) -> list[Loss]:
    """Every committed ratio that the run lost a fifth of, or did not measure without a reason."""
    found: list[Loss] = []
    for name, before in committed.items():
        for yardstick, ratio in before.items():
            now = results.figures[name].ratios.get(yardstick) if name in results.figures else None
            if now is None and results.why_skipped(name, yardstick):
                continue
            if now is None or now < (1 - MOST_LOST) * ratio:
                found.append(Loss(name, yardstick, ratio, now))
    return found


def accepted(committed: Ratios, results: Results) -> Ratios:
    """The ratios to commit: those of the run, and the old ones of what could not be measured here."""
    kept = {
        name: {
            yardstick: ratio for yardstick, ratio in before.items() if results.why_skipped(name, yardstick)
        }
        for name, before in committed.items()
    }
    now = ratios(results)
    names = sorted({*now, *(name for name, old in kept.items() if old)})
    return {name: kept.get(name, {}) | now.get(name, {}) for name in names}


def read(path: Path = COMMITTED) -> Ratios:
    """The committed ratios; none where nothing was accepted yet."""
    if not path.is_file():
        return {}
    committed: Ratios = json.loads(path.read_text(encoding="utf-8"))
    return committed


def write(committed: Ratios, path: Path = COMMITTED) -> None:
    """Commit ratios."""
    path.write_text(json.dumps(committed, indent=2) + "\n", encoding="utf-8")
