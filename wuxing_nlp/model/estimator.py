"""Texts in, codes out, as scikit-learn knows it: the pipeline of training as one estimator.

:class:`CodeClassifier` is for whoever compares, searches and cross-validates with scikit-learn on
codings of their own; :mod:`wuxing_nlp.model.train` is what it learns by.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.metrics import accuracy_score
from sklearn.utils.validation import check_is_fitted

from wuxing_nlp.codebook import Codebook, load_codebook
from wuxing_nlp.coding import CodedUnit
from wuxing_nlp.errors import CorpusError, TrainingError
from wuxing_nlp.model.calibration import Floats
from wuxing_nlp.model.classifier import MILD
from wuxing_nlp.model.ngrams import JOINT, Frequencies
from wuxing_nlp.model.outputs import Outputs
from wuxing_nlp.model.preference import Preference
from wuxing_nlp.model.tagger import Tagger
from wuxing_nlp.model.targets import Targets
from wuxing_nlp.model.train import Recipe, train
from wuxing_nlp.model.training_set import TrainingSet
from wuxing_nlp.text.script import normalise
from wuxing_nlp.text.segment import segmenter

_LEAST = 1e-12  # a unit that is not judged has probability 0, and a finite score all the same


class CodeClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Multi-label classifier of texts, each of which is one coding unit.

    ``fit`` learns features, machines, calibration and thresholds from its own texts alone, by the
    recipe of ``wuxing train``. It may be cloned, pickled, searched and cross-validated; ``y`` for that
    is a matrix of 0 and 1 (scikit-learn splits no sets; ``MultiLabelBinarizer(classes=labels)`` makes
    one). A label with fewer than ten positive texts is left untrained: it is hardly ever given.

    Args:
        labels: the base codes that the columns of ``y`` are, in order; by default the columns' own names
            where ``y`` is a data frame, and every base code of the codebook where it is sets.
        codebook: what the codes mean; the shipped one where it is None.
        prefer: ``balanced``, ``precision`` or ``recall``, see :class:`Preference`; no matter to
            probabilities.
        c: inverse regularisation of the machines.
        min_units: texts that an n-gram must occur in.
        inner_folds: folds for the margins on which calibration and thresholds are fitted.
        seed: seed of everything that is random.

    After fitting: ``classes_``, the labels of the columns; ``model_``, which
    :func:`wuxing_nlp.model.bundle.save` and :class:`Tagger` take; ``feature_names_``.

    Of scikit-learn's estimator checks, which know numbers only, those pass that can be put to texts
    (rows of numbers are written out for them, see the tests). These do not apply:

    - one class a row, more than two classes, or the class that is predicted for a row: it is
      multi-label, and ``predict`` answers with a matrix of 0 and 1;
    - a handful of rows: a label needs ten texts that carry it, and calibration its folds;
    - numbers themselves (complex, sparse, infinite, of some type, read-only, one feature): X is text.
    """

    def __init__(
        self,
        *,
        labels: Sequence[str] | None = None,
        codebook: Codebook | None = None,
        prefer: str = "balanced",
        c: float = MILD,
        min_units: int = 3,
        inner_folds: int = 5,
        seed: int = 0,
    ) -> None:
        self.labels = labels
        self.codebook = codebook
        self.prefer = prefer
        self.c = c
        self.min_units = min_units
        self.inner_folds = inner_folds
        self.seed = seed

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = tags.input_tags.one_d_array = True
        tags.input_tags.two_d_array = False
        tags.target_tags.multi_output, tags.target_tags.single_output = True, False
        tags.classifier_tags.multi_label, tags.classifier_tags.multi_class = True, False
        return tags

    def fit(self, X: Iterable[str], y: Any, groups: Sequence[object] | None = None) -> CodeClassifier:
        """Learn from coded texts.

        Args:
            X: texts (n_texts,), in a list, array or series.
            y: a label set a text, or a matrix (n_texts, n_labels); see :meth:`Targets.of`.
            groups: each text's document; those of one stand on one side of every inner split. Without
                them, equal texts are one document.

        Raises:
            TrainingError: a text or label that is none, too few texts, or no label with ten of them.
            PreferenceError: there is no such preference.
        """
        Preference.of(self.prefer)
        texts = _texts(X)
        book = load_codebook() if self.codebook is None else self.codebook
        targets = Targets.of(y, self.labels, book)
        for name, given in (("y", targets.flags), ("groups", groups)):
            if given is not None and len(given) != len(texts):
                raise TrainingError(f"there are {len(texts)} texts, but {name} has {len(given)} rows")
        recipe = Recipe(min_units=self.min_units, c=self.c, inner_folds=self.inner_folds, seed=self.seed)
        self.model_ = train(book, _training_set(texts, targets, groups, book), Frequencies(), recipe)
        self.classes_ = np.array(targets.labels)
        return self

    def predict(self, X: Iterable[str]) -> NDArray[np.int_]:
        """0 or 1 (n_texts, n_labels), whether each label is given."""
        codes = self._tagger().code_units(_texts(X))
        base = self.model_.codebook.base
        flags = [np.isin(self.classes_, list(base(given))) for given in codes]
        return np.array(flags, dtype=np.int_).reshape(-1, len(self.classes_))

    def predict_proba(self, X: Iterable[str]) -> Floats:
        """Calibrated probabilities (n_texts, n_labels); 0 for a text that is too short or not Chinese."""
        tagger = self._tagger()
        columns = [tagger.codes.index(label) for label in self.classes_]
        likely: Floats = tagger.probabilities(_texts(X))[:, columns]
        return likely

    def decision_function(self, X: Iterable[str]) -> Floats:
        """The probabilities as log-odds (n_texts, n_labels), for measures that rank. ``predict`` is not
        their sign: its thresholds are those of the preference."""
        scores: Floats = logit(np.clip(self.predict_proba(X), _LEAST, 1 - _LEAST))
        return scores

    def score(self, X: Iterable[str], y: Any, sample_weight: Any = None) -> float:
        """The share of texts all of whose labels are right."""
        predicted = self.predict(X)
        truth = Targets.of(y, self.classes_.tolist(), self.model_.codebook).flags
        return float(accuracy_score(truth, predicted.astype(bool), sample_weight=sample_weight))

    @property
    def feature_names_(self) -> NDArray[np.object_]:
        """Names (n_features,) of the rows of ``model_.machines.weights``: ``word:``, ``character:``,
        ``cue:``, ``terms:`` of a letter, ``class:`` of cues, each with its key."""
        check_is_fitted(self)
        space = self.model_.space
        blocks = {
            "word": [key.replace(JOINT, " ") for key in space.words],
            "character": space.characters,
            "cue": space.cues,
            "terms": space.codebook.letters,
            "class": space.classes,
        }
        return np.array([f"{kind}:{key}" for kind, keys in blocks.items() for key in keys], dtype=object)

    def _tagger(self) -> Tagger:
        check_is_fitted(self)
        return Tagger(self.model_, prefer=self.prefer)


def _texts(x: Any) -> list[str]:
    """The texts, in a list. Raises TrainingError: something is no text."""
    if isinstance(x, str) or not isinstance(x, Iterable):
        raise TrainingError(f"X is one {type(x).__name__}; give several texts, in a list or a column")
    if len(shape := getattr(x, "shape", (0,))) != 1:
        raise TrainingError(f"X has the shape {tuple(shape)}; give one column of texts")
    texts = list(x)
    for number, text in enumerate(texts, start=1):
        if not isinstance(text, str):
            raise TrainingError(f"text {number} is {text!r}, a {type(text).__name__}; give strings")
    return list(map(str, texts))  # of the strings of an array plain ones


def _training_set(
    texts: Sequence[str], targets: Targets, groups: Sequence[object] | None, codebook: Codebook
) -> TrainingSet:
    """The texts as units that all count alike. Their codes stand in the truth alone."""
    canonical = [normalise(text).text for text in texts]
    units = []
    for at, (text, document) in enumerate(zip(texts, canonical if groups is None else groups, strict=True)):
        try:
            units.append(CodedUnit(str(at), text, (), "sentence", str(document)))
        except CorpusError as error:
            raise TrainingError(f"text {at + 1}: {error}") from None
    words = [segmenter().words(text) for text in canonical]
    truth = Outputs.of(codebook).truth(targets.sets())
    return TrainingSet(units, canonical, words, truth, np.ones(len(texts), dtype=bool))
