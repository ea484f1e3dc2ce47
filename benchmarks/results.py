"""What was measured: figures by name, and what could not be measured here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Figure:
    """A value in a unit; ``ratios`` say how many times as fast it is as each yardstick, ``share`` is
    the percentage of the whole that it is a part of."""

    value: float
    unit: str
    ratios: Mapping[str, float] = field(default_factory=dict)
    share: float | None = None


@dataclass
class Results:
    """Figures by names such as ``batch/traditional/compiled/codes``; ``skipped`` holds parts of such
    names, or yardsticks, that are not there, each with the reason."""

    figures: dict[str, Figure] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)

    def update(self, other: Results) -> None:
        """Take in what another part of the run measured."""
        self.figures |= other.figures
        self.skipped |= other.skipped

    def why_skipped(self, figure: str, yardstick: str) -> str | None:
        """The reason why a figure's ratio to a yardstick could not be measured; None for no reason."""
        names = (*figure.split("/"), yardstick)
        return next((reason for part, reason in self.skipped.items() if part in names), None)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)
