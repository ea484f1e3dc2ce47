"""Codings held to the results that they are of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.errors import EvaluationError
from wuxing_nlp.estimates import Counts, Of, Sample, join, plan, read_codings, read_counts, write_sheet
from wuxing_nlp.estimates.codings import Coding, Codings
from wuxing_nlp.estimates.joining import wanted

Fill = Callable[..., Path]
LABELS = ["C", "P", "J!"]


@pytest.fixture(scope="module")
def made(sampled_run: Path, coded_by_hand: Fill, tmp_path_factory: pytest.TempPathFactory) -> Codings:
    """Sixty units of two strata of years, coded."""
    folder = tmp_path_factory.mktemp("joining")
    counts = read_counts(sampled_run, LABELS, by=["year"])
    write_sheet(sampled_run, counts, plan(counts, size=60, seed=3), folder / "s.csv", seed=3)
    return read_codings(coded_by_hand(folder / "s.csv", folder / "c.csv"), load_codebook())


@pytest.fixture(scope="module")
def whole(sampled_run: Path, coded_by_hand: Fill, tmp_path_factory: pytest.TempPathFactory) -> Codings:
    """Ten documents, coded to the end."""
    folder = tmp_path_factory.mktemp("whole")
    counts = read_counts(sampled_run, LABELS, of="documents")
    write_sheet(sampled_run, counts, plan(counts, size=10), folder / "s.csv", seed=0)
    return read_codings(coded_by_hand(folder / "s.csv", folder / "c.csv"), load_codebook())


def joined(run: Path, codings: Codings, of: Of = "units") -> tuple[Sample, Counts]:
    counts = read_counts(run, LABELS, of=of, wanted=wanted(codings))
    return join(codings, counts), counts


def with_rows(codings: Codings, change: Callable[[int, Coding], Coding | None]) -> Codings:
    rows = [row for at, old in enumerate(codings.rows) if (row := change(at, old)) is not None]
    return replace(codings, rows=rows)


def test_a_sample_has_truth_and_predictions_of_its_units(sampled_run: Path, made: Codings) -> None:
    sample, counts = joined(sampled_run, made)
    assert sample.notes == ()
    assert not sample.waiting.any()
    coded = sample.probabilities
    assert len(coded) == 60
    assert coded.weights.sum() == pytest.approx(counts.sizes.sum())
    assert len(set(coded.clusters)) == 60
    assert len(set(coded.strata)) == 2
    for at, row in enumerate(made.rows):
        assert counts.names[int(coded.documents[at])] == row.document
        letters = {code[0] for code in row.codes or ()}
        assert coded.truth[at].tolist() == ["C" in letters, "P" in letters, "J!" in (row.codes or ())]
        seen = counts.seen[row.document, row.unit]
        assert coded.predicted[at].tolist() == seen.probabilities.tolist()
        assert sample.codes.predicted[at].tolist() == seen.codes.tolist()


def test_documents_drawn_as_a_whole_are_clusters(sampled_run: Path, whole: Codings) -> None:
    sample, counts = joined(sampled_run, whole)
    assert len(set(sample.codes.clusters)) == 10
    assert set(sample.codes.inclusion) == {0.1}
    by_document, counts = joined(sampled_run, whole, "documents")
    assert len(by_document.codes) == 10
    for at, document in enumerate(by_document.codes.documents.tolist()):
        own = sample.codes.truth[sample.codes.documents == document]
        assert by_document.codes.truth[at].tolist() == own.max(axis=0).tolist()
        assert by_document.probabilities.predicted[at].tolist() == counts.probabilities[document].tolist()


def test_what_is_not_coded_yet_is_stood_for_by_the_others_of_its_stratum(
    sampled_run: Path, made: Codings
) -> None:
    first = {row.stratum: row for row in made.rows}
    half = with_rows(
        made, lambda at, row: replace(row, codes=None) if row.stratum == "2023" and at % 2 else row
    )
    sample, counts = joined(sampled_run, half)
    assert len(sample.codes) < 60
    assert sample.codes.weights.sum() == pytest.approx(counts.sizes.sum())
    assert set(first) == {"2023", "2024"}
    [note] = sample.notes
    assert "of 60 drawn units are not coded" in note


def test_a_stratum_of_which_nothing_is_coded_waits(sampled_run: Path, made: Codings) -> None:
    none = with_rows(made, lambda _, row: replace(row, codes=None) if row.stratum == "2023" else row)
    sample, counts = joined(sampled_run, none)
    waiting = {counts.names[at] for at in np.flatnonzero(sample.waiting).tolist()}
    assert waiting == {row.document for row in none.rows if row.stratum == "2023"}


def test_a_document_counts_once_it_is_coded_to_the_end(sampled_run: Path, whole: Codings) -> None:
    name = whole.rows[0].document
    cut = with_rows(whole, lambda at, row: None if at == 0 else row)
    for codings in (cut, with_rows(whole, lambda at, row: replace(row, codes=None) if at == 0 else row)):
        sample, counts = joined(sampled_run, codings)
        assert name not in {counts.names[at] for at in sample.codes.documents.tolist()}
        assert "1 of 10 drawn documents are not coded" in sample.notes[0]


def test_rows_that_are_missing_are_noticed(sampled_run: Path, made: Codings) -> None:
    sample, _ = joined(sampled_run, with_rows(made, lambda at, row: row if at < 40 else None))
    [note] = sample.notes
    assert "rows are missing, or it is a sample of another run" in note


def test_rows_that_were_not_random_are_told(sampled_run: Path, made: Codings) -> None:
    sample, _ = joined(sampled_run, replace(made, others={"uncertain": 12}))
    assert sample.notes == ("c.csv: 12 rows were not drawn at random (uncertain); they are left out",)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"document": "gone"}, "the results have no document 'gone'"),
        ({"unit": 4000}, "has no unit 4000 that the model judged"),
        ({"text": "另一句话。"}, "the text is not that of unit"),
        ({"sha1": 40 * "0"}, "the text is not that of unit"),
        ({"whole": True}, "some rows were drawn as units, others as documents"),
    ],
)
def test_rows_of_something_else_are_refused(
    sampled_run: Path, made: Codings, change: dict[str, object], said: str
) -> None:
    wrong = with_rows(made, lambda at, row: replace(row, **change) if at == 2 else row)  # type: ignore[arg-type]
    with pytest.raises(EvaluationError, match=said):
        joined(sampled_run, wrong)


def test_a_cell_that_a_spreadsheet_cut_is_known_by_its_sha1(sampled_run: Path, made: Codings) -> None:
    cut = with_rows(made, lambda _, row: replace(row, text=row.text[:5] + "…"))
    assert len(joined(sampled_run, cut)[0].codes) == 60
    bare = with_rows(made, lambda _, row: replace(row, text="", sha1=""))
    assert len(joined(sampled_run, bare)[0].codes) == 60


def test_a_unit_that_comes_twice_is_refused_and_the_rest_counted(sampled_run: Path, made: Codings) -> None:
    twice = replace(made, rows=[*made.rows, *(replace(row, place="again") for row in made.rows[:3])])
    with pytest.raises(EvaluationError, match=r"again: the unit of .* again; .*\(and 2 more such rows\)"):
        joined(sampled_run, twice)


def test_documents_need_documents_and_codes_need_a_coder(sampled_run: Path, made: Codings) -> None:
    with pytest.raises(EvaluationError, match="need documents drawn as a whole"):
        joined(sampled_run, made, "documents")
    with pytest.raises(EvaluationError, match=r"c\.csv: nothing is coded yet"):
        joined(sampled_run, with_rows(made, lambda _, row: replace(row, codes=None)))
