"""Held-out answers along a learning curve over a researcher's own codings.

As in :mod:`wuxing_nlp.model.levers`, a letter is one machine and a fold is cut at the margin that was
best in the others, so that the curve costs little; its figures differ a little from the model's own and
are meant to be compared with one another.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

from wuxing_nlp.evaluation.learning import Outlook, outlook
from wuxing_nlp.model.calibration import Floats
from wuxing_nlp.model.outputs import Flags
from wuxing_nlp.model.train import unit_folds
from wuxing_nlp.model.training_set import TrainingSet
from wuxing_nlp.model.tuning import cross_cut

SHARES = (0.25, 0.5, 1.0)
"""Shares of the own documents that teach."""

Learn = Callable[[int, Flags], tuple[Floats, float]]
"""The place of a letter and flags (n_units,) of the units that teach, to coefficients and bias."""


def own_outlook(
    letters: dict[str, int], x: csr_matrix, data: TrainingSet, learn: Learn, seed: int
) -> Outlook:
    """Whether more own codings pay: see :func:`wuxing_nlp.evaluation.learning.outlook`.

    Args:
        letters: those that are learnt, with their places among the outputs.
        x: features (n_units, n_features) of all units.
        data: all units; the ``real`` ones are the researcher's own, and have folds.
        learn: teaches a letter.
        seed: of the order in which documents are added.
    """
    folds = unit_folds(data)
    margins = [np.zeros((len(data.units), len(letters))) for _ in SHARES]
    with threadpool_limits(1):
        for fold in np.unique(folds[data.real]):
            held = (folds == fold) & data.real
            for of_share, taught in zip(margins, _taught(data, ~held, seed), strict=True):
                for column, at in enumerate(letters.values()):
                    coefficients, bias = learn(at, taught)
                    of_share[held, column] = x[held] @ coefficients + bias
    own, of_own = data.take(data.real), folds[data.real]
    truth = [unit.letters & letters.keys() for unit in own.units]
    carried = own.truth[:, list(letters.values())]
    steps = [_named(cross_cut(found[data.real], carried, of_own), list(letters)) for found in margins]
    return outlook(truth, steps, own.documents, list(letters), seed=seed)


def _taught(data: TrainingSet, rest: Flags, seed: int) -> list[Flags]:
    """Units that teach at each share: of own documents the first ones of an order drawn by lot, so that
    a larger share holds the smaller ones; all others."""
    documents: NDArray[np.str_] = np.array(data.documents)
    drawn = np.random.default_rng(seed).permutation(np.unique(documents[rest & data.real]))
    firsts = (drawn[: math.ceil(share * len(drawn))] for share in SHARES)
    return [rest & (~data.real | np.isin(documents, first)) for first in firsts]


def _named(flags: Flags, names: list[str]) -> list[frozenset[str]]:
    known = np.array(names)
    return [frozenset(known[row].tolist()) for row in flags]
