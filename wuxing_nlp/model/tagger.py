"""The Tagger: the one object that users hold. It loads a model, tags text, and explains."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import compress, islice, repeat
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from wuxing_nlp.errors import BundleError
from wuxing_nlp.model.bundle import MANIFEST, Model, load_model
from wuxing_nlp.model.deciding import Decider
from wuxing_nlp.model.evidence import Span
from wuxing_nlp.model.explanation import Explainer, Given
from wuxing_nlp.model.outputs import Predictions, Rule
from wuxing_nlp.model.preference import Preference
from wuxing_nlp.model.probabilities import Probabilities
from wuxing_nlp.model.results import (
    Evidence,
    Profile,
    Status,
    Tag,
    TaggedDocument,
    TaggedUnit,
)
from wuxing_nlp.model.rows import Rows
from wuxing_nlp.text.aligned import AlignedText
from wuxing_nlp.text.characters import han_count
from wuxing_nlp.text.script import detect_script, normalise
from wuxing_nlp.text.segment import segmenter
from wuxing_nlp.text.units import Cut, cut_units

SHORTEST = 4
"""Chinese characters that a unit needs to be judged."""

BATCH = 1000
"""Units that are read together."""

_T = TypeVar("_T")

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
        engine: ``compiled``, ``rjieba`` or ``jieba``, what cuts words; all cut the same ones. Without a
            name, the fastest that is installed.

    Raises:
        PreferenceError: there is no such preference, or the model has no thresholds for it.
        SegmenterError: there is no such engine, or it cannot be loaded.
    """

    def __init__(self, model: Model, *, prefer: str = Preference.BALANCED, engine: str | None = None) -> None:
        self._model = model
        self._prefer = Preference.of(prefer)
        self._rule = model.calibration.rule(self._prefer)
        self._segmenter = segmenter(engine)
        self._explainer = Explainer(
            model.space, model.machines, model.outputs, model.calibration, self._segmenter.cut
        )
        self._decider = Decider(model.machines, model.outputs, model.calibration, self._rule, model.codebook)
        self._base = cache(lambda code: model.codebook.base([code]))
        self._facts = cache(self._facts_of)
        self.codes: tuple[str, ...] = model.outputs.codes
        self.letters: tuple[str, ...] = model.outputs.letters
        self._places = {label: at for at, label in enumerate(self.letters + self.codes)}

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

    def tag(self, text: str, *, evidence: bool = True, probabilities: bool = False) -> TaggedDocument:
        """Cut a document's text into units and tag them.

        Every unit holds ``text[unit.start:unit.end] == unit.text``; together the units hold all
        that is visible in the text. Without ``evidence`` the tags' evidence is left empty, which is
        faster by a third; with ``probabilities`` every judged unit has those of all labels, given
        or not.
        """
        [document] = self.tag_together([text], evidence=evidence, probabilities=probabilities)
        return document

    def tag_together(
        self, texts: Sequence[str], *, evidence: bool = True, probabilities: bool = False
    ) -> list[TaggedDocument]:
        """Tag documents whose units are read together: what :meth:`tag` gives each of them, in less
        time where they are short."""
        aligned = [normalise(text) for text in _several(texts)]
        cuts = [cut_units(text) for text in aligned]
        pieces = ((text, cut) for text, own in zip(aligned, cuts, strict=True) for cut in own)
        units = self._tagged(pieces, _Wanted(evidence, probabilities))
        return [
            self._document(text, tuple(islice(units, len(own))))
            for text, own in zip(aligned, cuts, strict=True)
        ]

    def _document(self, text: AlignedText, units: tuple[TaggedUnit, ...]) -> TaggedDocument:
        if _unfit(text.text) == "not_chinese":
            units = tuple(map(_foreign, units))
        profile = Profile.of(units, self._model.codebook)
        return TaggedDocument(units, profile, detect_script(text.source), self._model.name, self._prefer)

    def tag_many(
        self, texts: Iterable[str], *, evidence: bool = True, probabilities: bool = False
    ) -> Iterator[TaggedDocument]:
        """Tag documents one by one, lazily and in order."""
        return (self.tag(text, evidence=evidence, probabilities=probabilities) for text in _several(texts))

    def tag_units(
        self, units: Iterable[str], *, evidence: bool = True, probabilities: bool = False
    ) -> list[TaggedUnit]:
        """Tag strings each of which is one coding unit already; one result a string."""
        whole = (_whole(normalise(unit)) for unit in _several(units))
        return list(self._tagged(whole, _Wanted(evidence, probabilities)))

    def code_units(self, units: Iterable[str]) -> list[tuple[str, ...]]:
        """The codes alone of strings each of which is one coding unit: what :meth:`tag_units` gives
        them, without anything that is made for its results only."""
        codes: list[tuple[str, ...]] = []
        for texts in _batched(normalise(unit).text for unit in _several(units)):
            fit = [_unfit(text) is None for text in texts]
            given = iter(self._decider.codes(self._read(list(compress(texts, fit))).rows))
            codes += [next(given) if judged else () for judged in fit]
        return codes

    def probabilities(self, units: Iterable[str]) -> NDArray[np.float64]:
        """Calibrated probabilities (n_units, n_codes) of the base codes; columns are ``codes``.

        A unit that is not judged (too short, not Chinese) has probability 0 in every column.
        """
        predictions, judged = self._predictions(units)
        return predictions.codes * judged

    def letter_probabilities(self, units: Iterable[str]) -> NDArray[np.float64]:
        """The same for the letters: (n_units, n_letters); columns are ``letters``."""
        predictions, judged = self._predictions(units)
        return predictions.letters * judged

    def _predictions(self, units: Iterable[str]) -> tuple[Predictions, NDArray[np.float64]]:
        """Predictions of strings, and a column (n_units, 1): 1 where the unit is judged, else 0."""
        parts: list[Predictions] = []
        judged: list[bool] = []
        for texts in _batched(normalise(unit).text for unit in _several(units)):
            parts.append(self._decider.predictions(self._read(texts).rows))
            judged += [_unfit(text) is None for text in texts]
        return Predictions.joined(parts or [self._decider.predictions(self._read([]).rows)]), np.array(
            judged, dtype=np.float64
        ).reshape(-1, 1)

    def _read(self, texts: list[str]) -> _Reading:
        words = [self._segmenter.cut(text) for text in texts]
        return _Reading(texts, words, self._model.space.rows(texts, words))

    def _tagged(self, pieces: Iterable[tuple[AlignedText, Cut]], wanted: _Wanted) -> Iterator[TaggedUnit]:
        """Tag units, each a cut of a text; a batch at a time, so that long documents need no more room."""
        for batch in _batched(pieces):
            statuses = [_status_unread(aligned, cut) for aligned, cut in batch]
            unread = [piece for piece, status in zip(batch, statuses, strict=True) if status is None]
            read = self._judged(unread, wanted)
            for (aligned, cut), status in zip(batch, statuses, strict=True):
                yield next(read) if status is None else self._unit(aligned, cut, status, (), ())

    def _judged(self, pieces: Sequence[tuple[AlignedText, Cut]], wanted: _Wanted) -> Iterator[TaggedUnit]:
        reading = self._read([aligned.text[cut.start : cut.end] for aligned, cut in pieces])
        predictions = self._decider.predictions(reading.rows)
        near = (predictions.nearness(self._rule) >= self._rule.doubt).tolist()
        likely = predictions.codes
        given = self._decider.codes(reading.rows)
        spans: Iterator[list[Span]] = self._evidence(reading, given) if wanted.evidence else repeat([])
        likelihoods = self._probabilities(predictions) if wanted.probabilities else None
        for at, (aligned, cut) in enumerate(pieces):
            codes = given[at]
            tags = tuple(
                self._tag(code, likely[at], tuple(_in_source(aligned, cut, span) for span in next(spans)))
                for code in codes
            )
            status: Status = "labelled" if codes else "abstained" if near[at] else "none"
            unit = self._unit(aligned, cut, status, codes, tags)
            yield replace(unit, probabilities=likelihoods[at]) if likelihoods else unit

    def _probabilities(self, predictions: Predictions) -> list[Probabilities]:
        rows = np.hstack([predictions.letters, predictions.codes]).astype(np.float32)
        return [Probabilities(self._places, row) for row in rows]

    def _unit(
        self, aligned: AlignedText, cut: Cut, status: Status, codes: tuple[str, ...], tags: tuple[Tag, ...]
    ) -> TaggedUnit:
        start, end = aligned.span(cut.start, cut.end)
        letters = self._model.codebook.letters_of(codes)
        return TaggedUnit(aligned.source[start:end], start, end, cut.kind, status, codes, letters, tags)

    def _facts_of(self, code: str) -> tuple[str, str | None, list[int]]:
        """A code's name and stance, and the columns of the base codes that it stands for."""
        book = self._model.codebook
        columns = [self.codes.index(base) for base in self._base(code)]
        return book.name(code), book.stance_of(code), columns

    def _tag(self, code: str, likely: NDArray[np.float64], evidence: tuple[Evidence, ...]) -> Tag:
        name, stance, columns = self._facts(code)
        return Tag(code, name, max(map(likely.item, columns)), stance, evidence)

    def _evidence(self, reading: _Reading, codes: Sequence[tuple[str, ...]]) -> Iterator[list[Span]]:
        """Evidence of every code of every unit, one after the other, in the units' canonical texts."""
        tags = [
            Given(text, words, self._base(code))
            for text, words, given in zip(reading.texts, reading.words, codes, strict=True)
            for code in given
        ]
        return iter(self._explainer.evidence(tags))


class _Wanted(NamedTuple):
    """What results are to hold beside codes."""

    evidence: bool
    probabilities: bool


@dataclass(frozen=True, slots=True)
class _Reading:
    """Units as the model reads them: canonical texts, words, features."""

    texts: list[str]
    words: list[Sequence[str]]
    rows: Rows


def _batched(items: Iterable[_T]) -> Iterator[list[_T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, BATCH)):
        yield batch


def _several(texts: Iterable[str]) -> Iterable[str]:
    # A string is an iterable of strings too: each of its characters would be a unit.
    if isinstance(texts, str):
        raise TypeError("expected several strings, got one; put it into a list: [text]")
    return texts


def _whole(aligned: AlignedText) -> tuple[AlignedText, Cut]:
    """A text that is one unit."""
    return aligned, Cut(0, len(aligned.text), "sentence")


def _in_source(aligned: AlignedText, cut: Cut, span: Span) -> Evidence:
    start, end = aligned.span(cut.start + span[0], cut.start + span[1])
    return Evidence(start, end, span[2])


def _status_unread(aligned: AlignedText, cut: Cut) -> Status | None:
    """The status of a unit that is not to be read; None of one that is."""
    return "none" if cut.kind == "furniture" else _unfit(aligned.text[cut.start : cut.end])


def _foreign(unit: TaggedUnit) -> TaggedUnit:
    """A unit of a document that is not Chinese: its lines in other scripts are furniture of no page."""
    lines = unit.kind == "furniture" and _unfit(unit.text) == "not_chinese"
    return replace(unit, status="not_chinese") if lines else unit


def _unfit(text: str) -> Status | None:
    """Why a canonical unit text cannot be judged; None where it can."""
    han = han_count(text)
    # There are no more letters than characters: they need counting only where few are Chinese.
    if han < LEAST_HAN * len(text):
        letters = sum(character.isalpha() for character in text)
        if letters and han / letters < LEAST_HAN:
            return "not_chinese"
    return "too_short" if han < SHORTEST else None


def load(
    path: Path | str | None = None, *, prefer: str = Preference.BALANCED, engine: str | None = None
) -> Tagger:
    """The shipped tagger, or one of your own bundle; ``prefer`` and ``engine`` as in :class:`Tagger`.

    Raises:
        BundleError: the bundle is missing, damaged, or does not fit this package.
        PreferenceError: there is no such preference, or the model has no thresholds for it.
        SegmenterError: there is no such engine, or it cannot be loaded.
    """
    model = load_model(Path(path) if path is not None else shipped_bundle())
    return Tagger(model, prefer=prefer, engine=engine)


def shipped_bundle() -> Path:
    """The folder of the shipped bundle: inside the installed package, or in a checkout beside it."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "models" / "default", package.parent / "models" / "default"):
        if (manifest := folder / MANIFEST).is_file():
            # Installers may put links in the place of files, which a bundle must not hold.
            return manifest.resolve().parent
    raise BundleError(
        "the shipped model is not there; reinstall wuxing_nlp, or name a bundle: load('path/to/bundle')"
    )
