"""What the figures must reach."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.results import Results

VALUE, SHARE = "value", "share"


@dataclass(frozen=True)
class Bar:
    """What a figure must reach: its value, its share, or its ratio to the yardstick that ``what``
    names. ``goal`` is what it is meant to reach."""

    figure: str
    what: str
    limit: float
    at_most: bool = False
    goal: float | None = None

    def seen(self, results: Results) -> float | None:
        """What was measured; None where nothing was."""
        figure = results.figures.get(self.figure)
        if figure is None:
            return None
        return {VALUE: figure.value, SHARE: figure.share, **figure.ratios}.get(self.what)

    def passes(self, seen: float) -> bool:
        """Whether a measured value reaches the bar."""
        return seen <= self.limit if self.at_most else seen >= self.limit

    def verdict(self, results: Results) -> str:
        """PASS, FAIL, or why there is nothing to judge."""
        seen = self.seen(results)
        if seen is None:
            return results.why_skipped(self.figure, self.what) or "not measured"
        return "PASS" if self.passes(seen) else "FAIL"


def _at_most(figure: str, limit: float) -> Bar:
    return Bar(figure, VALUE, limit, at_most=True)


BARS = (
    Bar("batch/traditional/compiled/codes", "naive", 15, goal=25),
    Bar("one/traditional/compiled/codes", "naive", 70),
    _at_most("latency/traditional/compiled/codes/p50", 0.15),
    _at_most("report/traditional/compiled", 60),
    Bar("batch/traditional/jieba/codes", "naive", 1.8),
    Bar("one/traditional/jieba/codes", "naive", 20),
    Bar("stage/batch/traditional/jieba/segment", SHARE, 85),
    Bar("batch/simplified/compiled/codes", "fastText", 1),
    Bar("batch/traditional/compiled/codes", "fastText", 1),
    Bar("one/simplified/compiled/codes", "fastText", 1),
    Bar("one/traditional/compiled/codes", "fastText", 1),
    Bar("processes/2", "1 process", 1.9),
    _at_most("start/compiled", 0.6),
    _at_most("start/jieba", 2.2),
    _at_most("load/bundle", 0.1),
    _at_most("memory/compiled", 200),
    _at_most("memory/jieba", 260),
    *(
        Bar(f"service/{workers}/{what}", "Python API", 0.7)
        for workers in (1, 2)
        for what in ("evidence", "codes")
    ),
    *(_at_most(f"stream memory/{megabytes}", 600) for megabytes in (10, 200, 2_000)),
    *(
        _at_most(f"growth/{what}/{engine}", 1.05)
        for what in ("units", "length", "length with evidence")
        for engine in ("compiled", "jieba")
    ),
)
