"""The Tagger: the one object that users hold. It loads a model, tags text, and explains."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from wuxing_nlp.errors import BundleError
from wuxing_nlp.model.bundle import MANIFEST, Model, load_model
from wuxing_nlp.model.evidence import Attribution, Span, tag_weights
from wuxing_nlp.model.outputs import Predictions, Rule, codes_of
from wuxing_nlp.model.preference import Preference
from wuxing_nlp.model.results import Evidence, Profile, Status, Tag, TaggedDocument, TaggedUnit
from wuxing_nlp.text.aligned import AlignedText
from wuxing_nlp.text.characters import han_count
from wuxing_nlp.text.script import detect_script, normalise
from wuxing_nlp.text.segment import segmenter
from wuxing_nlp.text.units import Cut, cut_units

SHORTEST = 4
"""Chinese characters that a unit needs to be judged."""

LEAST_HAN = 0.3
"""Share of a unit's letters (figures, signs and spaces left out) that must be Chinese."""


class Tagger:
    """Tags Chinese policy text with the codebook's codes.

    Make one with :func:`wuxing_nlp.load`. It holds no state between calls and may be shared by
    threads. Every result is a function of the text alone: neighbours, order and batch size do not
    change it.

    Args:
        model: what tags.
        prefer: ``balanced``; ``precision``, to give fewer wrong labels and miss more; ``recall``, the
            other way round. See :class:`Preference`. It changes no probability.

    Raises:
        PreferenceError: there is no such preference, or the model has no thresholds for it.
    """

    def __init__(self, model: Model, *, prefer: str = Preference.BALANCED) -> None:
        self._model = model
        self._prefer = Preference.of(prefer)
        self._rule = model.calibration.rule(self._prefer)
        self._segmenter = segmenter()
        self.codes: tuple[str, ...] = model.outputs.codes
        self.letters: tuple[str, ...] = model.outputs.letters

    @property
    def model(self) -> Model:
        """The model with the facts of its manifest."""
        return self._model

    @property
    def prefer(self) -> Preference:
        """What the thresholds in use make the most of."""
        return self._prefer

    @property
    def rule(self) -> Rule:
        """The thresholds in use."""
        return self._rule

    @property
    def untrained(self) -> tuple[str, ...]:
        """Outputs that the model had too few examples of: letters, codes or stances."""
        names = self._model.outputs.names
        return tuple(name for name, known in zip(names, self._model.trained, strict=True) if not known)

    def tag(self, text: str) -> TaggedDocument:
        """Cut a document's text into units and tag them.

        Every unit holds ``text[unit.start:unit.end] == unit.text``; together the units hold all
        that is visible in the text.
        """
        aligned = normalise(text)
        units = tuple(self._tagged(aligned, cut_units(aligned)))
        profile = Profile.of(units, self._model.codebook)
        return TaggedDocument(units, profile, detect_script(text), self._model.name, self._prefer)

    def tag_many(self, texts: Iterable[str]) -> Iterator[TaggedDocument]:
        """Tag documents one by one, lazily and in order."""
        return (self.tag(text) for text in texts)

    def tag_units(self, units: Sequence[str]) -> list[TaggedUnit]:
        """Tag strings each of which is one coding unit already; one result a string."""
        results: list[TaggedUnit] = []
        for unit in units:
            aligned = normalise(unit)
            results += self._tagged(aligned, [Cut(0, len(aligned.text), "sentence")])
        return results

    def probabilities(self, units: Sequence[str]) -> NDArray[np.float64]:
        """Calibrated probabilities (n_units, n_codes) of the base codes; columns are ``codes``.

        A unit that is not judged (too short, not Chinese) has probability 0 in every column.
        """
        predictions, judged = self._predictions(units)
        return predictions.codes * judged

    def letter_probabilities(self, units: Sequence[str]) -> NDArray[np.float64]:
        """The same for the letters: (n_units, n_letters); columns are ``letters``."""
        predictions, judged = self._predictions(units)
        return predictions.letters * judged

    def _predictions(self, units: Sequence[str]) -> tuple[Predictions, NDArray[np.float64]]:
        """Predictions of strings, and a column (n_units, 1): 1 where the unit is judged, else 0."""
        texts = [normalise(unit).text for unit in units]
        judged = np.array([[float(_unfit(text) is None)] for text in texts]).reshape(-1, 1)
        return self._read(texts).predictions, judged

    def _read(self, texts: Sequence[str]) -> _Reading:
        model = self._model
        words = [self._segmenter.words(text) for text in texts]
        x = model.space.matrix(texts, words)
        return _Reading(
            texts, words, x, Predictions.of(model.outputs, model.calibration, model.machines.margins(x))
        )

    def _tagged(self, aligned: AlignedText, cuts: Sequence[Cut]) -> Iterator[TaggedUnit]:
        texts = [aligned.text[cut.start : cut.end] for cut in cuts]
        statuses = [
            _unfit(text) if cut.kind != "furniture" else "none" for cut, text in zip(cuts, texts, strict=True)
        ]
        reading = self._read([text for text, status in zip(texts, statuses, strict=True) if status is None])
        given = codes_of(self._model.outputs, reading.predictions.decide(self._rule))
        near = reading.predictions.nearness(self._rule) >= self._rule.doubt
        judged = iter(range(len(given)))
        for cut, status in zip(cuts, statuses, strict=True):
            if status is not None:
                yield self._unit(aligned, cut, status, (), ())
                continue
            at = next(judged)
            codes = self._model.codebook.written(given[at])
            tags = self._tags(reading, at, codes, aligned, cut)
            yield self._unit(
                aligned, cut, "labelled" if codes else "abstained" if near[at] else "none", codes, tags
            )

    def _unit(
        self, aligned: AlignedText, cut: Cut, status: Status, codes: tuple[str, ...], tags: tuple[Tag, ...]
    ) -> TaggedUnit:
        start, end = aligned.span(cut.start, cut.end)
        letters = self._model.codebook.letters_of(codes)
        return TaggedUnit(aligned.source[start:end], start, end, cut.kind, status, codes, letters, tags)

    def _tags(
        self, reading: _Reading, at: int, codes: tuple[str, ...], aligned: AlignedText, cut: Cut
    ) -> tuple[Tag, ...]:
        if not codes:
            return ()
        book, model = self._model.codebook, self._model
        attribution = Attribution(model.space, reading.x[at], reading.texts[at], reading.words[at])
        tags = []
        for code in codes:
            bases = book.base([code])
            weights = tag_weights(model.machines, model.outputs, bases, attribution.columns)
            spans = tuple(_in_source(aligned, cut, span) for span in attribution.spans(weights))
            likely = max(float(reading.predictions.codes[at, self.codes.index(base)]) for base in bases)
            tags.append(Tag(code, book.name(code), likely, book.stance_of(code), spans))
        return tuple(tags)


@dataclass(frozen=True, slots=True)
class _Reading:
    """Units as the model reads them: canonical texts, words, features, probabilities."""

    texts: Sequence[str]
    words: Sequence[Sequence[str]]
    x: csr_matrix
    predictions: Predictions


def _in_source(aligned: AlignedText, cut: Cut, span: Span) -> Evidence:
    start, end = aligned.span(cut.start + span[0], cut.start + span[1])
    return Evidence(start, end, span[2])


def _unfit(text: str) -> Status | None:
    """Why a canonical unit text cannot be judged; None where it can."""
    han = han_count(text)
    letters = sum(character.isalpha() for character in text)
    if letters and han / letters < LEAST_HAN:
        return "not_chinese"
    return "too_short" if han < SHORTEST else None


def load(path: Path | str | None = None, *, prefer: str = Preference.BALANCED) -> Tagger:
    """The shipped tagger, or one of your own bundle; ``prefer`` as in :class:`Tagger`.

    Raises:
        BundleError: the bundle is missing, damaged, or does not fit this package.
        PreferenceError: there is no such preference, or the model has no thresholds for it.
    """
    return Tagger(load_model(Path(path) if path is not None else shipped_bundle()), prefer=prefer)


def shipped_bundle() -> Path:
    """The folder of the shipped bundle: inside the installed package, or in a checkout beside it."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "models" / "default", package.parent / "models" / "default"):
        if (folder / MANIFEST).is_file():
            return folder
    raise BundleError(
        "the shipped model is not there; reinstall wuxing_nlp, or name a bundle: load('path/to/bundle')"
    )
