"""The columns of a model and the decision on them: parents and children always agree."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.errors import PreferenceError
from wuxing_nlp.model.outputs import NEVER, Calibration, Floats, Outputs, Predictions, Rule, codes_of
from wuxing_nlp.model.preference import Preference

BOOK = load_codebook()
OUTPUTS = Outputs.of(BOOK)
SMALL = Outputs(("A", "B"), ("A0", "A1", "B!", "B-"), ("!", "-"))
BASE_CODES = st.frozensets(st.sampled_from(BOOK.codes), max_size=6)


def calibration(outputs: Outputs) -> Calibration:
    """Plain sigmoids (slope 1, intercept 0) and, for each preference, one threshold everywhere."""
    letters, codes = len(outputs.letters), len(outputs.codes)
    plain = np.array([[1.0, 0.0]])
    return Calibration(
        np.repeat(plain, letters, axis=0),
        np.repeat(plain, codes, axis=0),
        np.repeat([[0.5], [0.7], [0.2]], letters, axis=1),
        np.full(codes, 0.5),
        np.array([0.5, 0.4, 0.9]),
    )


def halves(outputs: Outputs) -> Rule:
    """Every threshold a half."""
    return Rule(np.full(len(outputs.letters), 0.5), np.full(len(outputs.codes), 0.5), 0.5)


def margins_of(n: int, outputs: Outputs = OUTPUTS) -> st.SearchStrategy[Floats]:
    return arrays(np.float64, (n, len(outputs)), elements=st.floats(-8, 8))


def test_the_columns_are_letters_codes_and_marks() -> None:
    assert OUTPUTS.letters == BOOK.letters
    assert OUTPUTS.codes == BOOK.codes
    assert OUTPUTS.marks == ("!", "-")
    assert OUTPUTS.names == (*BOOK.letters, *BOOK.codes, "!", "-")
    assert len(OUTPUTS) == len(set(OUTPUTS.names)) == 42


def test_every_code_has_its_letter_for_parent() -> None:
    assert [OUTPUTS.letters[at] for at in OUTPUTS.parents] == [code[0] for code in OUTPUTS.codes]


@pytest.mark.parametrize(("code", "names"), [("D2", ["D", "D2"]), ("P-", ["P", "P-", "-"])])
def test_a_codes_columns_are_its_letter_itself_and_its_mark(code: str, names: list[str]) -> None:
    assert [OUTPUTS.names[at] for at in OUTPUTS.columns(code)] == names


def test_the_truth_of_an_example() -> None:
    truth = OUTPUTS.truth([frozenset({"D2", "J!", "J-"}), frozenset()])
    assert {name for name, flag in zip(OUTPUTS.names, truth[0], strict=True) if flag} == {
        *("D", "J"),
        *("D2", "J!", "J-"),
        *("!", "-"),
    }
    assert not truth[1].any()
    assert OUTPUTS.problems(truth).tolist() == [True, False]


def test_the_truth_of_no_unit_has_all_columns() -> None:
    assert OUTPUTS.truth([]).shape == (0, 42)


@given(st.lists(BASE_CODES, max_size=5))
def test_truth_holds_just_the_codes_their_letters_and_their_marks(units: list[frozenset[str]]) -> None:
    truth = OUTPUTS.truth(units)
    assert truth.shape == (len(units), 42)
    first, last = len(OUTPUTS.letters), len(OUTPUTS.letters) + len(OUTPUTS.codes)
    assert codes_of(OUTPUTS, truth[:, first:last]) == units
    for codes, row in zip(units, truth, strict=True):
        letters = {letter for letter, flag in zip(OUTPUTS.letters, row, strict=False) if flag}
        assert letters == BOOK.letters_of(codes)
        assert [bool(flag) for flag in row[last:]] == [
            any(code[1:] == mark for code in codes) for mark in OUTPUTS.marks
        ]
    assert OUTPUTS.problems(truth).tolist() == [any(code[1] in "!-" for code in codes) for codes in units]


def test_scores_of_an_example() -> None:
    #                     A    B    A0   A1   B!   B-    !    -
    margins = np.array([[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 10.0, 20.0]])
    assert SMALL.letter_scores(margins).tolist() == [[1.0 + 4.0, 2.0 + 6.0]]
    assert SMALL.share_scores(margins).tolist() == [[3.0, 4.0, 5.0 + 10.0, 6.0 + 20.0]]
    assert margins.tolist() == [[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 10.0, 20.0]]


def test_probabilities_of_an_example() -> None:
    margins = np.array([[1.0, 2.0, 3.0, -4.0, 0.0, 1.0, 0.5, -0.5]])
    predicted = Predictions.of(SMALL, calibration(SMALL), margins)
    a, b = (1 / (1 + math.exp(-score)) for score in (1.0 + 3.0, 2.0 + 1.0))
    shares = [1 / (1 + math.exp(-score)) for score in (3.0, -4.0, 0.5, 0.5)]
    assert predicted.letters[0].tolist() == pytest.approx([a, b])
    assert predicted.shares[0].tolist() == pytest.approx(shares)
    expected = [a * shares[0], a * shares[1], b * shares[2], b * shares[3]]
    assert predicted.codes[0].tolist() == pytest.approx(expected)


def test_slope_and_intercept_are_each_columns_own() -> None:
    plain = calibration(SMALL)
    plain.letters[1] = (2.0, -1.0)
    plain.shares[3] = (0.5, 0.25)
    predicted = Predictions.of(SMALL, plain, np.array([[0.0, 1.0, 0.0, 0.0, -9.0, 1.0, 0.0, 1.0]]))
    assert predicted.letters[0, 1] == pytest.approx(1 / (1 + math.exp(-(2.0 * 2.0 - 1.0))))
    assert predicted.shares[0, 3] == pytest.approx(1 / (1 + math.exp(-(0.5 * 2.0 + 0.25))))


def decided(letters: list[float], shares: list[float]) -> frozenset[str]:
    predicted = Predictions(SMALL, np.array([letters]), np.array([shares]))
    return codes_of(SMALL, predicted.decide(halves(SMALL)))[0]


def test_a_letter_without_a_likely_code_gets_its_likeliest() -> None:
    assert decided([0.9, 0.1], [0.2, 0.3, 0.4, 0.9]) == {"A1"}


def test_a_code_without_its_letter_is_not_given() -> None:
    assert decided([0.4, 0.4], [0.9, 0.9, 0.9, 0.9]) == frozenset()


def test_a_threshold_itself_is_enough() -> None:
    assert decided([0.5, 0.6], [0.5, 0.9, 0.5, 0.4]) == {"A0", "A1", "B!"}


def test_both_stances_are_given_where_both_are_likely() -> None:
    assert decided([0.1, 0.8], [0.5, 0.5, 0.6, 0.7]) == {"B!", "B-"}


def test_an_untrained_code_is_given_only_where_its_letter_has_no_other() -> None:
    predicted = Predictions(SMALL, np.array([[0.9, 0.9]]), np.array([[0.4, 0.1, 0.4, 0.3]]))
    rule = halves(SMALL)
    rule.share_thresholds[:] = (NEVER, 0.5, NEVER, NEVER)
    assert codes_of(SMALL, predicted.decide(rule)) == [frozenset({"A1", "B!"})]


@given(
    margins_of(4),
    arrays(np.float64, 10, elements=st.floats(0.05, 0.95)),
    arrays(np.float64, 30, elements=st.floats(0.05, 0.95)),
)
def test_parents_and_children_agree(margins: Floats, letters: Floats, shares: Floats) -> None:
    rule = Rule(letters, shares, 0.5)
    predicted = Predictions.of(OUTPUTS, calibration(OUTPUTS), margins)
    assert ((predicted.codes >= 0) & (predicted.codes <= predicted.letters[:, OUTPUTS.parents])).all()
    for row, codes in enumerate(codes_of(OUTPUTS, predicted.decide(rule))):
        found = {
            letter for at, letter in enumerate(OUTPUTS.letters) if predicted.letters[row, at] >= letters[at]
        }
        assert BOOK.letters_of(codes) == found
        wanted = {code for at, code in enumerate(OUTPUTS.codes) if predicted.shares[row, at] >= shares[at]}
        for letter in found:
            given_codes = {code for code in codes if code[0] == letter}
            likely = {code for code in wanted if code[0] == letter}
            assert given_codes == likely or (not likely and len(given_codes) == 1)


@given(margins_of(3), st.floats(-3, 3), st.integers(0, 9))
def test_a_higher_margin_never_makes_its_letter_less_likely(
    margins: Floats, rise: float, letter: int
) -> None:
    higher = margins.copy()
    higher[:, letter] += abs(rise)
    before = Predictions.of(OUTPUTS, calibration(OUTPUTS), margins)
    after = Predictions.of(OUTPUTS, calibration(OUTPUTS), higher)
    assert (after.letters[:, letter] >= before.letters[:, letter]).all()
    assert (np.delete(after.letters, letter, axis=1) == np.delete(before.letters, letter, axis=1)).all()


def test_nearness_is_the_best_letters_share_of_its_threshold() -> None:
    rule = halves(SMALL)
    rule.letter_thresholds[:] = (0.8, 0.2)
    predicted = Predictions(SMALL, np.array([[0.4, 0.05], [0.1, 0.15], [0.8, 0.0]]), np.zeros((3, 4)))
    assert predicted.nearness(rule) == pytest.approx([0.5, 0.75, 1.0])


def test_confidence_is_the_expected_f1_of_the_decision() -> None:
    rule = halves(SMALL)
    rule.letter_thresholds[:] = (0.5, 0.2)
    likely = np.array([[0.9, 0.1], [0.9, 0.6], [0.4, 0.1], [1.0, 0.0], [0.0, 0.0]])
    expected = [2 * 0.9 / (1 + 1.0), 2 * 1.5 / (2 + 1.5), 0.6 * 0.9, 1.0, 1.0]
    assert Predictions(SMALL, likely, np.zeros((5, 4))).confidence(rule) == pytest.approx(expected)


def test_a_rule_is_the_row_of_its_preference() -> None:
    known = calibration(SMALL)
    assert known.preferences == list(Preference)
    for preference, threshold, doubt in zip(Preference, (0.5, 0.7, 0.2), (0.5, 0.4, 0.9), strict=True):
        rule = known.rule(preference)
        assert rule.letter_thresholds.tolist() == [threshold] * 2
        assert rule.share_thresholds.tolist() == [0.5] * 4
        assert rule.doubt == doubt


def test_without_its_row_a_preference_is_refused() -> None:
    whole = calibration(SMALL)
    old = replace(whole, letter_thresholds=whole.letter_thresholds[:1], doubts=whole.doubts[:1])
    assert old.preferences == [Preference.BALANCED]
    assert old.rule(Preference.BALANCED).letter_thresholds.tolist() == [0.5] * 2
    with pytest.raises(
        PreferenceError, match=r"no thresholds for recall, only for balanced, .* train it anew"
    ):
        old.rule(Preference.RECALL)


@given(margins_of(4))
def test_lower_thresholds_take_no_code_away(margins: Floats) -> None:
    known = calibration(OUTPUTS)
    predicted = Predictions.of(OUTPUTS, known, margins)
    few, some, many = (
        predicted.decide(known.rule(wish))
        for wish in (Preference.PRECISION, Preference.BALANCED, Preference.RECALL)
    )
    assert (few <= some).all()
    assert (some <= many).all()


def test_a_letter_may_have_one_code_and_there_may_be_no_stance() -> None:
    flat = Outputs(("A", "B"), ("A0", "B0", "B1"), ())
    assert [flat.is_only_code(at) for at in range(3)] == [True, False, False]
    assert not any(map(OUTPUTS.is_only_code, range(len(OUTPUTS.codes))))
    assert flat.truth([frozenset({"A0", "B1"}), frozenset()]).tolist() == [
        [True, True, True, False, True],
        [False] * 5,
    ]
    assert not flat.problems(flat.truth([frozenset({"A0"})])).any()
    margins = np.array([[1.0, -1.0, 2.0, -3.0, 0.5]])
    assert flat.letter_scores(margins).tolist() == [[3.0, -0.5]]
    assert flat.share_scores(margins).tolist() == [[2.0, -3.0, 0.5]]
