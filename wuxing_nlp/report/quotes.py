"""Units that are worth reading, with their evidence marked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from wuxing_nlp.batch.outcome import Record
from wuxing_nlp.codebook import Codebook
from wuxing_nlp.report.best import Best, Key

LONGEST = 240
"""Characters of a unit that are shown: of a longer one a window around its strongest evidence."""

_BEFORE = 60  # characters of the window before the evidence
_SURE = 9  # tenths of probability: among units as sure as that the document decides


class Piece(NamedTuple):
    """A stretch of a quoted unit; ``marked`` where it is evidence."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Quote:
    """A unit that is shown: ``unit`` is its number in the document, as tables have it, ``label`` the
    code that it was picked for, or the letter that came nearest."""

    document: str
    title: str
    unit: int
    label: str
    probability: float
    codes: tuple[str, ...]
    pieces: tuple[Piece, ...]


class Candidate(NamedTuple):
    """A unit that may be shown: its number, why, how sure that is, and the words that speak for it."""

    number: int
    unit: Record
    label: str
    probability: float
    evidence: Sequence[Record]

    def key(self) -> Key:
        """Lower is better: surer in tenths, whole sentences, surer, earlier."""
        return (
            -min(int(10 * self.probability), _SURE),
            self.unit["kind"] == "heading",
            -self.probability,
            self.number,
        )


class Quotes:
    """The best units of each heading; no text twice, and of units that are alike in sureness first
    one of every document.

    Args:
        number: how many are kept of a heading.
    """

    def __init__(self, number: int) -> None:
        self._number = number
        self._best: dict[str, Best[Quote]] = defaultdict(lambda: Best(number))

    def offer(self, heading: str, record: Record, order: int, candidates: Iterable[Candidate]) -> None:
        """Take what is good enough of a document's units; ``order`` is the document's number."""
        best = self._best[heading]
        ranked = sorted(candidates, key=Candidate.key)
        for rank, candidate in enumerate(ranked[: self._number]):
            band, is_heading, likely, number = candidate.key()
            key = (band, is_heading, rank, likely, order, number)
            if best.takes(key):
                quote = _quote(record, candidate)
                if all(quote.pieces != other.pieces for other in best):
                    best.add(key, quote)

    def __getitem__(self, heading: str) -> list[Quote]:
        return list(self._best[heading]) if heading in self._best else []


def tagged(record: Record, book: Codebook) -> dict[str, list[Candidate]]:
    """A document's candidates by base code."""
    found: dict[str, list[Candidate]] = defaultdict(list)
    for number, unit in enumerate(record["units"], start=1):
        for tag in unit["tags"]:
            for code in book.base([tag["code"]]):
                found[code].append(Candidate(number, unit, code, tag["probability"], tag["evidence"]))
    return found


def untagged(record: Record, book: Codebook, statuses: Sequence[str]) -> dict[str, list[Candidate]]:
    """A document's candidates by status; the label is the likeliest letter."""
    found: dict[str, list[Candidate]] = defaultdict(list)
    for number, unit in enumerate(record["units"], start=1):
        if unit["status"] in statuses:
            likely = unit.get("probabilities", {})
            letter = max(book.letters, key=lambda letter: likely.get(letter, 0.0))
            found[unit["status"]].append(Candidate(number, unit, letter, likely.get(letter, 0.0), ()))
    return found


def _quote(record: Record, candidate: Candidate) -> Quote:
    unit = candidate.unit
    spans = [(span["start"] - unit["start"], span["end"] - unit["start"]) for span in candidate.evidence]
    return Quote(
        record["document"],
        record["metadata"]["title"],
        candidate.number,
        candidate.label,
        candidate.probability,
        tuple(unit["codes"]),
        tuple(pieces(unit["text"], spans)),
    )


def pieces(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    """A text in pieces, those of the spans marked. Spans may overlap, the strongest stands first; a
    long text is cut around it."""
    begin, end = 0, len(text)
    if end > LONGEST:
        strongest = spans[0][0] if spans else 0
        begin = max(0, min(strongest - _BEFORE, end - LONGEST))
        end = begin + LONGEST
    if begin:
        yield Piece("…", False)
    at = begin
    for start, stop in sorted(spans):
        start, stop = max(start, at), min(stop, end)
        if start < stop:
            if at < start:
                yield Piece(text[at:start], False)
            yield Piece(text[start:stop], True)
            at = stop
    if at < end:
        yield Piece(text[at:end], False)
    if end < len(text):
        yield Piece("…", False)
