"""A bundle of every release loads, for ever, and gives what it gave then."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.attacks.bundles import FIXTURES, RELEASES
from wuxing_nlp.coding import Corpus, check_codings, default_root
from wuxing_nlp.model.bundle import MANIFEST, codebook_of, load_model
from wuxing_nlp.model.tagger import load, shipped_bundle

TOOLS = Path(__file__).parent / "data" / "policy_tools.csv"
FORMATS = dict(zip(RELEASES, (1, 2, 2, 3), strict=True))

LONGEST = {"words.txt": 16, "characters.txt": 4}
"""Characters of an n-gram: more would begin to quote the units that taught it."""


def answers(release: str) -> list[dict[str, Any]]:
    """What the release itself answered to units written for the project."""
    rows: list[dict[str, Any]] = json.loads((FIXTURES / f"{release}.json").read_text(encoding="utf-8"))
    return rows


@pytest.mark.parametrize("release", RELEASES)
def test_a_bundle_of_every_release_answers_as_it_did(release: str) -> None:
    rows, tagger = answers(release), load(FIXTURES / release)
    assert tagger.model.facts["format"] == FORMATS[release]
    assert tagger.model.name.startswith(f"wuxing-small {release} (")
    texts = [row["text"] for row in rows]
    assert [list(codes) for codes in tagger.code_units(texts)] == [row["codes"] for row in rows]
    assert [unit.status for unit in tagger.tag_units(texts)] == [row["status"] for row in rows]
    likely = np.array([row["probabilities"] for row in rows])
    assert likely.max() > 0.5
    assert np.abs(tagger.probabilities(texts) - likely).max() < 1e-6


@pytest.mark.parametrize("release", RELEASES)
def test_its_answers_hold_labels_and_none(release: str) -> None:
    rows = answers(release)
    assert len(rows) >= 30
    assert {"labelled", "none", "abstained"} >= {row["status"] for row in rows} > {"labelled"}


def test_their_sentences_were_written_for_the_project() -> None:
    ours = {unit.text for unit in Corpus(default_root()).authored()}
    ours |= {unit.text for unit in check_codings(TOOLS, codebook_of(FIXTURES / "0.4")).units}
    assert {row["text"] for release in RELEASES for row in answers(release)} <= ours


@pytest.mark.parametrize("release", RELEASES)
def test_what_taught_them_was_written_for_the_project(release: str) -> None:
    training = load_model(FIXTURES / release).facts["training"]
    own = check_codings(TOOLS, codebook_of(FIXTURES / "0.4")).units
    assert training["background_units"] == 0
    # Units of one's own codebook count as real: those of the fixture are the tests' own.
    assert training["real_units"] == (len(own) if release == "0.4" else 0)


@pytest.mark.parametrize("folder", [shipped_bundle(), *(FIXTURES / release for release in RELEASES)])
def test_a_vocabulary_quotes_no_sentence(folder: Path) -> None:
    for name, longest in LONGEST.items():
        keys = (folder / name).read_text(encoding="utf-8").split("\n")
        assert max(map(len, keys)) <= longest, name
    stated = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["rules"]
    assert all(len(value) == 64 for value in stated.values())


@pytest.mark.parametrize("release", RELEASES)
def test_they_are_small(release: str) -> None:
    assert sum(path.stat().st_size for path in (FIXTURES / release).iterdir()) < 64 * 1024
