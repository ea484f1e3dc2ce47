"""The yardstick: what a user would build first, of the libraries that everybody knows."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import jieba
from opencc import OpenCC  # type: ignore[import-untyped]
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MultiLabelBinarizer

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.coding import CodedUnit

jieba.setLogLevel(logging.WARNING)


def _words(text: str) -> list[str]:
    # Not jieba.lcut itself: its tokenizer holds a lock, and joblib could not keep the model.
    words: list[str] = jieba.lcut(text)
    return words


class Naive:
    """OpenCC's reimplementation, jieba, tf-idf of words, and a logistic regression a code.

    Args:
        coded: units of the corpus; it learns their base codes, as many as ours has.
    """

    def __init__(self, coded: Sequence[CodedUnit]) -> None:
        words = TfidfVectorizer(preprocessor=OpenCC("t2s").convert, tokenizer=_words, token_pattern=None)
        self._pipeline = make_pipeline(words, OneVsRestClassifier(LogisticRegression(max_iter=1000)))
        self._labels = MultiLabelBinarizer()
        book = load_codebook()
        truth = self._labels.fit_transform([book.base(unit.codes) for unit in coded])
        self._pipeline.fit([unit.text for unit in coded], truth)

    def codes(self, texts: list[str]) -> list[tuple[str, ...]]:
        """The codes of some units."""
        given: list[tuple[str, ...]] = self._labels.inverse_transform(self._pipeline.predict(texts))
        return given
