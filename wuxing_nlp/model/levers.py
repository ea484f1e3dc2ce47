"""What each lever of the recipe is worth, and what more coded text would buy.

The recipe is cross-validated with one thing left out at a time. To keep that affordable, a letter is
one linear machine, without codes and calibration, and a fold is cut at the margin that was best in the
other folds (see :func:`wuxing_nlp.model.tuning.cross_cut`). The figures differ a little from the
model's own and are meant to be compared with one another. Columns and rows are left out of
one matrix a fold, so that the vocabulary is the same in all; blocks of columns are scaled to unit
length each by itself, hence leaving one out changes nothing in the others.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from wuxing_nlp.codebook import Codebook
from wuxing_nlp.evaluation.scores import score_labels
from wuxing_nlp.model.calibration import Floats
from wuxing_nlp.model.classifier import FEWEST_POSITIVES, fit_machine
from wuxing_nlp.model.features import FeatureSpace
from wuxing_nlp.model.figures import rounded
from wuxing_nlp.model.ngrams import Frequencies
from wuxing_nlp.model.outputs import Flags
from wuxing_nlp.model.train import Progress, Recipe, learn_space, unit_folds, unit_weights
from wuxing_nlp.model.training_set import TrainingSet
from wuxing_nlp.model.tuning import UNLEARNT, cross_cut

WITHOUT = (
    "cues",
    "word n-grams",
    "character n-grams",
    "authored units",
    "selected units",
    "uncoded text",
)
"""What is left out, one at a time."""

SHARES = (0.25, 0.5, 1.0)
"""Shares of the measured documents that teach, along the learning curve."""

_WHOLE = "everything"


@dataclass(frozen=True)
class Lesson:
    """One way to teach a fold: ``x`` features of every unit of the set, ``taught`` flags (n_units,)."""

    name: str
    x: csr_matrix
    taught: Flags


def levers(
    codebook: Codebook,
    data: TrainingSet,
    background: Frequencies,
    recipe: Recipe,
    *,
    folds: Sequence[int],
    progress: Progress = lambda _: None,
) -> dict[str, Any]:
    """Macro- and micro-F1 over the letters on the measured units, by their folds, as plain values.

    Returns:
        ``whole``: figures of the recipe as it is; ``without``: figures by what was left out, see
        :data:`WITHOUT`; ``learning_curve``: figures for each share of the measured documents, with
        ``units``, the mean number of measured units that taught a fold.

    Raises:
        TrainingError: a real unit has no fold.
    """
    of_unit = unit_folds(data)
    letters = len(codebook.letters)
    truth = data.truth[:, :letters]
    margins: dict[str, Floats] = {}
    measured_units: dict[str, list[int]] = {}
    for fold in folds:
        held = (of_unit == fold) & data.measured
        for lesson in lessons(codebook, data, background, recipe, of_unit != fold):
            of_lesson = margins.setdefault(lesson.name, np.zeros(truth.shape))
            of_lesson[held] = held_out_margins(lesson, data, letters, held, recipe)
            measured_units.setdefault(lesson.name, []).append(int((lesson.taught & data.measured).sum()))
            progress(f"levers: fold {fold}, {lesson.name}")
    asked = data.measured & np.isin(of_unit, folds)
    part, truth, of_asked = data.take(asked), truth[asked], of_unit[asked]
    scored = {
        name: _figures(codebook, part, cross_cut(found[asked], truth, of_asked))
        for name, found in margins.items()
    }
    curve = [_WHOLE if share == 1 else _thinned(share) for share in SHARES]
    return {
        "whole": scored[_WHOLE],
        "without": {name: scored[_without(name)] for name in WITHOUT},
        "learning_curve": [
            {"units": round(float(np.mean(measured_units[name])))} | scored[name] for name in curve
        ],
    }


def _without(name: str) -> str:
    return f"without {name}"


def _thinned(share: float) -> str:
    return f"{share:.0%} of the documents"


def lessons(
    codebook: Codebook, data: TrainingSet, background: Frequencies, recipe: Recipe, rest: Flags
) -> Iterator[Lesson]:
    """Every way to teach a fold; ``rest`` flags (n_units,) of the units outside it."""
    outside = data.take(rest)
    space = learn_space(codebook, outside, background, recipe)
    x = space.matrix(data.texts, data.words)
    yield Lesson(_WHOLE, x, rest)
    for name, left_out in _columns(space).items():
        yield Lesson(_without(name), x[:, ~left_out], rest)
    for name, left_out in _rows(data).items():
        yield Lesson(_without(name), x, rest & ~left_out)
    for share in SHARES:
        if share < 1:
            yield Lesson(_thinned(share), x, rest & ~_beyond(data, rest, share, recipe.seed))
    bare = learn_space(codebook, outside, Frequencies(), recipe)
    yield Lesson(_without("uncoded text"), bare.matrix(data.texts, data.words), rest)


def _columns(space: FeatureSpace) -> dict[str, Flags]:
    """Flags (n_features,) of the columns of each block; cues have their classes' columns too."""
    sizes = (
        ("word n-grams", len(space.words)),
        ("character n-grams", len(space.characters)),
        ("cues", len(space.cues)),
        ("letters", len(space.codebook.letters)),
        ("cues", len(space.classes)),
    )
    block = np.repeat([name for name, _ in sizes], [size for _, size in sizes])
    return {name: block == name for name in WITHOUT if name in dict(sizes)}


def _rows(data: TrainingSet) -> dict[str, Flags]:
    """Flags (n_units,) of the units that only teach, by where they come from."""
    taught_only = ~data.measured
    return {
        "authored units": taught_only & ~data.real,
        "selected units": taught_only & data.real,
    }


def _beyond(data: TrainingSet, rest: Flags, share: float, seed: int) -> Flags:
    """Flags (n_units,) of the measured units whose documents are not in the first ``share`` of those
    outside the fold, in an order drawn by lot: a larger share holds the smaller ones."""
    documents: NDArray[np.str_] = np.array(data.documents)
    drawn = np.random.default_rng(seed).permutation(np.unique(documents[rest & data.measured]))
    return data.measured & ~np.isin(documents, drawn[: math.ceil(share * len(drawn))])


def held_out_margins(lesson: Lesson, data: TrainingSet, letters: int, held: Flags, recipe: Recipe) -> Floats:
    """Margins (n_held, n_letters) of the flagged units, each letter's from a machine of its own;
    :data:`UNLEARNT` where too few units teach it."""
    taught, x, asked = data.take(lesson.taught), lesson.x[lesson.taught], lesson.x[held]
    weights, target = unit_weights(taught, recipe), taught.measured
    margins = np.full((asked.shape[0], letters), UNLEARNT)
    for at, carried in enumerate(taught.truth[:, :letters].T):
        if carried.sum() >= FEWEST_POSITIVES:
            coefficients, bias = fit_machine(x, carried, weights, target, c=recipe.c, seed=recipe.seed)
            margins[:, at] = asked @ coefficients + bias
    return margins


def _figures(codebook: Codebook, data: TrainingSet, flags: Flags) -> dict[str, float | None]:
    named = np.array(codebook.letters)
    truth = [unit.letters for unit in data.units]
    table = score_labels(truth, [set(named[row].tolist()) for row in flags], codebook.letters)
    return {"macro_f1": rounded(table.macro.f1), "micro_f1": rounded(table.micro.f1)}
