"""What an error costs: whether a wrong label or a missed one is the worse of the two."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from wuxing_nlp.errors import PreferenceError


class Preference(StrEnum):
    """What the thresholds of the letters make the most of; arrays have their rows in this order.

    ``balanced``: F1, both errors cost the same. ``precision``: F0.5, a wrong label costs more, so
    that fewer are given. ``recall``: F2, a missed label costs more, so that more are given.
    F_β is van Rijsbergen's (Information Retrieval, 1979): it attaches β times as much importance to
    recall as to precision.
    """

    BALANCED = "balanced"
    PRECISION = "precision"
    RECALL = "recall"

    @property
    def beta(self) -> float:
        """β of the F_β."""
        return {"balanced": 1.0, "precision": 0.5, "recall": 2.0}[self.value]

    @property
    def row(self) -> int:
        """Where arrays hold what belongs to this preference."""
        return list(type(self)).index(self)

    @classmethod
    def of(cls, name: str) -> Self:
        """The preference of a name. Raises PreferenceError where there is none."""
        try:
            return cls(name)
        except ValueError:
            raise PreferenceError(
                f"there is no preference {name!r}; prefer one of: {', '.join(cls)}"
            ) from None
