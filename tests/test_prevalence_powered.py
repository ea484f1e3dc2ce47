"""Prediction-powered shares, held to ``ppi-python`` by the authors of the method."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
from ppi_py import classical_mean_ci, ppi_mean_ci, ppi_mean_pointestimate

from wuxing_nlp.evaluation.prevalence import About, Coded, Counted, hand_coded, powered
from wuxing_nlp.evaluation.prevalence.interval import added_squares
from wuxing_nlp.evaluation.prevalence.variance import Design

UNITS, CODED = 4000, 400


class Drawn:
    """Units that are documents of their own, of which the first were coded, all drawn at random."""

    def __init__(self, share: float = 0.3, seed: int = 1) -> None:
        rng = np.random.default_rng(seed)
        self.truth = (rng.random(UNITS) < share).astype(float)
        self.predicted = np.clip(0.6 * self.truth + 0.2 + rng.normal(0, 0.15, UNITS), 0, 1)
        self.counted = Counted(np.ones(UNITS), self.predicted[:, None])
        self.coded = Coded(
            np.arange(CODED),
            self.truth[:CODED, None],
            self.predicted[:CODED, None],
            np.full(CODED, CODED / UNITS),
            np.zeros(CODED, dtype=np.intp),
            np.arange(CODED),
        )

    @property
    def parts(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Codings, their predictions, and those of the units that are not coded."""
        return self.truth[:CODED], self.predicted[:CODED], self.predicted[CODED:]


def of_the_rest(power: float) -> float:
    """The same power for ``ppi-python``, whose predictions do not have the coded units among them."""
    return power * (1 - CODED / UNITS)


@pytest.mark.parametrize("power", [0.0, 0.4, 1.0])
def test_shares_and_errors_are_those_of_ppi_python(power: float) -> None:
    drawn = Drawn()
    found = powered(drawn.counted, drawn.coded, power=power, about="population")
    lam = of_the_rest(power)
    assert found.share[0] == pytest.approx(float(ppi_mean_pointestimate(*drawn.parts, lam=lam)[0]))
    low, high = ppi_mean_ci(*drawn.parts, alpha=0.05, lam=lam)
    assert found.low[0] == pytest.approx(float(low[0]), abs=0.002)
    assert found.high[0] == pytest.approx(float(high[0]), abs=0.002)
    error = float(high[0] - low[0]) / (2 * 1.959964)
    added = float(added_squares(power)) / CODED**2
    assert np.sqrt(found.variance[0] - added) == pytest.approx(error, rel=0.003)


@pytest.mark.parametrize("share", [0.1, 0.3, 0.6])
def test_the_tuned_power_is_that_of_ppi_python(share: float) -> None:
    drawn = Drawn(share, seed=2)
    found = powered(drawn.counted, drawn.coded, about="population")
    low, high = ppi_mean_ci(*drawn.parts, alpha=0.05)
    assert found.low[0] == pytest.approx(float(low[0]), abs=0.003)
    assert found.high[0] == pytest.approx(float(high[0]), abs=0.003)
    alone = hand_coded(drawn.counted, drawn.coded, about="population")
    assert found.high - found.low < 0.8 * (alone.high - alone.low)


def test_codings_alone_are_the_classical_estimate() -> None:
    drawn = Drawn()
    found = hand_coded(drawn.counted, drawn.coded, about="population")
    low, high = classical_mean_ci(drawn.truth[:CODED], alpha=0.05)
    assert found.share[0] == pytest.approx(drawn.truth[:CODED].mean())
    assert found.low[0] == pytest.approx(float(np.ravel(low)[0]), abs=0.004)
    assert found.high[0] == pytest.approx(float(np.ravel(high)[0]), abs=0.004)
    assert found.power.tolist() == [0.0]


@pytest.mark.parametrize("about", get_args(About))
def test_codings_alone_are_what_power_0_gives(about: About) -> None:
    drawn = Drawn()
    found = hand_coded(drawn.counted, drawn.coded, about=about, level=0.8)
    assert vars(found) == vars(powered(drawn.counted, drawn.coded, power=0.0, about=about, level=0.8))


def test_choosing_the_power_costs_a_degree_of_freedom() -> None:
    drawn = Drawn()
    tuned = powered(drawn.counted, drawn.coded)
    known = powered(drawn.counted, drawn.coded, power=float(tuned.power[0]))
    assert tuned.share == known.share
    design = Design.of(drawn.counted, drawn.coded, "corpus")
    added = design.open * added_squares(tuned.power) / design.size**2
    ratio = (tuned.variance - added) / (known.variance - added)
    assert ratio == pytest.approx((CODED - 1) / (CODED - 2), rel=1e-9)


def test_predictions_weigh_fully_at_most() -> None:
    """Of predictions that say half of the truth, twice would tell all."""
    drawn = Drawn()
    counted = Counted(drawn.counted.sizes, drawn.truth[:, None] / 2)
    coded = Coded(**{**vars(drawn.coded), "predicted": drawn.coded.truth / 2})
    assert powered(counted, coded).power.tolist() == [1.0]


def test_an_estimate_lies_between_0_and_1() -> None:
    """The coded units are those that the model sees wrongly: the rest is put right by far too much."""
    sizes, none = np.ones(UNITS), np.zeros((CODED, 1))
    for predicted, expected in ((none + 1, 0.0), (none, 1.0)):
        coded = Coded(**{**vars(Drawn().coded), "truth": 1 - predicted, "predicted": predicted})
        found = powered(Counted(sizes, np.full((UNITS, 1), 0.5)), coded, power=1.0)
        assert found.share.tolist() == [expected]


def test_of_the_corpus_at_hand_intervals_are_narrower_than_of_a_population() -> None:
    drawn = Drawn()
    here = powered(drawn.counted, drawn.coded)
    beyond = powered(drawn.counted, drawn.coded, about="population")
    assert here.high - here.low < beyond.high - beyond.low


def test_a_useless_model_costs_nothing() -> None:
    drawn = Drawn()
    noise = np.random.default_rng(3).random((UNITS, 1))
    counted = Counted(drawn.counted.sizes, noise)
    coded = Coded(**{**vars(drawn.coded), "predicted": noise[:CODED]})
    alone, joined = hand_coded(counted, coded), powered(counted, coded)
    assert joined.power[0] < 0.2
    assert joined.high - joined.low == pytest.approx(alone.high - alone.low, rel=0.03)


def test_all_units_coded_give_the_share_itself() -> None:
    drawn = Drawn()
    everything = Coded(
        np.arange(UNITS),
        drawn.truth[:, None],
        drawn.predicted[:, None],
        np.ones(UNITS),
        np.zeros(UNITS, dtype=np.intp),
        np.arange(UNITS),
    )
    found = powered(drawn.counted, everything)
    assert found.share == pytest.approx(drawn.truth.mean())
    assert found.low == pytest.approx(found.share)
    assert found.high == pytest.approx(found.share)


def test_a_group_without_codings_has_no_estimate() -> None:
    drawn = Drawn()
    last = drawn.counted.of(np.arange(UNITS) == UNITS - 1)
    found = powered(last, drawn.coded)
    assert all(np.isnan(figure).all() for figure in vars(found).values())


def test_one_coded_unit_says_next_to_nothing() -> None:
    drawn = Drawn()
    one = Coded(**{name: column[:1] for name, column in vars(drawn.coded).items()})
    for about in get_args(About):
        found = hand_coded(drawn.counted, one, about=about)
        assert found.high[0] - found.low[0] > 0.5


def test_two_coded_units_have_an_interval() -> None:
    """Their one degree of freedom goes to the choice of the power."""
    drawn = Drawn()
    two = Coded(**{name: column[:2] for name, column in vars(drawn.coded).items()})
    for about in get_args(About):
        found = powered(drawn.counted, two, about=about)
        assert 0 <= found.low[0] < found.high[0] <= 1


def test_every_label_is_estimated_as_if_it_were_alone() -> None:
    first, second = Drawn(0.3, seed=4), Drawn(0.1, seed=5)
    counted = Counted(first.counted.sizes, np.hstack([first.counted.totals, second.counted.totals]))
    both = {
        name: np.hstack([getattr(first.coded, name), getattr(second.coded, name)])
        for name in ("truth", "predicted")
    }
    found = powered(counted, Coded(**{**vars(first.coded), **both}))
    for at, alone in enumerate((first, second)):
        assert found.share[at] == pytest.approx(powered(alone.counted, alone.coded).share[0])
        assert found.power[at] == pytest.approx(powered(alone.counted, alone.coded).power[0])
