"""A run's predictions, summed up by document."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.errors import EvaluationError, ReportError
from wuxing_nlp.estimates import read_counts
from wuxing_nlp.estimates.counts import check_labels, sha1

BOOK = load_codebook()


def units(run: Path) -> list[dict[str, str]]:
    """The judged units of the units table."""
    with (run / "units.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return [row for row in rows if row["p_Z"] and row["kind"] != "furniture"]


def test_sums_are_those_of_the_units_table(sampled_run: Path) -> None:
    counts = read_counts(sampled_run, ["P", "F2", "J!"])
    rows = units(sampled_run)
    assert counts.sizes.sum() == len(rows) > 700
    for at, column in enumerate(("P", "F2", "J_exists")):
        likely = [float(row[f"p_{column}"]) for row in rows]
        assert counts.codes[:, at].sum() == sum(int(row[column]) for row in rows)
        assert counts.probabilities[:, at].sum() == pytest.approx(sum(likely))
        assert counts.open[:, at].sum() == pytest.approx(sum(p * (1 - p) for p in likely))
    assert len(counts.names) == len(counts.sizes) == 100


def test_of_documents_one_unit_is_enough(sampled_run: Path) -> None:
    by_unit, by_document = (read_counts(sampled_run, ["C"], of=of) for of in ("units", "documents"))
    assert (by_document.codes == (by_unit.codes > 0)).all()
    assert (by_document.counted == 1).all()
    assert (by_document.probabilities <= np.minimum(by_unit.probabilities, 1) + 1e-9).all()
    assert (by_document.probabilities >= by_unit.probabilities / by_unit.sizes[:, None] - 1e-9).all()


def test_groups_are_those_of_the_report(sampled_run: Path) -> None:
    counts = read_counts(sampled_run, by=["region", "year", "省份"])
    assert set(counts.groups) == {"region", "year", "省份"}
    assert counts.groups["region"] == counts.groups["省份"]
    assert set(counts.groups["year"]) == {"2023", "2024"}


def test_only_units_that_are_asked_for_are_seen(sampled_run: Path) -> None:
    row = units(sampled_run)[5]
    at = int(row["unit"])
    counts = read_counts(sampled_run, ["C"], wanted={row["document"]: [at, 999], "gone": [1]})
    assert list(counts.seen) == [(row["document"], at)]
    seen = counts.seen[row["document"], at]
    assert counts.names[seen.document] == row["document"]
    assert seen.probabilities.tolist() == [float(row["p_C"])]
    assert seen.sha1 == sha1(row["text"].removeprefix("'"))
    assert at in counts.numbers[row["document"]]


def test_labels_are_letters_and_base_codes() -> None:
    assert check_labels([], BOOK) == BOOK.letters
    assert check_labels(["P", "J!", "P"], BOOK) == ("P", "J!")
    for wrong in ("Q", "J!-", "p", ""):
        with pytest.raises(EvaluationError, match=r"there is no label .*; there are Z C D"):
            check_labels([wrong], BOOK)


def changed(run: Path, tmp_path: Path, change: object) -> Path:
    """A copy of a run whose first results are changed."""
    copy = Path(shutil.copytree(run, tmp_path / "run"))
    lines = (copy / "results.jsonl").read_text(encoding="utf-8").splitlines()
    record = json.loads(lines[0])
    change(record)  # type: ignore[operator]
    lines[0] = json.dumps(record)
    (copy / "results.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return copy


@pytest.mark.parametrize("value", [1.5, -0.1, float("nan")])
def test_what_is_no_probability_is_refused(sampled_run: Path, tmp_path: Path, value: float) -> None:
    copy = changed(sampled_run, tmp_path, lambda record: record["units"][0]["probabilities"].update(Z=value))
    with pytest.raises(EvaluationError, match="outside 0 to 1"):
        read_counts(copy)


def test_a_unit_without_probabilities_is_no_result(sampled_run: Path, tmp_path: Path) -> None:
    copy = changed(sampled_run, tmp_path, lambda record: record["units"][0].pop("probabilities"))
    with pytest.raises(ReportError, match="line 1: no tagged document"):
        read_counts(copy)


def test_results_that_were_cut_short_are_told(sampled_run: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(sampled_run, tmp_path / "run"))
    lines = (copy / "results.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (copy / "results.jsonl").write_text("".join(lines[:-1]), encoding="utf-8")
    with pytest.raises(ReportError, match="99 documents, but its run had 100"):
        read_counts(copy)
    with pytest.raises(ReportError, match="cannot be grouped by '县'"):
        read_counts(copy, by=["县"])


def test_names_that_come_twice_are_found(sampled_run: Path, tmp_path: Path) -> None:
    second = json.loads((sampled_run / "results.jsonl").read_text(encoding="utf-8").splitlines()[1])
    copy = changed(sampled_run, tmp_path, lambda record: record.update(document=second["document"]))
    assert read_counts(copy).twice() == {second["document"]}
    assert read_counts(sampled_run).twice() == set()
