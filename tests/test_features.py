"""Features: the same n-grams and weights as scikit-learn's."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.cues import Cue, cue_finder, cue_lexicon
from wuxing_nlp.model.features import FeatureSpace
from wuxing_nlp.model.ngrams import CLASS_WEIGHT, Frequencies, character_keys, cue_keys, word_keys
from wuxing_nlp.model.training_set import TrainingSet
from wuxing_nlp.text.segment import segmenter

BOOK = load_codebook()
CLASSES = cue_lexicon().classes
SENTENCES = [
    "把3.5万亩高标准农田建到田间地头，让种粮人增收。",
    "着力纠治慢作为，12345热线办结率达到98%。",
    "着力纠治 慢作为 ，热线办结率还要提高。",
    "干部带头抓落实，抓落实靠干部带头。",
    "抓落实抓落实抓落实。",
]
TEXT = st.text(st.sampled_from("抓落实慢作为推诿迟不12.3 9。，ab\n"), max_size=30) | st.text(max_size=30)


def cut(texts: Iterable[str]) -> list[list[str]]:
    return [segmenter().words(text) for text in texts]


def pairs(texts: Sequence[str]) -> list[tuple[str, list[str]]]:
    return list(zip(texts, cut(texts), strict=True))


def found_cues(text: str) -> list[Cue]:
    return cue_finder(cue_lexicon()).find(text)


@pytest.fixture(scope="module")
def space(small_set: TrainingSet) -> FeatureSpace:
    return FeatureSpace.learn(BOOK, Frequencies.of(small_set.pairs()), Frequencies())


def test_an_n_gram_is_known_from_min_units_on(small_set: TrainingSet) -> None:
    frequencies = Frequencies.of(small_set.pairs())
    learnt = FeatureSpace.learn(BOOK, frequencies, Frequencies(), min_units=5)
    kept = (learnt.words, learnt.characters, learnt.cues)
    for known, block in zip(kept, frequencies.blocks, strict=True):
        assert known
        assert known == sorted(key for key, count in block.items() if count >= 5)


def test_columns_are_words_characters_cues_and_one_a_letter_and_class(space: FeatureSpace) -> None:
    assert space.classes == CLASSES
    assert space.idf.shape == (len(space.words) + len(space.characters) + len(space.cues),)
    assert len(space) == len(space.idf) + 10 + len(CLASSES)
    assert space.idf.dtype == np.float32
    x = space.matrix(SENTENCES, cut(SENTENCES))
    assert x.shape == (len(SENTENCES), len(space))
    assert x.dtype == np.float32


@pytest.mark.parametrize("background", [[], SENTENCES * 40], ids=["alone", "with background"])
def test_all_blocks_are_scikit_learns_tf_idf(small_set: TrainingSet, background: list[str]) -> None:
    """Vocabulary of the coded units; document frequencies of all units."""
    space = FeatureSpace.learn(BOOK, Frequencies.of(small_set.pairs()), Frequencies.of(pairs(background)))
    units = [*small_set.pairs(), *pairs(background)]
    tried = [*list(small_set.pairs())[:100], *pairs(SENTENCES)]
    x = space.matrix([text for text, _ in tried], [words for _, words in tried])
    first = 0
    for vocabulary, keys in (
        (space.words, lambda unit: list(word_keys(unit[1]))),
        (space.characters, lambda unit: list(character_keys(unit[0]))),
        (space.cues, lambda unit: list(cue_keys(unit[0], found_cues(unit[0])))),
    ):
        theirs = TfidfVectorizer(
            analyzer=keys, vocabulary=vocabulary, sublinear_tf=True, lowercase=False
        ).fit(units)
        assert space.idf[first : first + len(vocabulary)] == pytest.approx(theirs.idf_, rel=1e-6)
        difference = x[:, first : first + len(vocabulary)] - theirs.transform(tried)
        assert abs(difference).max() < 1e-6
        first += len(vocabulary)
    assert first == len(space.idf)


def test_a_word_that_comes_again_weighs_sublinearly() -> None:
    space = FeatureSpace(BOOK, ["抓落实"], ["抓", "实"], np.array([2.0, 3.0, 1.5], dtype=np.float32))
    x = space.matrix(["抓落实抓落实抓"], [["抓落实", "抓落实", "抓"]]).toarray()[0]
    three, two = (1 + math.log(3)) * 3.0, (1 + math.log(2)) * 1.5
    norm = math.hypot(three, two)
    assert x[:3].tolist() == pytest.approx([1.0, three / norm, two / norm])


def test_a_cue_that_comes_again_weighs_sublinearly() -> None:
    idf = np.array([2.0, 3.0], dtype=np.float32)
    space = FeatureSpace(BOOK, [], [], idf, cues=["P.shirk", "P.shirk&T.tackle"], lexicon=cue_lexicon())
    x = space.matrix(["整治推诿、推诿"], [[]]).toarray()[0]
    twice, pair = (1 + math.log(2)) * 2.0, 3.0
    norm = math.hypot(twice, pair)
    assert x[:2].tolist() == pytest.approx([twice / norm, pair / norm])


def test_the_columns_behind_the_n_grams_say_whose_codebook_terms_occur(space: FeatureSpace) -> None:
    first = len(space.idf)
    x = space.matrix(SENTENCES, cut(SENTENCES)).toarray()[:, first : first + 10]
    for text, row in zip(SENTENCES, x, strict=True):
        found = {letter for letter, flag in zip(BOOK.letters, row, strict=True) if flag}
        assert found == {letter for letter in BOOK.letters if any(w in text for w in BOOK.keywords[letter])}
    assert {letter for letter, flag in zip(BOOK.letters, x[1], strict=True) if flag} >= {"M"}


def test_the_last_block_says_which_cue_classes_occur(space: FeatureSpace) -> None:
    texts = [*SENTENCES, "整治推诿，再整治推诿。"]
    x = space.matrix(texts, cut(texts)).toarray()[:, -len(CLASSES) :]
    for text, row in zip(texts, x, strict=True):
        found = {cue.name for cue in found_cues(text)}
        assert {name for name, flag in zip(CLASSES, row, strict=True) if flag} == found
        assert row[row > 0] == pytest.approx(CLASS_WEIGHT)
    assert x[-1, CLASSES.index("P.shirk")]


def test_a_text_without_anything_known_is_an_empty_row(space: FeatureSpace) -> None:
    x = space.matrix(["", " \n", "ψω"], [[], [" ", "\n"], ["ψω"]])
    assert x.shape == (3, len(space))
    assert x.nnz == 0
    assert space.matrix([], []).shape == (0, len(space))


@given(st.lists(TEXT, max_size=5))
def test_a_row_depends_on_its_text_alone(space: FeatureSpace, texts: list[str]) -> None:
    together = space.matrix(texts, cut(texts)).toarray()
    for at, text in enumerate(texts):
        assert np.array_equal(together[at], space.matrix([text], cut([text])).toarray()[0])
