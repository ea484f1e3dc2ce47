"""Coded units made ready to learn from: canonical text, words, truth, document, weight."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wuxing_nlp.codebook import Codebook
from wuxing_nlp.coding import SELECTED, CodedUnit
from wuxing_nlp.errors import TrainingError
from wuxing_nlp.model.outputs import Outputs
from wuxing_nlp.text.script import normalise
from wuxing_nlp.text.segment import segmenter
from wuxing_nlp.text.units import cut_units

SHORTEST_BACKGROUND = 8
"""Characters of an uncoded unit that counts in the frequencies."""


@dataclass(frozen=True)
class TrainingSet:
    """Units as the learner sees them; every field has one entry a unit.

    ``truth`` flags (n_units, n_outputs); ``real`` flags units of real documents: authored ones help
    to learn, but only real ones say how likely a label is.
    """

    units: Sequence[CodedUnit]
    texts: Sequence[str]
    words: Sequence[list[str]]
    truth: NDArray[np.bool_]
    real: NDArray[np.bool_]

    @classmethod
    def of(cls, codebook: Codebook, units: Sequence[CodedUnit]) -> TrainingSet:
        """Normalise and segment coded units. Raises TrainingError where there is none."""
        if not units:
            raise TrainingError("there is no coded unit to learn from; name a corpus that holds some")
        cut = segmenter()
        texts = [normalise(unit.text).text for unit in units]
        truth = Outputs.of(codebook).truth(codebook.base(unit.codes) for unit in units)
        real = np.array([not unit.document.startswith("authored:") for unit in units], dtype=bool)
        return cls(units, texts, [cut.words(text) for text in texts], truth, real)

    @property
    def selected(self) -> NDArray[np.bool_]:
        """Flags (n_units,) of the units that a model picked for coding."""
        return np.array([unit.sample == SELECTED for unit in self.units], dtype=bool)

    @property
    def measured(self) -> NDArray[np.bool_]:
        """Flags (n_units,) of the units that calibration and figures rest on: real ones that no
        model selected; every unit of a corpus that has no such unit."""
        chosen = self.real & ~self.selected
        return chosen if chosen.any() else np.ones(len(self.units), dtype=bool)

    @classmethod
    def joined(cls, parts: Sequence[TrainingSet]) -> TrainingSet:
        """The units of several sets, one after the other."""
        return cls(
            [unit for part in parts for unit in part.units],
            [text for part in parts for text in part.texts],
            [words for part in parts for words in part.words],
            np.concatenate([part.truth for part in parts]),
            np.concatenate([part.real for part in parts]),
        )

    def take(self, wanted: NDArray[np.bool_]) -> TrainingSet:
        """The flagged units."""
        at = np.flatnonzero(wanted).tolist()
        return TrainingSet(
            [self.units[i] for i in at],
            [self.texts[i] for i in at],
            [self.words[i] for i in at],
            self.truth[wanted],
            self.real[wanted],
        )

    @property
    def documents(self) -> list[str]:
        """The document of every unit."""
        return [unit.document for unit in self.units]

    def pairs(self) -> Iterable[tuple[str, Sequence[str]]]:
        """Canonical text and words of every unit."""
        return zip(self.texts, self.words, strict=True)


def background_units(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Uncoded units of whole documents (``.jsonl`` or ``.jsonl.gz`` with a ``text`` a line), each
    once: canonical text and words. They lend their frequencies, nothing else.

    Raises:
        TrainingError: the file cannot be read, or a line has no text.
    """
    cut = segmenter()
    seen: set[str] = set()
    for text in _texts(path):
        aligned = normalise(text)
        for unit in cut_units(aligned):
            piece = aligned.text[unit.start : unit.end]
            if unit.kind != "furniture" and len(piece) >= SHORTEST_BACKGROUND and piece not in seen:
                seen.add(piece)
                yield piece, cut.words(piece)


def _texts(path: Path) -> Iterator[str]:
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8") as stream:
            for number, line in enumerate(stream, start=1):
                row = json.loads(line)
                if not isinstance(row, dict) or not isinstance(row.get("text"), str):
                    raise TrainingError(f"{path}, line {number}: a document with a string 'text' is expected")
                yield row["text"]
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise TrainingError(f"{path} cannot be read as documents: {error}") from error
