"""The models that a researcher would build first, measured on the same units and folds as ours.

Each learns from the measured units of the other folds alone: no authored or selected unit, no
uncoded text. All decide as ours does, so that none is a straw man: a label is given from the score
that has the best F1 on scores of documents that an inner split by document held out. What is then
left between them and our model is what the project has added. The keyword dictionary learns nothing.
Settings are the best of a few that were tried on one fold of the real units, which favours them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.naive_bayes import ComplementNB
from sklearn.pipeline import FeatureUnion
from sklearn.preprocessing import FunctionTransformer
from sklearn.svm import LinearSVC

from wuxing_nlp.codebook import Codebook
from wuxing_nlp.errors import TrainingError
from wuxing_nlp.evaluation.dictionary import KeywordDictionary
from wuxing_nlp.model.calibration import Floats
from wuxing_nlp.model.ngrams import character_keys, word_keys
from wuxing_nlp.model.outputs import Flags, Outputs
from wuxing_nlp.model.train import Progress
from wuxing_nlp.model.training_set import TrainingSet
from wuxing_nlp.model.tuning import UNLEARNT, best_thresholds

Pair = tuple[str, Sequence[str]]
"""A unit as the baselines take it: canonical text and words."""

Learner = Callable[[Sequence[Pair], Flags, Sequence[Pair]], Floats]
"""Taught units, their truth (n_taught, n_labels) and asked units to scores (n_asked, n_labels); a
higher score means that the label is likelier, on any scale."""

DICTIONARY = "keyword dictionary"
FASTTEXT = "fastText"

INNER_FOLDS = 3


def learners(codebook: Codebook) -> dict[str, Learner]:
    """The baselines that learn, by the name that tables print; fastText only where it is installed."""
    found: dict[str, Learner] = {
        "words + logistic regression": logistic,
        "complement naive Bayes": complement_bayes,
        "reference model": partial(reference, codebook),
    }
    return found | ({FASTTEXT: fasttext_scores} if find_spec("fasttext") else {})


def baseline_labels(
    codebook: Codebook, data: TrainingSet, progress: Progress = lambda _: None
) -> dict[str, list[frozenset[str]]]:
    """Letters and measures that each baseline gives to each unit, its document's fold held out.

    Args:
        codebook: whose letters and measures are given.
        data: the measured units, every one with a fold (``HeldOut.data`` of a cross-validation).
        progress: told the name of each baseline before it learns.

    Raises:
        TrainingError: too few documents for the inner folds.
    """
    labels = (*codebook.letters, *(measure.code for measure in codebook.measures))
    names = Outputs.of(codebook).names
    truth = data.truth[:, [names.index(label) for label in labels]]
    dictionary = KeywordDictionary(codebook)
    given = {DICTIONARY: [dictionary.letters(u.text) | dictionary.measures(u.text) for u in data.units]}
    for name, learner in learners(codebook).items():
        progress(f"baseline: {name}")
        flags = held_out_flags(learner, data, truth)
        given[name] = [
            frozenset(label for label, present in zip(labels, row, strict=True) if present) for row in flags
        ]
    return given


def held_out_flags(learner: Learner, data: TrainingSet, truth: Flags) -> Flags:
    """Flags (n_units, n_labels) that a learner gives to units of each fold, taught by the others.

    Raises:
        TrainingError: too few documents for the inner folds.
    """
    pairs = list(data.pairs())
    documents = np.array(data.documents)
    folds = np.array([unit.fold for unit in data.units])
    given = np.zeros_like(truth)
    for fold in sorted(set(folds)):
        held, rest = np.flatnonzero(folds == fold), np.flatnonzero(folds != fold)
        taught = _at(pairs, rest)
        thresholds = _thresholds(learner, taught, truth[rest], documents[rest])
        given[held] = learner(taught, truth[rest], _at(pairs, held)) >= thresholds
    return given


def _thresholds(learner: Learner, taught: Sequence[Pair], truth: Flags, documents: Any) -> Floats:
    """The score (n_labels,) from which a label has the best F1 on inner folds by document."""
    if len(set(documents)) < INNER_FOLDS:
        raise TrainingError(
            f"the baselines of a fold would learn from {len(set(documents))} documents; "
            f"at least {INNER_FOLDS} real ones outside every fold are needed"
        )
    scores = np.empty(truth.shape)
    for rest, held in GroupKFold(INNER_FOLDS).split(truth, groups=documents):
        scores[held] = learner(_at(taught, rest), truth[rest], _at(taught, held))
    return best_thresholds(scores, truth)


def _at(pairs: Sequence[Pair], wanted: Iterable[int]) -> list[Pair]:
    return [pairs[at] for at in wanted]


def _words(pair: Pair) -> list[str]:
    return list(word_keys(pair[1]))


def _characters(pair: Pair) -> list[str]:
    return list(character_keys(pair[0]))


def logistic(taught: Sequence[Pair], truth: Flags, asked: Sequence[Pair]) -> Floats:
    """Tf-idf of words (1–2), and a balanced logistic regression a label."""
    features = TfidfVectorizer(analyzer=_words, sublinear_tf=True, min_df=2)
    learner = LogisticRegression(C=10, class_weight="balanced", solver="liblinear", random_state=0)
    return _each_label(features, partial(_margins, learner), taught, truth, asked)


def complement_bayes(taught: Sequence[Pair], truth: Flags, asked: Sequence[Pair]) -> Floats:
    """Counts of words (1–2), and complement naive Bayes (Rennie et al. 2003) a label."""
    features = CountVectorizer(analyzer=_words, min_df=2)
    return _each_label(features, _log_odds, taught, truth, asked)


def reference(codebook: Codebook, taught: Sequence[Pair], truth: Flags, asked: Sequence[Pair]) -> Floats:
    """Sublinear tf-idf of words (1–2) and of characters (1–4), one dictionary feature a letter, and
    a balanced linear support vector machine a label."""
    dictionary = KeywordDictionary(codebook)

    def terms(pairs: Sequence[Pair]) -> csr_matrix:
        found = [dictionary.letters(text) for text, _ in pairs]
        return csr_matrix([[float(letter in present) for letter in codebook.letters] for present in found])

    features = FeatureUnion(
        [
            ("words", TfidfVectorizer(analyzer=_words, sublinear_tf=True, min_df=2)),
            ("characters", TfidfVectorizer(analyzer=_characters, sublinear_tf=True, min_df=2)),
            ("terms", FunctionTransformer(terms)),
        ]
    )
    learner = LinearSVC(C=0.3, class_weight="balanced", random_state=0)
    return _each_label(features, partial(_margins, learner), taught, truth, asked)


def _each_label(
    features: Any,
    score: Callable[[csr_matrix, Any, csr_matrix], Floats],
    taught: Sequence[Pair],
    truth: Flags,
    asked: Sequence[Pair],
) -> Floats:
    """Scores of one machine a label; features see the taught units alone."""
    x, z = features.fit_transform(taught), features.transform(asked)
    scores = np.full((len(asked), truth.shape[1]), UNLEARNT)
    for at, carried in enumerate(truth.T):
        if carried.any() and not carried.all():
            scores[:, at] = score(x, carried, z)
    return scores


def _margins(learner: Any, x: csr_matrix, y: Any, z: csr_matrix) -> Floats:
    margins: Floats = learner.fit(x, y).decision_function(z)
    return margins


def _log_odds(x: csr_matrix, y: Any, z: csr_matrix) -> Floats:
    # Not predict_proba: on longer units it is 0 or 1 to the last bit, and nothing is left to rank.
    joint = ComplementNB(alpha=0.1).fit(x, y).predict_joint_log_proba(z)
    odds: Floats = joint[:, 1] - joint[:, 0]
    return odds


def fasttext_scores(taught: Sequence[Pair], truth: Flags, asked: Sequence[Pair]) -> Floats:
    """Supervised fastText (Joulin et al. 2017): words (1–2) and their pieces of 1–3 characters, one yes
    or no a label."""
    import fasttext  # only here: it is no dependency of the package

    with TemporaryDirectory() as folder:
        path = Path(folder, "taught.txt")
        path.write_text("".join(map(_line, taught, truth)), encoding="utf-8")
        model = fasttext.train_supervised(str(path), **_FASTTEXT_SETTINGS)
    scores = np.full((len(asked), truth.shape[1]), UNLEARNT)
    answers = model.predict([_sentence(pair) for pair in asked], k=-1)
    for row, names, likely in zip(scores, *answers, strict=True):
        for name, probability in zip(names, likely, strict=True):
            if name != _NO_LABEL:
                row[int(name.removeprefix(_LABEL))] = probability
    return scores


_FASTTEXT_SETTINGS = {
    "loss": "ova",
    "lr": 0.5,
    "epoch": 50,
    "dim": 50,
    "wordNgrams": 2,
    "minn": 1,
    "maxn": 3,
    "bucket": 200_000,
    "thread": 1,  # or two runs differ
    "verbose": 0,
}
_LABEL = "__label__"
_NO_LABEL = f"{_LABEL}none"


def _line(pair: Pair, flags: Any) -> str:
    """A unit as fastText learns it. It passes over lines without a label: those get one of their own."""
    labels = [f"{_LABEL}{at}" for at in np.flatnonzero(flags)] or [_NO_LABEL]
    return f"{' '.join(labels)} {_sentence(pair)}\n"


def _sentence(pair: Pair) -> str:
    return " ".join(" ".join(pair[1]).split())
