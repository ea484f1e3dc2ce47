"""Is evidence what a tag rests on? The deletion test of held-out tags.

Comprehensiveness (DeYoung et al. 2020, ERASER, ACL): without a tag's evidence the model should no
longer give the tag. The control deletes as much text at random places: a tag that falls with any
deletion says nothing of its evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wuxing_nlp.model.classifier import PolicyClassifier
from wuxing_nlp.model.explanation import Explainer, Given, without
from wuxing_nlp.model.features import FeatureSpace
from wuxing_nlp.model.outputs import Flags, Predictions, codes_of
from wuxing_nlp.model.preference import Preference
from wuxing_nlp.text.segment import segmenter

MOST_TAGS = 300
"""Tags that are tried, drawn by lot where more are given: a share of them is known to ±0.06."""

Place = tuple[int, int]
"""Start and end in the canonical text."""


@dataclass(frozen=True, slots=True)
class Faithfulness:
    """Letter tags that were tried; how many fell without their evidence, how many without random spans."""

    tags: int = 0
    fell_evidence: int = 0
    fell_random: int = 0

    def __add__(self, other: Faithfulness) -> Faithfulness:
        return Faithfulness(
            self.tags + other.tags,
            self.fell_evidence + other.fell_evidence,
            self.fell_random + other.fell_random,
        )


def deletion_test(
    space: FeatureSpace,
    classifier: PolicyClassifier,
    texts: Sequence[str],
    words: Sequence[list[str]],
    predictions: Predictions,
    *,
    seed: int = 0,
) -> Faithfulness:
    """Delete the evidence of letter tags, and count the letters that fall below their threshold.

    A letter's evidence is all that the tagger shows for its codes. As a control, spans of the same
    lengths are deleted once at random places of the unit, on the evidence or off it. A tag without
    evidence does not fall.

    Args:
        space: the model's features.
        classifier: the fitted model; its balanced thresholds decide.
        texts: canonical texts of the units, and ``words`` their words.
        predictions: the model's answers for these units.
        seed: seed of the draw of at most ``MOST_TAGS`` tags, and of the random places.
    """
    rule = classifier.calibration_.rule(Preference.BALANCED)
    outputs = classifier.outputs
    given = codes_of(outputs, predictions.decide(rule))
    generator = np.random.default_rng(seed)
    tags = _drawn(predictions.letters >= rule.letter_thresholds, generator)
    explainer = Explainer(space, classifier.machines_, outputs, classifier.calibration_, segmenter().words)
    without_evidence, without_random = [], []
    for unit, at in tags:
        codes = [code for code in given[unit] if code[0] == outputs.letters[at]]
        shown = explainer.evidence([Given(texts[unit], words[unit], frozenset([code])) for code in codes])
        places = _union(span[:2] for spans in shown for span in spans)
        without_evidence.append(without(texts[unit], places))
        without_random.append(without(texts[unit], _random_places(places, len(texts[unit]), generator)))

    def fell(rests: Sequence[str]) -> int:
        likely = explainer.letters(rests)[np.arange(len(tags)), tags[:, 1]]
        return int((likely < rule.letter_thresholds[tags[:, 1]]).sum())

    return Faithfulness(len(tags), fell(without_evidence), fell(without_random))


def _drawn(found: Flags, generator: np.random.Generator) -> NDArray[np.intp]:
    """Tags (n_tags, 2), a unit and a letter each, of flags (n_units, n_letters)."""
    tags = np.argwhere(found)
    if len(tags) <= MOST_TAGS:
        return tags
    return tags[np.sort(generator.choice(len(tags), MOST_TAGS, replace=False))]


def _union(places: Iterable[Place]) -> list[Place]:
    """The places as disjoint ones: what overlaps or touches is one."""
    joined: list[Place] = []
    for start, end in sorted(places):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _random_places(places: Sequence[Place], length: int, generator: np.random.Generator) -> list[Place]:
    """Spans as long as the given ones, in random order, disjoint, every placement equally likely: in a
    text in which each span is one character, such places are a simple draw."""
    sizes = generator.permutation([end - start for start, end in places]).astype(int).tolist()
    slots = generator.choice(length - sum(sizes) + len(sizes), len(sizes), replace=False)
    found, longer = [], 0
    for slot, size in zip(sorted(slots.tolist()), sizes, strict=True):
        found.append((slot + longer, slot + longer + size))
        longer += size - 1
    return found
