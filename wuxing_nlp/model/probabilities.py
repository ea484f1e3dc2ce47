"""The probabilities of a unit's labels, as one small row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray


class Probabilities(Mapping[str, float]):
    """Calibrated probabilities by letter and base code, in the model's order; empty where none were
    asked for or the unit was not judged. A row of numbers, not a dict: a long document has many units.
    """

    __slots__ = ("_places", "_values")

    def __init__(self, places: Mapping[str, int], values: NDArray[np.float32]) -> None:
        self._places = places
        self._values = values

    def __getitem__(self, label: str) -> float:
        return float(self._values[self._places[label]])

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def __hash__(self) -> int:
        return hash((*self._places, self._values.tobytes()))

    def rounded(self) -> dict[str, float]:
        """The probabilities to four places."""
        values = self._values.astype(np.float64).round(4).tolist()
        return dict(zip(self._places, values, strict=True))


NO_PROBABILITIES = Probabilities({}, np.zeros(0, dtype=np.float32))
