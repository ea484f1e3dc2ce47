"""Old and new on the same units."""

from __future__ import annotations

import pytest

from wuxing_nlp.errors import EvaluationError
from wuxing_nlp.evaluation.bootstrap import bootstrap_difference
from wuxing_nlp.evaluation.comparing import compare
from wuxing_nlp.evaluation.scores import score_labels

TRUTH = [{"P"}, {"M"}, set(), {"P", "M"}] * 10
DOCUMENTS = [f"d{at // 4}" for at in range(40)]
NOTHING: list[set[str]] = [set()] * 40
ONLY_M = [unit & {"M"} for unit in TRUTH]


def test_a_better_model_loses_nothing() -> None:
    found = compare(TRUTH, NOTHING, TRUTH, DOCUMENTS, ["P", "M"])
    assert (found.units, found.documents) == (40, 10)
    assert found.losses == {}
    assert found.worse_labels == {}
    assert found.difference.micro.point == 1.0


def test_a_worse_model_is_told_where() -> None:
    found = compare(TRUTH, TRUTH, ONLY_M, DOCUMENTS, ["P", "M"])
    assert list(found.losses) == ["micro-F1", "macro-F1"]
    assert found.losses["macro-F1"].point == pytest.approx(-0.5)
    assert list(found.worse_labels) == ["P"]
    assert found.old.macro.f1 == 1.0
    assert found.new.labels["P"].f1 == 0.0


def test_the_same_model_is_not_worse() -> None:
    found = compare(TRUTH, ONLY_M, ONLY_M, DOCUMENTS, ["P", "M"])
    assert found.losses == {}
    assert found.difference.micro.low == found.difference.micro.high == 0.0


def test_a_loss_inside_the_interval_is_none() -> None:
    """One document of ten in which the new model misses a label may be luck."""
    new = [set(), *TRUTH[1:]]
    found = compare(TRUTH, TRUTH, new, DOCUMENTS, ["P", "M"])
    assert found.difference.micro.point < 0
    assert found.losses == {}


def test_figures_are_those_of_scores_and_bootstrap() -> None:
    new = [*ONLY_M[:20], *TRUTH[20:]]
    found = compare(TRUTH, NOTHING, new, DOCUMENTS, ["P", "M"], draws=50, seed=3)
    assert found.new == score_labels(TRUTH, new, ["P", "M"])
    expected = bootstrap_difference(TRUTH, new, NOTHING, DOCUMENTS, ["P", "M"], draws=50, seed=3)
    assert expected.micro.low < expected.micro.high
    assert found.difference.micro == expected.micro
    wider = compare(TRUTH, NOTHING, ONLY_M, DOCUMENTS, ["P", "M"], level=0.99)
    assert wider.difference.level == 0.99


def test_units_must_be_the_same() -> None:
    with pytest.raises(EvaluationError, match="the lengths differ"):
        compare(TRUTH, TRUTH[:3], TRUTH, DOCUMENTS, ["P"])
