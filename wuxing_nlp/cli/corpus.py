"""``wuxing corpus …``: rebuild, check, count and exchange the coded units."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wuxing_nlp.cli import terminal
from wuxing_nlp.cli.exchange import export_command, import_command
from wuxing_nlp.cli.options import CodebookOption
from wuxing_nlp.cli.validating import validated
from wuxing_nlp.coding import (
    Corpus,
    CorpusStatistics,
    FetchReport,
    LocalFolder,
    PublicRepositories,
    default_root,
    fetch,
    read_units,
    statistics,
    write_jsonl,
)

corpus_app = typer.Typer(help="Rebuild, check, count and exchange the coded units.", no_args_is_help=True)
corpus_app.command("export")(export_command)
corpus_app.command("import")(import_command)

_MOST_SHOWN = 10
PathsArgument = Annotated[
    list[Path] | None, typer.Argument(help="Files or folders of coded units; else the corpus.")
]
RootOption = Annotated[Path | None, typer.Option("--corpus", help="The corpus folder of a checkout.")]


@corpus_app.command("fetch")
def fetch_command(
    source: Annotated[
        Path | None,
        typer.Option("--from", help="A local folder that holds units.jsonl, instead of the public sources."),
    ] = None,
    cache: Annotated[
        Path | None, typer.Option(help="Where downloads are kept; else the user's cache folder.")
    ] = None,
    corpus: RootOption = None,
) -> None:
    """Rebuild the text of the real units, every SHA-1 verified."""
    home = Corpus(corpus or default_root())
    origin = LocalFolder(source) if source else PublicRepositories(cache=cache)
    shown = terminal.console(error=True)
    with shown.status("fetching") as status:
        report = fetch(
            [*home.labels(), *home.selected()],
            origin,
            on_progress=lambda done, total, name: status.update(f"{done}/{total} {name}"),
        )
    # Finding nothing (offline, say) must not wipe what was fetched before.
    if report.units:
        write_jsonl(report.units, home.real_path)
    _print_report(report, home.real_path)
    if report.missing:
        raise typer.Exit(1)


def _print_report(report: FetchReport, path: Path) -> None:
    missing = sum(map(len, report.missing.values()))
    where = f"written to {path}" if report.units else "nothing written"
    typer.echo(f"{len(report.units)} units found and verified, {missing} missing; {where}")
    for name in list(report.missing)[:_MOST_SHOWN]:
        typer.echo(
            f"wuxing: {len(report.missing[name])} units missing from {name}: {report.reasons[name]}", err=True
        )
    if len(report.missing) > _MOST_SHOWN:
        typer.echo(f"wuxing: and from {len(report.missing) - _MOST_SHOWN} more files", err=True)


@corpus_app.command()
def validate(
    paths: PathsArgument = None,
    corpus: RootOption = None,
    codebook: CodebookOption = None,
) -> None:
    """Check coded units, or coders' tables: every problem with file and line."""
    checked = paths or [(corpus or default_root()) / "authored"]
    found = [validated(path, codebook) for path in checked]
    for line in (line for one in found for line in (*(f"warning: {it}" for it in one.warnings), *one.errors)):
        terminal.tell(line)
    if any(one.errors for one in found):
        raise typer.Exit(1)
    typer.echo(f"{sum(one.units for one in found)} units, no problem")


@corpus_app.command()
def stats(
    paths: PathsArgument = None,
    corpus: RootOption = None,
) -> None:
    """Count units by code, letter, kind and script."""
    checked = paths or [(corpus or default_root()) / "authored"]
    counted = statistics(unit for path in checked for unit in read_units(path))
    _print_statistics(counted)


def _print_statistics(counted: CorpusStatistics) -> None:
    shown = terminal.console()
    shown.print(
        f"{counted.units} units of {counted.documents} documents, {counted.without_code} without a code, "
        f"{counted.mean_length:.1f} characters a unit"
    )
    for name, table in (
        ("letter", counted.by_letter),
        ("code", counted.by_code),
        ("kind", counted.by_kind),
        ("script", counted.by_script),
    ):
        shown.print(terminal.grid((name, "units"), ((key, str(n)) for key, n in table.items())))
        shown.print()
