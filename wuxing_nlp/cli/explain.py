"""``wuxing explain``: why one unit has its codes."""

from __future__ import annotations

import os
from typing import Annotated

import typer
from rich.text import Text

from wuxing_nlp.cli import terminal
from wuxing_nlp.cli.options import ModelOption, PreferOption
from wuxing_nlp.model.preference import Preference
from wuxing_nlp.model.results import TaggedUnit
from wuxing_nlp.model.tagger import LEAST_HAN, SHORTEST, Tagger, load

_NOT_JUDGED = {
    "too_short": f"not judged: fewer than {SHORTEST} Chinese characters",
    "not_chinese": f"not judged: less than {LEAST_HAN:.0%} of its letters are Chinese",
}


def explain(
    text: Annotated[str, typer.Argument(help="One coding unit: a sentence or list item.")],
    model: ModelOption = None,
    prefer: PreferOption = Preference.BALANCED,
) -> None:
    """Explain the codes of one unit: probabilities and evidence."""
    tagger = load(model, prefer=prefer)
    text = _as_typed(text)
    shown = terminal.console()
    unit = tagger.tag_units([text])[0]
    shown.print(f"status: {unit.status}   codes: {','.join(unit.codes) or '0'}")
    if reason := _NOT_JUDGED.get(unit.status):
        shown.print(reason)
        return
    for tag in unit.tags:
        stance = f" ({tag.stance})" if tag.stance else ""
        head = Text(f"{tag.code} {tag.name}{stance} {tag.probability:.2f}  ", style="bold")
        shown.print(Text.assemble(head, terminal.highlighted(unit.to_dict(), tag.to_dict()["evidence"])))
        for span in tag.evidence:
            shown.print(Text(f"    {span.weight:+.3f}  {text[span.start : span.end]}"))
    _print_likeliest(tagger, unit)


def _as_typed(text: str) -> str:
    """An argument as UTF-8: where the locale knows no Chinese, Python takes its bytes for something else."""
    try:
        return os.fsencode(text).decode()
    except UnicodeError:
        return text


def _print_likeliest(tagger: Tagger, unit: TaggedUnit) -> None:
    letters = tagger.letter_probabilities([unit.text])[0]
    thresholds = tagger.rule.letter_thresholds
    book = tagger.model.codebook
    rows = [
        (f"{letter} {book.name(letter)}", f"{p:.3f}", f"{limit:.3f}")
        for letter, p, limit in sorted(
            zip(tagger.letters, letters, thresholds, strict=True), key=lambda row: -row[1]
        )
    ]
    terminal.console().print(terminal.grid(("letter", "probability", "threshold"), rows))
