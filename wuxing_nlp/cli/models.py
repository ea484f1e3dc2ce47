"""``wuxing train``, ``wuxing evaluate`` and ``wuxing model show``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markdown import Markdown

from wuxing_nlp.atomic import write_file
from wuxing_nlp.cli import terminal
from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.coding import CodedUnit, Corpus, default_root, read_units
from wuxing_nlp.errors import EvaluationError, TrainingError
from wuxing_nlp.model import bundle, card
from wuxing_nlp.model import train as training
from wuxing_nlp.model.baselines import baseline_labels
from wuxing_nlp.model.figures import compared, figures
from wuxing_nlp.model.levers import levers as lever_figures
from wuxing_nlp.model.ngrams import Frequencies
from wuxing_nlp.model.tagger import shipped_bundle
from wuxing_nlp.model.training_set import TrainingSet, background_units

model_app = typer.Typer(help="Look at a model.", no_args_is_help=True)

RealOption = Annotated[
    Path | None,
    typer.Option("--real", help="Real coded units (a folder with units.jsonl, or a file); else as fetched."),
]
BackgroundOption = Annotated[
    Path | None,
    typer.Option("--background", help="Whole uncoded documents (.jsonl, .jsonl.gz) that lend frequencies."),
]
AuthoredOption = Annotated[Path | None, typer.Option("--corpus", help="The corpus folder of a checkout.")]


def train(
    out: Annotated[Path, typer.Option(help="Folder of the bundle.")] = Path("models/default"),
    real: RealOption = None,
    background: BackgroundOption = None,
    corpus: AuthoredOption = None,
    seed: Annotated[int, typer.Option(help="Seed of everything that is random.")] = 0,
    scores: Annotated[
        Path | None, typer.Option(help="Figures as `wuxing evaluate --json` wrote them, for the model card.")
    ] = None,
) -> None:
    """Train a model from the corpus and write its bundle."""
    bundle.check_place(out)
    measured = _figures(scores) if scores else None
    data, frequencies = _corpus(real, background, corpus)
    recipe = training.Recipe(seed=seed)
    with terminal.console(error=True).status("training"):
        model = training.train(load_codebook(), data, frequencies, recipe)
    named = card.with_facts(model, measured)
    bundle.save(named, out, card.text(named.facts, load_codebook()))
    typer.echo(f"{bundle.load_model(out).name} written to {out}")


def _figures(path: Path) -> dict[str, Any]:
    """The figures that ``wuxing evaluate --json`` wrote, tried on the card before the long training."""
    try:
        measured: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        card.scores(measured, load_codebook())
    except OSError as error:
        raise EvaluationError(f"{path} cannot be read: {error.strerror or error}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise EvaluationError(
            f"{path} does not hold figures of a model; write them with: wuxing evaluate --json {path}"
        ) from error
    return measured


def evaluate(
    real: RealOption = None,
    background: BackgroundOption = None,
    corpus: AuthoredOption = None,
    to_json: Annotated[
        Path | None, typer.Option("--json", help="Write the figures to this file too.")
    ] = None,
    baselines: Annotated[
        bool, typer.Option("--baselines", help="Measure plain models on the same folds too (takes longer).")
    ] = False,
    levers: Annotated[
        bool,
        typer.Option("--levers", help="Measure what each lever of the recipe is worth (takes much longer)."),
    ] = False,
) -> None:
    """Cross-validate the recipe by the documents' folds."""
    data, frequencies = _corpus(real, background, corpus)
    book = load_codebook()
    folds = sorted({unit.fold for unit in data.units if unit.fold is not None})
    if len(folds) < 2:
        raise TrainingError(
            "cross-validation needs real units in at least two folds (the field 'fold', one a document); "
            f"{len(folds)} found"
        )
    recipe = training.Recipe()
    held_out = training.cross_validate(book, data, frequencies, recipe, folds=folds, progress=_tell)
    measured = figures(book, held_out)
    if baselines:
        measured["baselines"] = compared(book, held_out, baseline_labels(book, held_out.data, _tell))
    if levers:
        measured["levers"] = lever_figures(book, data, frequencies, recipe, folds=folds, progress=_tell)
    if to_json:
        write_file(to_json, [json.dumps(measured, ensure_ascii=False, indent=1).encode(), b"\n"])
    terminal.console().print(Markdown(card.scores(measured, book)))


def _tell(line: str) -> None:
    typer.echo(line, err=True)


def _corpus(
    real: Path | None, background: Path | None, corpus: Path | None
) -> tuple[TrainingSet, Frequencies]:
    home = Corpus(corpus or default_root())
    with terminal.console(error=True).status("reading the corpus"):
        units = [*_real_units(home, real), *home.authored()]
        data = TrainingSet.of(load_codebook(), units)
        return data, Frequencies.of(background_units(background) if background else [])


def _real_units(home: Corpus, real: Path | None) -> list[CodedUnit]:
    if real is None:
        return home.real()
    return read_units(real / "units.jsonl" if real.is_dir() else real)


@model_app.command()
def show(
    path: Annotated[Path | None, typer.Argument(help="A bundle folder; else the shipped model.")] = None,
    card_too: Annotated[bool, typer.Option("--card", help="Print the model card.")] = False,
) -> None:
    """Show what a model is: identity, training, rules, scores."""
    folder = path or shipped_bundle()
    model = bundle.load_model(folder)
    if card_too:
        typer.echo((folder / bundle.CARD).read_text(encoding="utf-8"), nl=False)
        return
    facts = {key: value for key, value in model.facts.items() if key not in ("parts", "scores", "codes")}
    rows = [(key, _short(value)) for key, value in facts.items()]
    terminal.console().print(terminal.listing((model.name, ""), [*rows, ("scores", _headline(model))]))


def _short(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _headline(model: bundle.Model) -> str:
    """The scores in one line; the card has the rest."""
    if "scores" not in model.facts:
        return "not measured"
    letters = model.facts["scores"]["letters"]
    return (
        f"macro-F1 {letters['macro']['f1']:.3f}, micro-F1 {letters['micro']['f1']:.3f} over the letters, "
        f"{model.facts['scores']['units']:,} held-out units (--card has all figures)"
    )
