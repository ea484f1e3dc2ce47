"""Codes without probabilities: what compiled code is certain of is what the probabilities decide."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.coding import Corpus, default_root
from wuxing_nlp.model import deciding
from wuxing_nlp.model.calibration import Floats, sigmoid
from wuxing_nlp.model.deciding import HIGHEST, SURE, Decider, certain
from wuxing_nlp.model.machines import Machines
from wuxing_nlp.model.outputs import NEVER, Calibration, Outputs, Rule
from wuxing_nlp.model.rows import Rows
from wuxing_nlp.model.tagger import Tagger

BOOK = load_codebook()
OUTPUTS = Outputs.of(BOOK)
FLAT = Outputs(("A", "B"), ("A0", "B0", "B1"), ())
UNITS = 6

compiled = pytest.mark.skipif(deciding._native is None, reason="built without a compiler")


def machines(outputs: Outputs, margins: Floats) -> tuple[Machines, Rows]:
    """Machines that give units these margins (n_units, n_outputs) to 1/127 or so, each unit by a feature
    of its own, and the units' rows."""
    made = Machines.rounded(margins, np.zeros(len(outputs)))
    columns = np.arange(len(margins), dtype=np.int32)
    ends = np.arange(len(margins) + 1, dtype=np.int64)
    return made, Rows(columns, np.ones(len(margins), dtype=np.float32), ends)


def decider(outputs: Outputs, made: Machines, sigmoids: Floats, thresholds: Floats) -> Decider:
    letters = len(outputs.letters)
    rule = Rule(thresholds[:letters], thresholds[letters:], 0.5)
    calibration = Calibration(
        sigmoids[:letters],
        sigmoids[letters:],
        rule.letter_thresholds[None],
        rule.share_thresholds,
        np.ones(1),
    )
    return Decider(made, outputs, calibration, rule, BOOK)


def probabilities(outputs: Outputs, margins: Floats, sigmoids: Floats) -> Floats:
    scores = np.hstack([outputs.letter_scores(margins), outputs.share_scores(margins)])
    return sigmoid(scores * sigmoids[:, 0] + sigmoids[:, 1])


@pytest.mark.parametrize("outputs", [OUTPUTS, FLAT], ids=["whole", "flat"])
@given(data=st.data())
def test_codes_are_those_of_the_probabilities(outputs: Outputs, data: st.DataObject) -> None:
    """Also where a threshold is a probability to the bit, and where probabilities are 0, 1 or equal."""
    labels = len(outputs.letters) + len(outputs.codes)
    most = data.draw(st.sampled_from([1.0, 8.0, 60.0, 1500.0]))
    margins = data.draw(arrays(np.float64, (UNITS, len(outputs)), elements=st.floats(-most, most)))
    made, rows = machines(outputs, margins)
    sigmoids = data.draw(arrays(np.float64, (labels, 2), elements=st.floats(-2, 4)))
    likely = probabilities(outputs, made.margins(rows), sigmoids)[0]
    thresholds = data.draw(arrays(np.float64, labels, elements=st.floats(0, 1) | st.just(NEVER)))
    same = data.draw(arrays(np.bool_, labels))
    made_decider = decider(outputs, made, sigmoids, np.where(same, likely, thresholds))
    codes = made_decider.codes(rows)
    assert codes == made_decider.plain_codes(rows)
    assert codes == [made_decider.codes(rows.unit(at))[0] for at in range(UNITS)]
    predicted, plain = made_decider.predictions(rows), made_decider.plain_predictions(rows)
    assert np.array_equal(predicted.letters, plain.letters)
    assert np.array_equal(predicted.shares, plain.shares)


@compiled
@given(arrays(np.float64, (UNITS, len(OUTPUTS)), elements=st.floats(-8, 8)))
def test_compiled_code_decides_where_no_score_is_near_its_threshold(margins: Floats) -> None:
    made, rows = machines(OUTPUTS, margins)
    sigmoids = np.tile([1.0, 0.0], (40, 1))
    likely = probabilities(OUTPUTS, made.margins(rows), sigmoids)
    shares = np.sort(likely[:, 10:][:, OUTPUTS.children], axis=2)
    near = (np.abs(likely - 0.5) < SURE).any(axis=1) | (np.diff(shares, axis=2) < SURE).any(axis=(1, 2))
    native = decider(OUTPUTS, made, sigmoids, np.full(40, 0.5))._native
    assert native is not None
    unsure = np.array([answer is None for answer in native.codes(*rows)])
    assert not (unsure & ~near).any()


@compiled
def test_on_a_threshold_and_without_finite_margins_probabilities_decide() -> None:
    made, rows = machines(FLAT, np.array([[-3.0] * 5, [1.0, -1.0, 1.0, -1.0, -1.0]]))
    sigmoids = np.tile([1.0, 0.0], (5, 1))
    thresholds = probabilities(FLAT, made.margins(rows), sigmoids)[1]
    native = decider(FLAT, made, sigmoids, thresholds)._native
    assert native is not None
    assert [answer is None for answer in native.codes(*rows)] == [False, True]
    endless = rows._replace(values=np.array([np.inf, 1.0], dtype=np.float32))
    assert [answer is None for answer in native.codes(*endless)] == [True, True]


def test_no_unit_has_no_codes() -> None:
    made, rows = machines(OUTPUTS, np.ones((1, len(OUTPUTS))))
    nothing = Rows(rows.columns[:0], rows.values[:0], rows.ends[:1])
    made_decider = decider(OUTPUTS, made, np.ones((40, 2)), np.full(40, 0.5))
    assert made_decider.codes(nothing) == []
    assert made_decider.predictions(nothing).codes.shape == (0, 30)


def test_a_unit_without_features_has_the_codes_of_the_biases() -> None:
    made, rows = machines(FLAT, np.ones((1, 5)))
    made = replace(made, biases=np.array([1, -1, 1, -1, -1], dtype=np.float32))
    blank = Rows(rows.columns[:0], rows.values[:0], np.zeros(2, dtype=np.int64))
    for answer in (Decider.codes, Decider.plain_codes):
        assert answer(decider(FLAT, made, np.tile([1.0, 0.0], (5, 1)), np.full(5, 0.5)), blank) == [("A0",)]


@given(arrays(np.float64, 20, elements=st.floats(1e-200, 1)), st.floats(0, 1))
def test_certain_scores_have_probabilities_on_their_side(thresholds: Floats, more: float) -> None:
    low, high = certain(thresholds)
    assert (sigmoid(low - more) < thresholds).all()
    assert (low < high).all()
    finite = np.isfinite(high)
    assert (sigmoid(high[finite] + more) >= thresholds[finite]).all()
    assert (thresholds[~finite] >= sigmoid(np.array([HIGHEST]))).all()


def test_nothing_is_certain_of_a_threshold_that_is_no_probability_or_next_to_nothing() -> None:
    low, high = certain(np.array([-0.1, 1.5, np.nan, 0.0, 1e-300]))
    assert np.isnan(low).all()
    assert np.isnan(high).all()
    low, high = certain(np.array([NEVER]))
    assert low == pytest.approx(HIGHEST)
    assert high == np.inf


def test_the_tagger_gives_what_its_probabilities_decide(tagger: Tagger) -> None:
    texts = [unit.text for unit in Corpus(default_root()).authored()][:300]
    read = tagger._read(texts)
    predicted = tagger._decider.predictions(read.rows)
    assert predicted.decide(tagger.rule).any()
    assert tagger._decider.codes(read.rows) == tagger._decider.plain_codes(read.rows)
