"""What tagging returns: units with codes, probabilities and evidence, and a document's profile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from wuxing_nlp.codebook import Codebook
from wuxing_nlp.model.preference import Preference
from wuxing_nlp.model.probabilities import NO_PROBABILITIES, Probabilities
from wuxing_nlp.text.script import ScriptProfile
from wuxing_nlp.text.units import Kind

Status = Literal["labelled", "none", "abstained", "too_short", "not_chinese"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span ``text[start:end]`` of the given text that speaks for a tag; ``weight`` is its part of
    the tag's score (positive, comparable within one tag)."""

    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True)
class Tag:
    """One code of a unit.

    ``code`` is written as the codebook writes it (``J!-`` for both stances), ``name`` is Chinese,
    ``probability`` is calibrated (of ``J!-``: the likelier stance), ``stance`` is ``exists``,
    ``tackled`` or ``both`` for a problem and None for a type, ``evidence`` has the strongest first, and
    no more than the tag needs: without it the letter would not be given, where three spans suffice.
    """

    code: str
    name: str
    probability: float
    stance: str | None
    evidence: tuple[Evidence, ...]

    def to_dict(self) -> dict[str, Any]:
        """The tag as plain JSON values, with the names of its attributes."""
        return {
            "code": self.code,
            "name": self.name,
            "probability": self.probability,
            "stance": self.stance,
            "evidence": [{"start": e.start, "end": e.end, "weight": e.weight} for e in self.evidence],
        }


@dataclass(frozen=True, slots=True)
class TaggedUnit:
    """One coding unit: ``text`` is ``source[start:end]`` of the text that was given.

    ``kind``: sentence, heading or furniture (page furniture is never tagged). ``status`` says why
    the codes are what they are: ``labelled``; ``none``, the model finds no label; ``abstained``, no
    label but one so near its threshold that a human should look; ``too_short`` or ``not_chinese``
    to be coded. ``codes`` are sorted and written as in the codebook; ``labels`` are their letters.
    ``probabilities`` are those of every letter and base code, where they were asked for.
    """

    text: str
    start: int
    end: int
    kind: Kind
    status: Status
    codes: tuple[str, ...]
    labels: frozenset[str]
    tags: tuple[Tag, ...]
    probabilities: Probabilities = NO_PROBABILITIES

    def to_dict(self) -> dict[str, Any]:
        """The unit as plain JSON values, with the names of its attributes; probabilities of every
        label to four places, and only where they were asked for."""
        fields = {
            "text": self.text,
            "start": self.start,
            "end": self.end,
            "kind": self.kind,
            "status": self.status,
            "codes": list(self.codes),
            "labels": sorted(self.labels),
            "tags": [tag.to_dict() for tag in self.tags],
        }
        if self.probabilities:
            fields["probabilities"] = self.probabilities.rounded()
        return fields


@dataclass(frozen=True, slots=True)
class Profile:
    """Counts of a document. ``units`` counts every unit, ``coded`` those that were judged (status
    labelled, none or abstained, furniture left out); shares are of ``coded`` units."""

    units: int
    coded: int
    statuses: dict[str, int]
    letters: dict[str, int]
    codes: dict[str, int]

    @classmethod
    def of(cls, units: Sequence[TaggedUnit], codebook: Codebook) -> Profile:
        """The profile of some units; every letter and base code is there, also at 0."""
        body = [unit for unit in units if unit.kind != "furniture"]
        letters = Counter(letter for unit in body for letter in unit.labels)
        codes = Counter(code for unit in body for code in codebook.base(unit.codes))
        return cls(
            units=len(units),
            coded=sum(unit.status in ("labelled", "none", "abstained") for unit in body),
            statuses=dict(Counter(unit.status for unit in units)),
            letters={letter: letters[letter] for letter in codebook.letters},
            codes={code: codes[code] for code in codebook.codes},
        )

    def share(self, label: str) -> float:
        """Share of the coded units that carry a letter or base code; 0 where none is coded."""
        count = self.letters.get(label, self.codes.get(label, 0))
        return count / self.coded if self.coded else 0.0


@dataclass(frozen=True, slots=True)
class TaggedDocument:
    """A tagged text: its units in order, their profile, its script, the model that tagged it, and
    what it was to prefer."""

    units: tuple[TaggedUnit, ...]
    profile: Profile
    script: ScriptProfile
    model: str
    prefer: Preference

    def to_dict(self) -> dict[str, Any]:
        """The document as plain JSON values, with the names of the attributes."""
        coded = self.profile.coded or 1  # where no unit is coded no letter is given
        shares = {letter: round(count / coded, 4) for letter, count in self.profile.letters.items()}
        return {
            "model": self.model,
            "prefer": self.prefer.value,
            "script": _fields(self.script),
            "profile": _fields(self.profile) | {"shares": shares},
            "units": [unit.to_dict() for unit in self.units],
        }


def _fields(value: Profile | ScriptProfile) -> dict[str, Any]:
    """The attributes of a value; `asdict` would copy what is in them, at ten times the cost."""
    return {name: getattr(value, name) for name in value.__dataclass_fields__}
