"""What ``wuxing train --add`` and ``--only`` do; loaded by them alone, as :mod:`wuxing_nlp.cli.training`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import typer
from rich.markdown import Markdown

from wuxing_nlp.cli import terminal
from wuxing_nlp.cli.codings import sound
from wuxing_nlp.codebook import Codebook, load_codebook
from wuxing_nlp.coding import SELECTED, CodedUnit, Corpus, check_codings, default_root, read_units
from wuxing_nlp.coding.known import file_sha256
from wuxing_nlp.errors import TrainingError
from wuxing_nlp.model import bundle, own_card
from wuxing_nlp.model.adapting import Adaptation
from wuxing_nlp.model.ngrams import Frequencies
from wuxing_nlp.model.own import Known, Trained, added, alone, own_set
from wuxing_nlp.model.tagger import shipped_bundle
from wuxing_nlp.model.train import Recipe
from wuxing_nlp.model.training_set import TrainingSet, background_units
from wuxing_nlp.version import __version__


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for.

    Attributes:
        file: the own codings.
        add: True to adapt the base, False to learn from the codings alone.
        base: the bundle that is adapted and compared with; the shipped one where it is None.
        codebook: a TOML of other labels; the base's where it is None.
        weight: of an own unit beside one of the corpus.
        real: real coded units, else as fetched.
        background: uncoded documents that lend frequencies.
        corpus: the corpus folder.
        seed: of everything that is random.
        accept_worse: whether a model is written that is worse than the base.
    """

    file: Path
    add: bool
    base: Path | None
    codebook: Path | None
    weight: float
    real: Path | None
    background: Path | None
    corpus: Path | None
    seed: int
    accept_worse: bool


def train_own(request: Request, out: Path) -> None:
    """Check the codings, train and measure, and write the bundle unless it is worse than the base.

    Raises:
        CorpusError: errors in the file (each was told); nothing is written.
        TrainingError: a model that is worse; nothing is written.
    """
    base = None if request.codebook else bundle.load_model(request.base or shipped_bundle())
    book = base.codebook if base else load_codebook(request.codebook)
    units = sound(check_codings(request.file, book), request.file, "trained")
    with terminal.console(error=True).status("reading"):
        own = own_set(book, units, request.seed)
        known, seen = _known(request, units) if base else (None, 0)
    trained = _trained(request, book, base, known, own)
    model = replace(trained.model, facts=_facts(request, out, base, seen) | trained.model.facts)
    _show(model.facts, book)
    _refuse_losses(trained, request)
    bundle.save(model, out, own_card.text(model.facts, book))
    typer.echo(f"{bundle.load_model(out).name} written to {out}")


def _known(request: Request, own: Sequence[CodedUnit]) -> tuple[Known, int]:
    """The units that the shipped model was measured on; where their text is not here, those that were
    written for the project. And how many own units stand in the corpus."""
    home = Corpus(request.corpus or default_root())
    authored, real = home.authored(), _real(request, home)
    texts = {unit.text for unit in (*authored, *real)}
    if seen := sum(unit.text in texts for unit in own):
        terminal.tell(f"warning: {seen} of your units stand in the corpus: the old model knows them already")
    if real:
        measured = [unit for unit in real if unit.sample != SELECTED]
        return Known("its measured real units", measured), seen
    note = "units written for the project, for the real ones have not been fetched"
    terminal.tell(f"compared on {note} (wuxing corpus fetch)")
    return Known(note, authored), seen


def _real(request: Request, home: Corpus) -> list[CodedUnit]:
    """Real units as they are named or were fetched; none where they were not."""
    if request.real is None and not home.real_path.is_file():
        return []
    path = request.real or home.real_path
    return read_units(path / "units.jsonl" if path.is_dir() else path)


def _trained(
    request: Request, book: Codebook, base: bundle.Model | None, known: Known | None, own: TrainingSet
) -> Trained:
    if request.add and base and known:
        adaptation = Adaptation(own_weight=request.weight, seed=request.seed)
        return added(base, own, known, adaptation, terminal.tell)
    background = Frequencies.of(background_units(request.background) if request.background else [])
    recipe = Recipe(seed=request.seed)
    return alone(book, own, background, recipe, base=base, known=known, progress=terminal.tell)


def _facts(request: Request, out: Path, base: bundle.Model | None, seen: int) -> dict[str, Any]:
    return {
        "name": out.resolve().name,
        "version": __version__,
        "own": {
            "file": request.file.name,
            "sha256": file_sha256(request.file),
            "way": "added" if request.add else "alone",
            "base": base.name if base else None,
            "seen": seen,
        },
    }


def _show(facts: dict[str, Any], book: Codebook) -> None:
    shown = terminal.console()
    shown.print(Markdown(own_card.comparison_text(facts, book)))
    shown.print(Markdown(own_card.outlook_text(facts["outlook"])))


def _refuse_losses(trained: Trained, request: Request) -> None:
    """Say where the model is worse than the base. Raises TrainingError where that was not accepted."""
    if trained.losses and not request.accept_worse:
        raise TrainingError(
            f"the new model is worse than {request.base or 'the shipped one'}, and was not written: "
            f"{'; '.join(trained.losses)}. Look at the codings and at --weight, or say --accept-worse"
        )
    for loss in trained.losses:
        terminal.tell(f"accepted: {loss}")
