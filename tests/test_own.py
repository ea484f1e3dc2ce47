"""Own codings to a measured model: folds, comparisons, and what is said of a loss."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from wuxing_nlp.codebook import Codebook, load_codebook
from wuxing_nlp.coding import CodedUnit, check_codings
from wuxing_nlp.model.bundle import Model
from wuxing_nlp.model.ngrams import Frequencies
from wuxing_nlp.model.own import OWN, SHIPPED, Known, Trained, alone, letters_given, own_set
from wuxing_nlp.model.tagger import Tagger
from wuxing_nlp.model.train import Recipe
from wuxing_nlp.model.training_set import TrainingSet

BOOK = load_codebook()
DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="module")
def tools() -> Codebook:
    return load_codebook(DATA / "policy_tools.toml")


@pytest.fixture(scope="module")
def tool_units(tools: Codebook) -> list[CodedUnit]:
    return check_codings(DATA / "policy_tools.csv", tools).units


@pytest.fixture(scope="module")
def of_tools(tools: Codebook, tool_units: list[CodedUnit]) -> Trained:
    return alone(tools, own_set(tools, tool_units, 0), Frequencies(), Recipe())


def test_a_document_stands_in_one_fold(own_units: list[CodedUnit]) -> None:
    own = own_set(BOOK, own_units, 0)
    folds = defaultdict(set)
    for unit in own.units:
        folds[unit.document].add(unit.fold)
    assert all(len(found) == 1 for found in folds.values())
    assert set().union(*folds.values()) == set(range(5))
    assert own.real.all()
    assert own.measured.all()


def test_the_seed_draws_the_folds(own_units: list[CodedUnit]) -> None:
    first, again, other = (own_set(BOOK, own_units, seed) for seed in (0, 0, 1))
    assert first.units == again.units
    assert first.units != other.units


def test_few_documents_make_few_folds(tools: Codebook, tool_units: list[CodedUnit]) -> None:
    names = sorted({unit.document for unit in tool_units})[:6]
    own = own_set(tools, [unit for unit in tool_units if unit.document in names], 0)
    assert {unit.fold for unit in own.units} == {0, 1, 2}


def test_the_adapted_model_is_better_on_what_it_was_adapted_to(adapted: Trained) -> None:
    """Held out: no document that is measured was learnt from."""
    mine, theirs = adapted.comparisons[OWN], adapted.comparisons[SHIPPED]
    assert mine.units == 240
    assert mine.difference.micro.point > 0
    assert theirs.difference.micro.point > -0.05
    assert adapted.model.facts["comparisons"][OWN]["f1"]["micro"]["new"] == pytest.approx(
        mine.new.micro.f1, abs=1e-4
    )


def test_half_of_the_known_documents_hold_and_the_other_half_compares(
    adapted: Trained, small_set: TrainingSet
) -> None:
    held = adapted.model.facts["training"]["units"] - adapted.model.facts["training"]["own_units"]
    assert held + adapted.comparisons[SHIPPED].units == len(small_set.units)
    documents = len(set(small_set.documents))
    assert abs(adapted.comparisons[SHIPPED].documents - documents / 2) <= 1


def test_the_scores_are_of_own_units_and_say_so(adapted: Trained) -> None:
    scores = adapted.model.facts["scores"]
    assert scores["units"] == 240
    assert scores["own_codings"] is True
    assert scores["letters"]["micro"]["f1"] == pytest.approx(adapted.comparisons[OWN].new.micro.f1, abs=1e-4)


def test_the_outlook_is_one_of_three(adapted: Trained) -> None:
    assert adapted.outlook.advice in ("code more", "enough", "unclear")
    assert adapted.model.facts["outlook"]["advice"] == adapted.outlook.advice


def test_a_codebook_of_ones_own_has_nothing_to_be_compared_with(of_tools: Trained, tools: Codebook) -> None:
    assert of_tools.comparisons == {}
    assert of_tools.losses == []
    assert of_tools.model.codebook is tools
    # Three labels from 84 sentences: well above chance, which is about 0.3.
    assert of_tools.model.facts["scores"]["letters"]["macro"]["f1"] > 0.5


def test_a_letter_with_one_code_has_that_codes_probability(of_tools: Trained) -> None:
    named = of_tools.model.facts | {"name": "tools", "version": "0", "fingerprint": "0" * 64}
    model = replace(of_tools.model, facts=named)
    text = "县财政安排专项资金，新建一批充电桩。"
    tagger = Tagger(model)
    assert tagger.code_units([text]) == [("S0",)]
    assert np.array_equal(tagger.probabilities([text]), tagger.letter_probabilities([text]))
    [unit] = tagger.tag_units([text])
    assert unit.tags[0].name == "供给型"
    assert unit.tags[0].stance is None
    assert unit.tags[0].evidence


def test_a_model_of_few_codings_is_worse_on_the_corpus_and_that_is_told(
    small_model: Model, small_set: TrainingSet, own_units: list[CodedUnit]
) -> None:
    known = Known("the small set", small_set.units)
    own = own_set(BOOK, own_units, 0)
    trained = alone(BOOK, own, Frequencies(), Recipe(), base=small_model, known=known)
    [micro, macro] = [loss for loss in trained.losses if "the shipped corpus" in loss]
    interval = trained.comparisons[SHIPPED].difference.micro
    assert micro == (
        f"micro-F1 on the shipped corpus is lower by {-interval.point:.3f} "
        f"(95 % interval {-interval.high:.3f} to {-interval.low:.3f})"
    )
    assert macro.startswith("macro-F1 on the shipped corpus is lower by 0.")
    assert trained.comparisons[SHIPPED].old.micro.f1 > trained.comparisons[SHIPPED].new.micro.f1


def test_letters_given_are_those_of_the_tagger(small_model: Model, small_set: TrainingSet) -> None:
    some = small_set.take(np.arange(len(small_set.units)) < 60)
    codes = Tagger(small_model).code_units(unit.text for unit in some.units)
    assert letters_given(small_model, some) == [BOOK.letters_of(given) for given in codes]
