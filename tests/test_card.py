"""The model card: prose with the model's own facts, never a figure from elsewhere."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.model import card
from wuxing_nlp.model.bundle import CARD, MANIFEST, Model
from wuxing_nlp.model.tagger import shipped_bundle
from wuxing_nlp.version import __version__

BOOK = load_codebook()


@pytest.fixture(scope="module")
def shipped() -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((shipped_bundle() / MANIFEST).read_text(encoding="utf-8"))
    return manifest


@pytest.fixture(scope="module")
def shipped_card() -> str:
    return (shipped_bundle() / CARD).read_text(encoding="utf-8")


def rows(text: str) -> dict[str, list[str]]:
    """The cells of every table row, by the first cell."""
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if "|" in line
    ]
    return {row[0]: row[1:] for row in cells}


def test_the_shipped_card_is_the_one_of_its_manifest(shipped: dict[str, Any], shipped_card: str) -> None:
    assert card.text(shipped, BOOK) == shipped_card


def test_the_shipped_card_says_who_coded_and_how_well(shipped_card: str) -> None:
    prose = " ".join(shipped_card.split())
    for said in (
        "large language model acting as coder",
        "No panel of human experts has coded it",
        "大型语言模型",
        "by document",
        "Where not to trust it",
    ):
        assert said in prose
    assert BOOK.version in prose


def test_every_letter_and_code_stands_with_its_figures(shipped: dict[str, Any], shipped_card: str) -> None:
    table = rows(shipped_card)
    scores = shipped["scores"]
    for letter in BOOK.letters:
        units, precision, recall, f1, interval, dictionary, _ = table[f"{letter} {BOOK.name(letter)}"]
        row = scores["letters"][letter]
        assert int(units) == row["units"]
        assert [precision, recall, f1] == [f"{row[key]:.3f}" for key in ("precision", "recall", "f1")]
        assert interval == "–".join(f"{bound:.3f}" for bound in scores["intervals"][letter])
        assert dictionary == f"{scores['dictionary'][letter]['f1']:.3f}"
    for code in BOOK.codes:
        assert int(table[f"{code} {BOOK.name(code)}"][0]) == scores["codes"][code]["units"]
    assert table["macro"][3] == f"{scores['letters']['macro']['f1']:.3f}"


def test_every_table_is_even(shipped_card: str) -> None:
    widths = [
        {line.count("|") for line in block.splitlines() if line.startswith("|")}
        for block in re.split(r"\n\n|\n(?=#)", shipped_card)
    ]
    assert all(len(width) <= 1 for width in widths)
    assert sum(bool(width) for width in widths) >= 4


def test_a_model_without_scores_says_so(small_model: Model) -> None:
    named = card.with_facts(small_model, None)
    text = card.text(named.facts, BOOK)
    assert "Not measured yet." in text
    assert "$" not in text
    assert f"{named.facts['training']['units']:,} coded units" in text


def test_a_model_is_named_and_keeps_its_own_name(small_model: Model) -> None:
    bare = {key: small_model.facts[key] for key in ("recipe", "training")}
    fresh = Model(
        BOOK,
        small_model.space,
        small_model.machines,
        small_model.calibration,
        small_model.trained,
        bare,
    )
    named = card.with_facts(fresh, {"units": 3})
    assert named.facts == bare | {
        "name": "wuxing-default",
        "version": __version__,
        "scores": {"units": 3},
    }
    assert fresh.facts == bare
    assert card.with_facts(small_model, None).facts["name"] == "wuxing-small"


def test_a_figure_that_is_null_is_a_dash(shipped: dict[str, Any]) -> None:
    scores = json.loads(json.dumps(shipped["scores"]))
    scores["letters"]["D"].update(precision=None, f1=None)
    scores["codes"]["D2"].update(precision=None)
    scores["none_truly_none"] = None
    scores["calibration_error"]["D"] = None
    scores["intervals"]["M"] = [None, None]
    scores["stance"] = {"found": 0, "right": None}
    table = rows(card.scores(scores, BOOK))
    assert table[f"D {BOOK.name('D')}"][1] == "–"
    assert table[f"D {BOOK.name('D')}"][3::3] == ["–", ""]
    assert table[f"M {BOOK.name('M')}"][4] == "–"
    assert table[f"D2 {BOOK.name('D2')}"][1] == "–"
