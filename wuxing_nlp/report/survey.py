"""What a report says of a run's documents, gathered in one pass with flat memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wuxing_nlp.batch.outcome import Record
from wuxing_nlp.codebook import Codebook
from wuxing_nlp.report.best import Best
from wuxing_nlp.report.groups import Grouping, Groups, grouping
from wuxing_nlp.report.quotes import Quotes, tagged, untagged
from wuxing_nlp.report.tally import Tally
from wuxing_nlp.report.trust import measured_kind

MOST_DOCUMENTS = 60
"""Documents that are shown one by one: those with the most judged units."""

MOST_QUOTES = 3
"""Units that are quoted for a code."""

MOST_EXAMPLES = 5
"""Units that are quoted for a status."""

UNTAGGED = ("abstained", "too_short", "not_chinese")
"""Statuses of units that a person may want to look at."""


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document that is shown: ``order`` is its place among all."""

    order: int
    name: str
    title: str
    tally: Tally


class Survey:
    """The counts and examples of a run.

    Args:
        book: whose labels are counted.
        groupings: what groups the documents are also counted in.
    """

    def __init__(self, book: Codebook, groupings: Sequence[Grouping] = ()) -> None:
        self._book = book
        self.whole = Tally()
        self.kinds, self.regions, self.scripts, self.years = (
            Groups(grouping(name, ())) for name in ("kind", "region", "script", "year")
        )
        self.measured_kinds = Groups(Grouping("kind", measured_kind))
        self.groups = [Groups(by) for by in groupings]
        self.telling = Quotes(MOST_QUOTES)
        self.examples = Quotes(MOST_EXAMPLES)
        self._documents: Best[DocumentRow] = Best(MOST_DOCUMENTS)

    def add(self, record: Record) -> None:
        """Count a tagged document."""
        order = self.whole.documents
        self.whole.add(record)
        for groups in (self.kinds, self.regions, self.scripts, self.years, self.measured_kinds, *self.groups):
            groups.add(record)
        self._rank(record, order)
        if record["units"] and "text" in record["units"][0]:
            self._quote(record, order)

    @property
    def documents(self) -> list[DocumentRow]:
        """The documents that are shown, in the order of the run."""
        return sorted(self._documents, key=lambda row: row.order)

    def _rank(self, record: Record, order: int) -> None:
        key = (-record["profile"]["coded"], order)
        if self._documents.takes(key):
            tally = Tally()
            tally.add(record)
            row = DocumentRow(order, record["document"], record["metadata"]["title"], tally)
            self._documents.add(key, row)

    def _quote(self, record: Record, order: int) -> None:
        for quotes, found in (
            (self.telling, tagged(record, self._book)),
            (self.examples, untagged(record, self._book, UNTAGGED)),
        ):
            for heading, candidates in found.items():
                quotes.offer(heading, record, order, candidates)
