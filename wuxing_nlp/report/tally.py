"""Counts of labels over documents."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from wuxing_nlp.batch.outcome import Record


@dataclass(slots=True)
class Tally:
    """Counts of some documents: what their profiles hold, summed up.

    ``labels`` counts units by letter and by base code, ``statuses`` by status; ``coded`` are the units
    that were judged, of which shares are taken.
    """

    documents: int = 0
    units: int = 0
    coded: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)

    def add(self, record: Record) -> None:
        """Count a tagged document."""
        profile = record["profile"]
        self.documents += 1
        self.units += profile["units"]
        self.coded += profile["coded"]
        self.statuses.update(profile["statuses"])
        self.labels.update(profile["letters"])
        self.labels.update(profile["codes"])

    def merge(self, other: Tally) -> None:
        """Count what another tally holds as well."""
        self.documents += other.documents
        self.units += other.units
        self.coded += other.coded
        self.statuses.update(other.statuses)
        self.labels.update(other.labels)

    def share(self, label: str) -> float:
        """Share of the judged units that carry a letter or base code; 0 where none is judged."""
        return self.labels[label] / self.coded if self.coded else 0.0

    def both(self, letter: str) -> int:
        """Units that say of a problem that it exists and that it is tackled."""
        return self.labels[f"{letter}!"] + self.labels[f"{letter}-"] - self.labels[letter]

    @property
    def furniture(self) -> int:
        """Units of page furniture: they have the status of judged ones, but are not counted as ``coded``."""
        return sum(self.statuses[status] for status in ("labelled", "none", "abstained")) - self.coded
