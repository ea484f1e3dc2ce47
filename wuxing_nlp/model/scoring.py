"""A model's answers to coded units: their scores, and which of the units it has learnt from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from wuxing_nlp.codebook import Codebook, load_codebook
from wuxing_nlp.coding import CodedUnit, Corpus, default_root
from wuxing_nlp.coding.known import corpus_sha1s, file_sha256
from wuxing_nlp.coding.units import text_sha1
from wuxing_nlp.evaluation.scoring import Answers, Coded, Resampling, Scored, score
from wuxing_nlp.evaluation.scoring.answers import with_letters
from wuxing_nlp.evaluation.scoring.table import DEFAULT
from wuxing_nlp.model.bundle import Model
from wuxing_nlp.model.results import TaggedUnit
from wuxing_nlp.model.tagger import Tagger
from wuxing_nlp.text.script import normalise


def score_units(tagger: Tagger, units: Sequence[CodedUnit], resampling: Resampling = DEFAULT) -> Scored:
    """Tag coded units, each as it is, and score the tagger on them.

    Raises:
        EvaluationError: there is no unit, bad draws or level.
    """
    given, _ = answers(tagger, [unit.text for unit in units])
    book = tagger.model.codebook
    return score(coded(units, book), given, book, resampling)


def coded(units: Sequence[CodedUnit], book: Codebook) -> Coded:
    """What people gave to units. Raises EvaluationError: there is none."""
    return Coded(with_letters((unit.codes for unit in units), book), [unit.document for unit in units])


def answers(tagger: Tagger, texts: Sequence[str]) -> tuple[Answers, int]:
    """The answers of a tagger to texts each of which is one unit, and how many of them it did not judge.

    What it does not judge (too short, not Chinese) gets no codes, and probability 0 for every label.
    """
    units = tagger.tag_units(texts, evidence=False, probabilities=True)
    labels = (*tagger.letters, *tagger.codes)
    likely = np.array([_row(unit, labels) for unit in units]).reshape(len(units), len(labels))
    given = with_letters((unit.codes for unit in units), tagger.model.codebook)
    unjudged = sum(not unit.probabilities for unit in units)
    return Answers(given, dict(zip(labels, likely.T, strict=True))), unjudged


def _row(unit: TaggedUnit, labels: Sequence[str]) -> list[float]:
    return [unit.probabilities.get(label, 0.0) for label in labels]


def known_units(model: Model, units: Sequence[CodedUnit], file: Path) -> list[bool]:
    """Which of the units of a file a model knows from its training, so far as that can be told: all of them
    where it learnt from this very file; else those that stand in the corpus, unless it learnt from other
    codings alone.

    Raises:
        CorpusError: the package was installed without its corpus, so that nobody can tell.
    """
    own = model.facts.get("own", {})
    if own and own.get("sha256") == file_sha256(file):
        return [True] * len(units)
    if own.get("way") == "alone" or model.codebook.fingerprint != load_codebook().fingerprint:
        return [False] * len(units)
    known = corpus_sha1s(Corpus(default_root()))
    return [not known.isdisjoint(_sha1s(unit.text)) for unit in units]


def _sha1s(text: str) -> set[str]:
    """Under what SHA-1 a text may be known: as it is, without white space around it, in canonical form."""
    return set(map(text_sha1, (text, text.strip(), normalise(text).text.strip())))
