"""All that is found out about a system's answers: scores of the whole and of groups, curves, a comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wuxing_nlp.codebook import Codebook
from wuxing_nlp.evaluation.scores import check_same_length
from wuxing_nlp.evaluation.scoring.answers import Answers
from wuxing_nlp.evaluation.scoring.comparison import Contrast, contrast
from wuxing_nlp.evaluation.scoring.curves import Curves, curves
from wuxing_nlp.evaluation.scoring.table import DEFAULT, Coded, Resampling, Scored, score


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found out.

    Attributes:
        system: what answered, ``other`` what it is compared with; "" where it is not.
        whole: the scores of all units.
        groups: a grouping and one of its groups to their scores.
        curves: None of answers without probabilities.
        contrast: None where nothing is compared.
    """

    system: str
    other: str
    whole: Scored
    groups: Mapping[tuple[str, str], Scored]
    curves: Curves | None
    contrast: Contrast | None


def findings(
    coded: Coded,
    systems: Mapping[str, Answers],
    book: Codebook,
    *,
    groups: Mapping[str, Sequence[str]] | None = None,
    resampling: Resampling = DEFAULT,
) -> Findings:
    """Score the first of one or two systems, and compare it with the second.

    Args:
        coded: what a person gave to the units.
        systems: name to answers, to the same units.
        book: whose labels.
        groups: a grouping's name to the group of each unit.
        resampling: how intervals are made.

    Raises:
        EvaluationError: sequences of different length, a probability outside 0 to 1, bad draws or level.
    """
    (name, answers), *others = systems.items()
    return Findings(
        system=name,
        other=others[0][0] if others else "",
        whole=score(coded, answers, book, resampling),
        groups={
            (by, group): score(coded.take(places), answers.take(places), book, resampling)
            for by, keys in (groups or {}).items()
            for group, places in _places(coded, keys).items()
        },
        curves=curves(coded, answers, book),
        contrast=contrast(coded, answers, others[0][1], book, resampling) if others else None,
    )


def _places(coded: Coded, keys: Sequence[str]) -> dict[str, list[int]]:
    """Every group, in the order of their names, to its units."""
    check_same_length(coded=coded.labels, groups=keys)
    return {group: [at for at, key in enumerate(keys) if key == group] for group in sorted(set(keys))}
