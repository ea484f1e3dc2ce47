"""What ``wuxing train`` and ``wuxing evaluate`` do; loaded by them alone, for scikit-learn takes
seconds to load, and no other command needs it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

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
from wuxing_nlp.model.training_set import TrainingSet, background_units

Data = tuple[TrainingSet, Frequencies]


def read_data(real: Path | None, background: Path | None, corpus: Path | None) -> Data:
    """Coded units, and the frequencies of uncoded text."""
    home = Corpus(corpus or default_root())
    with terminal.console(error=True).status("reading the corpus"):
        units = [*_real_units(home, real), *home.authored()]
        data = TrainingSet.of(load_codebook(), units)
        return data, Frequencies.of(background_units(background) if background else [])


def _real_units(home: Corpus, real: Path | None) -> list[CodedUnit]:
    if real is None:
        return home.real()
    return read_units(real / "units.jsonl" if real.is_dir() else real)


def read_figures(path: Path) -> dict[str, Any]:
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


def train_bundle(data: Data, measured: dict[str, Any] | None, out: Path, seed: int) -> None:
    """Train a model and write its bundle with its card."""
    recipe = training.Recipe(seed=seed)
    with terminal.console(error=True).status("training"):
        model = training.train(load_codebook(), *data, recipe)
    named = card.with_facts(model, measured)
    bundle.save(named, out, card.text(named.facts, load_codebook()))
    typer.echo(f"{bundle.load_model(out).name} written to {out}")


def cross_validate(data: Data, to_json: Path | None, *, baselines: bool, levers: bool) -> None:
    """Measure the recipe by the documents' folds, and print the figures."""
    book, (units, frequencies) = load_codebook(), data
    folds = sorted({unit.fold for unit in units.units if unit.fold is not None})
    if len(folds) < 2:
        raise TrainingError(
            "cross-validation needs real units in at least two folds (the field 'fold', one a document); "
            f"{len(folds)} found"
        )
    recipe = training.Recipe()
    held_out = training.cross_validate(book, units, frequencies, recipe, folds=folds, progress=_tell)
    measured = figures(book, held_out)
    if baselines:
        measured["baselines"] = compared(book, held_out, baseline_labels(book, held_out.data, _tell))
    if levers:
        measured["levers"] = lever_figures(book, units, frequencies, recipe, folds=folds, progress=_tell)
    if to_json:
        write_file(to_json, [json.dumps(measured, ensure_ascii=False, indent=1).encode(), b"\n"])
    terminal.console().print(Markdown(card.scores(measured, book)))


def _tell(line: str) -> None:
    typer.echo(line, err=True)
