"""The sheet that coders fill in."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.documents import ReadOptions
from wuxing_nlp.errors import EvaluationError, OutputError
from wuxing_nlp.estimates import plan, read_codings, read_counts, write_sheet
from wuxing_nlp.estimates.counts import judged, sha1

ROWS = "编号,正文\n甲,坚决整治推诿扯皮。\n乙,推进一网通办。\n"


def rows_of(sheet: Path) -> list[dict[str, str]]:
    with sheet.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def write(run: Path, out: Path, *, size: int = 60, seed: int = 0, **more: object) -> list[dict[str, str]]:
    counts = read_counts(run, ["C"], by=["region"])
    rows = write_sheet(run, counts, plan(counts, size=size, seed=seed), out, seed=seed, **more)  # type: ignore[arg-type]
    if out.suffix != ".csv":
        return []
    assert len(rows_of(out)) == rows
    return rows_of(out)


def test_a_row_has_all_that_an_estimate_needs_and_nothing_of_the_model(
    sampled_run: Path, tmp_path: Path
) -> None:
    rows = write(sampled_run, tmp_path / "s.csv", seed=9)
    results = (sampled_run / "results.jsonl").read_text(encoding="utf-8").splitlines()
    units = {
        (record["document"], str(number)): (record, unit)
        for record in map(json.loads, results)
        for number, unit in judged(record)
    }
    names = "document unit text codes why drawn stratum inclusion seed sha1"
    assert list(rows[0]) == names.split()
    for row in rows:
        record, unit = units[row["document"], row["unit"]]
        assert row["text"].removeprefix("'") == unit["text"]
        assert row["sha1"] == sha1(unit["text"])
        assert row["stratum"] == record["metadata"]["region"]
        assert (row["codes"], row["drawn"], row["seed"]) == ("", "unit", "9")
        assert row["why"] == "random: drawn for an estimate"
    assert sum(1 / float(row["inclusion"]) for row in rows) == pytest.approx(len(units))


def test_the_order_is_random_and_the_same_again(sampled_run: Path, tmp_path: Path) -> None:
    rows = write(sampled_run, tmp_path / "one.csv")
    write(sampled_run, tmp_path / "two.csv")
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()
    strata = [row["stratum"] for row in rows]
    assert strata != sorted(strata)
    assert len(set(strata[:20])) == 3


def test_a_workbook_can_be_read_again(sampled_run: Path, tmp_path: Path) -> None:
    rows = write(sampled_run, tmp_path / "s.csv")
    write(sampled_run, tmp_path / "s.xlsx")
    read = read_codings(tmp_path / "s.xlsx", load_codebook()).rows
    assert [(row.document, str(row.unit), row.sha1) for row in read] == [
        (row["document"], row["unit"], row["sha1"]) for row in rows
    ]
    assert [row.inclusion for row in read] == [float(row["inclusion"]) for row in rows]
    assert {row.codes for row in read} == {None}


def test_units_of_a_document_stay_together(sampled_run: Path, tmp_path: Path) -> None:
    counts = read_counts(sampled_run, ["C"], of="documents")
    write_sheet(sampled_run, counts, plan(counts, size=9), tmp_path / "s.csv", seed=0)
    rows = rows_of(tmp_path / "s.csv")
    names = list(dict.fromkeys(row["document"] for row in rows))
    assert len(names) == 9
    assert [row["document"] for row in rows] == [
        name for name in names for row in rows if row["document"] == name
    ]
    sizes = dict(zip(counts.names, counts.sizes, strict=True))
    assert len(rows) == sum(sizes[name] for name in names)
    assert {row["drawn"] for row in rows} == {"document"}


def test_known_codes_are_kept_and_the_models_shown_only_if_wanted(sampled_run: Path, tmp_path: Path) -> None:
    first, second = write(sampled_run, tmp_path / "s.csv")[:2]
    known = {
        (first["document"], int(first["unit"])): frozenset({"J!", "J-", "F2"}),
        (second["document"], int(second["unit"])): frozenset[str](),
    }
    rows = write(sampled_run, tmp_path / "k.csv", known=known, show_model=True)
    assert [row["codes"] for row in rows[:3]] == ["F2,J!-", "0", ""]
    assert all(row["model_codes"] for row in rows)


def test_what_cannot_be_written_is_told_and_nothing_is(
    sampled_run: Path, tmp_path: Path, make_run: Callable[..., Path]
) -> None:
    with pytest.raises(OutputError, match=r"ends in \.csv or \.xlsx"):
        write(sampled_run, tmp_path / "s.txt")
    (tmp_path / "rows.csv").write_text(ROWS, encoding="utf-8")
    options = ReadOptions(text_column="正文", id_column="编号")
    quiet = make_run(tmp_path / "quiet", tmp_path / "rows.csv", text=False, options=options)
    with pytest.raises(EvaluationError, match="holds no text"):
        write(quiet, tmp_path / "s.csv", size=2)
    (tmp_path / "rows.csv").write_text(ROWS.replace("乙", "甲"), encoding="utf-8")
    twice = make_run(tmp_path / "twice", tmp_path / "rows.csv", options=options)
    with pytest.raises(EvaluationError, match="several documents are called"):
        write(twice, tmp_path / "s.csv", size=2)
    assert not (tmp_path / "s.csv").exists()
