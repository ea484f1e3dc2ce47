"""The root of the command line: its help, its options, and how an error is said."""

from __future__ import annotations

import io
import sys
from typing import Annotated, NoReturn

import typer

from wuxing_nlp.cli.agree import agree
from wuxing_nlp.cli.classify import classify
from wuxing_nlp.cli.codebook import codebook
from wuxing_nlp.cli.corpus import corpus_app
from wuxing_nlp.cli.estimate import estimate
from wuxing_nlp.cli.explain import explain
from wuxing_nlp.cli.models import evaluate, model_app, train
from wuxing_nlp.cli.report import report
from wuxing_nlp.cli.sample import sample
from wuxing_nlp.cli.score import score
from wuxing_nlp.cli.serve import serve
from wuxing_nlp.errors import WuxingError
from wuxing_nlp.version import __version__

app = typer.Typer(
    help="Tag Chinese policy text with five types of government and five conduct problems.\n\n"
    "给中文政策文本逐句标注“五型政府”和“怕、慢、假、庸、散”五个突出问题。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (classify, report, estimate, sample, agree, score, explain, serve, train, evaluate, codebook):
    app.command()(command)
app.add_typer(corpus_app, name="corpus")
app.add_typer(model_app, name="model")


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"wuxing_nlp {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command line; an error of ours is one line on standard error and exit code 1, and so is
    what the system refuses (a full disk behind standard output, a path that is too long)."""
    _write_any_character()
    try:
        app()
    except WuxingError as error:
        _end(str(error))
    except OSError as error:
        # Without a name it was a stream, or the question where one is.
        nameless = "the current folder" if isinstance(error, FileNotFoundError) else "the output"
        _end(f"{error.filename or nameless}: {error.strerror or error}")


def _end(said: str) -> NoReturn:
    typer.echo(f"wuxing: {said}", err=True)
    raise SystemExit(1)


def _write_any_character() -> None:
    """Make files and pipes UTF-8, and let no character stop a terminal: where the locale knows no
    Chinese, or an argument holds half a surrogate pair, printing would otherwise fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = None if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace")
