"""The model card: what a model is, how it was coded and measured, and where not to trust it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from importlib.resources import files
from string import Template
from typing import Any

from wuxing_nlp.codebook import Codebook
from wuxing_nlp.evaluation.tables import markdown
from wuxing_nlp.model.baselines import FASTTEXT
from wuxing_nlp.model.bundle import Model
from wuxing_nlp.version import __version__


def with_facts(model: Model, scores: Mapping[str, Any] | None) -> Model:
    """The model under its name and version, with its scores where they were measured."""
    named = {"name": "wuxing-default", "version": __version__, **model.facts}
    return replace(model, facts=named | ({"scores": dict(scores)} if scores else {}))


def text(facts: Mapping[str, Any], codebook: Codebook) -> str:
    """The card in Markdown: the prose of ``card.md`` with this model's facts in it."""
    prose = Template((files(__package__) / "card.md").read_text(encoding="utf-8"))
    measured = scores(facts["scores"], codebook) if "scores" in facts else "Not measured yet.\n"
    numbers = {key: f"{value:,}" for key, value in facts["training"].items()}
    return prose.substitute(
        name=facts["name"],
        version=facts["version"],
        codebook=codebook.version,
        scores=measured,
        **numbers,
        **facts["recipe"],
    )


def scores(measured: Mapping[str, Any], codebook: Codebook) -> str:
    """The figures of :func:`wuxing_nlp.model.figures.figures` as Markdown tables."""
    return "\n".join(
        [
            f"{measured['units']:,} units of {measured['documents']:,} documents.\n",
            _letter_table(measured, codebook),
            _summary(measured, codebook),
            *_where("any_label_random", measured, _any_label),
            *_where("evidence", measured, _evidence),
            *_where("baselines", measured, lambda others: _baselines(measured, others, codebook)),
            *_where("levers", measured, _levers),
            "### Codes\n",
            _code_table(measured, codebook),
            "### By kind of document, script and sample\n",
            _group_table(measured),
            *_where("preferences", measured, _preferences),
            "### Risk and coverage\n",
            _table(
                ("share of units kept, surest first", "micro-F1 on them"),
                ((f"{p['coverage']:.2f}", _f(p["micro_f1"])) for p in measured["coverage"]),
            ),
        ]
    )


def _where(key: str, measured: Mapping[str, Any], write: Callable[[Any], list[str]]) -> list[str]:
    """What is written of a figure, where it was measured: older models and shorter evaluations lack some."""
    return write(measured[key]) if key in measured else []


def _f(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return markdown([header, *rows])


def _letter_table(measured: Mapping[str, Any], codebook: Codebook) -> str:
    header = (
        "letter",
        "units",
        "precision",
        "recall",
        "F1",
        "95 % interval",
        "dictionary F1",
        "calibration error",
    )
    rows = []
    for label in (*codebook.letters, "micro", "macro"):
        row = measured["letters"][label]
        low, high = measured["intervals"][label]
        named = f"{label} {codebook.name(label)}" if label in codebook.letters else label
        figures = (
            str(row.get("units", "")),
            *(_f(row[k]) if k in row else "" for k in ("precision", "recall", "f1")),
        )
        error = measured["calibration_error"].get(label)
        known = (
            _f(low) if low is None else f"{low:.3f}–{high:.3f}",
            _f(measured["dictionary"][label]["f1"]),
            "" if error is None else _f(error),
        )
        rows.append((named, *figures, *known))
    return _table(header, rows)


def _code_table(measured: Mapping[str, Any], codebook: Codebook) -> str:
    rows = []
    for code in codebook.codes:
        row = measured["codes"][code]
        rows.append(
            (
                f"{code} {codebook.name(code)}",
                str(row["units"]),
                *(_f(row[k]) for k in ("precision", "recall", "f1")),
            )
        )
    return _table(("code", "units", "precision", "recall", "F1"), rows)


def _group_table(measured: Mapping[str, Any]) -> str:
    header = ("group", "units", "micro-F1", "macro-F1", "any label: precision", "recall")
    rows = [
        (
            name,
            str(g["units"]),
            _f(g["micro_f1"]),
            _f(g["macro_f1"]),
            *(_f(g["any_label"][k]) for k in ("precision", "recall")),
        )
        for by in ("by_kind", "by_script", "by_sample")
        for name, g in measured[by].items()
    ]
    return _table(header, rows)


def _preferences(found: Mapping[str, Any]) -> list[str]:
    """A section where each preference was measured; models of 0.1.0 have only one."""
    keys = ("micro_precision", "micro_recall", "micro_f1", "macro_f1")
    rows = ((name, *(_f(row[key]) for key in keys)) for name, row in found.items())
    header = ("prefer", "micro-precision", "micro-recall", "micro-F1", "macro-F1")
    return ["### By preference\n", _table(header, rows)]


_OURS = "this model"
_COMPARISON = (
    "All were measured on the same units and folds. They learn from the measured units of "
    "the other folds alone, and give a label from the score that had the best F1 on documents held out by an "
    "inner split, as this model does; the keyword dictionary learns nothing. Differences are this model's "
    "macro-F1 minus the other's, with their 95 % intervals (paired bootstrap by document).\n"
)


def _baselines(measured: Mapping[str, Any], others: Mapping[str, Any], codebook: Codebook) -> list[str]:
    """A section where other models were measured too (``wuxing evaluate --baselines``)."""
    missing = [] if FASTTEXT in others else [f"{FASTTEXT} was not installed, and not measured.\n"]
    return [
        "### Beside the models that a researcher would build first\n",
        _COMPARISON,
        *missing,
        _difference_table(measured, others),
        _f1_table({_OURS: measured, **others}, codebook),
    ]


def _difference_table(measured: Mapping[str, Any], others: Mapping[str, Any]) -> str:
    header = ("model", "macro-F1, ten letters", "difference", "macro-F1, fifteen measures", "difference")
    ours = (_f(measured["letters"]["macro"]["f1"]), "", _f(measured["measures_macro_f1"]), "")
    rows = (
        (
            name,
            _f(other["letters"]["macro"]["f1"]),
            _difference(other["difference"]["letters"]),
            _f(other["measures_macro_f1"]),
            _difference(other["difference"]["measures"]),
        )
        for name, other in others.items()
    )
    return _table(header, [(_OURS, *ours), *rows])


def _difference(row: Mapping[str, Any]) -> str:
    low, high = row["interval"]
    if row["macro_f1"] is None or low is None:
        return _f(None)
    return f"{row['macro_f1']:+.3f} ({low:+.3f} to {high:+.3f})"


def _f1_table(models: Mapping[str, Any], codebook: Codebook) -> str:
    """F1 of every letter, one row a model."""
    rows = (
        (name, *(_f(model["letters"][letter]["f1"]) for letter in codebook.letters))
        for name, model in models.items()
    )
    return _table(("F1", *codebook.letters), rows)


_LEVERS = (
    "Measured on the same units and folds with plain machines: one a letter, without codes and calibration, "
    "and each fold cut at the margin that was best in the others; hence to be compared only with each other. "
    "One thing is left out at a time, and the vocabulary stays as it is. Differences are those to the whole "
    "recipe.\n"
)
_CURVE = (
    "What more coded text buys: the measured documents that teach were thinned by lot, all else was kept.\n"
)


def _levers(found: Mapping[str, Any]) -> list[str]:
    """A section where levers were measured (``wuxing evaluate --levers``)."""
    whole = found["whole"]
    ablated = (
        (
            f"without {name}",
            *_f1_pair(row),
            *(_gain(row[key], whole[key]) for key in ("macro_f1", "micro_f1")),
        )
        for name, row in found["without"].items()
    )
    curve = ((f"{row['units']:,}", *_f1_pair(row)) for row in found["learning_curve"])
    return [
        "### What each lever is worth\n",
        _LEVERS,
        _table(
            ("recipe", "macro-F1", "micro-F1", "difference, macro", "difference, micro"),
            [("whole", *_f1_pair(whole), "", ""), *ablated],
        ),
        _CURVE,
        _table(("measured units that teach (mean of the folds)", "macro-F1", "micro-F1"), curve),
    ]


def _f1_pair(row: Mapping[str, Any]) -> tuple[str, str]:
    return _f(row["macro_f1"]), _f(row["micro_f1"])


def _gain(value: float | None, whole: float | None) -> str:
    return _f(None) if value is None or whole is None else f"{value - whole:+.3f}"


_SHIPPED_MEASURES = 15


def _summary(measured: Mapping[str, Any], codebook: Codebook) -> str:
    stance = measured["stance"]
    number = {_SHIPPED_MEASURES: "fifteen"}.get(len(codebook.measures), str(len(codebook.measures)))
    measures = f"The {number} measures: macro-F1 {_f(measured['measures_macro_f1'])}. "
    stances = f"The stance of {stance['found']:,} problems found was right in {_f(stance['right'])}. "
    return (
        f"{measures if codebook.measures else ''}{stances if codebook.problems else ''}"
        f"The model abstained from {_f(measured['abstained'])} of the units; of those that it called free of "
        "labels, "
        f"{_f(measured['none_truly_none'])} were.\n"
    )


def _any_label(found: Mapping[str, Any]) -> list[str]:
    """A line on "carries any label", where it was measured: models of 0.1.0 have none, and corpora
    without units drawn at random."""
    if found["precision"] is None:
        return []
    return [
        f"On units drawn at random, “carries any label” has a precision of {_f(found['precision'])} at a "
        f"recall of {_f(found['recall'])}, where the units with the likeliest label are kept.\n"
    ]


def _evidence(tested: Mapping[str, Any]) -> list[str]:
    """A line where evidence was put to the deletion test; models of 0.1.0 have none."""
    return [
        f"Evidence: of {tested['tags']:,} letter tags drawn by lot, {_f(tested['deleted'])} fell when their "
        f"evidence was deleted, {_f(tested['random'])} when random spans of the same lengths were.\n"
    ]
