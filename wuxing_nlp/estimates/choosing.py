"""A sheet to learn from: part at random, part chosen for what it may teach a model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wuxing_nlp.codebook import Codebook
from wuxing_nlp.errors import EvaluationError
from wuxing_nlp.estimates.counts import Counts, sha1
from wuxing_nlp.estimates.drawing import Plan, plan
from wuxing_nlp.estimates.pool import Done, Place, Pool
from wuxing_nlp.evaluation import choosing
from wuxing_nlp.evaluation.choosing import DIVERSITY, RARITY, UNCERTAINTY
from wuxing_nlp.evaluation.doubt import expected_f1
from wuxing_nlp.evaluation.prevalence.data import Floats
from wuxing_nlp.evaluation.sampling import RANDOM, Allocation
from wuxing_nlp.text.script import normalise

WHYS = {
    UNCERTAINTY: f"{UNCERTAINTY}: the model doubts its answer",
    DIVERSITY: f"{DIVERSITY}: unlike what else is coded",
    RARITY: f"{RARITY}: a label of which few are coded may stand here",
}
"""What rows say of why they were drawn. No label is named: that would tell coders what the model thinks."""


@dataclass(frozen=True)
class Choice:
    """What is to be coded.

    Attributes:
        random: the part that was drawn at random of all units of the run; None where there is none.
        chosen: the other units, with the name of their share.
        wanted: how many each share was to have; there may be fewer units that are worth it.
    """

    random: Plan | None
    chosen: Mapping[Place, str]
    wanted: Mapping[str, int]

    @property
    def drawn(self) -> dict[str, int]:
        """How many each share has."""
        found = Counter(self.chosen.values())
        at_random = int(self.random.takes.sum()) if self.random else 0
        return {name: at_random if name == RANDOM else found[name] for name in self.wanted}

    @property
    def whys(self) -> dict[Place, str]:
        """What the rows of chosen units say of why."""
        return {place: WHYS[name] for place, name in self.chosen.items()}


def choose(
    counts: Counts,
    pool: Pool,
    size: int,
    *,
    mix: Mapping[str, float] = choosing.MIX,
    labels: Sequence[str] = (),
    allocation: Allocation = "proportional",
    done: Done | None = None,
    seed: int = 0,
) -> Choice:
    """Choose what to code next.

    The random part comes first, and of all units of the run, also of coded and of repeated ones: only so
    does every unit have the probability of being drawn that the sheet says. Those that are coded keep
    their codes. The others are chosen of what is neither in it nor coded, nor near to such a text.

    Args:
        counts: the run, in units; strata of the random part are its groups.
        pool: its units.
        size: how many to choose in all.
        mix: shares of random, uncertainty, diversity and rarity.
        labels: whose doubts count, and whose rarity; letters, and base codes, without.
        allocation: how the random part is spread over strata.
        done: what is coded already.
        seed: of all that is random.

    Raises:
        EvaluationError: documents are counted, a mix that is none, or the run has too few units.
    """
    if counts.of != "units":
        raise EvaluationError("documents are drawn as a whole for estimates only; here draw units")
    wanted, done = choosing.portions(size, mix), done or Done()
    random = _at_random(counts, wanted.get(RANDOM, 0), allocation, seed)
    drawn = [(at, place) for at, places in (random.places if random else {}).items() for place in places]
    chooser = _Chooser.of(pool, [pool.same[place] for place in drawn], labels, done, counts.book, seed)
    return Choice(random, chooser.choose(wanted), wanted)


def _at_random(counts: Counts, size: int, allocation: Allocation, seed: int) -> Plan | None:
    try:
        return plan(counts, size=size, allocation=allocation, seed=seed) if size else None
    except EvaluationError as error:
        raise EvaluationError(f"the random part of the mix: {error}") from error


@dataclass
class _Chooser:
    """Chooses of a short list, one share after the other; rows are those of the pool."""

    pool: Pool
    rows: NDArray[np.intp]
    rare: NDArray[np.intp]
    doubts: Floats
    likely: Floats
    candidates: choosing.Candidates
    others: tuple[Any, Floats]
    seed: int
    taken: list[int] = field(default_factory=list)

    @classmethod
    def of(
        cls, pool: Pool, drawn: Sequence[int], labels: Sequence[str], done: Done, book: Codebook, seed: int
    ) -> _Chooser:
        """Lists the units to choose from and leaves out what is near those that are there already."""
        doubted, rare = pool.columns(labels or book.letters), pool.columns(labels or book.codes)
        rows = _open(pool, drawn, done)
        doubts = 1 - expected_f1(pool.given[rows][:, doubted], pool.likely[rows][:, doubted])
        listed = choosing.shortlist(doubts, pool.likely[rows][:, rare], seed)
        rows, doubts = rows[listed], doubts[listed]
        candidates = choosing.Candidates(_vectors([pool.texts[row] for row in rows]))
        texts = _vectors([*(pool.texts[row] for row in drawn), *(unit.text for unit in done.own)])
        candidates.leave_out(texts)
        there = np.vstack([pool.likely[list(drawn)], _carried(pool, done, book)])
        likely = pool.likely[rows].astype(np.float64)
        return cls(pool, rows, rare, doubts, likely, candidates, (texts, there), seed)

    def choose(self, wanted: Mapping[str, int]) -> dict[Place, str]:
        """Units with the name of their share: each share minds what those before it chose."""
        chosen: dict[Place, str] = {}
        for name, choose in (
            (UNCERTAINTY, self._uncertain),
            (RARITY, self._rare),
            (DIVERSITY, self._spread),
        ):
            found = choose(wanted.get(name, 0))
            self.taken += found
            chosen |= {self.pool.places[self.rows[at]]: name for at in found}
        return chosen

    def _uncertain(self, count: int) -> list[int]:
        return choosing.uncertain(self.doubts, self.candidates, count)

    def _rare(self, count: int) -> list[int]:
        likely, there = self.likely[:, self.rare], self.others[1][:, self.rare]
        have = there.sum(axis=0) + likely[self.taken].sum(axis=0)
        return [at for at, _ in choosing.rare(likely, have, self.candidates, count)]

    def _spread(self, count: int) -> list[int]:
        from scipy.sparse import vstack  # here, for it takes long to load

        texts = vstack([self.others[0], self.candidates.vectors[self.taken]]).tocsr()
        there = np.vstack([self.others[1], self.likely[self.taken]])
        return choosing.spread(self.likely, self.candidates, (texts, there), count, self.seed)


def _open(pool: Pool, drawn: Sequence[int], done: Done) -> NDArray[np.intp]:
    """Rows of the pool that are neither drawn nor coded."""
    coded = done.learnt | {unit.sha1 for unit in done.own}
    there = set(drawn)
    open_ = [row for row, text in enumerate(pool.texts) if row not in there and sha1(text) not in coded]
    return np.array(open_, dtype=np.intp)


def _carried(pool: Pool, done: Done, book: Codebook) -> Floats:
    """What one's own units carry, as sure as probabilities can be: 0 or 1, (n_own, n_labels)."""
    codes = [book.base(unit.codes) for unit in done.own]
    flags = [[label in base | book.letters_of(base) for label in pool.labels] for base in codes]
    return np.array(flags, dtype=np.float64).reshape(len(codes), len(pool.labels))


def _vectors(texts: Sequence[str]) -> Any:
    return choosing.text_vectors([normalise(text).text for text in texts])
