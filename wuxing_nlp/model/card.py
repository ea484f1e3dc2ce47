"""The model card: what a model is, how it was coded and measured, and where not to trust it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from importlib.resources import files
from string import Template
from typing import Any

from wuxing_nlp.codebook import Codebook
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
            _summary(measured),
            "### Codes\n",
            _code_table(measured, codebook),
            "### By kind of document, script and sample\n",
            _group_table(measured),
            "### Risk and coverage\n",
            _table(
                ("share of units kept, surest first", "micro-F1 on them"),
                ((f"{p['coverage']:.2f}", _f(p["micro_f1"])) for p in measured["coverage"]),
            ),
        ]
    )


def _f(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


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


def _summary(measured: Mapping[str, Any]) -> str:
    stance = measured["stance"]
    return (
        f"The fifteen measures: macro-F1 {_f(measured['measures_macro_f1'])}. "
        f"The stance of {stance['found']:,} problems found was right in {_f(stance['right'])}. "
        f"The model abstained from {_f(measured['abstained'])} of the units; of those that it called free of "
        "labels, "
        f"{_f(measured['none_truly_none'])} were.\n"
    )
