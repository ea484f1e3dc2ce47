"""The figures of a model card against plain counting."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.evaluation.dictionary import KeywordDictionary
from wuxing_nlp.model.faithfulness import Faithfulness
from wuxing_nlp.model.figures import compared, figures
from wuxing_nlp.model.outputs import Outputs, Predictions, codes_of
from wuxing_nlp.model.train import HeldOut
from wuxing_nlp.model.training_set import TrainingSet
from wuxing_nlp.text.script import detect_script

BOOK = load_codebook()
OUTPUTS = Outputs.of(BOOK)


@pytest.fixture(scope="module")
def held_out(small_set: TrainingSet) -> HeldOut:
    """Answers that are the truth with two flags in a hundred turned; letters' codes kept together. Where
    an error is preferred, some flags fewer, or some more."""
    generator = np.random.default_rng(0)
    truth = small_set.truth[:, 10:40]
    decided = truth ^ (generator.random(truth.shape) < 0.02)
    likely = np.clip(small_set.truth[:, :10] * 0.6 + generator.random((len(truth), 10)) * 0.4, 0.01, 0.99)
    doubtful = ~decided.any(axis=1) & (generator.random(len(truth)) < 0.3)
    shares = generator.random(truth.shape)
    confidence = generator.random(len(truth))
    fewer, more = (
        decided & (generator.random(truth.shape) < 0.7),
        decided | (generator.random(truth.shape) < 0.02),
    )
    decisions = np.stack([decided, fewer, more])
    predictions = Predictions(OUTPUTS, likely, shares)
    return HeldOut(small_set, predictions, decisions, doubtful, confidence, Faithfulness(300, 250, 40))


@pytest.fixture(scope="module")
def measured(held_out: HeldOut) -> dict[str, Any]:
    return figures(BOOK, held_out)


@pytest.fixture(scope="module")
def sets(held_out: HeldOut) -> tuple[list[frozenset[str]], list[frozenset[str]]]:
    return [BOOK.base(unit.codes) for unit in held_out.data.units], codes_of(OUTPUTS, held_out.decided)


def counted(
    truth: list[frozenset[str]], given: list[frozenset[str]], label: str
) -> tuple[float, float, float]:
    """Precision, recall and F1 of a label, counted."""
    hits = sum(label in t and label in g for t, g in zip(truth, given, strict=True))
    found, there = sum(label in g for g in given), sum(label in t for t in truth)
    return hits / found, hits / there, 2 * hits / (found + there)


def letters(codes: list[frozenset[str]]) -> list[frozenset[str]]:
    return [frozenset(code[0] for code in unit) for unit in codes]


def test_the_figures_are_plain_json(measured: dict[str, Any]) -> None:
    assert json.loads(json.dumps(measured, allow_nan=False)) == measured


def test_scores_of_letters_and_codes_are_counted_ones(
    measured: dict[str, Any], sets: tuple[list[frozenset[str]], list[frozenset[str]]]
) -> None:
    truth, given = sets
    for table, labels, true, found in (
        ("letters", BOOK.letters, letters(truth), letters(given)),
        ("codes", BOOK.codes, truth, given),
    ):
        for label in labels:
            row = measured[table][label]
            assert (row["precision"], row["recall"], row["f1"]) == pytest.approx(
                counted(true, found, label), abs=5.1e-5
            )
            assert row["units"] == sum(label in unit for unit in true)
        mean = np.mean([counted(true, found, label)[2] for label in labels])
        assert measured[table]["macro"]["f1"] == pytest.approx(mean, abs=5.1e-5)
        hits = sum(len(t & g) for t, g in zip(true, found, strict=True))
        micro = 2 * hits / (sum(map(len, true)) + sum(map(len, found)))
        assert measured[table]["micro"]["f1"] == pytest.approx(micro, abs=5.1e-5)


def test_measures_are_the_fifteen_without_the_wholes(
    measured: dict[str, Any], sets: tuple[list[frozenset[str]], list[frozenset[str]]]
) -> None:
    fifteen = [code for code in BOOK.codes if code[1] in "123"]
    assert len(fifteen) == 15
    mean = np.mean([counted(*sets, code)[2] for code in fifteen])
    assert measured["measures_macro_f1"] == pytest.approx(mean, abs=5.1e-5)


def test_the_dictionary_stands_beside_the_model(measured: dict[str, Any], held_out: HeldOut) -> None:
    dictionary = KeywordDictionary(BOOK)
    units = held_out.data.units
    guessed = [dictionary.letters(unit.text) for unit in units]
    for letter in BOOK.letters:
        expected = counted([unit.letters for unit in units], guessed, letter)[2]
        assert measured["dictionary"][letter]["f1"] == pytest.approx(expected, abs=5.1e-5)


def test_a_stance_is_right_where_the_found_problems_stances_are(
    measured: dict[str, Any], sets: tuple[list[frozenset[str]], list[frozenset[str]]]
) -> None:
    found = right = 0
    for true, given in zip(*sets, strict=True):
        for problem in "PMJYS":
            ours, theirs = ({code for code in codes if code[0] == problem} for codes in (true, given))
            if ours and theirs:
                found += 1
                right += ours == theirs
    assert measured["stance"] == {"found": found, "right": round(right / found, 4)}


def test_intervals_hold_their_figure(measured: dict[str, Any]) -> None:
    for label in (*BOOK.letters, "micro", "macro"):
        low, high = measured["intervals"][label]
        assert low <= measured["letters"][label]["f1"] <= high
        assert 0 < high - low < 0.3


def test_calibration_error_is_the_mean_gap_of_the_bins(measured: dict[str, Any], held_out: HeldOut) -> None:
    assert set(measured["calibration_error"]) == set(BOOK.letters)
    certain = Predictions(OUTPUTS, held_out.data.truth[:, :10].astype(float), held_out.predictions.shares)
    perfect = figures(BOOK, HeldOut(held_out.data, certain, *_answers(held_out)))
    assert set(perfect["calibration_error"].values()) == {0.0}
    # Everywhere one half: the error is the distance of the label's share from one half.
    half = Predictions(OUTPUTS, np.full((len(held_out.decided), 10), 0.5), held_out.predictions.shares)
    unsure = figures(BOOK, HeldOut(held_out.data, half, *_answers(held_out)))
    shares = held_out.data.truth[:, :10].mean(axis=0)
    assert list(unsure["calibration_error"].values()) == pytest.approx(0.5 - shares, abs=5.1e-5)


def _answers(held_out: HeldOut) -> tuple[np.ndarray, np.ndarray, np.ndarray, Faithfulness]:
    return held_out.decisions, held_out.abstained, held_out.confidence, held_out.faithfulness


def test_abstention_and_true_nones_are_counted_ones(measured: dict[str, Any], held_out: HeldOut) -> None:
    none = ~held_out.decided.any(axis=1) & ~held_out.abstained
    truly = [not unit.codes for unit, flag in zip(held_out.data.units, none, strict=True) if flag]
    assert measured["abstained"] == round(held_out.abstained.mean(), 4)
    assert 0.5 < measured["none_truly_none"] == round(float(np.mean(truly)), 4) < 1


def test_coverage_keeps_the_surest_units(
    measured: dict[str, Any],
    held_out: HeldOut,
    sets: tuple[list[frozenset[str]], list[frozenset[str]]],
) -> None:
    truth, given = (letters(codes) for codes in sets)
    n = len(truth)
    surest = np.argsort(-held_out.confidence, kind="stable")
    for point, share in zip(measured["coverage"], (1.0, 0.9, 0.8, 0.7, 0.5), strict=True):
        kept = surest[: math.ceil(share * n)]
        assert point["coverage"] == pytest.approx(len(kept) / n, abs=1.1 / n)
        hits = sum(len(truth[i] & given[i]) for i in kept)
        total = sum(len(truth[i]) + len(given[i]) for i in kept)
        assert point["micro_f1"] == pytest.approx(2 * hits / total, abs=2e-3)


def test_groups_hold_every_kind_and_script_that_is_large_enough(
    measured: dict[str, Any],
    held_out: HeldOut,
    sets: tuple[list[frozenset[str]], list[frozenset[str]]],
) -> None:
    units = held_out.data.units
    true, found = (letters(codes) for codes in sets)
    for by, names in (
        ("by_kind", [unit.kind for unit in units]),
        ("by_script", [detect_script(unit.text).script for unit in units]),
    ):
        sizes = {name: names.count(name) for name in set(names)}
        assert {name: g["units"] for name, g in measured[by].items()} == {
            name: size for name, size in sizes.items() if size >= 30
        }
        for name, group in measured[by].items():
            at = [i for i, other in enumerate(names) if other == name]
            labelled = [i for i in at if found[i]]
            precision = np.mean([bool(true[i]) for i in labelled])
            recall = np.mean([bool(found[i]) for i in at if true[i]])
            assert group["any_label"] == {
                "precision": pytest.approx(precision, abs=5.1e-5),
                "recall": pytest.approx(recall, abs=5.1e-5),
            }
    assert len(measured["by_script"]) >= 2


def test_each_preference_has_its_scores(measured: dict[str, Any], held_out: HeldOut) -> None:
    truth = [unit.letters for unit in held_out.data.units]
    assert list(measured["preferences"]) == ["balanced", "precision", "recall"]
    for row, decided in zip(measured["preferences"].values(), held_out.decisions, strict=True):
        given = letters(codes_of(OUTPUTS, decided))
        hits = sum(len(t & g) for t, g in zip(truth, given, strict=True))
        found, there = sum(map(len, given)), sum(map(len, truth))
        macro = np.mean([counted(truth, given, letter)[2] for letter in BOOK.letters])
        assert row == pytest.approx(
            {
                "micro_precision": hits / found,
                "micro_recall": hits / there,
                "micro_f1": 2 * hits / (found + there),
                "macro_f1": macro,
            },
            abs=5.1e-5,
        )
    assert measured["preferences"]["balanced"]["micro_f1"] == measured["letters"]["micro"]["f1"]
    assert len({row["micro_recall"] for row in measured["preferences"].values()}) == 3


def test_evidence_has_the_shares_of_tags_that_fell(measured: dict[str, Any]) -> None:
    assert measured["evidence"] == {"tags": 300, "deleted": 0.8333, "random": 0.1333}


def test_baselines_are_compared_on_the_same_units(
    measured: dict[str, Any],
    held_out: HeldOut,
    sets: tuple[list[frozenset[str]], list[frozenset[str]]],
) -> None:
    truth, ours = ([codes | BOOK.letters_of(codes) for codes in side] for side in sets)
    dictionary = KeywordDictionary(BOOK)
    words = [dictionary.letters(unit.text) | dictionary.measures(unit.text) for unit in held_out.data.units]
    table = compared(BOOK, held_out, {"words": words, "ourselves": ours, "the truth": truth})
    assert json.loads(json.dumps(table, allow_nan=False)) == table

    assert table["words"]["letters"] == measured["dictionary"]
    for level, labels in (("letters", BOOK.letters), ("measures", [m.code for m in BOOK.measures])):
        mine, theirs = (
            np.mean([counted(truth, given, label)[2] for label in labels]) for given in (ours, words)
        )
        row = table["words"]["difference"][level]
        assert row["macro_f1"] == pytest.approx(mine - theirs, abs=5.1e-5)
        assert 0 < row["interval"][0] < row["macro_f1"] < row["interval"][1]
        if level == "measures":
            assert table["words"]["measures_macro_f1"] == pytest.approx(theirs, abs=5.1e-5)
        # Paired: against itself there is nothing to be unsure of, in any draw.
        assert table["ourselves"]["difference"][level] == {"macro_f1": 0, "interval": [0, 0]}
        assert table["the truth"]["difference"][level]["interval"][1] < 0


def test_what_cannot_be_computed_is_null(held_out: HeldOut) -> None:
    nothing = np.zeros_like(held_out.decisions)
    everyone = np.ones(len(held_out.decided), dtype=bool)
    measured = figures(
        BOOK,
        HeldOut(held_out.data, held_out.predictions, nothing, everyone, held_out.confidence, Faithfulness()),
    )
    assert measured["none_truly_none"] is None
    assert measured["letters"]["D"]["precision"] is None
    assert measured["letters"]["D"]["recall"] == 0
    assert measured["stance"]["found"] == 0
    assert measured["preferences"]["recall"]["micro_precision"] is None
    assert measured["evidence"] == {"tags": 0, "deleted": None, "random": None}
    json.dumps(measured, allow_nan=False)


def test_a_letter_that_never_occurs_has_no_figure(held_out: HeldOut) -> None:
    slow = np.array(["M" in unit.letters for unit in held_out.data.units])
    decisions = held_out.decisions[:, ~slow].copy()
    decisions[:, :, [at for at, code in enumerate(BOOK.codes) if code[0] == "M"]] = False
    likely = Predictions(OUTPUTS, held_out.predictions.letters[~slow], held_out.predictions.shares[~slow])
    rest = HeldOut(
        held_out.data.take(~slow),
        likely,
        decisions,
        held_out.abstained[~slow],
        held_out.confidence[~slow],
        held_out.faithfulness,
    )
    measured = figures(BOOK, rest)
    assert measured["letters"]["M"]["f1"] is None
    assert measured["intervals"]["M"] == [None, None]
    json.dumps(measured, allow_nan=False)
