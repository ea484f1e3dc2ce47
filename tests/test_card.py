"""The model card: prose with the model's own facts, never a figure from elsewhere."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.model import card
from wuxing_nlp.model.baselines import FASTTEXT
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


def beside(scores: dict[str, Any], *names: str) -> dict[str, Any]:
    """The scores with baselines whose F1 is everywhere a half."""
    half = {"f1": 0.5}
    entry = {
        "letters": dict.fromkeys((*BOOK.letters, "micro", "macro"), half),
        "measures_macro_f1": 0.25,
        "difference": {
            "letters": {"macro_f1": 0.125, "interval": [0.1, 0.15]},
            "measures": {"macro_f1": -0.0625, "interval": [-0.1, 0.01]},
        },
    }
    return scores | {"baselines": dict.fromkeys(names, entry)}


def test_baselines_stand_beside_the_model_where_they_were_measured(shipped: dict[str, Any]) -> None:
    bare = {key: value for key, value in shipped["scores"].items() if key != "baselines"}
    title = "### Beside the models that a researcher would build first\n"
    assert title not in card.scores(bare, BOOK)
    text = card.scores(beside(bare, "keyword dictionary", FASTTEXT), BOOK)
    before, after = text.split(title)
    section, rest = after.split("###", maxsplit=1)
    assert f"{before}###{rest}" == card.scores(bare, BOOK)

    differences, letters = (rows(table) for table in section.split("\n\n")[-3:-1])
    ours = f"{bare['letters']['macro']['f1']:.3f}"
    assert differences["this model"] == [ours, "", f"{bare['measures_macro_f1']:.3f}", ""]
    expected = ["0.500", "+0.125 (+0.100 to +0.150)", "0.250", "-0.062 (-0.100 to +0.010)"]
    assert differences["keyword dictionary"] == differences[FASTTEXT] == expected
    assert letters["F1"] == list(BOOK.letters)
    assert letters["this model"] == [f"{bare['letters'][letter]['f1']:.3f}" for letter in BOOK.letters]
    assert letters["keyword dictionary"] == letters[FASTTEXT] == ["0.500"] * 10


def test_levers_stand_in_the_card_where_they_were_measured(shipped: dict[str, Any]) -> None:
    bare = {key: value for key, value in shipped["scores"].items() if key != "levers"}
    title = "### What each lever is worth\n"
    assert title not in card.scores(bare, BOOK)
    whole = {"macro_f1": 0.75, "micro_f1": 0.875}
    without = {
        "cues": {"macro_f1": 0.5, "micro_f1": 0.9},
        "authored units": {"macro_f1": None, "micro_f1": 0.875},
    }
    curve = [{"units": 3081, "macro_f1": 0.25, "micro_f1": 0.375}, {"units": 12326} | whole]
    measured = {"whole": whole, "without": without, "learning_curve": curve}
    text = card.scores(bare | {"levers": measured}, BOOK)
    before, after = text.split(title)
    section, rest = after.split("###", maxsplit=1)
    assert f"{before}###{rest}" == card.scores(bare, BOOK)
    assert "cut at the margin that was best in the others" in section

    table = rows(section)
    assert table["whole"] == ["0.750", "0.875", "", ""]
    assert table["without cues"] == ["0.500", "0.900", "-0.250", "+0.025"]
    assert table["without authored units"] == ["–", "0.875", "–", "+0.000"]
    assert table["3,081"] == ["0.250", "0.375"]
    assert table["12,326"] == ["0.750", "0.875"]


def test_preferences_stand_in_the_card_where_they_were_measured(shipped: dict[str, Any]) -> None:
    bare = {key: value for key, value in shipped["scores"].items() if key != "preferences"}
    title = "### By preference\n"
    assert title not in card.scores(bare, BOOK)
    row = {"micro_precision": 0.75, "micro_recall": 0.5, "micro_f1": 0.625, "macro_f1": None}
    text = card.scores(bare | {"preferences": {"precision": row}}, BOOK)
    before, after = text.split(title)
    section, rest = after.split("###", maxsplit=1)
    assert f"{before}###{rest}" == card.scores(bare, BOOK)
    assert rows(section)["precision"] == ["0.750", "0.500", "0.625", "–"]


def test_evidence_stands_in_the_card_where_it_was_tested(shipped: dict[str, Any]) -> None:
    bare = {key: value for key, value in shipped["scores"].items() if key != "evidence"}
    text = card.scores(bare | {"evidence": {"tags": 1500, "deleted": 0.875, "random": None}}, BOOK)
    line = (
        "Evidence: of 1,500 letter tags drawn by lot, 0.875 fell when their evidence was deleted, "
        "– when random spans of the same lengths were.\n\n"
    )
    assert line in text
    assert text.replace(line, "") == card.scores(bare, BOOK)


def test_a_baseline_that_was_not_installed_is_named(shipped: dict[str, Any]) -> None:
    note = "fastText was not installed, and not measured."
    assert note in card.scores(beside(shipped["scores"], "keyword dictionary"), BOOK)
    assert note not in card.scores(beside(shipped["scores"], FASTTEXT), BOOK)


def test_a_difference_that_is_null_is_a_dash(shipped: dict[str, Any]) -> None:
    scores = json.loads(json.dumps(beside(shipped["scores"], "the first")))
    scores["baselines"]["the first"]["difference"]["measures"] = {"macro_f1": None, "interval": [None, None]}
    assert "| the first | 0.500 | +0.125 (+0.100 to +0.150) | 0.250 | – |" in card.scores(scores, BOOK)


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
