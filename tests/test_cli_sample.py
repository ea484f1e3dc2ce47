"""``wuxing sample``."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

Wuxing = Callable[..., tuple[int, str, str]]


def rows_of(sheet: Path) -> list[dict[str, str]]:
    with sheet.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_sheet_is_drawn_for_a_width(wuxing: Wuxing, sampled_run: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "s.csv"
    options = ("--for-estimate", "--width", "0.2", "--by", "region", "--labels", "C,P", "--out", sheet)
    code, out, error = wuxing("sample", sampled_run, *options)
    assert (code, error) == (0, "")
    assert str(sheet) in out
    rows = rows_of(sheet)
    assert f"{len(rows):,} rows to code" in out
    for name in ("云南省", "江西省", "湖南省", "together"):
        assert name in out
    assert {row["stratum"] for row in rows} == {"云南省", "江西省", "湖南省"}


def test_allocation_seed_size_and_documents_are_options(
    wuxing: Wuxing, sampled_run: Path, tmp_path: Path
) -> None:
    sheet = tmp_path / "s.csv"
    stratified = ("--by", "year", "--allocation", "neyman", "--seed", "5")
    assert (
        wuxing("sample", sampled_run, "--for-estimate", "--size", "30", *stratified, "--out", sheet)[0] == 0
    )
    assert len(rows_of(sheet)) == 30
    assert {row["seed"] for row in rows_of(sheet)} == {"5"}
    assert "model_codes" not in rows_of(sheet)[0]
    sheet = tmp_path / "of_documents.csv"
    options = ("--for-estimate", "--size", "4", "--of", "documents", "--show-model")
    assert wuxing("sample", sampled_run, *options, "--out", sheet)[0] == 0
    assert len({row["document"] for row in rows_of(sheet)}) == 4
    assert "model_codes" in rows_of(sheet)[0]


def test_a_pilot_is_planned_with_and_its_codes_are_kept(
    wuxing: Wuxing, sampled_run: Path, coded_by_hand: Callable[..., Path], tmp_path: Path
) -> None:
    pilot, more = tmp_path / "p.csv", tmp_path / "more.csv"
    assert wuxing("sample", sampled_run, "--for-estimate", "--size", "40", "--out", pilot)[0] == 0
    coded = coded_by_hand(pilot, tmp_path / "coded.csv", 35)
    options = ("--for-estimate", "--width", "0.1", "--labels", "C", "--pilot", coded, "--out", more)
    code, _, error = wuxing("sample", sampled_run, *options)
    assert code == 0
    assert "5 of 40 drawn units are not coded" in error
    known = {(row["document"], row["unit"]): row["codes"] for row in rows_of(coded) if row["codes"]}
    kept = {(row["document"], row["unit"]): row["codes"] for row in rows_of(more) if row["codes"]}
    assert kept == known
    assert len(rows_of(more)) > 40


@pytest.mark.parametrize(
    ("options", "said", "status"),
    [
        (("--size", "5"), "say what the sample is for", 2),
        (("--for-estimate",), "give either this or --size", 2),
        (("--for-estimate", "--size", "5", "--width", "0.1"), "give either this or --size", 2),
        (("--for-estimate", "--width", "5"), "the width is 5.0; give a share", 1),
        (("--for-estimate", "--size", "99999"), "cannot be drawn", 1),
        (("--for-estimate", "--size", "5", "--labels", "Q"), "there is no label 'Q'", 1),
        (("--for-estimate", "--size", "5", "--by", "县"), "cannot be grouped by '县'", 1),
    ],
)
def test_what_is_wrong_is_told_and_nothing_written(
    wuxing: Wuxing, sampled_run: Path, tmp_path: Path, options: tuple[str, ...], said: str, status: int
) -> None:
    code, _, error = wuxing("sample", sampled_run, *options, "--out", tmp_path / "s.csv")
    assert code == status
    assert said in " ".join(error.split())
    assert status == 2 or error.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_a_run_is_told(wuxing: Wuxing, tmp_path: Path) -> None:
    code, _, error = wuxing("sample", tmp_path, "--for-estimate", "--size", "5", "--out", tmp_path / "s.csv")
    assert (code, error.count("\n")) == (1, 1)
    assert "holds no finished run" in error


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_sheet_that_was_filled_in_is_kept(
    wuxing: Wuxing, sampled_run: Path, tmp_path: Path, suffix: str
) -> None:
    sheet = tmp_path / f"s{suffix}"
    given = ("sample", sampled_run, "--for-estimate", "--size", "5", "--out", sheet)
    assert wuxing(*given)[0] == 0
    assert wuxing(*given)[0] == 0  # as it was written it is written again
    sheet.write_bytes(sheet.read_bytes() + b"D1")
    filled = sheet.read_bytes()
    code, _, error = wuxing(*given)
    assert code == 1
    assert "may hold codings; move it away or name another file" in " ".join(error.split())
    assert sheet.read_bytes() == filled
