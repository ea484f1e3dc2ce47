"""``wuxing score``: hand codings to how good a model's codes are beside them."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from wuxing_nlp.cli.options import Language, ModelOption, PreferOption, TableLanguageOption, names_of
from wuxing_nlp.codebook.naming import Naming
from wuxing_nlp.evaluation.tables import Form
from wuxing_nlp.model.preference import Preference


class Level(StrEnum):
    """Labels that are shown together."""

    LETTERS = "letters"
    TYPES = "types"
    PROBLEMS = "problems"
    CODES = "codes"
    MEASURES = "measures"
    STANCES = "stances"


def score(
    codings: Annotated[
        Path,
        typer.Argument(
            help="Units that a person coded (.csv, .tsv, .jsonl, .xlsx, or a folder): text, codes (D2, P-; 0 "
            "for none) and, so that intervals hold, document. Each row is one unit."
        ),
    ],
    model: ModelOption = None,
    predicted: Annotated[
        Path | None,
        typer.Option(
            help="A table of another system's codes for these units (text or id, codes, perhaps p_… for "
            "every label, as in units.csv): it is scored in the place of a model, by the codebook of --model."
        ),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(help="What to compare with: a bundle folder, or a table as for --predicted."),
    ] = None,
    level: Annotated[Level, typer.Option(help="The labels to show; files have them all.")] = Level.LETTERS,
    by: Annotated[
        str,
        typer.Option(
            help="By each of these as well: kind, script, sample, source, with commas between them."
        ),
    ] = "",
    unseen: Annotated[
        bool,
        typer.Option(
            "--unseen", help="Leave out units that a model was trained on, so far as this can be told."
        ),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for the scores of all levels (scores.csv, .md, .tex), curves.csv (precision–recall, "
            "reliability, risk–coverage) and, with --against, comparison.csv, .md, .tex."
        ),
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="How to print it.")] = Form.TABLE,
    language: TableLanguageOption = Language.ZH,
    prefer: PreferOption = Preference.BALANCED,
    draws: Annotated[int, typer.Option(help="Draws of the bootstrap, and of the test.")] = 1000,
    seed: Annotated[int, typer.Option(help="Seed of the draws.")] = 0,
) -> None:
    """Score a model on units that a person coded, with 95 % intervals by document.

    用人工编码的单位检验模型：逐标签的精确率、召回率、F1 及其 95 % 区间、校准，并可与另一个模型比较。
    """
    from wuxing_nlp.cli import score_shown, scoring

    asked = scoring.Request(
        codings=codings,
        model=model,
        predicted=predicted,
        against=against,
        level=level.value,
        by=names_of(by),
        unseen=unseen,
        prefer=prefer,
        draws=draws,
        seed=seed,
    )
    found, book = scoring.measured(asked)
    naming = Naming(book, language)
    if out:
        score_shown.write(found, naming, out)
    score_shown.show(found, naming, level.value, form)
    if out:
        typer.echo(f"Written to 已写入: {out}", err=form is not Form.TABLE)
