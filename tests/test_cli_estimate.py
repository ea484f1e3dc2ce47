"""``wuxing estimate``."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

Wuxing = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def coded(
    sampled_run: Path, coded_by_hand: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A coded sample of a hundred and fifty units."""
    from wuxing_nlp.estimates import plan, read_counts, write_sheet

    folder = tmp_path_factory.mktemp("cli_estimate")
    counts = read_counts(sampled_run, by=["region"])
    write_sheet(sampled_run, counts, plan(counts, size=150), folder / "s.csv", seed=0)
    return coded_by_hand(folder / "s.csv", folder / "coded.csv")


def changed(coded: Path, to: Path, change: Callable[[list[dict[str, str]]], list[dict[str, str]]]) -> Path:
    with coded.open(encoding="utf-8-sig", newline="") as stream:
        rows = change(list(csv.DictReader(stream)))
    with to.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return to


def test_a_table_of_the_whole_and_every_group(wuxing: Wuxing, sampled_run: Path, coded: Path) -> None:
    code, out, error = wuxing("estimate", sampled_run, coded, "--by", "year,region")
    assert (code, error) == (0, "")
    for title in ("all (", "year: 2023 (", "year: 2024 (", "region: 江西省 (", "region: 云南省 ("):
        assert title in out
    assert "Shares of units in the documents of this run" in " ".join(out.split())
    assert "gain" in out


def test_labels_predictions_and_the_population_are_options(
    wuxing: Wuxing, sampled_run: Path, coded: Path
) -> None:
    options = ("--labels", "C,J!", "--predictions", "codes", "--about", "population")
    code, out, _ = wuxing("estimate", sampled_run, coded, *options, "--format", "json")
    assert code == 0
    assert [row["label"] for row in json.loads(out)] == ["C", "J!"]
    out = wuxing("estimate", sampled_run, coded, *options, "--format", "markdown")[1]
    assert "a random sample of" in out


def test_heads_and_names_in_one_language(wuxing: Wuxing, sampled_run: Path, coded: Path) -> None:
    options = ("estimate", sampled_run, coded, "--labels", "P")
    chinese, english = (wuxing(*options, "--language", language)[1] for language in ("zh", "en"))
    assert "人工编码" in chinese
    assert "P 怕" in chinese
    assert "P fear" in english
    assert "怕" not in english


@pytest.mark.parametrize("form", ["markdown", "latex", "csv", "json"])
def test_every_form_can_be_a_file(
    wuxing: Wuxing, sampled_run: Path, coded: Path, tmp_path: Path, form: str
) -> None:
    path = tmp_path / f"e.{form}"
    printed = wuxing("estimate", sampled_run, coded, "--labels", "C", "--format", form)[1]
    code, out, _ = wuxing("estimate", sampled_run, coded, "--labels", "C", "--format", form, "--out", path)
    assert code == 0
    assert str(path) in out
    written = path.read_bytes().decode("utf-8")
    assert written.removeprefix("\ufeff").splitlines() == printed.splitlines()
    assert written.startswith("\ufeff") == (form == "csv")
    if form == "csv":
        [row] = csv.DictReader(io.StringIO(written.removeprefix("\ufeff")))
        assert row["coded"] == "150"


def test_documents_are_estimated_from_documents(
    wuxing: Wuxing, sampled_run: Path, coded_by_hand: Callable[..., Path], coded: Path, tmp_path: Path
) -> None:
    sheet = tmp_path / "s.csv"
    options = ("--for-estimate", "--size", "20", "--of", "documents", "--out", sheet)
    assert wuxing("sample", sampled_run, *options)[0] == 0
    filled = coded_by_hand(sheet, tmp_path / "c.csv")
    code, out, _ = wuxing("estimate", sampled_run, filled, "--of", "documents", "--format", "json")
    assert code == 0
    assert {(row["counted"], row["coded"]) for row in json.loads(out)} == {(100, 20)}
    code, _, error = wuxing("estimate", sampled_run, coded, "--of", "documents")
    assert (code, error.count("\n")) == (1, 1)
    assert "need documents drawn as a whole" in error


def test_a_group_without_codings_is_one_line_and_nan(
    wuxing: Wuxing, sampled_run: Path, coded: Path, tmp_path: Path
) -> None:
    less = changed(
        coded,
        tmp_path / "less.csv",
        lambda rows: [row | ({"codes": ""} if row["stratum"] == "江西省" else {}) for row in rows],
    )
    options = ("--by", "region", "--labels", "C", "--format", "json")
    code, out, error = wuxing("estimate", sampled_run, less, *options)
    assert code == 0
    shares = {row["group"]: row["share"] for row in json.loads(out)}
    assert shares["江西省"] is None
    assert shares[""] is None
    assert shares["云南省"] > 0
    lines = error.splitlines()
    assert [line for line in lines if "region '江西省': no estimate" in line]
    assert [line for line in lines if "all documents: no estimate" in line]
    assert len(lines) == 3


def test_rows_that_were_not_random_are_left_out_and_told(
    wuxing: Wuxing, sampled_run: Path, coded: Path, tmp_path: Path
) -> None:
    mixed = changed(
        coded,
        tmp_path / "mixed.csv",
        lambda rows: [*rows, *(row | {"why": "uncertain", "unit": "1"} for row in rows[:7])],
    )
    plain = wuxing("estimate", sampled_run, coded, "--format", "json")
    code, out, error = wuxing("estimate", sampled_run, mixed, "--format", "json")
    assert (code, out) == (0, plain[1])
    assert error == "wuxing: mixed.csv: 7 rows were not drawn at random (uncertain); they are left out\n"


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"codes": "Q7"}, "unknown code 'Q7'"),
        ({"inclusion": "1.2"}, "a probability above 0, up to 1"),
        ({"document": "别处"}, "the results have no document '别处'"),
        ({"text": "改过的话。"}, "the text is not that of unit"),
        ({"why": "uncertain"}, "no row that was drawn at random"),
        ({"codes": ""}, "nothing is coded yet"),
    ],
)
def test_bad_codings_are_one_line_and_nothing_is_written(
    wuxing: Wuxing, sampled_run: Path, coded: Path, tmp_path: Path, cells: dict[str, str], said: str
) -> None:
    bad = changed(coded, tmp_path / "bad.csv", lambda rows: [row | cells for row in rows])
    out = tmp_path / "out.json"
    code, printed, error = wuxing("estimate", sampled_run, bad, "--format", "json", "--out", out)
    assert (code, printed, error.count("\n")) == (1, "", 1)
    assert said in error
    assert not out.exists()


def test_codings_that_come_twice_are_refused(
    wuxing: Wuxing, sampled_run: Path, coded: Path, tmp_path: Path
) -> None:
    twice = changed(coded, tmp_path / "twice.csv", lambda rows: [*rows, rows[0]])
    code, _, error = wuxing("estimate", sampled_run, twice)
    assert (code, error.count("\n")) == (1, 1)
    assert "row 152: the unit of" in error


def test_unknown_labels_groups_and_a_table_as_file_are_refused(
    wuxing: Wuxing, sampled_run: Path, coded: Path, tmp_path: Path
) -> None:
    code, _, error = wuxing("estimate", sampled_run, coded, "--labels", "C,Q")
    assert (code, error.count("\n")) == (1, 1)
    code, _, error = wuxing("estimate", sampled_run, coded, "--by", "县")
    assert (code, error.count("\n")) == (1, 1)
    code, _, error = wuxing("estimate", sampled_run, coded, "--out", tmp_path / "e.txt")
    assert code == 2
    assert list(tmp_path.iterdir()) == []
