"""``wuxing sample``."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from wuxing_nlp.coding import Corpus, default_root, read_units
from wuxing_nlp.documents.tables.formulas import bare

Wuxing = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of the authored plans alone: of the others, which the run holds, a model is to learn."""
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "authored").mkdir()
    shutil.copy(default_root() / "authored" / "plan.tsv", folder / "authored")
    return folder


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


def test_a_mix_says_why_each_row_was_drawn(
    wuxing: Wuxing, sampled_run: Path, corpus: Path, tmp_path: Path
) -> None:
    sheet = tmp_path / "s.csv"
    code, out, error = wuxing("sample", sampled_run, "--size", "50", "--corpus", corpus, "--out", sheet)
    assert (code, error) == (0, "")
    assert "50 rows to code" in out
    rows = rows_of(sheet)
    shares = [row["why"].partition(":")[0] for row in rows]
    expected = {"random": 15, "uncertainty": 20, "diversity": 10, "rarity": 5}
    assert {share: shares.count(share) for share in expected} == expected
    assert len({(row["document"], row["unit"]) for row in rows}) == 50
    assert {bool(row["inclusion"]) for row, share in zip(rows, shares, strict=True) if share == "random"} == {
        True
    }
    assert {row["inclusion"] for row, share in zip(rows, shares, strict=True) if share != "random"} == {""}
    assert {row["codes"] for row in rows} == {""}
    assert "model_codes" not in rows[0]
    plans = {unit.text for unit in Corpus(corpus).authored()}
    assert not plans & {bare(row["text"]) for row in rows if not row["why"].startswith("random")}
    assert shares != sorted(shares)


def test_an_estimate_of_a_mix_is_that_of_its_random_rows_alone(
    wuxing: Wuxing, sampled_run: Path, corpus: Path, coded_by_hand: Callable[..., Path], tmp_path: Path
) -> None:
    mixed, random = tmp_path / "mixed.csv", tmp_path / "random.csv"
    options = ("--size", "120", "--mix", "random=0.5,uncertainty=0.3,rarity=0.2", "--by", "region")
    assert wuxing("sample", sampled_run, *options, "--corpus", corpus, "--out", mixed)[0] == 0
    alone = ("--for-estimate", "--size", "60", "--by", "region", "--allocation", "proportional")
    assert wuxing("sample", sampled_run, *alone, "--out", random)[0] == 0
    drawn = [
        {(row["document"], row["unit"], row["stratum"], row["inclusion"]) for row in rows_of(sheet)}
        for sheet in (mixed, random)
    ]
    assert drawn[1] < drawn[0]
    printed = []
    for sheet in (mixed, random):
        coded = coded_by_hand(sheet, tmp_path / f"coded_{sheet.name}")
        code, out, error = wuxing("estimate", sampled_run, coded, "--by", "region", "--format", "json")
        assert code == 0
        printed.append(json.loads(out))
        assert error.count("not drawn at random") == 2 * (sheet == mixed)
    for one, other in zip(*printed, strict=True):
        assert one == pytest.approx(other)
    whole = [row for row in printed[0] if not row["by"]]
    assert {row["coded"] for row in whole} == {60}
    given = [row["codes"].split(",") for row in rows_of(tmp_path / "coded_random.csv")]
    assert {row["label"]: row["positives"] for row in whole} == {
        row["label"]: sum(row["label"] in {code[0] for code in codes} for codes in given) for row in whole
    }


def test_what_is_coded_keeps_its_codes_in_the_random_part_and_is_not_chosen_again(
    wuxing: Wuxing, sampled_run: Path, corpus: Path, coded_by_hand: Callable[..., Path], tmp_path: Path
) -> None:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    given = ("--corpus", corpus, "--labels", "P,M", "--seed", "3")
    assert wuxing("sample", sampled_run, "--size", "40", *given, "--out", first)[0] == 0
    coded = coded_by_hand(first, tmp_path / "coded.csv", 30)
    options = ("--size", "60", "--coded", coded, *given, "--out", second)
    code, _, error = wuxing("sample", sampled_run, *options)
    assert (code, error) == (0, "")
    known = {row["text"]: row["codes"] for row in rows_of(coded) if row["codes"]}
    assert len(known) == 30
    rows = rows_of(second)
    at_random = [row for row in rows if row["why"].startswith("random")]
    assert {row["text"]: row["codes"] for row in at_random if row["codes"]} == {
        row["text"]: known[row["text"]] for row in at_random if row["text"] in known
    }
    # The same seed: the larger random part begins with the smaller one.
    before = {row["text"] for row in rows_of(first) if row["why"].startswith("random")}
    assert before <= {row["text"] for row in at_random}
    others = [row for row in rows if row not in at_random]
    assert not {row["text"] for row in others} & known.keys()
    assert {row["codes"] for row in others} == {""}


def test_fewer_are_drawn_where_the_corpus_holds_all_and_it_is_told(
    wuxing: Wuxing, sampled_run: Path, tmp_path: Path
) -> None:
    sheet = tmp_path / "s.csv"
    options = ("--size", "40", "--mix", "random=1,diversity=3", "--out", sheet)
    code, out, error = wuxing("sample", sampled_run, *options)
    assert code == 0
    chosen = [row for row in rows_of(sheet) if row["why"].startswith("diversity")]
    assert f"diversity: {len(chosen)} units instead of 30" in error
    assert f"{10 + len(chosen)} rows to code" in out
    assert not {unit.text for unit in Corpus(default_root()).authored()} & {row["text"] for row in chosen}


def test_a_coded_workbook_of_a_mix_can_be_learnt_from(
    wuxing: Wuxing,
    sampled_run: Path,
    corpus: Path,
    small_bundle: Path,
    coded_by_hand: Callable[..., Path],
    tmp_path: Path,
) -> None:
    sheet = tmp_path / "s.csv"
    assert wuxing("sample", sampled_run, "--size", "200", "--corpus", corpus, "--out", sheet)[0] == 0
    coded = coded_by_hand(sheet, tmp_path / "coded.csv", 180)
    rows = rows_of(coded)
    assert len(read_units(coded)) == 180
    workbook = tmp_path / "coded.xlsx"
    made = xlsxwriter.Workbook(workbook)
    page = made.add_worksheet()
    for at, cells in enumerate([list(rows[0]), *(list(row.values()) for row in rows)]):
        page.write_row(at, 0, cells)
    made.close()
    key = ("text", "codes", "document")
    assert [[getattr(unit, name) for name in key] for unit in read_units(workbook)] == [
        [getattr(unit, name) for name in key] for unit in read_units(coded)
    ]
    given = ("--base", small_bundle, "--corpus", corpus, "--out", tmp_path / "mine", "--accept-worse")
    code, _, error = wuxing("train", "--add", workbook, *given)
    assert code == 0, error
    assert (tmp_path / "mine").is_dir()


@pytest.mark.parametrize(
    ("options", "said", "status"),
    [
        ((), "say how many units to draw", 2),
        (("--size", "5", "--of", "documents"), "documents are drawn with --for-estimate only", 2),
        (("--size", "5", "--width", "0.1"), "this goes with --for-estimate", 2),
        (("--size", "5", "--pilot", "p.csv"), "this goes with --for-estimate", 2),
        (("--size", "5", "--mix", "random"), "--mix holds 'random'; shares with commas", 1),
        (("--size", "5", "--mix", "doubt=1"), "a mix has no share 'doubt'", 1),
        (("--size", "5", "--mix", "random=1,random=2"), "--mix names random twice", 1),
        (("--size", "3"), "the random part of the mix: 1 units cannot be drawn", 1),
        (("--size", "9", "--labels", "Q"), "there is no label 'Q'", 1),
        (("--size", "9", "--coded", "none.csv"), "none.csv does not exist", 1),
        (("--for-estimate", "--size", "5", "--coded", "c.csv"), "--for-estimate draws at random alone", 2),
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
