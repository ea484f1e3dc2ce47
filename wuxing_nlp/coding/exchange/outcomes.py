"""What a reader of a labelling tool's file finds at one place of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from wuxing_nlp.coding.units import CodedUnit
from wuxing_nlp.errors import CodebookError, CorpusError

NOT_CODED = "not coded"
CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Coding:
    """A unit as one coder coded it; ``coder`` is "" where the file names none, ``place`` is where it
    stands ("line 3", "task 17", "row 5")."""

    place: str
    coder: str
    unit: CodedUnit


@dataclass(frozen=True, slots=True)
class Left:
    """A place that holds no coding, and why: :data:`NOT_CODED` or :data:`CANCELLED`. It is never a
    unit that was coded and carries nothing."""

    place: str
    why: str


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong at one place of a file; its text is the message for a person."""

    path: Path
    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.path}, {self.place}: {self.what}"


Outcome = Coding | Left | Flaw


def caught(path: Path, place: str, read: Callable[[], Iterable[Coding | Left]]) -> Iterator[Outcome]:
    """What ``read`` finds at the place, or the Flaw that the codebook or the unit's own checks find."""
    try:
        yield from list(read())
    except (CodebookError, CorpusError) as error:
        yield Flaw(path, place, str(error))
