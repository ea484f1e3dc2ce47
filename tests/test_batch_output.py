"""Results as files: JSON lines, tables for spreadsheets, whole or not there."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxing_nlp.batch import Failure, Result, ResultFiles, classify, csv_line, csv_rows, unit_header
from wuxing_nlp.batch.output import document_header, document_row, safe
from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.errors import OutputError
from wuxing_nlp.model.tagger import Tagger, load

BOOK = load_codebook()
TEXT = (
    "=HYPERLINK表格说明\n\n坚决整治推诿扯皮、久拖不决，“责任”落到人。\n"
    "-有的干部不敢担当, 遇到矛盾绕道走。\n第三中学操场于八月底完工。\n"
)
_CELLS = st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=5)


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return load()


@pytest.fixture(scope="module")
def result(tagger: Tagger) -> Result:
    [found] = classify(tagger, ["-"], stream=TEXT.encode())
    assert isinstance(found, Result)
    return found


def parsed(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@given(cells=_CELLS)
def test_a_line_is_read_back_as_the_safe_cells(cells: list[str]) -> None:
    line = csv_line(cells)
    assert line.endswith("\r\n")
    assert parsed(line) == [[safe(cell) for cell in cells]]


@given(text=st.text())
def test_no_cell_begins_like_a_formula_and_no_text_is_lost(text: str) -> None:
    cell = safe(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert cell.removeprefix("'") == text.removeprefix("'")
    assert cell.endswith(text)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1"])
def test_a_cell_like_a_formula_gets_an_apostrophe(cell: str) -> None:
    assert parsed(csv_line([cell])) == [["'" + cell]]


def test_numbers_stay_numbers() -> None:
    assert csv_line([-1, 0.5, "a"]) == "-1,0.5,a\r\n"


def test_units_are_rows_with_codes_flags_and_probabilities(result: Result) -> None:
    header = unit_header(BOOK)
    rows = [dict(zip(header, row, strict=True)) for row in parsed("".join(csv_rows(result, BOOK)))]
    assert len(rows) == len(result.tagged.units)
    assert sum(row["codes"] != "0" for row in rows) >= 2
    for number, (row, unit) in enumerate(zip(rows, result.tagged.units, strict=True), start=1):
        assert (row["document"], row["unit"]) == ("'-", str(number))
        assert TEXT[int(row["start"]) : int(row["end"])] == unit.text
        assert row["text"] == safe(unit.text)
        assert (row["kind"], row["status"]) == (unit.kind, unit.status)
        assert BOOK.parse(row["codes"]) == unit.codes
        given_codes = {code for code in BOOK.codes if row[code] == "1"}
        assert given_codes == BOOK.base(unit.codes)
        assert all(row[code] == "0" for code in set(BOOK.codes) - given_codes)
        filled = {code: float(row[f"p({code})"]) for code in BOOK.codes if row[f"p({code})"]}
        assert set(filled) == given_codes
        for tag in unit.tags:
            assert filled[next(iter(BOOK.base([tag.code])))] == pytest.approx(tag.probability, abs=5e-5)


def test_evidence_stands_in_the_unit(result: Result) -> None:
    header = unit_header(BOOK)
    rows = [dict(zip(header, row, strict=True)) for row in parsed("".join(csv_rows(result, BOOK)))]
    assert [bool(row["evidence"]) for row in rows] == [bool(unit.codes) for unit in result.tagged.units]
    for row, unit in zip(rows, result.tagged.units, strict=True):
        pieces = row["evidence"].removeprefix("'").split(" | ") if row["evidence"] else []
        assert all(piece in unit.text for piece in pieces)
        assert len(pieces) == len(set(pieces))


def test_a_problem_with_both_stances_fills_both_columns(tagger: Tagger) -> None:
    text = "一些窗口仍有吃拿卡要的现象，必须坚决整治。"
    assert tagger.tag_units([text])[0].codes == ("S!-",)
    [found] = classify(tagger, ["-"], stream=text.encode())
    assert isinstance(found, Result)
    [row] = parsed("".join(csv_rows(found, BOOK)))
    values = dict(zip(unit_header(BOOK), row, strict=True))
    assert (values["codes"], values["S!"], values["S-"]) == ("S!-", "1", "1")
    assert values["p(S!)"] == values["p(S-)"] != ""


def test_a_document_is_a_row_of_its_profile(result: Result) -> None:
    [cells] = parsed(csv_line(document_row(result, BOOK)))
    row = dict(zip(document_header(BOOK), cells, strict=True))
    profile = result.tagged.profile
    assert (row["units"], row["coded"]) == (str(profile.units), str(profile.coded))
    assert row["script"] == "simplified"
    assert int(row["labelled"]) == sum(bool(unit.codes) for unit in result.tagged.units)
    for letter in BOOK.letters:
        assert int(row[letter]) == sum(letter in unit.labels for unit in result.tagged.units)
        assert float(row[f"share({letter})"]) == pytest.approx(profile.share(letter), abs=5e-5)
    for code in BOOK.codes:
        assert int(row[code]) == sum(code in BOOK.base(unit.codes) for unit in result.tagged.units)


def test_columns_are_distinct() -> None:
    for header in (unit_header(BOOK), document_header(BOOK)):
        assert len(set(header)) == len(header)


def test_files_of_a_folder(result: Result, tmp_path: Path) -> None:
    out = tmp_path / "new" / "out"
    with ResultFiles(out, BOOK) as files:
        files.add(result)
        files.add(Failure("=bad.txt", "=bad.txt: there is no such file"))
        files.add(result)
    assert sorted(path.name for path in out.iterdir()) == sorted(ResultFiles.NAMES)
    lines = (out / "results.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [json.loads(json.dumps(result.to_dict()))] * 2
    assert len(table(out / "units.csv")) == 2 * len(result.tagged.units)
    assert [row["document"] for row in table(out / "documents.csv")] == ["'-", "'-"]
    assert table(out / "failures.csv") == [
        {"input": "'=bad.txt", "reason": "'=bad.txt: there is no such file"}
    ]


def test_tables_begin_with_a_mark_and_json_does_not(result: Result, tmp_path: Path) -> None:
    with ResultFiles(tmp_path, BOOK) as files:
        files.add(result)
    for name in ("units.csv", "documents.csv", "failures.csv"):
        data = (tmp_path / name).read_bytes()
        assert data.startswith(b"\xef\xbb\xbf")
        assert data.count(b"\xef\xbb\xbf") == 1
    assert (tmp_path / "results.jsonl").read_bytes().startswith(b"{")


def test_no_result_leaves_headers_only(tmp_path: Path) -> None:
    with ResultFiles(tmp_path, BOOK):
        pass
    assert (tmp_path / "results.jsonl").read_bytes() == b""
    assert (tmp_path / "failures.csv").read_bytes() == b"\xef\xbb\xbfinput,reason\r\n"
    assert table(tmp_path / "units.csv") == []


def test_a_broken_run_leaves_the_old_files(result: Result, tmp_path: Path) -> None:
    with ResultFiles(tmp_path, BOOK) as files:
        files.add(result)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def broken() -> None:
        with ResultFiles(tmp_path, BOOK) as files:
            files.add(Failure("a", "b"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_half_a_surrogate_pair_costs_no_file(tmp_path: Path) -> None:
    with ResultFiles(tmp_path, BOOK) as files:
        files.add(Failure("bad\udcff.txt", "gone"))
    assert table(tmp_path / "failures.csv") == [{"input": r"bad\udcff.txt", "reason": "gone"}]


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x", encoding="utf-8")
    for folder in (tmp_path / "out", tmp_path / "out" / "deeper"):
        with pytest.raises(OutputError, match=f"{folder.name} cannot be a folder"), ResultFiles(folder, BOOK):
            pass
    assert (tmp_path / "out").read_text(encoding="utf-8") == "x"
