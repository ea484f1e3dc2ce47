"""What several coders gave to the same units, as arrays."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from wuxing_nlp.codebook import Codebook
from wuxing_nlp.errors import EvaluationError
from wuxing_nlp.evaluation.scores import check_same_length, indicators

Codings = Mapping[str, Sequence[AbstractSet[str] | None]]
"""Coder to one set of codes a unit, base or written; None where the coder did not code the unit."""


@dataclass(frozen=True, eq=False)
class Ratings:
    """Codings as arrays.

    Attributes:
        coders: their names.
        labels: every letter, then every base code.
        given: bool, shape (n_units, n_coders, n_labels); False where a coder did not code the unit.
        coded: bool, shape (n_units, n_coders).
        documents: the document of each unit.
    """

    coders: tuple[str, ...]
    labels: tuple[str, ...]
    given: NDArray[np.bool_]
    coded: NDArray[np.bool_]
    documents: tuple[Hashable, ...]

    @classmethod
    def of(cls, codings: Codings, documents: Sequence[Hashable], book: Codebook) -> Ratings:
        """The arrays of some codings; ``documents`` names each unit's document.

        Raises:
            EvaluationError: fewer than two coders, sequences of different length, or a coder who has
                no unit in common with any other.
        """
        coders = tuple(codings)
        if len(coders) < 2:
            raise EvaluationError(
                f"one coder only ({', '.join(coders) or 'none'}); agreement needs the codings of two or more"
            )
        check_same_length(**{"documents": documents, **codings})
        labels = (*book.letters, *book.codes)
        given = np.stack(
            [indicators(_label_sets(column, book), labels) for column in codings.values()], axis=1
        )
        coded = np.array([[codes is not None for codes in column] for column in codings.values()]).T
        ratings = cls(coders, labels, given, coded.reshape(len(documents), len(coders)), tuple(documents))
        ratings._check_overlap()
        return ratings

    def _check_overlap(self) -> None:
        shared = self.coded[self.places].sum(axis=0)
        if not shared.all():
            totals = zip(self.coders, self.coded.sum(axis=0), strict=True)
            counts = ", ".join(f"{coder} {count:,}" for coder, count in totals)
            names = ", ".join(coder for coder, units in zip(self.coders, shared, strict=True) if not units)
            raise EvaluationError(
                f"no unit of {names} was coded by another coder (units: {counts}); "
                "check that the files are of the same units and name them alike"
            )

    @cached_property
    def raters(self) -> NDArray[np.float64]:
        """How many coders coded each unit: shape (n_units,)."""
        raters: NDArray[np.float64] = self.coded.sum(axis=1).astype(np.float64)
        return raters

    def compared(self) -> Ratings:
        """The ratings of the units that two coders or more coded."""
        kept = self.places
        documents = tuple(self.documents[unit] for unit in kept)
        return Ratings(self.coders, self.labels, self.given[kept], self.coded[kept], documents)

    @property
    def places(self) -> NDArray[np.int64]:
        """The places of the units that two coders or more coded."""
        return np.flatnonzero(self.raters >= 2)

    @property
    def complete(self) -> NDArray[np.bool_]:
        """Units that all coders coded: shape (n_units,)."""
        return np.equal(self.raters, len(self.coders))

    def counts(self, labels: Sequence[str]) -> NDArray[np.float64]:
        """How many coders gave each label to each unit: shape (n_units, n_labels)."""
        counts: NDArray[np.float64] = self.columns(labels).sum(axis=1).astype(np.float64)
        return counts

    def columns(self, labels: Sequence[str]) -> NDArray[np.bool_]:
        """``given`` of some labels: shape (n_units, n_coders, n_labels)."""
        return self.given[:, :, [self.labels.index(label) for label in labels]]

    def pairs(self) -> Iterator[tuple[int, int, NDArray[np.bool_]]]:
        """Two coders, and the units that both coded; pairs without any are left out."""
        for first, second in combinations(range(len(self.coders)), 2):
            both = self.coded[:, first] & self.coded[:, second]
            if both.any():
                yield first, second, both


def _label_sets(column: Sequence[AbstractSet[str] | None], book: Codebook) -> list[frozenset[str]]:
    return [book.base(codes or ()) | book.letters_of(codes or ()) for codes in column]
