"""The figures that a run records of its model."""

from __future__ import annotations

import json

from wuxing_nlp.batch.measured import measured
from wuxing_nlp.model.bundle import Model
from wuxing_nlp.model.tagger import Tagger


def test_figures_are_those_of_the_models_card(tagger: Tagger) -> None:
    scores = tagger.model.facts["scores"]
    found = measured(tagger.model)
    assert {"letters", "intervals", "calibration_error", "by_kind", "by_script", "preferences"} <= set(found)
    assert all(scores[key] == value for key, value in found.items())


def test_what_compares_recipes_is_left_out(tagger: Tagger) -> None:
    found = measured(tagger.model)
    assert {"baselines", "levers", "dictionary"} & set(found) == set()
    assert len(json.dumps(found)) < 12_000


def test_a_model_that_was_not_measured_has_none(small_model: Model) -> None:
    assert measured(small_model) == {}
