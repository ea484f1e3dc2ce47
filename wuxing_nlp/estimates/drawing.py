"""A random sample of a run for estimates: how many units, or documents, and which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wuxing_nlp.errors import EvaluationError
from wuxing_nlp.estimates.counts import Counts
from wuxing_nlp.estimates.joining import Sample
from wuxing_nlp.evaluation.prevalence import expected_width, needed, powered, spreads_of
from wuxing_nlp.evaluation.prevalence.data import Floats
from wuxing_nlp.evaluation.prevalence.interval import added_squares
from wuxing_nlp.evaluation.prevalence.variance import Design, summed
from wuxing_nlp.evaluation.sampling import Allocation, allocate, draw
from wuxing_nlp.evaluation.tables import UNDEFINED

ALL = "all"
"""The stratum of a sample that has only one."""

_PILOT = (0.25, 10.0)
"""How far a pilot sample may move what the model's probabilities plan with: it is small itself."""


@dataclass(frozen=True)
class Plan:
    """What is drawn: from each stratum how many, of how many, and what width that leads to expect.

    Attributes:
        strata: names of the strata; ``stratum`` (n_documents,) has the place there of each document.
        units: (n_strata,) what each has: units, or documents.
        takes: (n_strata,) how many of them are drawn.
        widths: (n_strata, n_labels) the widths to expect of intervals of each stratum's shares.
        whole: (n_labels,) those of the shares of all strata together.
        places: what is drawn, by document: numbers of its judged units, from 0, or none where the
            document is drawn as a whole.
        documents: True where documents are drawn.
    """

    strata: Sequence[str]
    stratum: NDArray[np.intp]
    units: NDArray[np.int64]
    takes: NDArray[np.int64]
    widths: Floats
    whole: Floats
    places: Mapping[int, Sequence[int]]
    documents: bool

    @property
    def inclusion(self) -> Floats:
        """(n_strata,) the probability of being drawn of every unit of a stratum."""
        share: Floats = self.takes / self.units
        return share


def plan(
    counts: Counts,
    *,
    width: float | None = None,
    size: int | None = None,
    allocation: Allocation = "each",
    pilot: Sample | None = None,
    seed: int = 0,
) -> Plan:
    """Plan a sample and draw it; strata are the groups of ``counts``, all groupings crossed.

    Args:
        counts: the run.
        width: the widest interval, low to high, that any label's share is to have: of every stratum
            (``each``), or of all together (``proportional``, ``neyman``).
        size: instead, how many to draw in all.
        allocation: how they are spread over strata; ``each`` with a size is ``proportional``.
        pilot: codings of an earlier sample; without it the model's probabilities are taken at their word.
        seed: of the drawing.

    Raises:
        EvaluationError: neither width nor size or both, or one that cannot be met.
    """
    if (width is None) == (size is None):
        raise EvaluationError("give either the width of the interval or the size of the sample")
    names, stratum = _strata(counts)
    planned = _Planned.of(counts, stratum, len(names), pilot)
    takes = (
        planned.to_size(size, allocation) if size is not None else planned.to_width(width or 0, allocation)
    )
    return Plan(
        names,
        stratum,
        planned.units,
        takes,
        np.stack(
            [expected_width([take], *alone) for take, alone in zip(takes, planned.alone(), strict=True)]
        ),
        expected_width(takes, planned.units, planned.overall, planned.residuals),
        _places(counts, names, stratum, planned.units, takes, seed),
        counts.of == "documents",
    )


@dataclass(frozen=True)
class _Planned:
    """What is known of strata before any is coded: their units (n_strata,), the shares that the model
    expects and the variance that it leaves open, a unit, both (n_strata, n_labels)."""

    units: NDArray[np.int64]
    shares: Floats
    residuals: Floats

    @classmethod
    def of(cls, counts: Counts, stratum: NDArray[np.intp], strata: int, pilot: Sample | None) -> _Planned:
        units = np.bincount(stratum, counts.counted, strata).astype(np.int64)
        residuals = summed(counts.open, stratum, strata) / units[:, None]
        surprise = 1.0 if pilot is None else _surprise(counts, pilot)
        return cls(
            units, summed(counts.probabilities, stratum, strata) / units[:, None], residuals * surprise
        )

    @property
    def overall(self) -> Floats:
        """The expected shares of all strata together, (n_labels,)."""
        mean: Floats = self.units @ self.shares / self.units.sum()
        return mean

    def alone(self) -> Iterator[tuple[NDArray[np.int64], Floats, Floats]]:
        """Units, shares and residuals of each stratum as of a sample of its own."""
        for at in range(len(self.units)):
            yield self.units[at : at + 1], self.shares[at], self.residuals[at : at + 1]

    def to_size(self, size: int, allocation: Allocation) -> NDArray[np.int64]:
        spreads = spreads_of(self.residuals) if allocation == "neyman" else None
        return allocate(size, self.units, spreads)

    def to_width(self, width: float, allocation: Allocation) -> NDArray[np.int64]:
        if allocation == "each":
            return np.concatenate([needed(width, *alone) for alone in self.alone()])
        return needed(width, self.units, self.overall, self.residuals, neyman=allocation == "neyman")


def _strata(counts: Counts) -> tuple[list[str], NDArray[np.intp]]:
    """Names of the strata that have units, in order, and the stratum of every document; documents
    without units are put into the first, where they count nothing."""
    if not counts.groups:
        return [ALL], np.zeros(len(counts.names), dtype=np.intp)
    keys = [" / ".join(key or UNDEFINED for key in row) for row in zip(*counts.groups.values(), strict=True)]
    filled = [key for key, size in zip(keys, counts.sizes, strict=True) if size]
    names = sorted(set(filled))
    at = {name: place for place, name in enumerate(names)}
    return names, np.array([at.get(key, 0) for key in keys], dtype=np.intp)


def _surprise(counts: Counts, pilot: Sample) -> Floats:
    """How much more than the probabilities say is left open, by label, as a pilot sample finds."""
    counted = counts.predicted(probable=True)
    design = Design.of(counted, pilot.probabilities, "corpus")
    found = powered(counted, pilot.probabilities, power=1.0)
    if design.open == 0:
        return np.ones(len(counts.labels))
    variance = found.variance / design.open - added_squares(1.0) / design.size**2
    said = counts.open.sum(axis=0) / counts.counted.sum()
    ratios = np.divide(variance * design.size, said, out=np.ones_like(said), where=said > 0)
    surprise: Floats = np.clip(ratios, *_PILOT)
    return surprise


def _places(
    counts: Counts,
    names: Sequence[str],
    stratum: NDArray[np.intp],
    units: NDArray[np.int64],
    takes: NDArray[np.int64],
    seed: int,
) -> dict[int, list[int]]:
    drawn = draw(dict(zip(names, units.tolist(), strict=True)), takes.tolist(), seed)
    places: dict[int, list[int]] = {}
    for at, name in enumerate(names):
        documents = np.flatnonzero(stratum == at)
        ends = np.cumsum(counts.counted[documents])
        found = np.searchsorted(ends, drawn[name], side="right")
        before = drawn[name] - (ends - counts.counted[documents])[found]
        for document, number in zip(documents[found].tolist(), before.tolist(), strict=True):
            places.setdefault(document, []).append(number)
    return places
