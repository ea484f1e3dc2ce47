"""Make the fixture of a release with the release's own code, from units written for the project.

Run in the release's checkout, so that its code is the one imported:
``python .../tests/data/bundles/make.py OUT [CODEBOOK.toml]`` (its codings: the .csv beside it).
It writes the bundle, and beside it, as ``OUT.json``, what the release answered to some of the units.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.coding import Corpus, default_root
from wuxing_nlp.model.bundle import save
from wuxing_nlp.model.tagger import load
from wuxing_nlp.model.train import Recipe, train
from wuxing_nlp.model.training_set import TrainingSet

try:
    from wuxing_nlp.model.ngrams import Frequencies
except ImportError:  # 0.1.0 had them there
    from wuxing_nlp.model.features import Frequencies

MIN_UNITS = 60
"""So few n-grams are left that the bundle is small."""


def main(out: Path, codebook: Path | None) -> None:
    if codebook:
        from wuxing_nlp.coding import check_codings

        book = load_codebook(codebook)
        units, least = check_codings(codebook.with_suffix(".csv"), book).units, 3
    else:
        book = load_codebook()
        units, least = Corpus(default_root()).authored()[::2], MIN_UNITS
    model = train(book, TrainingSet.of(book, units), Frequencies(), Recipe(min_units=least, inner_folds=2))
    model.facts.update(name="wuxing-small", version=out.name)
    save(model, out, "# Trained on units written for the project, for the tests.\n")
    tagger, texts = load(out), [unit.text for unit in units[:: max(1, len(units) // 40)]]
    answers = zip(texts, tagger.tag_units(texts), tagger.probabilities(texts).tolist(), strict=True)
    told = [
        {
            "text": text,
            "status": unit.status,
            "codes": unit.codes,
            "probabilities": [round(p, 9) for p in row],
        }
        for text, unit, row in answers
    ]
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in told)
    out.with_name(f"{out.name}.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
