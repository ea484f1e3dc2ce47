"""The figures of a model that its results are to be read with, as a run records them."""

from __future__ import annotations

from typing import Any

from wuxing_nlp.model.bundle import Model

_FIGURES = (
    "units", "documents", "letters", "intervals", "calibration_error", "codes", "measures_macro_f1", "stance",
    "abstained", "none_truly_none", "by_kind", "by_script", "preferences", "own_codings",
)  # fmt: skip


def measured(model: Model) -> dict[str, Any]:
    """Figures of the model's card, named and shaped as :func:`wuxing_nlp.model.figures.figures` gives
    them, so that who has a run's folder need not have the model; empty where none were measured.

    What compares recipes with each other is left out: it says nothing about results.
    """
    scores = model.facts.get("scores", {})
    return {key: scores[key] for key in _FIGURES if key in scores}
