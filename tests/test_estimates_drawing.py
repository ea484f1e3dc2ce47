"""Planning and drawing samples of a run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.errors import EvaluationError
from wuxing_nlp.estimates import Counts, join, plan, read_codings, read_counts, write_sheet
from wuxing_nlp.estimates.drawing import ALL, Plan
from wuxing_nlp.estimates.joining import wanted
from wuxing_nlp.evaluation.tables import UNDEFINED


@pytest.fixture(scope="module")
def counts(sampled_run: Path) -> Counts:
    return read_counts(sampled_run, ["C", "P"], by=["region"])


def drawn(plan: Plan) -> int:
    return sum(map(len, plan.places.values()))


def test_places_are_units_of_their_documents_each_once(counts: Counts) -> None:
    made = plan(counts, size=120)
    assert drawn(made) == made.takes.sum() == 120
    for document, numbers in made.places.items():
        assert len(set(numbers)) == len(numbers)
        assert 0 <= min(numbers) <= max(numbers) < counts.sizes[document]
    of_strata = np.zeros(3, dtype=int)
    for document, numbers in made.places.items():
        of_strata[made.stratum[document]] += len(numbers)
    assert of_strata.tolist() == made.takes.tolist()
    assert made.inclusion == pytest.approx(made.takes / made.units)


def test_every_unit_can_be_drawn(counts: Counts) -> None:
    made = plan(counts, size=int(counts.sizes.sum()))
    assert {at: sorted(numbers) for at, numbers in made.places.items()} == {
        at: list(range(size)) for at, size in enumerate(counts.sizes) if size
    }


def test_strata_are_groups_crossed_or_one(sampled_run: Path, counts: Counts) -> None:
    assert plan(counts, size=50).strata == ["云南省", "江西省", "湖南省"]
    crossed = read_counts(sampled_run, ["C"], by=["region", "year"])
    assert "江西省 / 2023" in plan(crossed, size=50).strata
    assert plan(read_counts(sampled_run, ["C"]), size=50).strata == [ALL]
    unsaid = read_counts(sampled_run, ["C"], by=["issuer"])
    assert plan(unsaid, size=50).strata == [UNDEFINED]


def test_a_width_is_kept_in_every_stratum_or_in_the_whole(counts: Counts) -> None:
    each = plan(counts, width=0.1)
    assert each.widths.max() <= 0.1
    whole = plan(counts, width=0.1, allocation="proportional")
    assert whole.whole.max() <= 0.1 < whole.widths.max()
    assert whole.takes.sum() < each.takes.sum()
    neyman = plan(counts, width=0.1, allocation="neyman")
    assert neyman.whole.max() <= 0.1
    assert neyman.takes.sum() <= whole.takes.sum()


def test_a_larger_sample_of_the_same_seed_holds_the_smaller(counts: Counts) -> None:
    small, large = plan(counts, size=60, seed=4), plan(counts, size=160, seed=4)
    other = plan(counts, size=60, seed=5)
    assert all(set(numbers) <= set(large.places[at]) for at, numbers in small.places.items())
    assert small.places != other.places


def test_documents_are_drawn_as_a_whole(sampled_run: Path) -> None:
    counts = read_counts(sampled_run, ["C"], of="documents")
    made = plan(counts, size=12)
    assert made.documents
    assert len(made.places) == 12
    assert made.units.tolist() == [100]


def test_a_pilot_says_how_far_the_model_is_wrong(
    sampled_run: Path, coded_by_hand: Callable[..., Path], tmp_path: Path
) -> None:
    counts = read_counts(sampled_run, ["C"])
    write_sheet(sampled_run, counts, plan(counts, size=80), tmp_path / "s.csv", seed=0)
    right = coded_by_hand(tmp_path / "s.csv", tmp_path / "right.csv")
    # A coder who sees the label in thirty units where the model mostly does not.
    wrong = coded_by_hand(right, tmp_path / "wrong.csv", 30, codes="C1")
    widths = []
    for sheet in (right, wrong):
        codings = read_codings(sheet, load_codebook())
        seen = read_counts(sampled_run, ["C"], wanted=wanted(codings))
        widths.append(plan(seen, size=200, pilot=join(codings, seen)).whole[0])
    assert widths[1] > 1.3 * widths[0]


def test_either_a_width_or_a_size(counts: Counts) -> None:
    for given in ({}, {"width": 0.1, "size": 10}):
        with pytest.raises(EvaluationError, match="either the width"):
            plan(counts, **given)  # type: ignore[arg-type]
    with pytest.raises(EvaluationError, match="cannot be drawn"):
        plan(counts, size=100_000)
