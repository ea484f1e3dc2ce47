"""Shares of a run, overall and by group."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.estimates import Counts, Sample, estimate, join, plan, read_codings, read_counts, write_sheet
from wuxing_nlp.estimates.joining import wanted

LABELS = ["C", "F", "P", "J!"]
Made = tuple[Counts, Sample]


@pytest.fixture(scope="module")
def made(
    sampled_run: Path, coded_by_hand: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory
) -> Made:
    """A quarter of the units, drawn from provinces and coded."""
    folder = tmp_path_factory.mktemp("estimating")
    counts = read_counts(sampled_run, LABELS, by=["region"])
    write_sheet(sampled_run, counts, plan(counts, size=200), folder / "s.csv", seed=0)
    codings = read_codings(coded_by_hand(folder / "s.csv", folder / "c.csv"), load_codebook())
    counts = read_counts(sampled_run, LABELS, by=["region", "year"], wanted=wanted(codings))
    return counts, join(codings, counts)


def test_rows_are_the_whole_and_every_group_with_every_label(made: Made) -> None:
    rows = estimate(*made)
    groups = [("", ""), ("region", "云南省"), ("region", "江西省"), ("region", "湖南省")]
    groups += [("year", "2023"), ("year", "2024")]
    assert [(row.by, row.group, row.label) for row in rows] == [
        (*group, label) for group in groups for label in LABELS
    ]
    assert rows[2].name == load_codebook().name("P")
    for by in ("region", "year"):
        parts = [row for row in rows if row.by == by and row.label == "C"]
        assert sum(row.coded for row in parts) == rows[0].coded == 200
        assert sum(row.positives for row in parts) == rows[0].positives
        assert sum(row.counted for row in parts) == rows[0].counted
        naive = sum(row.counted * row.naive for row in parts) / rows[0].counted
        assert naive == pytest.approx(rows[0].naive)


def test_estimates_lie_in_their_intervals_and_gain_by_the_model(made: Made) -> None:
    for row in estimate(*made):
        assert row.low <= row.share <= row.high
        assert row.hand_low <= row.hand <= row.hand_high
        assert 0 <= row.power <= 1
    whole = {row.label: row for row in estimate(*made)[: len(LABELS)]}
    for label in ("C", "F"):
        row = whole[label]
        assert row.gain > 1.5
        assert row.high - row.low < row.hand_high - row.hand_low
        assert row.adjusted_low <= row.adjusted <= row.adjusted_high


def test_predictions_may_be_codes_and_the_population_may_be_meant(made: Made) -> None:
    usual, codes = estimate(*made), estimate(*made, predictions="codes")
    beyond = estimate(*made, about="population")
    surer = estimate(*made, level=0.8)
    assert [row.hand for row in codes] == [row.hand for row in usual] == [row.hand for row in beyond]
    assert any(one.share != other.share for one, other in zip(codes, usual, strict=True))
    assert sum(row.high - row.low for row in beyond) > sum(row.high - row.low for row in usual)
    assert all(one.high - one.low < other.high - other.low for one, other in zip(surer, usual, strict=True))


def test_a_group_without_a_coded_unit_has_the_count_alone(made: Made) -> None:
    counts, sample = made
    at = next(at for at in range(len(counts.names)) if at not in set(sample.codes.documents.tolist()))
    lonely = ["本县" if place == at else "外县" for place in range(len(counts.names))]
    rows = estimate(replace(counts, groups={"县": lonely}), sample)
    own = [row for row in rows if row.group == "本县"]
    assert len(own) == len(LABELS)
    for row in own:
        assert row.coded == 0
        assert not np.isnan(row.naive)
        for figure in (row.hand, row.adjusted, row.share, row.low, row.high, row.gain, row.power):
            assert np.isnan(figure)


def test_a_group_of_which_a_drawn_part_is_not_coded_has_none_either(made: Made) -> None:
    counts, sample = made
    rows = estimate(counts, replace(sample, waiting=np.arange(len(counts.names)) == 0))
    region, year = counts.groups["region"][0], counts.groups["year"][0]
    without = {(row.by, row.group) for row in rows if np.isnan(row.share)}
    assert without == {("", ""), ("region", region), ("year", year)}


def test_documents_that_do_not_say_come_last_and_those_without_units_not_at_all(made: Made) -> None:
    counts, sample = made
    keys = ["" if at % 3 else "甲" for at in range(len(counts.names))]
    rows = estimate(replace(counts, groups={"类": keys}), sample)
    assert [row.group for row in rows if row.by and row.label == "C"] == ["甲", ""]
    sizes = counts.sizes * (np.array(keys) == "")
    gone = replace(
        counts, groups={"类": keys}, sizes=sizes, codes=counts.codes * 0, probabilities=counts.codes * 0
    )
    assert {row.group for row in estimate(gone, sample) if row.by} == {""}
