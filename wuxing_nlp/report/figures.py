"""The geometry of figures: what is drawn where. Templates draw it, as inline SVG or shaded cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from wuxing_nlp.report.tally import Tally

FEW_UNITS = 30
"""Coded units below which a share says little; it is drawn as a ring."""

_TOPS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)
_SHADES = (0.02, 0.05, 0.1, 0.2, 0.35)
"""Shares from which a cell is shaded one step darker; the same in every report, so that reports can be
compared."""

LEFT, RIGHT, TOP, BOTTOM = 6.0, 174.0, 14.0, 66.0
"""The box of a line's figure, whose whole is 180 by 84."""


def top_of(shares: Iterable[float]) -> float:
    """The round share that an axis ends at, so that all fit."""
    highest = max(shares, default=0.0)
    return next(top for top in _TOPS if highest <= top)


def shade(share: float) -> int:
    """How dark a cell is: 0 for none, then 1 to 6."""
    return 0 if share <= 0 else 1 + sum(share >= limit for limit in _SHADES)


def shade_limits() -> list[tuple[int, float, float]]:
    """Every shade with the shares that it stands for, from and below; the last one ends at 1."""
    return [
        (step, low, high)
        for step, (low, high) in enumerate(zip((0.0, *_SHADES), (*_SHADES, 1.0), strict=True), start=1)
    ]


def length(share: float, top: float) -> str:
    """A bar's length of 100, for a share on an axis that ends at ``top``."""
    return f"{100 * share / top:.2f}"


class Point(NamedTuple):
    """A year on a line; ``few`` where it rests on few units."""

    x: float
    y: float
    year: str
    share: float
    few: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A label over the years: ``top`` is the share at the upper end, ``paths`` are the stretches without
    a missing year."""

    label: str
    top: float
    points: Sequence[Point]
    paths: Sequence[str]

    @property
    def highest(self) -> Point:
        """The year with the highest share, the first of them."""
        return max(self.points, key=lambda point: point.share)


def lines(years: Sequence[tuple[str, Tally]], labels: Sequence[str]) -> list[Line]:
    """Labels over the years, all on one scale; years without a judged unit are missing. Years of few
    units, whose shares are wild, do not set the scale: what exceeds it lies at its end."""
    dated = [(int(year), tally) for year, tally in years if tally.coded]
    firm = [tally for _, tally in dated if tally.coded >= FEW_UNITS] or [tally for _, tally in dated]
    top = top_of(tally.share(label) for tally in firm for label in labels)
    return [_line(label, dated, top) for label in labels]


def _line(label: str, dated: Sequence[tuple[int, Tally]], top: float) -> Line:
    first, last = dated[0][0], dated[-1][0]
    points = [
        Point(
            round(LEFT + (RIGHT - LEFT) * (year - first) / max(1, last - first), 1),
            round(BOTTOM - (BOTTOM - TOP) * min(1.0, tally.share(label) / top), 1),
            str(year),
            tally.share(label),
            tally.coded < FEW_UNITS,
        )
        for year, tally in dated
    ]
    # Years that follow each other have one difference from their place among the points.
    runs = groupby(enumerate(points), key=lambda entry: int(entry[1].year) - entry[0])
    paths = [" ".join(f"{point.x},{point.y}" for _, point in run) for _, run in runs]
    return Line(label, top, points, [path for path in paths if " " in path])
