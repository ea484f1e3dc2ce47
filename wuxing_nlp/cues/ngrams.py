"""Cues in company: what stands beside what, in the order of the clause and in the unit.

A single cue says little: 拖 may be a firm's delay or an office's. With its company it says who does
what and whether it is criticised or fought: ``A.official>M.delay``, ``T.tackle>M.delay``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, groupby

from wuxing_nlp.cues.find import Cue
from wuxing_nlp.cues.lexicon import CLAUSE_ENDS


def cue_ngrams(text: str, cues: Sequence[Cue]) -> Iterator[tuple[str, tuple[Cue, ...]]]:
    """Keys of a canonical text's cues, each with the cues that made it.

    ``a`` a cue; ``a>b`` two classes in this order in a clause, once a clause; ``a>b>c`` three cues
    that follow each other in a clause; ``a&b`` two classes in the unit, once a unit.
    """
    for cue in cues:
        yield cue.name, (cue,)
    for clause in _clauses(text, cues):
        yield from _ordered_pairs(clause)
        for three in zip(clause, clause[1:], clause[2:], strict=False):
            yield ">".join(cue.name for cue in three), three
    firsts = _firsts(cues)
    for one, other in combinations(sorted(firsts), 2):
        yield f"{one}&{other}", (firsts[one], firsts[other])


def _clauses(text: str, cues: Sequence[Cue]) -> Iterator[list[Cue]]:
    number = [0]
    for character in text:
        number.append(number[-1] + (character in CLAUSE_ENDS))
    for _, group in groupby(cues, key=lambda cue: number[cue.start]):
        yield list(group)


def _ordered_pairs(clause: Sequence[Cue]) -> Iterator[tuple[str, tuple[Cue, ...]]]:
    """Each pair of classes once: the number of classes bounds the work for a cue of a long clause."""
    seen: dict[str, Cue] = {}
    done: set[str] = set()
    for cue in clause:
        for name, earlier in seen.items():
            key = f"{name}>{cue.name}"
            if name != cue.name and key not in done:
                done.add(key)
                yield key, (earlier, cue)
        seen.setdefault(cue.name, cue)


def _firsts(cues: Sequence[Cue]) -> dict[str, Cue]:
    firsts: dict[str, Cue] = {}
    for cue in cues:
        firsts.setdefault(cue.name, cue)
    return firsts
