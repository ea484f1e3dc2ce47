"""``wuxing train``, ``wuxing evaluate`` and ``wuxing model show``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from wuxing_nlp.cli import terminal
from wuxing_nlp.model import bundle
from wuxing_nlp.model.tagger import shipped_bundle

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
    out: Annotated[
        Path | None,
        typer.Option(help="Folder of the bundle; else models/default, and models/own with --add or --only."),
    ] = None,
    real: RealOption = None,
    background: BackgroundOption = None,
    corpus: AuthoredOption = None,
    seed: Annotated[int, typer.Option(help="Seed of everything that is random.")] = 0,
    scores: Annotated[
        Path | None, typer.Option(help="Figures as `wuxing evaluate --json` wrote them, for the model card.")
    ] = None,
    add: Annotated[
        Path | None,
        typer.Option(help="Your own codings (.csv, .tsv, .jsonl): adapt the shipped model to them."),
    ] = None,
    only: Annotated[Path | None, typer.Option(help="Your own codings: learn from them alone.")] = None,
    weight: Annotated[
        float,
        typer.Option(min=0.01, help="With --add: weight of one of your units beside one of the corpus."),
    ] = 1.0,
    base: Annotated[
        Path | None,
        typer.Option(
            help="With --add or --only: a bundle instead of the shipped model, to adapt and compare."
        ),
    ] = None,
    codebook: Annotated[
        Path | None, typer.Option(help="With --only: a codebook of your own labels (.toml).")
    ] = None,
    accept_worse: Annotated[
        bool,
        typer.Option("--accept-worse", help="With --add or --only: write the model although it is worse."),
    ] = False,
) -> None:
    """Train a model from the corpus, or from codings of your own, and write its bundle."""
    own = add or only
    _refuse("--add", add and only, "give it or --only, not both")
    _refuse("--scores", own and scores, "it has no meaning with your own codings, which are measured here")
    _refuse("--base", base and not own, "it needs --add or --only")
    _refuse("--accept-worse", accept_worse and not own, "it needs --add or --only")
    _refuse("--codebook", codebook and not only, "it needs --only: no other model has its labels")
    _refuse("--base", codebook and base, "it has no meaning with --codebook, whose labels it does not know")
    folder = out or Path("models/own" if own else "models/default")
    bundle.check_place(folder)
    if own:
        from wuxing_nlp.cli import adapting

        asked = adapting.Request(
            file=own,
            add=add is not None,
            base=base,
            codebook=codebook,
            weight=weight,
            real=real,
            background=background,
            corpus=corpus,
            seed=seed,
            accept_worse=accept_worse,
        )
        adapting.train_own(asked, folder)
        return
    from wuxing_nlp.cli import training

    measured = training.read_figures(scores) if scores else None
    training.train_bundle(training.read_data(real, background, corpus), measured, folder, seed)


def _refuse(option: str, idle: object, said: str) -> None:
    """Refuse an option that would do nothing. Raises BadParameter."""
    if idle:
        raise typer.BadParameter(said, param_hint=option)


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
    from wuxing_nlp.cli import training

    data = training.read_data(real, background, corpus)
    training.cross_validate(data, to_json, baselines=baselines, levers=levers)


@model_app.command()
def show(
    path: Annotated[Path | None, typer.Argument(help="A bundle folder; else the shipped model.")] = None,
    card_too: Annotated[bool, typer.Option("--card", help="Print the model card.")] = False,
) -> None:
    """Show what a model is: identity, training, rules, scores."""
    model = bundle.load_model(path or shipped_bundle())
    if card_too:
        typer.echo(model.card, nl=False)
        return
    facts = {
        key: value
        for key, value in model.facts.items()
        if key not in ("parts", "scores", "codes", "comparisons")
    }
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
