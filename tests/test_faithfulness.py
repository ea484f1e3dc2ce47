"""The deletion test: against machines whose evidence is known, and against the tagger's own spans."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.model.bundle import Model
from wuxing_nlp.model.classifier import PolicyClassifier
from wuxing_nlp.model.faithfulness import MOST_TAGS, Faithfulness, _random_places, deletion_test
from wuxing_nlp.model.features import FeatureSpace
from wuxing_nlp.model.machines import Machines
from wuxing_nlp.model.outputs import NEVER, Calibration, Outputs, Predictions
from wuxing_nlp.model.preference import Preference
from wuxing_nlp.model.tagger import Tagger
from wuxing_nlp.model.training_set import TrainingSet
from wuxing_nlp.text.script import normalise
from wuxing_nlp.text.segment import segmenter

BOOK = load_codebook()
OUTPUTS = Outputs.of(BOOK)
BEFORE, AFTER = "今天上午天气晴朗，", "，傍晚有一阵小雨，夜里转凉。"


def classifier(machines: Machines, calibration: Calibration) -> PolicyClassifier:
    fitted = PolicyClassifier(OUTPUTS)
    fitted.machines_, fitted.calibration_ = machines, calibration
    return fitted


def one_word(word: str) -> tuple[FeatureSpace, PolicyClassifier]:
    """A model that knows a single word, which lifts letter D from far below its threshold far above."""
    space = FeatureSpace(BOOK, [word], [], np.ones(1, dtype=np.float32))
    weights = np.zeros((len(space), len(OUTPUTS)), dtype=np.int8)
    weights[0, OUTPUTS.names.index("D")] = 100
    biases = np.full(len(OUTPUTS), -1, dtype=np.float32)
    machines = Machines(weights, np.full(len(OUTPUTS), 0.1, dtype=np.float32), biases)
    sigmoids = np.tile([1.0, 0.0], (40, 1))
    thresholds = np.where(np.array(OUTPUTS.letters) == "D", 0.5, NEVER)
    rows = len(Preference)
    calibration = Calibration(
        sigmoids[:10], sigmoids[10:], np.tile(thresholds, (rows, 1)), np.full(30, 0.5), np.ones(rows)
    )
    return space, classifier(machines, calibration)


def counted(
    space: FeatureSpace, fitted: PolicyClassifier, texts: list[str], seed: int = 0
) -> tuple[Faithfulness, Predictions]:
    words = [segmenter().words(text) for text in texts]
    predictions = fitted.predictions(space.matrix(texts, words))
    return deletion_test(space, fitted, texts, words, predictions, seed=seed), predictions


def test_a_word_that_carries_everything_fells_the_tag_and_another_place_does_not() -> None:
    text = f"{BEFORE * 40}马上就办{AFTER * 40}"
    counts, predictions = counted(*one_word("马上就办"), [text, BEFORE + AFTER])
    assert predictions.letters[:, OUTPUTS.letters.index("D")].round().tolist() == [1, 0]
    assert counts == Faithfulness(tags=1, fell_evidence=1, fell_random=0)


def test_a_random_place_fells_as_often_as_it_hits_the_word() -> None:
    """Four characters in 27 at a random place: they touch the word in seven of 24 places."""
    text = f"{BEFORE}马上就办{AFTER}"
    counts, _ = counted(*one_word("马上就办"), [text] * MOST_TAGS)
    assert (len(text), counts.tags, counts.fell_evidence) == (27, MOST_TAGS, MOST_TAGS)
    # Three standard deviations of a draw of 300.
    assert counts.fell_random / MOST_TAGS == pytest.approx(7 / 24, abs=0.08)


def test_evidence_that_carries_nothing_fells_no_tag() -> None:
    """The letter stands by its bias alone, so that it has no evidence, and nothing is deleted."""
    space, fitted = one_word("马上就办")
    fitted.machines_.biases[:] = 1
    fitted.machines_.weights[:] = 0
    assert counted(space, fitted, [BEFORE, AFTER])[0] == Faithfulness(2, 0, 0)


def test_a_unit_that_is_all_evidence_falls_either_way() -> None:
    assert counted(*one_word("马上就办"), ["马上就办"])[0] == Faithfulness(1, 1, 1)


def test_without_a_tag_nothing_is_counted() -> None:
    assert counted(*one_word("马上就办"), [BEFORE])[0] == counted(*one_word("无"), [])[0] == Faithfulness()


def test_at_most_so_many_tags_are_tried_and_the_seed_draws_them() -> None:
    space, fitted = one_word("马上就办")
    texts = [f"{BEFORE * (at % 5)}马上就办{AFTER * (at % 7)}" for at in range(MOST_TAGS + 100)]
    first, again, other = (counted(space, fitted, texts, seed)[0] for seed in (0, 0, 1))
    assert first.tags == first.fell_evidence == MOST_TAGS
    assert first == again
    assert first.fell_random != other.fell_random


def test_counts_add_up() -> None:
    assert sum([Faithfulness(5, 4, 1), Faithfulness(7, 6, 0)], Faithfulness()) == Faithfulness(12, 10, 1)


def test_the_evidence_of_a_trained_model_is_what_its_tagger_shows(
    small_set: TrainingSet, small_model: Model
) -> None:
    """Deleting the spans that a user sees, tag by tag, fells as many; random ones fell far fewer."""
    tagger = Tagger(small_model)
    fitted = classifier(small_model.machines, small_model.calibration)
    thresholds = small_model.calibration.rule(Preference.BALANCED).letter_thresholds
    texts, letters, rests = [], [], []
    for text in small_set.texts[::5]:
        (unit,) = tagger.tag_units([text])
        # A letter with two measures is two tags to the user, and one here.
        if normalise(text).text != text or len(unit.codes) != len(unit.labels):
            continue
        texts.append(text)
        for tag in unit.tags:
            rest = text
            for span in sorted(tag.evidence, key=lambda span: -span.start):
                rest = rest[: span.start] + rest[span.end :]
            rests.append(rest)
            letters.append(OUTPUTS.letters.index(tag.code[0]))
    counts, _ = counted(small_model.space, fitted, texts)
    assert 50 < len(rests) == counts.tags <= MOST_TAGS
    x = small_model.space.matrix(rests, map(segmenter().words, rests))
    likely = fitted.predictions(x).letters[np.arange(len(rests)), letters]
    assert counts.fell_evidence == (likely < thresholds[letters]).sum()
    assert counts.fell_random < 0.6 * counts.fell_evidence


@given(
    st.lists(st.integers(1, 6), max_size=3),
    st.integers(0, 12),
    st.integers(0, 2**32 - 1),
)
def test_random_places_are_disjoint_and_as_long_as_the_evidence(
    sizes: list[int], spare: int, seed: int
) -> None:
    length = sum(sizes) + spare
    places = _random_places([(0, size) for size in sizes], length, np.random.default_rng(seed))
    assert sorted(end - start for start, end in places) == sorted(sizes)
    edges = [0, *(edge for place in places for edge in place), length]
    assert edges == sorted(edges)


def test_every_random_placement_is_equally_likely() -> None:
    """Spans of one and of two characters in five: twelve placements."""
    generator = np.random.default_rng(0)
    drawn = Counter(tuple(_random_places([(0, 2), (3, 4)], 5, generator)) for _ in range(2400))
    assert len(drawn) == 12
    assert min(drawn.values()) > 150
    assert max(drawn.values()) < 250
