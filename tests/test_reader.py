"""Readers: every feature found again at its places; compiled code answers what Python does."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.cues import Cue, cue_finder, cue_lexicon
from wuxing_nlp.cues.lexicon import GAP
from wuxing_nlp.model.features import FeatureSpace
from wuxing_nlp.model.ngrams import Frequencies, character_keys, word_keys
from wuxing_nlp.model.reader import PlainReader, Reader, best_reader
from wuxing_nlp.model.tagger import Tagger
from wuxing_nlp.model.training_set import TrainingSet
from wuxing_nlp.text.script import normalise
from wuxing_nlp.text.segment import segmenter

BOOK = load_codebook()
CLASSES = cue_lexicon().classes
SENTENCES = [
    "把3.5万亩高标准农田建到田间地头，让种粮人增收。",
    "着力纠治 慢作为 ，12345热线办结率达到98%。",
    "干部带头抓落实，抓落实靠干部带头。",
    "部门之间推诿扯皮，一件小事拖了半年；个别干部不担当、不作为。",
]
EXPRESSIONS = [expression for group in cue_lexicon().expressions.values() for expression in group]
KNOWN = "抓落实慢作为推诿迟不干部整治敢于担当12.3 9。，；ab\n\u3000½"
TEXT = st.text(st.sampled_from(KNOWN), max_size=40) | st.text(max_size=30)


@pytest.fixture(scope="module")
def space(small_set: TrainingSet) -> FeatureSpace:
    return FeatureSpace.learn(BOOK, Frequencies.of(small_set.pairs()), Frequencies())


@pytest.fixture(scope="module", params=[PlainReader, best_reader], ids=["plain", "best"])
def reader(request: pytest.FixtureRequest, space: FeatureSpace) -> Reader:
    made: Callable[[FeatureSpace], Reader] = request.param
    return made(space)


@pytest.fixture(scope="module")
def native() -> Any:
    return pytest.importorskip("wuxing_nlp.model._native", reason="built without a compiler")


def found_cues(text: str) -> list[Cue]:
    return cue_finder(cue_lexicon()).find(text)


@pytest.mark.parametrize("text", SENTENCES)
def test_places_are_where_the_features_stand(space: FeatureSpace, reader: Reader, text: str) -> None:
    keys = [*space.words, *space.characters, *space.cues]
    places = reader.places(text, segmenter().words(text))
    assert len(places.columns) > 40
    for column, start, end in zip(places.columns, places.starts, places.ends, strict=True):
        piece = text[start:end]
        if column >= len(keys) + 10:
            assert Cue(start, end, CLASSES[column - len(keys) - 10]) in found_cues(text)
        elif column >= len(keys):
            assert piece in BOOK.keywords[BOOK.letters[column - len(keys)]]
        elif column < len(space.words):
            assert keys[column] in set(word_keys(segmenter().words(piece))) | set(
                word_keys([w for w in segmenter().words(text) if w in piece])
            )
        elif column < len(space.words) + len(space.characters):
            assert keys[column] in set(character_keys(piece))
        else:
            names = re.split("[>&]", keys[column])
            assert any(Cue(start, end, name) in found_cues(text) for name in names)


@pytest.mark.parametrize("make", [PlainReader, best_reader], ids=["plain", "best"])
def test_a_pair_of_cues_has_its_part_where_each_of_them_stands(
    make: Callable[[FeatureSpace], Reader],
) -> None:
    idf = np.ones(1, dtype=np.float32)
    reader = make(FeatureSpace(BOOK, [], [], idf, cues=["T.tackle>P.shirk"], lexicon=cue_lexicon()))
    places = reader.places("要整治推诿", ["要", "整治", "推诿"])
    pair = places.columns == 0
    assert places.starts[pair].tolist() == [1, 3]
    assert places.ends[pair].tolist() == [3, 5]
    assert places.parts[pair].tolist() == pytest.approx([0.25, 0.25])


@pytest.mark.parametrize("make", [PlainReader, best_reader], ids=["plain", "best"])
def test_a_space_without_classes_knows_no_cue(make: Callable[[FeatureSpace], Reader]) -> None:
    """As that of a model of the first format."""
    reader = make(FeatureSpace(BOOK, ["推诿"], [], np.array([1.0], dtype=np.float32)))
    rows = reader.rows(["推诿某"], [["推诿", "某"]])
    assert rows.columns.tolist() == [0, 1 + BOOK.letters.index("P")]
    assert set(reader.places("推诿某", ["推诿", "某"]).columns.tolist()) <= set(rows.columns.tolist())


def assert_parts_are_values(reader: Reader, text: str) -> None:
    """The parts of a feature, over all the characters of its places, are its value in the row."""
    words = segmenter().words(text)
    row, places = reader.rows([text], [words]), reader.places(text, words)
    assert len(row.columns) == len(set(row.columns.tolist()))
    assert (row.values > 0).all()
    assert set(places.columns.tolist()) == set(row.columns.tolist())
    assert all(0 <= start < end <= len(text) for start, end in zip(places.starts, places.ends, strict=True))
    sums = dict.fromkeys(row.columns.tolist(), 0.0)
    for column, start, end, part in zip(*places, strict=True):
        sums[int(column)] += part * (end - start)
    assert list(sums.values()) == pytest.approx(row.values.tolist(), abs=1e-6)


@given(TEXT)
def test_places_share_out_just_the_features_of_the_row(reader: Reader, text: str) -> None:
    assert_parts_are_values(reader, text)
    assert_parts_are_values(reader, normalise(text).text)


def test_places_share_out_the_features_of_every_training_unit(reader: Reader, small_set: TrainingSet) -> None:
    for text in small_set.texts[::8]:
        assert_parts_are_values(reader, text)


def by_column(reader: Reader, text: str, words: list[str]) -> dict[int, float]:
    row = reader.rows([text], [words])
    return dict(zip(row.columns.tolist(), row.values.tolist(), strict=True))


def spots(reader: Reader, text: str, words: list[str]) -> list[tuple[float, ...]]:
    return sorted(zip(*(column.tolist() for column in reader.places(text, words)), strict=True))


def assert_same_answers(native: Reader, plain: Reader, text: str, words: list[str]) -> None:
    assert by_column(native, text, words) == pytest.approx(by_column(plain, text, words), abs=1e-6)
    ours, theirs = spots(native, text, words), spots(plain, text, words)
    assert [spot[:3] for spot in ours] == [spot[:3] for spot in theirs]
    assert [spot[3] for spot in ours] == pytest.approx([spot[3] for spot in theirs], abs=1e-9)


@given(TEXT, st.lists(st.integers(1, 4), min_size=1))
def test_compiled_code_reads_any_text_as_python_does(
    native: Any, space: FeatureSpace, text: str, lengths: list[int]
) -> None:
    """Cut anywhere, not only where the segmenter would."""
    words, at = [], 0
    while at < len(text):
        length = lengths[len(words) % len(lengths)]
        words.append(text[at : at + length])
        at += length
    assert_same_answers(native.NativeReader(space), PlainReader(space), text, words)


@given(st.lists(st.sampled_from(EXPRESSIONS) | st.sampled_from("，。的𠀀 "), max_size=12), st.integers(0, 9))
def test_compiled_code_finds_the_lexicons_own_expressions_as_python_does(
    native: Any, space: FeatureSpace, pieces: list[str], gap: int
) -> None:
    """Side by side and into each other, with gaps up to one character too wide, and across clauses."""
    text = "".join(pieces).replace(GAP, "某" * gap)
    assert_same_answers(native.NativeReader(space), PlainReader(space), text, [text])


def test_compiled_code_reads_real_text_as_python_does(
    native: Any, tagger: Tagger, shared_units: list[dict[str, Any]]
) -> None:
    """With the shipped model's vocabulary: every tenth unit."""
    space = tagger.model.space
    ours, plain = native.NativeReader(space), PlainReader(space)
    for unit in shared_units[::10]:
        text = normalise(unit["text"]).text
        assert_same_answers(ours, plain, text, segmenter().words(text))


def test_words_that_are_not_the_texts_own_are_refused(native: Any, space: FeatureSpace) -> None:
    with pytest.raises(ValueError, match="give the text's own words"):
        native.NativeReader(space).rows(["抓落实"], [["抓落实", "抓落实"]])
