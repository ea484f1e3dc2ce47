"""What a system answered about units."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from wuxing_nlp.codebook import Codebook
from wuxing_nlp.evaluation.doubt import expected_f1
from wuxing_nlp.evaluation.scores import indicators

Floats = NDArray[np.float64]


def with_letters(codes: Iterable[Collection[str]], book: Codebook) -> list[frozenset[str]]:
    """Letters and base codes of units, of their written or base codes."""
    return [book.base(unit) | book.letters_of(unit) for unit in codes]


@dataclass(frozen=True, eq=False)
class Answers:
    """Answers to some units.

    Attributes:
        labels: the letters and base codes of each unit, see :func:`with_letters`.
        probabilities: letter or base code to its calibrated probabilities, shape (n_units,); empty of a
            system that gives codes alone.
    """

    labels: Sequence[frozenset[str]]
    probabilities: Mapping[str, Floats] = field(default_factory=dict)

    def take(self, places: Sequence[int]) -> Answers:
        """The answers to some of the units."""
        likely = {label: column[list(places)] for label, column in self.probabilities.items()}
        return Answers([self.labels[at] for at in places], likely)

    def confidence(self, letters: Sequence[str]) -> Floats | None:
        """How good the letters of each unit are likely to be, see
        :func:`wuxing_nlp.evaluation.doubt.expected_f1`; None without probabilities."""
        if not self.probabilities:
            return None
        likely = np.stack([self.probabilities[letter] for letter in letters], axis=1)
        return expected_f1(indicators(self.labels, letters), likely)
