"""Features: the same n-grams and weights as scikit-learn's, each found again at its places."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.model.features import FeatureSpace, Frequencies, character_keys, word_keys
from wuxing_nlp.model.training_set import TrainingSet
from wuxing_nlp.text.script import normalise
from wuxing_nlp.text.segment import segmenter

BOOK = load_codebook()
SENTENCES = [
    "把3.5万亩高标准农田建到田间地头，让种粮人增收。",
    "着力纠治慢作为，12345热线办结率达到98%。",
    "着力纠治 慢作为 ，热线办结率还要提高。",
    "干部带头抓落实，抓落实靠干部带头。",
    "抓落实抓落实抓落实。",
]
TEXT = st.text(st.sampled_from("抓落实慢作为12.3 9。，ab\n"), max_size=30) | st.text(max_size=30)


def cut(texts: Iterable[str]) -> list[list[str]]:
    return [segmenter().words(text) for text in texts]


def pairs(texts: Sequence[str]) -> list[tuple[str, list[str]]]:
    return list(zip(texts, cut(texts), strict=True))


@pytest.fixture(scope="module")
def space(small_set: TrainingSet) -> FeatureSpace:
    return FeatureSpace.learn(BOOK, Frequencies.of(small_set.pairs()), Frequencies())


def test_the_word_keys_of_an_example() -> None:
    assert list(word_keys(["抓", " ", "12.5", "落实"])) == ["抓", "0", "落实", "抓\t0", "0\t落实"]


def test_the_character_keys_of_an_example() -> None:
    keys = ["抓", "0", "件", "事", "抓0", "0件", "件事", "抓0件", "0件事", "抓0件事"]
    assert list(character_keys("抓 128\n件事")) == keys


def test_a_decimal_is_one_figure_and_a_list_of_numbers_is_not() -> None:
    assert [key for key in character_keys("3.14") if len(key) == 1] == ["0"]
    assert "".join(key for key in character_keys("1.2.3") if len(key) == 1) == "0.0"


def test_frequencies_count_units_not_occurrences() -> None:
    counted = Frequencies.of(pairs(["抓落实抓落实", "抓实", ""]))
    assert counted.count == 3
    assert counted.blocks[1]["抓"] == counted.blocks[1]["实"] == 2
    assert counted.blocks[1]["落实"] == 1
    assert counted.blocks[0]["抓落实"] == 1


def test_an_n_gram_is_known_from_min_units_on(small_set: TrainingSet) -> None:
    frequencies = Frequencies.of(small_set.pairs())
    learnt = FeatureSpace.learn(BOOK, frequencies, Frequencies(), min_units=5)
    for known, block in zip((learnt.words, learnt.characters), frequencies.blocks, strict=True):
        assert known == sorted(key for key, count in block.items() if count >= 5)


def test_columns_are_words_characters_and_one_a_letter(space: FeatureSpace) -> None:
    assert len(space) == len(space.words) + len(space.characters) + 10
    assert space.idf.shape == (len(space) - 10,)
    assert space.idf.dtype == np.float32
    x = space.matrix(SENTENCES, cut(SENTENCES))
    assert x.shape == (len(SENTENCES), len(space))
    assert x.dtype == np.float32


@pytest.mark.parametrize("background", [[], SENTENCES * 40], ids=["alone", "with background"])
def test_both_blocks_are_scikit_learns_tf_idf(small_set: TrainingSet, background: list[str]) -> None:
    """Vocabulary of the coded units; document frequencies of all units."""
    space = FeatureSpace.learn(BOOK, Frequencies.of(small_set.pairs()), Frequencies.of(pairs(background)))
    units = [*small_set.pairs(), *pairs(background)]
    tried = [*list(small_set.pairs())[:100], *pairs(SENTENCES)]
    x = space.matrix([text for text, _ in tried], [words for _, words in tried])
    first = 0
    for vocabulary, keys in (
        (space.words, lambda unit: list(word_keys(unit[1]))),
        (space.characters, lambda unit: list(character_keys(unit[0]))),
    ):
        theirs = TfidfVectorizer(analyzer=keys, vocabulary=vocabulary, sublinear_tf=True).fit(units)
        assert space.idf[first : first + len(vocabulary)] == pytest.approx(theirs.idf_, rel=1e-6)
        difference = x[:, first : first + len(vocabulary)] - theirs.transform(tried)
        assert abs(difference).max() < 1e-6
        first += len(vocabulary)


def test_a_word_that_comes_again_weighs_sublinearly() -> None:
    space = FeatureSpace(BOOK, ["抓落实"], ["抓", "实"], np.array([2.0, 3.0, 1.5], dtype=np.float32))
    x = space.matrix(["抓落实抓落实抓"], [["抓落实", "抓落实", "抓"]]).toarray()[0]
    three, two = (1 + math.log(3)) * 3.0, (1 + math.log(2)) * 1.5
    norm = math.hypot(three, two)
    assert x[:3].tolist() == pytest.approx([1.0, three / norm, two / norm])


def test_the_last_block_says_whose_codebook_terms_occur(space: FeatureSpace) -> None:
    x = space.matrix(SENTENCES, cut(SENTENCES)).toarray()[:, -10:]
    for text, row in zip(SENTENCES, x, strict=True):
        found = {letter for letter, flag in zip(BOOK.letters, row, strict=True) if flag}
        assert found == {letter for letter in BOOK.letters if any(w in text for w in BOOK.keywords[letter])}
    assert {letter for letter, flag in zip(BOOK.letters, x[1], strict=True) if flag} >= {"M"}


def test_a_text_without_anything_known_is_an_empty_row(space: FeatureSpace) -> None:
    x = space.matrix(["", " \n", "ψω"], [[], [" ", "\n"], ["ψω"]])
    assert x.shape == (3, len(space))
    assert x.nnz == 0
    assert space.matrix([], []).shape == (0, len(space))


@pytest.mark.parametrize("at", range(len(SENTENCES)))
def test_occurrences_are_where_the_features_stand(space: FeatureSpace, at: int) -> None:
    text = SENTENCES[at]
    keys = [*space.words, *space.characters]
    for column, start, end in space.occurrences(text, segmenter().words(text)):
        piece = text[start:end]
        if column >= len(keys):
            assert piece in BOOK.keywords[BOOK.letters[column - len(keys)]]
        elif column < len(space.words):
            assert keys[column] in set(word_keys(segmenter().words(piece))) | set(
                word_keys([w for w in segmenter().words(text) if w in piece])
            )
        else:
            assert keys[column] in set(character_keys(piece))


def assert_same_features(space: FeatureSpace, text: str) -> None:
    words = segmenter().words(text)
    row = space.matrix([text], [words])
    places = list(space.occurrences(text, words))
    assert {column for column, _, _ in places} == set(row.indices.tolist())
    assert all(0 <= start < end <= len(text) for _, start, end in places)
    assert len(row.indices) == len(set(row.indices.tolist()))
    assert (row.data > 0).all()


@given(TEXT)
def test_occurrences_cover_just_the_features_of_the_matrix(space: FeatureSpace, text: str) -> None:
    assert_same_features(space, text)
    assert_same_features(space, normalise(text).text)


def test_occurrences_cover_the_features_of_every_training_unit(
    space: FeatureSpace, small_set: TrainingSet
) -> None:
    for text in small_set.texts[::5]:
        assert_same_features(space, text)


@given(st.lists(TEXT, max_size=5))
def test_a_row_depends_on_its_text_alone(space: FeatureSpace, texts: list[str]) -> None:
    together = space.matrix(texts, cut(texts)).toarray()
    for at, text in enumerate(texts):
        assert np.array_equal(together[at], space.matrix([text], cut([text])).toarray()[0])
