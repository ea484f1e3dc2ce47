"""The card of a model that learnt from a researcher's own codings: how it was made, what there was before,
whether more coding pays, and its scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files
from string import Template
from typing import Any

from wuxing_nlp.codebook import Codebook
from wuxing_nlp.evaluation.bootstrap import Interval
from wuxing_nlp.evaluation.comparing import Comparison
from wuxing_nlp.evaluation.learning import WORTH, Outlook
from wuxing_nlp.evaluation.tables import markdown
from wuxing_nlp.model.card import scores
from wuxing_nlp.model.figures import rounded

_HOW_EN = {
    "added": "Adapted from $base: its machines were moved as little as the codings allow (adaptive support "
    "vector machines), over its own vocabulary, while units of the shipped corpus held them. One unit of "
    "the codings weighs as much as $own_weight of the corpus. Labels with fewer than ten units in the "
    "codings are those of the model before, thresholds included.",
    "alone": "Trained on the codings alone, by the recipe of the shipped model.",
}
_HOW_ZH = {
    "added": "由 $base 调整而成：在原有词表上按您的编码微调，随附语料的单位起牵制作用；"
    "编码中不足十个单位的标签沿用原模型。得分为在您的编码上按文档分折交叉验证所得。",
    "alone": "只用您的编码、按随附模型的方法训练。得分为在您的编码上按文档分折交叉验证所得。",
}
_SEEN = {
    "added": "old was trained on these units, new comes from old and was held where it is by other documents",
    "alone": "old was trained on these units, new never saw them",
}
_NOTHING_BEFORE = "There was no model of this codebook to compare with.\n"
_ADVICE = {
    "code more": "**Yes, more coding pays**: as many units again are expected to add {expected:.3f}.",
    "enough": f"**No**: even the upper end of what the second half added lies below {WORTH}. Code for "
    "another purpose, or rare labels only.",
    "unclear": "**It is not clear**: what the second half added cannot be told from luck, or is small. As "
    "it stands, as many units again are expected to add {expected:.3f}; code them from documents drawn by "
    "lot, and look once more.",
}


def comparison_facts(found: Comparison) -> dict[str, Any]:
    """A comparison as plain values, rounded to four places: F1 of both models and their difference, by
    ``micro``, ``macro`` and letter."""
    old, new, difference = found.old, found.new, found.difference
    rows = {
        "micro": (old.micro.f1, new.micro.f1, difference.micro),
        "macro": (old.macro.f1, new.macro.f1, difference.macro),
        **{
            label: (old.labels[label].f1, new.labels[label].f1, interval)
            for label, interval in difference.labels.items()
        },
    }
    f1 = {
        name: {"old": rounded(before), "new": rounded(after), "difference": _three(interval)}
        for name, (before, after, interval) in rows.items()
    }
    return {"units": found.units, "documents": found.documents, "f1": f1}


def outlook_facts(found: Outlook) -> dict[str, Any]:
    """An outlook as plain values."""
    return {
        "macro_f1": [rounded(value) for value in found.f1],
        "gained": _three(found.gained),
        "expected": rounded(found.expected),
        "advice": found.advice,
    }


def _three(interval: Interval) -> list[float | None]:
    return [rounded(interval.point), rounded(interval.low), rounded(interval.high)]


def text(facts: Mapping[str, Any], codebook: Codebook) -> str:
    """The card in Markdown: the prose of ``own_card.md`` with this model's facts in it."""
    own, recipe = facts["own"], facts["recipe"]
    said = {"base": own["base"], "own_weight": recipe.get("own_weight", "")}
    title = codebook.contents.title
    return Template((files(__package__) / "own_card.md").read_text(encoding="utf-8")).substitute(
        name=facts["name"],
        version=facts["version"],
        how_en=Template(_HOW_EN[own["way"]]).substitute(said),
        how_zh=Template(_HOW_ZH[own["way"]]).substitute(said),
        file=own["file"],
        sha256=own["sha256"],
        own_units=f"{facts['training']['own_units']:,}",
        own_documents=f"{facts['training']['own_documents']:,}",
        title=title.en or title.hans,
        codebook=codebook.version,
        seed=recipe["seed"],
        comparison=comparison_text(facts, codebook),
        outlook=outlook_text(facts["outlook"]),
        scores=scores(facts["scores"], codebook),
    )


def comparison_text(facts: Mapping[str, Any], codebook: Codebook) -> str:
    """Old and new on both sets as Markdown tables, with what must be known of them."""
    found = facts["comparisons"]
    if not found:
        return _NOTHING_BEFORE
    seen = _SEEN[facts["own"]["way"]]
    return "\n".join(
        [
            f"Old is {facts['own']['base']}. Differences are new minus old, with 95 % intervals (paired "
            "bootstrap by document).\n",
            f"Your codings ({_size(found['own'])}): {_saw(facts['own']['seen'])}, new is cross-validated.\n",
            _table(found["own"]["f1"], codebook),
            f"The shipped corpus ({_size(found['shipped'])}): {facts['known']}; {seen}.\n",
            _table(found["shipped"]["f1"], codebook),
        ]
    )


def _saw(units: int) -> str:
    return f"old was trained on {units:,} of them, which favours it" if units else "old never saw them"


def _size(found: Mapping[str, Any]) -> str:
    return f"{found['units']:,} units of {found['documents']:,} documents"


def _table(rows: Mapping[str, Any], codebook: Codebook) -> str:
    lines = [
        (
            f"{name} {codebook.name(name)}" if name in codebook.letters else name,
            _f(row["old"]),
            _f(row["new"]),
            _difference(row["difference"]),
        )
        for name, row in rows.items()
    ]
    return markdown([("F1", "old", "new", "difference"), *lines])


def _f(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _difference(row: Sequence[float | None]) -> str:
    point, low, high = row
    if point is None or low is None or high is None:
        return "–"
    return f"{point:+.3f} ({low:+.3f} to {high:+.3f})" if low or high else "none"


def outlook_text(found: Mapping[str, Any]) -> str:
    """What a learning curve says, in two sentences."""
    curve = ", ".join(_f(value) for value in found["macro_f1"])
    advice = _ADVICE[found["advice"]].format(expected=found["expected"] or 0.0)
    return (
        f"With a quarter, half and all of the documents that teach, the letters' macro-F1 is {curve} (plain "
        f"machines, without thresholds); the second half added {_difference(found['gained'])}. {advice}"
    )
