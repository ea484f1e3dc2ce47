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
from wuxing_nlp.model.faithfulness import Faithfulness
from wuxing_nlp.model.outputs import codes_of
from wuxing_nlp.model.preference import Preference
from wuxing_nlp.model.train import HeldOut
from wuxing_nlp.text.script import detect_script

Sets = Sequence[frozenset[str]]
_COVERAGES = (1.0, 0.9, 0.8, 0.7, 0.5)
_FEWEST_UNITS = 30
_RECALL = 0.75


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
            name: [rounded(interval.low), rounded(interval.high)]
            for name, interval in (
                *intervals.labels.items(),
                ("micro", intervals.micro),
                ("macro", intervals.macro),
            )
        },
        "dictionary": _table(score_labels(truth, guessed, codebook.letters)),
        "codes": _table(score_labels(true_codes, given_codes, codebook.codes)),
        "measures_macro_f1": _macro_f1(true_codes, given_codes, measures),
        "stance": {"found": stances.found, "right": rounded(stances.share)},
        "calibration_error": _calibration_errors(codebook, held_out),
        "abstained": rounded(float(held_out.abstained.mean())),
        "none_truly_none": _truly_none(truth, given, held_out.abstained),
        "coverage": [
            {"coverage": rounded(point.coverage), "micro_f1": rounded(point.micro_f1)}
            for point in risk_coverage(
                truth, given, held_out.confidence, codebook.letters, coverages=_COVERAGES
            )
        ],
        "by_kind": _groups(codebook, [unit.kind for unit in units], truth, given),
        "by_script": _groups(codebook, [detect_script(unit.text).script for unit in units], truth, given),
        "by_sample": _groups(codebook, [unit.sample for unit in units], truth, given),
        "any_label_random": _any_label_random(held_out),
        "preferences": _preferences(codebook, held_out, truth),
        "evidence": _evidence(held_out.faithfulness),
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
            "measures_macro_f1": rounded(score_labels(truth, given, levels["measures"]).macro.f1),
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
    return {"macro_f1": rounded(macro.point), "interval": [rounded(macro.low), rounded(macro.high)]}


def rounded(value: float) -> float | None:
    """A figure as it is written: four places, null for nan."""
    return None if np.isnan(value) else round(float(value), 4)


def _macro_f1(truth: Sets, given: Sets, labels: Sequence[str]) -> float | None:
    """Macro-F1, where there are labels: not every codebook has measures."""
    return rounded(score_labels(truth, given, labels).macro.f1) if labels else None


def _row(scores: Scores) -> dict[str, Any]:
    return {
        "units": scores.support,
        "precision": rounded(scores.precision),
        "recall": rounded(scores.recall),
        "f1": rounded(scores.f1),
    }


def _table(table: ScoreTable) -> dict[str, Any]:
    rows = {label: _row(scores) for label, scores in table.labels.items()}
    return rows | {"micro": _row(table.micro), "macro": {"f1": rounded(table.macro.f1)}}


def _calibration_errors(codebook: Codebook, held_out: HeldOut) -> dict[str, float | None]:
    likely, truth = held_out.predictions.letters, held_out.data.truth
    return {
        letter: rounded(expected_calibration_error(likely[:, at], truth[:, at]))
        for at, letter in enumerate(codebook.letters)
    }


def _truly_none(truth: Sets, given: Sets, abstained: NDArray[np.bool_]) -> float | None:
    """Share of the units said to be ``none`` that truly carry no letter."""
    kept = [not t for t, g, doubtful in zip(truth, given, abstained, strict=True) if not g and not doubtful]
    return rounded(float(np.mean(kept))) if kept else None


def _preferences(codebook: Codebook, held_out: HeldOut, truth: Sets) -> dict[str, Any]:
    """The letters' scores under each preference."""
    table: dict[str, Any] = {}
    for preference, decided in zip(Preference, held_out.decisions, strict=True):
        codes = codes_of(held_out.predictions.outputs, decided)
        given = [codebook.letters_of(unit) for unit in codes]
        scores = score_labels(truth, given, codebook.letters)
        table[preference.value] = {
            "micro_precision": rounded(scores.micro.precision),
            "micro_recall": rounded(scores.micro.recall),
            "micro_f1": rounded(scores.micro.f1),
            "macro_f1": rounded(scores.macro.f1),
        }
    return table


def _evidence(tested: Faithfulness) -> dict[str, Any]:
    """The shares of tags that fell: their evidence deleted, random spans deleted."""

    def share(fell: int) -> float | None:
        return rounded(fell / tested.tags) if tested.tags else None

    return {
        "tags": tested.tags,
        "deleted": share(tested.fell_evidence),
        "random": share(tested.fell_random),
    }


def _any_label_random(held_out: HeldOut) -> dict[str, float | None]:
    """Precision of "carries any label" on units drawn at random, where the units with the likeliest
    label are kept down to a recall of three quarters."""
    drawn = np.array([unit.sample == "random" for unit in held_out.data.units], dtype=bool)
    likely = held_out.predictions.letters.max(axis=1)[drawn]
    truly = held_out.data.truth[drawn].any(axis=1)
    if not truly.any():
        return {"recall": None, "precision": None}
    cut = np.quantile(likely[truly], 1 - _RECALL, method="lower")
    kept = likely >= cut
    return {"recall": rounded(kept[truly].mean()), "precision": rounded(truly[kept].mean())}


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
        "micro_f1": rounded(scores.micro.f1),
        "macro_f1": rounded(scores.macro.f1),
        "any_label": {"precision": rounded(any_label.precision), "recall": rounded(any_label.recall)},
    }
