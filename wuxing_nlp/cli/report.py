"""``wuxing report``: a run's folder to a page that can be read, printed and sent."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wuxing_nlp.cli.options import GroupByOption, Language, LanguageOption, names_of
from wuxing_nlp.report import REPORT, write_report


def report(
    run_dir: Annotated[Path, typer.Argument(help="The folder that `wuxing classify --out` wrote.")],
    to: Annotated[
        Path | None, typer.Option(help=f"The file to write; without it {REPORT} in that folder.")
    ] = None,
    language: LanguageOption = Language.ZH,
    group_by: GroupByOption = "",
) -> None:
    """Write the report of a run: one HTML file that opens without a network."""
    written = write_report(run_dir, to, language=language.value, group_by=names_of(group_by))
    typer.echo(f"Report 报告: {written}")
