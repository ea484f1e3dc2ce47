"""The levels of labels."""

from __future__ import annotations

from pathlib import Path

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.evaluation.levels import levels, score_levels

BOOK = load_codebook()
TOOLS = load_codebook(Path(__file__).parent / "data" / "policy_tools.toml")


def test_levels_part_the_labels_of_the_codebook() -> None:
    found = {level.name: level.labels for level in levels(BOOK)}
    assert found["letters"] == found["types"] + found["problems"]
    assert found["codes"] == found["measures"] + found["stances"]
    assert (len(found["types"]), len(found["measures"]), len(found["stances"])) == (5, 20, 10)


def test_the_measures_that_are_scored_are_those_of_model_cards() -> None:
    found = score_levels(BOOK)
    assert found["measures"] == tuple(measure.code for measure in BOOK.measures)
    assert found | {"measures": ()} == {level.name: level.labels for level in levels(BOOK)} | {"measures": ()}


def test_a_codebook_without_problems_and_measures_has_fewer_levels() -> None:
    assert score_levels(TOOLS) == {
        "letters": tuple("SDE"),
        "types": tuple("SDE"),
        "codes": ("S0", "D0", "E0"),
    }
