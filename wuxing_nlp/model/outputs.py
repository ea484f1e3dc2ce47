"""What a model answers: letters and base codes, their probabilities, and the decision on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wuxing_nlp.codebook import Codebook
from wuxing_nlp.errors import PreferenceError
from wuxing_nlp.evaluation.doubt import expected_f1
from wuxing_nlp.model.calibration import Floats, calibrated
from wuxing_nlp.model.preference import Preference

Flags = NDArray[np.bool_]

NEVER = 1.0
"""The threshold of an untrained label: no probability reaches it."""


@dataclass(frozen=True)
class Outputs:
    """The columns of a model: the codebook's letters, its base codes, and the stances' marks.

    A stance is learnt once for all problems: the words that say 整治 or 仍然存在 are the same.
    """

    letters: tuple[str, ...]
    codes: tuple[str, ...]
    marks: tuple[str, ...]
    parents: NDArray[np.intp] = field(init=False, repr=False, compare=False)
    children: NDArray[np.intp] = field(init=False, repr=False, compare=False)
    """Positions (n_letters, most) of each letter's codes, in rows as long as the longest: a shorter one
    ends with its first code again and again."""

    def __post_init__(self) -> None:
        parents = np.array([self.letters.index(code[0]) for code in self.codes], dtype=np.intp)
        groups = [np.flatnonzero(parents == at) for at in range(len(self.letters))]
        most = max(map(len, groups))
        children = np.stack([np.append(group, [group[0]] * (most - len(group))) for group in groups])
        object.__setattr__(self, "parents", parents)
        object.__setattr__(self, "children", children.astype(np.intp))

    @classmethod
    def of(cls, codebook: Codebook) -> Outputs:
        """The outputs that a codebook asks for."""
        return cls(codebook.letters, codebook.codes, tuple(stance.mark for stance in codebook.stances))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Letters, codes, marks: the columns of margins and weights."""
        return self.letters + self.codes + self.marks

    def __len__(self) -> int:
        return len(self.names)

    def columns(self, code: str) -> list[int]:
        """The outputs whose margins make a base code's score: letter, code, and a problem's mark."""
        return self._columns[code]

    @cached_property
    def _columns(self) -> dict[str, list[int]]:
        at = {name: place for place, name in enumerate(self.names)}
        return {code: [at[name] for name in (code[0], code, code[1:]) if name in at] for code in self.codes}

    def truth(self, base_codes: Iterable[frozenset[str]]) -> Flags:
        """Flags (n_units, n_outputs): the letters, base codes and stances that units carry."""
        codes = np.array([[code in present for code in self.codes] for present in base_codes], dtype=bool)
        codes = codes.reshape(-1, len(self.codes))
        marked = [codes[:, self.marked(mark)].any(axis=1, keepdims=True) for mark in self.marks]
        return np.hstack([self.any_child(codes), codes, *marked])

    def marked(self, mark: str) -> list[int]:
        """Positions, among the codes, of those with a stance's mark."""
        return [at for at, code in enumerate(self.codes) if code[1:] == mark]

    def is_only_code(self, at: int) -> bool:
        """Whether the code at that position is the only one of its letter, as a type without measures has."""
        return int((self.parents == self.parents[at]).sum()) == 1

    def any_child(self, codes: Flags) -> Flags:
        """Flags (n_units, n_letters): does a letter have any of its codes?"""
        return np.asarray(self._of_children(codes).any(axis=2), dtype=bool)

    def _of_children(self, codes: NDArray[Any]) -> NDArray[Any]:
        """Columns of codes (n_units, n_codes) by their letters: (n_units, n_letters, most children)."""
        return codes.take(self.children.ravel(), axis=1).reshape(len(codes), *self.children.shape)

    def problems(self, truth: Flags) -> Flags:
        """Flags (n_units,) of units that carry a problem, from truth (n_units, n_outputs)."""
        return np.asarray(truth[:, len(self.letters) + len(self.codes) :].any(axis=1), dtype=bool)

    def letter_scores(self, margins: Floats) -> Floats:
        """Scores (n_units, n_letters): a letter's own margin plus its best code's.

        The two views of a letter err differently; their sum beat either on held-out documents.
        """
        own, codes, _ = self._split(margins)
        scores: Floats = own + self._of_children(codes).max(axis=2)
        return scores

    def share_scores(self, margins: Floats) -> Floats:
        """Scores (n_units, n_codes) of a code among those of its letter: its own margin, and for a
        problem that of the stance."""
        _, codes, stances = self._split(margins)
        scores: Floats = codes + stances @ self._stance_of
        return scores

    @cached_property
    def _stance_of(self) -> Floats:
        """Which stance (n_marks, n_codes) a code's score needs: 1 there, 0 elsewhere."""
        needed = [[float(code[1:] == mark) for code in self.codes] for mark in self.marks]
        return np.array(needed).reshape(len(self.marks), len(self.codes))

    def _split(self, margins: Floats) -> tuple[Floats, Floats, Floats]:
        first, last = len(self.letters), len(self.letters) + len(self.codes)
        return margins[:, :first], margins[:, first:last], margins[:, last:]


@dataclass(frozen=True)
class Rule:
    """How probabilities are decided on: ``letter_thresholds`` (n_letters,) and ``share_thresholds``
    (n_codes,) say from which probability a label is given. ``doubt``: a unit without a label whose
    best letter reaches this share of its threshold is left to a human."""

    letter_thresholds: Floats
    share_thresholds: Floats
    doubt: float


@dataclass(frozen=True)
class Calibration:
    """Sigmoids and thresholds: what turns margins into probabilities and decisions.

    ``letters`` (n_letters, 2) and ``shares`` (n_codes, 2) hold slope and intercept: of a letter's
    score, and of a code's margin given its letter. ``letter_thresholds`` (n_preferences, n_letters)
    and ``doubts`` (n_preferences,) have a row a :class:`Preference`, in its order; a model of 0.1.0
    has the first alone. ``share_thresholds`` (n_codes,) serve all: which code a letter has is
    another question than whether it is there.

    A doubt is learnt for each preference, since it is a promise about the units that are called free
    of labels (see ``_doubt`` of the classifier). Above higher thresholds more is left unlabelled that
    does carry a letter; one doubt for all would break the promise there, and send too many units to
    a human where thresholds are low.
    """

    letters: Floats
    shares: Floats
    letter_thresholds: Floats
    share_thresholds: Floats
    doubts: Floats

    @cached_property
    def sigmoids(self) -> Floats:
        """Those of letters and shares, one under the other."""
        return np.concatenate([self.letters, self.shares])

    @property
    def preferences(self) -> list[Preference]:
        """The preferences that there are thresholds for."""
        return list(Preference)[: len(self.letter_thresholds)]

    def rule(self, preference: Preference) -> Rule:
        """The rule of a preference.

        Raises:
            PreferenceError: the model has no thresholds for it.
        """
        if preference not in self.preferences:
            raise PreferenceError(
                f"the model has no thresholds for {preference}, only for {', '.join(self.preferences)}, like "
                "every model of wuxing_nlp 0.1.0; train it anew (wuxing train), or prefer balanced"
            )
        row = preference.row
        return Rule(self.letter_thresholds[row], self.share_thresholds, float(self.doubts[row]))


@dataclass(frozen=True)
class Predictions:
    """Probabilities of a batch: ``letters`` (n, n_letters), ``shares`` (n, n_codes) of a code given
    its letter, ``codes`` (n, n_codes) of a code; a code is never likelier than its letter."""

    outputs: Outputs
    letters: Floats
    shares: Floats

    @classmethod
    def of(cls, outputs: Outputs, calibration: Calibration, margins: Floats) -> Predictions:
        """Probabilities of margins (n_units, n_outputs)."""
        scores = np.concatenate([outputs.letter_scores(margins), outputs.share_scores(margins)], axis=1)
        return cls.split(outputs, calibrated(scores, calibration.sigmoids))

    @classmethod
    def split(cls, outputs: Outputs, likely: Floats) -> Predictions:
        """Probabilities (n_units, n_letters + n_codes) of letters, and of codes given their letters."""
        return cls(outputs, likely[:, : len(outputs.letters)], likely[:, len(outputs.letters) :])

    @classmethod
    def joined(cls, parts: Sequence[Predictions]) -> Predictions:
        """Those of several batches, one under the other."""
        letters = np.concatenate([part.letters for part in parts])
        return cls(parts[0].outputs, letters, np.concatenate([part.shares for part in parts]))

    @property
    def codes(self) -> Floats:
        """Probabilities (n_units, n_codes) of the base codes."""
        joint: Floats = self.letters[:, self.outputs.parents] * self.shares
        return joint

    def decide(self, rule: Rule) -> Flags:
        """Flags (n_units, n_codes): every letter from its threshold on, and of it the codes from
        theirs on; at least the likeliest one, so that no letter stands without a code. An untrained
        code is given only where its letter has no other."""
        found = self.letters >= rule.letter_thresholds
        if not found.any():
            return np.zeros(self.shares.shape, dtype=bool)
        wanted = self.shares >= rule.share_thresholds
        unit, letter = np.nonzero(found & ~self.outputs.any_child(wanted))
        candidates = self.outputs.children[letter]
        shares = self.shares[unit[:, None], candidates]
        known = rule.share_thresholds[candidates] < NEVER
        shares = np.where(known | ~known.any(axis=1, keepdims=True), shares, -1.0)
        wanted[unit, candidates[np.arange(len(unit)), shares.argmax(axis=1)]] = True
        return wanted & found[:, self.outputs.parents]

    def nearness(self, rule: Rule) -> Floats:
        """How near (n_units,) a unit's best letter comes to its threshold: 1 on it, 0 far below."""
        nearest: Floats = (self.letters / rule.letter_thresholds).max(axis=1)
        return nearest

    def confidence(self, rule: Rule) -> Floats:
        """How good (n_units,) the decision is likely to be: :func:`expected_f1` over the letters.

        It ranks units for risk and coverage better than the distance to the thresholds does, which
        trusts a unit whose one label is doubtful as much as one whose fifth is.
        """
        return expected_f1(self.letters >= rule.letter_thresholds, self.letters)


def codes_of(outputs: Outputs, flags: Flags) -> list[frozenset[str]]:
    """Base codes of rows of flags (n_units, n_codes)."""
    given: list[list[str]] = [[] for _ in flags]
    for unit, code in np.argwhere(flags).tolist():
        given[unit].append(outputs.codes[code])
    return [frozenset(codes) for codes in given]
