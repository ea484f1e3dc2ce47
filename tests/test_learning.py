"""Does more coding pay? A learning curve of three steps is read."""

from __future__ import annotations

import pytest

from wuxing_nlp.errors import EvaluationError
from wuxing_nlp.evaluation.bootstrap import bootstrap_difference
from wuxing_nlp.evaluation.learning import WORTH, outlook

UNITS = 2000
TRUTH = [{"P"} if at % 2 else set() for at in range(UNITS)]
DOCUMENTS = [at // 10 for at in range(UNITS)]


def found(share: float, *, after: int = 0) -> list[set[str]]:
    """Labels of which so large a share is found, spread evenly over the documents."""
    step = 1 / share
    hits = {round(at * step) % (UNITS // 2) for at in range(round(share * UNITS / 2))}
    return [{"P"} if at % 2 and (at // 2 + after) % (UNITS // 2) in hits else set() for at in range(UNITS)]


def f1(share: float) -> float:
    return 2 * share / (1 + share)


def test_a_curve_that_still_climbs_says_code_more() -> None:
    seen = outlook(TRUTH, [found(0.4), found(0.6), found(0.8)], DOCUMENTS, ["P"])
    assert seen.f1 == pytest.approx((f1(0.4), f1(0.6), f1(0.8)), abs=1e-6)
    assert seen.advice == "code more"
    assert seen.gained.low > 0
    assert seen.gained.point == pytest.approx(f1(0.8) - f1(0.6))


def test_the_next_gain_follows_from_the_power_law() -> None:
    """F1 = a − b·n^−c: gains of doublings are a geometric series."""
    seen = outlook(TRUTH, [found(0.4), found(0.6), found(0.8)], DOCUMENTS, ["P"])
    first, second = f1(0.6) - f1(0.4), f1(0.8) - f1(0.6)
    assert seen.expected == pytest.approx(second**2 / first)


def test_a_flat_curve_says_enough() -> None:
    seen = outlook(TRUTH, [found(0.7), found(0.8), found(0.8)], DOCUMENTS, ["P"])
    assert seen.advice == "enough"
    assert seen.expected == 0.0
    assert seen.gained.high < WORTH


def test_a_gain_that_may_be_luck_is_unclear() -> None:
    few = 40
    given = [found(share)[:few] for share in (0.4, 0.5, 0.55)]
    seen = outlook(TRUTH[:few], given, [at // 10 for at in range(few)], ["P"])
    assert seen.advice == "unclear"


def test_what_pays_is_for_the_researcher_to_say() -> None:
    given = [found(0.4), found(0.6), found(0.8)]
    assert outlook(TRUTH, given, DOCUMENTS, ["P"], worth=0.5).advice == "enough"


def test_a_gain_that_grows_is_not_expected_to_grow_on() -> None:
    seen = outlook(TRUTH, [found(0.5), found(0.52), found(0.8)], DOCUMENTS, ["P"])
    assert seen.expected == pytest.approx(f1(0.8) - f1(0.52))


@pytest.mark.parametrize("before", [0.5, 0.6])
def test_a_gain_after_none_or_a_loss_is_expected_again(before: float) -> None:
    seen = outlook(TRUTH, [found(before), found(0.5), found(0.8)], DOCUMENTS, ["P"])
    assert seen.expected == pytest.approx(f1(0.8) - f1(0.5))


def test_the_gain_is_that_of_the_bootstrap() -> None:
    half, whole = found(0.6), found(0.8)
    documents = [at // 14 for at in range(UNITS)]  # not all of them alike
    seen = outlook(TRUTH, [found(0.4), half, whole], documents, ["P"], draws=30, seed=7)
    assert seen.gained == bootstrap_difference(TRUTH, whole, half, documents, ["P"], draws=30, seed=7).macro
    assert seen.gained != outlook(TRUTH, [found(0.4), half, whole], documents, ["P"], draws=30).gained


def test_a_curve_that_falls_promises_nothing() -> None:
    assert outlook(TRUTH, [found(0.8), found(0.7), found(0.6)], DOCUMENTS, ["P"]).expected == 0.0


def test_three_steps_are_needed() -> None:
    with pytest.raises(EvaluationError, match="2 steps"):
        outlook(TRUTH, [TRUTH, TRUTH], DOCUMENTS, ["P"])
