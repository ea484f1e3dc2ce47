"""A trained model, adapted to a researcher's own codings of the same labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.model_selection import GroupKFold
from threadpoolctl import threadpool_limits

from wuxing_nlp.errors import TrainingError
from wuxing_nlp.model.bundle import Model
from wuxing_nlp.model.calibration import Floats
from wuxing_nlp.model.classifier import FEWEST_POSITIVES, Places, PolicyClassifier
from wuxing_nlp.model.outputs import Calibration, Flags
from wuxing_nlp.model.preference import Preference
from wuxing_nlp.model.shifting import shift
from wuxing_nlp.model.train import HeldOut, Learnt, Progress, held_out_answers
from wuxing_nlp.model.training_set import TrainingSet


@dataclass(frozen=True, slots=True)
class Adaptation:
    """What is chosen by hand; it stands in the manifest.

    ``own_weight``: weight of one of the researcher's units beside one of the corpus: more of it fits the
    codings a little better and forgets more of the corpus; ``c``: how far machines may move (inverse
    regularisation); ``seed``: of the folds and of what is drawn by lot.
    """

    own_weight: float = 1.0
    c: float = 0.3
    inner_folds: int = 5
    seed: int = 0


class AdaptedClassifier(PolicyClassifier):
    """The machines of a model, moved by units of the researcher's own (``tuned``) and held by others.

    A label with fewer than ten of the own units, or without units that do not carry it, stays as it
    is, machine and thresholds; only features that own units hold can change. Labels that are learnt
    get sigmoids and thresholds from own units alone, for those say how likely a label is there.

    Args:
        base: the model.
        adaptation: what is chosen by hand.
    """

    def __init__(self, base: Model, adaptation: Adaptation) -> None:
        super().__init__(
            base.outputs, c=adaptation.c, inner_folds=adaptation.inner_folds, seed=adaptation.seed
        )
        self.base = base
        self.adaptation = adaptation
        scales = base.machines.scales / self.parts
        self._weights: Floats = np.multiply(base.machines.weights, scales, dtype=np.float64)
        self._biases: Floats = base.machines.biases / self.parts

    def fit(
        self, x: csr_matrix, y: Flags, *, groups: Sequence[str], weights: Floats, tuned: Flags
    ) -> AdaptedClassifier:
        """Fit as :meth:`PolicyClassifier.fit`. Raises TrainingError: the own units are too few."""
        self.look_at(x, y, tuned)
        if not self.learnt_[: len(self.outputs.letters)].any():
            raise TrainingError(f"no label has {FEWEST_POSITIVES} units of your own; code more units")
        super().fit(x, y, groups=groups, weights=weights, tuned=tuned)
        self.trained_ = self.base.trained | self.learnt_
        return self

    def look_at(self, x: csr_matrix, y: Flags, own: Flags) -> None:
        """See which outputs (``learnt_``) and which features the own units can change."""
        count = y[own].sum(axis=0)
        self.learnt_ = (count >= FEWEST_POSITIVES) & (count < own.sum())
        self._changing = np.flatnonzero(np.bincount(x[own].indices, minlength=x.shape[1]))

    def _inner_splits(self, groups: Sequence[str], tuned: Flags) -> Iterator[tuple[Places, Places]]:
        """Splits of the own units by document; the others teach on every side."""
        own, others = np.flatnonzero(tuned), np.flatnonzero(~tuned)
        documents = [groups[at] for at in own.tolist()]
        for rest, held in GroupKFold(self.inner_folds).split(own, groups=documents):
            yield np.concatenate([own[rest], others]), own[held]

    def machine(
        self, at: int, x: csr_matrix, y: Flags, weights: Floats, tuned: Flags
    ) -> tuple[Floats, float]:
        """The model's machine of an output, moved where it can be: coefficients and bias. Whose units
        they are (``tuned``) is no matter: those of others are there to hold it."""
        coefficients: Floats = self._weights[:, at].copy()
        bias = float(self._biases[at])
        if self.learnt_[at]:
            old = x @ coefficients + bias
            moved, by = shift(x[:, self._changing], y, old, weights, c=self.c)
            coefficients[self._changing] += moved
            bias += by
        return coefficients, bias

    def _sigmoids(self, margins: Floats, y: Flags, tuned: Flags) -> Calibration:
        """Those of the own units where a label is learnt, else the model's."""
        mine = super()._sigmoids(margins[tuned], y[tuned], np.ones(int(tuned.sum()), dtype=bool))
        old = self.base.calibration
        letters = self.learnt_[: len(self.outputs.letters)]
        codes = self.learnt_[len(letters) : len(letters) + len(self.outputs.codes)]
        codes = codes & letters[self.outputs.parents]
        return replace(
            mine,
            letters=np.where(letters[:, None], mine.letters, old.letters),
            shares=np.where(codes[:, None], mine.shares, old.shares),
            letter_thresholds=np.where(letters, mine.letter_thresholds, old.letter_thresholds),
            share_thresholds=np.where(codes, mine.share_thresholds, old.share_thresholds),
        )


def fit(base: Model, data: TrainingSet, adaptation: Adaptation) -> Learnt:
    """Adapt a model; of ``data`` the ``real`` units are the researcher's own, the others hold.

    Raises:
        TrainingError: the own units are too few, or the model has no thresholds for every preference.
    """
    if base.calibration.preferences != list(Preference):
        raise TrainingError(f"{base.name} is of wuxing_nlp 0.1.0; adapt a model of a later version")
    classifier = AdaptedClassifier(base, adaptation)
    x = base.space.matrix(data.texts, data.words)
    weights = np.where(data.real, adaptation.own_weight, 1.0)
    # The vectors are short: threads would spend more time on waiting for each other than on them.
    with threadpool_limits(1):
        classifier.fit(x, data.truth, groups=data.documents, weights=weights, tuned=data.real)
    return base.space, classifier


def adapt(base: Model, data: TrainingSet, adaptation: Adaptation) -> Model:
    """The adapted model, without facts of its own. Errors as :func:`fit`."""
    space, classifier = fit(base, data, adaptation)
    return Model(base.codebook, space, classifier.machines_, classifier.calibration_, classifier.trained_, {})


def cross_adapt(
    base: Model,
    data: TrainingSet,
    adaptation: Adaptation,
    *,
    folds: Sequence[int],
    progress: Progress = lambda _: None,
) -> HeldOut:
    """Held-out answers for every own unit, by its document's fold. Errors as :func:`fit`."""

    def learn(taught: TrainingSet) -> Learnt:
        return fit(base, taught, adaptation)

    return held_out_answers(base.outputs, data, learn, folds=folds, seed=adaptation.seed, progress=progress)
