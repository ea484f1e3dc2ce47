"""``wuxing classify``: documents to codes, in the terminal or as a folder of tables."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from wuxing_nlp import batch
from wuxing_nlp.batch.tables import FORMATS
from wuxing_nlp.batch.workers import MANY_BYTES, cores
from wuxing_nlp.cli import terminal
from wuxing_nlp.cli.options import (
    GroupByOption,
    Language,
    LanguageOption,
    ModelOption,
    PreferOption,
    names_of,
)
from wuxing_nlp.cli.progress import Progress
from wuxing_nlp.cli.shown import Form, Shown
from wuxing_nlp.documents import MAX_BYTES, STREAM, Found, ReadOptions, Source, find_sources
from wuxing_nlp.model.preference import Preference
from wuxing_nlp.report import write_report


def classify(
    paths: Annotated[
        list[str],
        typer.Argument(help="Files, folders, archives, or - for standard input.", metavar="PATH"),
    ],
    form: Annotated[Form, typer.Option("--format", help="What to print.")] = Form.TABLE,
    out: Annotated[str | None, typer.Option(help="Folder to write all results to.")] = None,
    tables: Annotated[
        str,
        typer.Option(
            help=f"With --out: the formats of the tables, of {', '.join(FORMATS)}, with commas between them; "
            "csv without it."
        ),
    ] = "",
    include: Annotated[
        list[str] | None,
        typer.Option(
            help="Of folders and archives only files that fit this pattern, as '*.docx' or '2024/*'."
        ),
    ] = None,
    exclude: Annotated[list[str] | None, typer.Option(help="The same for files that are left out.")] = None,
    text_column: Annotated[
        str | None, typer.Option(help="The column of a table that holds the text; guessed without it.")
    ] = None,
    id_column: Annotated[
        str | None, typer.Option(help="The column of a table that names its rows; guessed without it.")
    ] = None,
    text: Annotated[
        bool, typer.Option("--text/--no-text", help="Whether outputs may quote the documents.")
    ] = True,
    evidence: Annotated[
        bool,
        typer.Option(
            "--evidence/--no-evidence",
            help="Whether to find the words behind each code; a third of the time.",
        ),
    ] = True,
    workers: Annotated[
        int, typer.Option(min=0, help="With --out: processes; 0 takes all cores where the input is large.")
    ] = 0,
    cluster: Annotated[
        str | None,
        typer.Option(
            help="With --out: the address of a Dask scheduler; the paths are then files of many documents "
            "(.parquet, .csv, .jsonl), also on object stores, and the tables are Parquet."
        ),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Stop at the first document that fails.")] = False,
    restart: Annotated[
        bool,
        typer.Option("--restart", help="With --out: discard what the folder holds of a run, and begin anew."),
    ] = False,
    report: Annotated[
        bool, typer.Option("--report/--no-report", help="With --out: whether to write report.html as well.")
    ] = True,
    language: LanguageOption = Language.ZH,
    group_by: GroupByOption = "",
    quiet: Annotated[
        bool, typer.Option("--quiet", help="No table, no progress; failures are still told.")
    ] = False,
    bundle: ModelOption = None,
    prefer: PreferOption = Preference.BALANCED,
) -> None:
    """Tag documents: a profile of each, or every unit with its codes."""
    options = ReadOptions(text_column=text_column, id_column=id_column)
    settings = batch.Settings(bundle, prefer, text, evidence, _formats(tables), options)
    shown = Shown(form, settings.codebook(), text=text, quiet=quiet)
    _check(
        out,
        cluster,
        of_files={"--include": include, "--exclude": exclude},
        of_runs={"--tables": tables, "--workers": workers, "--group-by": group_by},
        of_folders={"--restart": restart},
    )
    if cluster and out:
        failed = _on_cluster(cluster, paths, out, settings, shown, restart=restart, strict=strict)
    else:
        found = find_sources(
            _sources(paths),
            include=include or (),
            exclude=exclude or (),
            leave_out=Path(out) if out else None,
        )
        shown.skipped(found.skipped)
        if out is None:
            failed = _print(found, settings, shown, strict=strict)
        else:
            folder, plan = Path(out), batch.Plan(found, settings, settings.bundle())
            counts = _run(plan, folder, shown, workers=workers, restart=restart, strict=strict)
            shown.written(folder, counts)
            if report:
                write_report(folder, language=language.value, group_by=names_of(group_by))
            failed = counts.failures > 0
    if failed:
        raise typer.Exit(1)


def _formats(listed: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(names_of(listed))) or ("csv",)
    if unknown := [name for name in names if name not in FORMATS]:
        raise typer.BadParameter(
            f"there is no table format {unknown[0]!r}; there are {', '.join(FORMATS)}", param_hint="--tables"
        )
    return names


def _check(
    out: str | None,
    cluster: str | None,
    *,
    of_files: dict[str, object],
    of_runs: dict[str, object],
    of_folders: dict[str, object],
) -> None:
    """Refuse options that would do nothing. Raises BadParameter."""
    idle: dict[str, object] = {} if out else of_runs | of_folders | {"--cluster": cluster}
    if given := [name for name, value in idle.items() if value]:
        raise typer.BadParameter("it needs --out, the folder of the results", param_hint=given[0])
    idle = of_files | of_runs if cluster else {}
    if given := [name for name, value in idle.items() if value]:
        raise typer.BadParameter("it has no meaning with --cluster", param_hint=given[0])


def _sources(paths: Sequence[str]) -> list[str | Source]:
    """The paths; standard input is read here, once, however often it is named."""
    given = list(dict.fromkeys(paths))
    return [_standard_input() if path == STREAM else path for path in given]


def _standard_input() -> Source:
    # One byte more than is allowed: enough to be refused for its size.
    return Source(STREAM, data=sys.stdin.buffer.read(MAX_BYTES + 1))


def _print(found: Found, settings: batch.Settings, shown: Shown, *, strict: bool) -> bool:
    """Tag and print one document after the other; True where one failed."""
    options = replace(settings.options, notify=terminal.tell)
    items: list[batch.Item] = [*found.failures, *found.sources]
    watched = terminal.watched(items, quiet=shown.quiet)
    failed = False
    shown.begin()
    wanted = shown.wants_probabilities
    tagger = settings.tagger()
    for outcome in batch.tag_items(
        tagger, watched, options, evidence=settings.evidence, probabilities=wanted
    ):
        if not isinstance(outcome, batch.Failure):
            shown.add(outcome.to_dict(text=settings.text))
            continue
        failed = True
        terminal.tell(str(outcome))
        if strict:
            break
    shown.end()
    return failed


def _run(
    plan: batch.Plan, out: Path, shown: Shown, *, workers: int, restart: bool, strict: bool
) -> batch.Counts:
    if not restart and not shown.quiet and batch.finished(plan, out):
        terminal.tell(f"{out} holds this run already; nothing was tagged anew (--restart does it)")
    if not workers:
        workers = cores() if plan.size() > MANY_BYTES else 1
    with Progress(plan.weight(), quiet=shown.quiet) as progress:
        try:
            return batch.run(plan, out, workers=workers, restart=restart, strict=strict, watcher=progress)
        except KeyboardInterrupt:
            terminal.tell("stopped; repeat the command, and it goes on where it was")
            raise


def _on_cluster(
    address: str,
    paths: Sequence[str],
    out: str,
    settings: batch.Settings,
    shown: Shown,
    *,
    restart: bool,
    strict: bool,
) -> bool:
    """Tag on a cluster; True where a document failed."""
    partitions = batch.find_partitions(paths)
    with Progress(sum(item.size for item in partitions), quiet=shown.quiet) as progress:
        counts = batch.run_on_cluster(
            address, partitions, out, settings, restart=restart, strict=strict, watcher=progress
        )
    shown.summed_up(out, counts)
    return counts.failures > 0
