"""How time grows with the number of units, and with the length of one: it should be linear."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from statistics import median

from benchmarks.contest import FASTEST, Contest
from benchmarks.results import Figure, Results
from benchmarks.timing import exponent, in_turns, timed
from wuxing_nlp import Tagger

Take = Callable[[int, int], float]
"""A size and the number of a round to seconds."""


def measure(contest: Contest) -> Results:
    """``growth`` / of what / engine: the exponent; ``time`` / of what / engine / size: seconds."""
    results, settings = Results(), contest.settings
    for engine, tagger in contest.taggers.items():
        counts = settings.unit_counts if engine == FASTEST else settings.slow_unit_counts
        results.figures |= _grown(contest, f"units/{engine}", counts, partial(_units, contest, tagger))
        lengths = settings.unit_lengths
        results.figures |= _grown(contest, f"length/{engine}", lengths, partial(_length, contest, tagger))
        evidence = partial(_length_with_evidence, contest, tagger)
        results.figures |= _grown(contest, f"length with evidence/{engine}", lengths, evidence)
    return results


def _grown(contest: Contest, name: str, sizes: Sequence[int], take: Take) -> dict[str, Figure]:
    takers = {f"{size}": partial(take, size) for size in sizes}
    seconds = [median(taken) for taken in in_turns(takers, contest.settings.growth_rounds).values()]
    figures = {f"growth/{name}": Figure(exponent(sizes, seconds), "exponent")}
    for size, taken in zip(sizes, seconds, strict=True):
        figures[f"time/{name}/{size}"] = Figure(taken, "s")
    return figures


def _units(contest: Contest, tagger: Tagger, count: int, number: int) -> float:
    texts = contest.texts.units(count, "traditional", number, f"growth {count}")
    return timed(lambda: tagger.code_units(texts))[0]


def _length(contest: Contest, tagger: Tagger, length: int, number: int) -> float:
    text = contest.texts.run(length, "traditional", number, f"length {length}")
    return timed(lambda: tagger.code_units([text]))[0]


def _length_with_evidence(contest: Contest, tagger: Tagger, length: int, number: int) -> float:
    text = contest.texts.run(length, "traditional", number, f"evidence {length}")
    return timed(lambda: tagger.tag_units([text]))[0]
