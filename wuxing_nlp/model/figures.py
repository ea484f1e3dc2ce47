"""The figures of a model card: computed from held-out answers, as plain JSON values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wuxing_nlp.codebook import Codebook
from wuxing_nlp.evaluation.bootstrap import IntervalTable, bootstrap_difference, bootstrap_f1
from wuxing_nlp.evaluation.calibration import expected_calibration_error, risk_coverage
from wuxing_nlp.evaluation.dictionary import KeywordDictionary
from wuxing_nlp.evaluation.scores import Scores, ScoreTable, score_labels, score_stances
from wuxing_nlp.model.outputs import codes_of
from wuxing_nlp.model.preference import Preference
from wuxing_nlp.model.train import HeldOut
from wuxing_nlp.text.script import detect_script

Sets = Sequence[frozenset[str]]
_COVERAGES = (1.0, 0.9, 0.8, 0.7, 0.5)
_FEWEST_UNITS = 30


def figures(codebook: Codebook, held_out: HeldOut) -> dict[str, Any]:
    """All figures of held-out answers beside the keyword dictionary's, rounded to four places.

    Intervals are 95 %, resampled by document. Groups (kind, script, sample) with fewer than thirty
    units are left out.
    """
    units = held_out.data.units
    true_codes = [codebook.base(unit.codes) for unit in units]
    given_codes = codes_of(held_out.predictions.outputs, held_out.decided)
    truth = [codebook.letters_of(codes) for codes in true_codes]
    given = [codebook.letters_of(codes) for codes in given_codes]
    dictionary = KeywordDictionary(codebook)
    guessed = [dictionary.letters(unit.text) for unit in units]
    stances = score_stances(true_codes, given_codes)
    measures = [measure.code for measure in codebook.measures]
    documents = [unit.document for unit in units]
    intervals = bootstrap_f1(truth, given, documents, codebook.letters)
    return {
        "units": len(units),
        "documents": len(set(documents)),
        "letters": _table(score_labels(truth, given, codebook.letters)),
        "intervals": {
            name: [_round(interval.low), _round(interval.high)]
            for name, interval in (
                *intervals.labels.items(),
                ("micro", intervals.micro),
                ("macro", intervals.macro),
            )
        },
        "dictionary": _table(score_labels(truth, guessed, codebook.letters)),
        "codes": _table(score_labels(true_codes, given_codes, codebook.codes)),
        "measures_macro_f1": _round(score_labels(true_codes, given_codes, measures).macro.f1),
        "stance": {"found": stances.found, "right": _round(stances.share)},
        "calibration_error": _calibration_errors(codebook, held_out),
        "abstained": _round(float(held_out.abstained.mean())),
        "none_truly_none": _truly_none(truth, given, held_out.abstained),
        "coverage": [
            {"coverage": _round(point.coverage), "micro_f1": _round(point.micro_f1)}
            for point in risk_coverage(
                truth, given, held_out.confidence, codebook.letters, coverages=_COVERAGES
            )
        ],
        "by_kind": _groups(codebook, [unit.kind for unit in units], truth, given),
        "by_script": _groups(codebook, [detect_script(unit.text).script for unit in units], truth, given),
        "by_sample": _groups(codebook, [unit.sample for unit in units], truth, given),
        "preferences": _preferences(codebook, held_out, truth),
    }


def compared(codebook: Codebook, held_out: HeldOut, baselines: Mapping[str, Sets]) -> dict[str, Any]:
    """The figures of baselines on the units of held-out answers, by name.

    ``difference`` is our macro-F1 minus theirs over letters and over measures (above 0: ours is
    better), with a 95 % interval of a paired bootstrap by document.

    Args:
        codebook: whose letters and measures are compared.
        held_out: our answers.
        baselines: letters and measures given to each unit, see
            :func:`wuxing_nlp.model.baselines.baseline_labels`.
    """
    units = held_out.data.units
    truth = _with_letters(codebook, [codebook.base(unit.codes) for unit in units])
    ours = _with_letters(codebook, codes_of(held_out.predictions.outputs, held_out.decided))
    documents = [unit.document for unit in units]
    levels = {"letters": codebook.letters, "measures": [measure.code for measure in codebook.measures]}
    return {
        name: {
            "letters": _table(score_labels(truth, given, codebook.letters)),
            "measures_macro_f1": _round(score_labels(truth, given, levels["measures"]).macro.f1),
            "difference": {
                level: _difference(bootstrap_difference(truth, ours, given, documents, labels))
                for level, labels in levels.items()
            },
        }
        for name, given in baselines.items()
    }


def _with_letters(codebook: Codebook, codes: Sets) -> Sets:
    return [unit | codebook.letters_of(unit) for unit in codes]


def _difference(table: IntervalTable) -> dict[str, Any]:
    macro = table.macro
    return {"macro_f1": _round(macro.point), "interval": [_round(macro.low), _round(macro.high)]}


def _round(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 4)


def _row(scores: Scores) -> dict[str, Any]:
    return {
        "units": scores.support,
        "precision": _round(scores.precision),
        "recall": _round(scores.recall),
        "f1": _round(scores.f1),
    }


def _table(table: ScoreTable) -> dict[str, Any]:
    rows = {label: _row(scores) for label, scores in table.labels.items()}
    return rows | {"micro": _row(table.micro), "macro": {"f1": _round(table.macro.f1)}}


def _calibration_errors(codebook: Codebook, held_out: HeldOut) -> dict[str, float | None]:
    likely, truth = held_out.predictions.letters, held_out.data.truth
    return {
        letter: _round(expected_calibration_error(likely[:, at], truth[:, at]))
        for at, letter in enumerate(codebook.letters)
    }


def _truly_none(truth: Sets, given: Sets, abstained: NDArray[np.bool_]) -> float | None:
    """Share of the units said to be ``none`` that truly carry no letter."""
    kept = [not t for t, g, doubtful in zip(truth, given, abstained, strict=True) if not g and not doubtful]
    return _round(float(np.mean(kept))) if kept else None


def _preferences(codebook: Codebook, held_out: HeldOut, truth: Sets) -> dict[str, Any]:
    """The letters' scores under each preference."""
    table: dict[str, Any] = {}
    for preference, decided in zip(Preference, held_out.decisions, strict=True):
        codes = codes_of(held_out.predictions.outputs, decided)
        given = [codebook.letters_of(unit) for unit in codes]
        scores = score_labels(truth, given, codebook.letters)
        table[preference.value] = {
            "micro_precision": _round(scores.micro.precision),
            "micro_recall": _round(scores.micro.recall),
            "micro_f1": _round(scores.micro.f1),
            "macro_f1": _round(scores.macro.f1),
        }
    return table


def _groups(codebook: Codebook, names: Sequence[str], truth: Sets, given: Sets) -> dict[str, Any]:
    table: dict[str, Any] = {}
    for name in sorted(set(names)):
        at = [i for i, other in enumerate(names) if other == name]
        if len(at) >= _FEWEST_UNITS:
            table[name] = _group(codebook, [truth[i] for i in at], [given[i] for i in at])
    return table


def _group(codebook: Codebook, truth: Sets, given: Sets) -> dict[str, Any]:
    scores = score_labels(truth, given, codebook.letters)
    any_label = Scores(
        sum(bool(t) and bool(g) for t, g in zip(truth, given, strict=True)),
        sum(not t and bool(g) for t, g in zip(truth, given, strict=True)),
        sum(bool(t) and not g for t, g in zip(truth, given, strict=True)),
    )
    return {
        "units": len(truth),
        "micro_f1": _round(scores.micro.f1),
        "macro_f1": _round(scores.macro.f1),
        "any_label": {"precision": _round(any_label.precision), "recall": _round(any_label.recall)},
    }
