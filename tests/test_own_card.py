"""The card of a model of one's own: what it was made of, old and new, and whether more coding pays."""

from __future__ import annotations

from typing import Any

import pytest

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.model.own import OWN, Trained
from wuxing_nlp.model.own_card import comparison_facts, comparison_text, outlook_text, text

BOOK = load_codebook()


@pytest.fixture(scope="module")
def facts(adapted: Trained) -> dict[str, Any]:
    own = {
        "file": "my_codings.csv",
        "sha256": "ab" * 32,
        "way": "added",
        "base": "wuxing-small 0 (abc)",
        "seen": 0,
    }
    return {"name": "mine", "version": "1", "own": own} | adapted.model.facts


@pytest.fixture(scope="module")
def card(facts: dict[str, Any]) -> str:
    return text(facts, BOOK)


def row(page: str, name: str, place: int = 0) -> list[str]:
    found = [line for line in page.splitlines() if line.startswith(f"| {name} |")]
    return [cell.strip() for cell in found[place].strip("|").split("|")][1:]


def test_it_says_how_the_model_was_made_in_both_languages(card: str) -> None:
    prose = " ".join(card.split())
    for said in (
        "# Model card: mine 1",
        "Adapted from wuxing-small 0 (abc)",
        "weighs as much as 1.0 of the corpus",
        "由 wuxing-small 0 (abc) 调整而成",
        f"`my_codings.csv` (SHA-256 {'ab' * 32}), 240 units of",
        "version 1.2",
        "Folds by document",
        "Where not to trust it",
    ):
        assert said in prose
    assert "$" not in card
    assert "large language model" not in card


def test_it_compares_old_and_new_on_both_sets(card: str, facts: dict[str, Any]) -> None:
    for place, key in enumerate(("own", "shipped")):
        old, new, difference = row(card, "micro", place)
        measured = facts["comparisons"][key]["f1"]["micro"]
        assert (old, new) == (f"{measured['old']:.3f}", f"{measured['new']:.3f}")
        point, low, high = measured["difference"]
        assert difference == f"{point:+.3f} ({low:+.3f} to {high:+.3f})"
    assert "Your codings (240 units of" in card
    assert "the small set; old was trained on these units, new comes from old" in card


def test_units_that_the_old_model_knew_are_no_test_of_it(card: str, facts: dict[str, Any]) -> None:
    assert "old never saw them, new is cross-validated" in card
    page = comparison_text(facts | {"own": facts["own"] | {"seen": 7}}, BOOK)
    assert "old was trained on 7 of them, which favours it, new is cross-validated" in page


def test_a_letter_that_was_not_learnt_shows_no_difference(card: str, facts: dict[str, Any]) -> None:
    assert facts["comparisons"]["own"]["f1"]["Z"]["difference"][1:] in ([0.0, 0.0], [None, None])
    assert row(card, "Z 忠诚型")[-1] in ("none", "–")
    assert row(card, "P 怕")[-1].startswith(("+", "-"))


def test_it_has_the_scores_of_the_codings(card: str, facts: dict[str, Any]) -> None:
    scores = facts["scores"]["letters"]
    assert f"{scores['P']['f1']:.3f}" in card
    assert "### Codes" in card


def test_without_an_old_model_it_says_so(facts: dict[str, Any]) -> None:
    alone = facts | {"comparisons": {}, "own": facts["own"] | {"way": "alone", "base": None}}
    page = text(alone, BOOK)
    assert "There was no model of this codebook to compare with." in page
    assert "Trained on the codings alone" in page
    assert "Adapted from" not in page


@pytest.mark.parametrize(
    ("advice", "said"),
    [
        ("code more", "Yes, more coding pays**: as many units again are expected to add 0.020"),
        ("enough", "No**: even the upper end of what the second half added lies below 0.01"),
        ("unclear", "It is not clear**"),
    ],
)
def test_it_says_whether_more_coding_pays(advice: str, said: str) -> None:
    found = {"macro_f1": [0.5, 0.55, None], "gained": [0.03, 0.01, 0.05], "expected": 0.02, "advice": advice}
    page = outlook_text(found)
    assert said in page
    assert "is 0.500, 0.550, –" in page
    assert "+0.030 (+0.010 to +0.050)" in page


def test_comparison_facts_are_plain_and_rounded(adapted: Trained, facts: dict[str, Any]) -> None:
    found = comparison_facts(adapted.comparisons[OWN])
    assert found == facts["comparisons"][OWN]
    assert list(found["f1"]) == ["micro", "macro", *BOOK.letters]
    values = [value for entry in found["f1"].values() for value in entry["difference"] if value is not None]
    assert all(value == round(value, 4) for value in values)
    assert comparison_text(facts, BOOK).count("| F1 |") == 2
