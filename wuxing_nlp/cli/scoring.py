"""The work of ``wuxing score``, apart from the command, for it imports what no other command needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from wuxing_nlp.cli import terminal
from wuxing_nlp.cli.codings import refuse, sound
from wuxing_nlp.codebook import Codebook
from wuxing_nlp.coding import CodedUnit
from wuxing_nlp.coding.checking import check_units
from wuxing_nlp.coding.predicted import read_predictions
from wuxing_nlp.errors import CorpusError, EvaluationError
from wuxing_nlp.evaluation.levels import score_levels
from wuxing_nlp.evaluation.sampling import RANDOM
from wuxing_nlp.evaluation.scoring import Answers, Resampling
from wuxing_nlp.evaluation.scoring.answers import with_letters
from wuxing_nlp.evaluation.scoring.findings import Findings, findings
from wuxing_nlp.model.bundle import Model, codebook_of, load_model
from wuxing_nlp.model.outputs import Flags
from wuxing_nlp.model.preference import Preference
from wuxing_nlp.model.scoring import answers, coded, known_units
from wuxing_nlp.model.tagger import Tagger, shipped_bundle
from wuxing_nlp.text.script import detect_script

GROUPINGS: Mapping[str, Callable[[CodedUnit], str]] = {
    "kind": lambda unit: unit.kind,
    "script": lambda unit: detect_script(unit.text).script,
    "sample": lambda unit: unit.sample,
    "source": lambda unit: unit.source,
}
"""What units can be grouped by."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for; see the options of :func:`wuxing_nlp.cli.score.score`."""

    codings: Path
    model: Path | None
    predicted: Path | None
    against: Path | None
    level: str
    by: Sequence[str]
    unseen: bool
    prefer: Preference
    draws: int
    seed: int


class _System(NamedTuple):
    """What is scored: a model, or a table of predictions where there is none."""

    name: str
    model: Model | None
    file: Path | None


def measured(asked: Request) -> tuple[Findings, Codebook]:
    """The scores, and the codebook that they are of.

    Raises:
        CorpusError: errors in a file; each was told.
        EvaluationError: models of two codebooks, no unit is left, an unknown level or grouping, bad draws.
    """
    _check_groupings(asked.by)
    systems, book = _systems(asked)
    if asked.level not in (levels := score_levels(book)):
        raise EvaluationError(f"the codebook has no {asked.level}; its levels are {', '.join(levels)}")
    units = sound(check_units(asked.codings, book, once=False), asked.codings, "scored")
    units = _unseen(units, systems, asked)
    _tell_of_documents(units)
    _tell_of_chosen(units)
    groups = {by: [GROUPINGS[by](unit) for unit in units] for by in asked.by}
    given = {system.name: _answers(system, units, book, asked.prefer) for system in systems}
    if not given[systems[0].name].probabilities:
        terminal.tell(f"{systems[0].name} has no probabilities: no average precision, calibration and curves")
    resampling = Resampling(asked.draws, seed=asked.seed)
    return findings(coded(units, book), given, book, groups=groups, resampling=resampling), book


def _check_groupings(names: Sequence[str]) -> None:
    for name in names:
        if name not in GROUPINGS:
            raise EvaluationError(f"units cannot be grouped by {name!r}, only by {', '.join(GROUPINGS)}")


def _systems(asked: Request) -> tuple[list[_System], Codebook]:
    """What is scored, then what it is compared with; and their codebook."""
    if asked.predicted:
        systems, book = [_table(asked.predicted)], codebook_of(asked.model)
    else:
        systems = [_bundle(asked.model or shipped_bundle())]
        book = systems[0].model.codebook if systems[0].model else codebook_of(asked.model)
    if asked.against:
        other = _bundle(asked.against) if asked.against.is_dir() else _table(asked.against)
        if other.model and other.model.codebook.fingerprint != book.fingerprint:
            raise EvaluationError(
                f"{asked.against} has another codebook ({_labels(other.model.codebook)}) than what it is "
                f"compared with ({_labels(book)}); compare models of one codebook"
            )
        alike = other.name == systems[0].name
        systems.append(other._replace(name=f"{other.name} (--against)") if alike else other)
    return systems, book


def _labels(book: Codebook) -> str:
    return f"version {book.version}, letters {' '.join(book.letters)}"


def _bundle(folder: Path) -> _System:
    model = load_model(folder)
    return _System(model.name, model, None)


def _table(file: Path) -> _System:
    return _System(file.name, None, file)


def _unseen(units: list[CodedUnit], systems: Sequence[_System], asked: Request) -> list[CodedUnit]:
    """The units to score: with ``--unseen`` those that no model was trained on; else all, and it is told
    how many are others."""
    seen = np.zeros(len(units), dtype=bool)
    for system in systems:
        if system.model:
            own = _known(system.model, units, asked.codings)
            seen |= own
            if own.any() and not asked.unseen:
                terminal.tell(
                    f"warning: {own.sum():,} of the {len(units):,} units are known to {system.name} (they "
                    "stand in the corpus, or it learnt from this file): scores on them flatter it (--unseen "
                    "leaves them out)"
                )
    if not asked.unseen:
        return units
    if seen.all():
        raise EvaluationError(
            f"all {len(units):,} units of {asked.codings} are known to a model (they stand in the corpus, "
            "or it learnt from this file); nothing is left to score"
        )
    if seen.any():
        terminal.tell(f"{seen.sum():,} of {len(units):,} units are known to a model, and left out")
    return [unit for unit, known in zip(units, seen, strict=True) if not known]


def _known(model: Model, units: Sequence[CodedUnit], file: Path) -> Flags:
    try:
        return np.array(known_units(model, units, file), dtype=bool)
    except CorpusError as error:
        terminal.tell(f"it cannot be told which units {model.name} knows: {error}")
        return np.zeros(len(units), dtype=bool)


def _tell_of_documents(units: Sequence[CodedUnit]) -> None:
    if len(units) > 1 and all(unit.document == unit.id for unit in units):
        terminal.tell(
            "no unit names its document (a column document): intervals are from resampling single units, and "
            "too narrow where units of one document are alike"
        )


def _tell_of_chosen(units: Sequence[CodedUnit]) -> None:
    chosen = Counter(unit.sample for unit in units if unit.sample not in ("", RANDOM))
    if chosen:
        shares = ", ".join(f"{name} {count:,}" for name, count in chosen.items())
        terminal.tell(
            f"warning: {chosen.total():,} of the {len(units):,} units were not drawn at random ({shares}): "
            "scores on them are not those of the documents (--by sample parts them)"
        )


def _answers(system: _System, units: Sequence[CodedUnit], book: Codebook, prefer: Preference) -> Answers:
    if system.model:
        tagger = Tagger(system.model, prefer=prefer)
        found, unjudged = answers(tagger, [unit.text for unit in units])
        if unjudged:
            terminal.tell(
                f"{unjudged:,} units are too short or not Chinese: {system.name} gives them no codes, and "
                "they count so"
            )
        return found
    assert system.file
    return _predicted(system.file, units, book)


def _predicted(file: Path, units: Sequence[CodedUnit], book: Codebook) -> Answers:
    read = read_predictions(file, units, book)
    refuse(read.errors, file, "scored")
    codes = with_letters((prediction.codes for prediction in read.predictions), book)
    rows = [prediction.probabilities for prediction in read.predictions]
    if None in rows:
        return Answers(codes)
    columns = np.array(rows, dtype=np.float64).T
    return Answers(codes, dict(zip((*book.letters, *book.codes), columns, strict=True)))
