"""Tables: one row a unit, one a document, one a failure."""

from __future__ import annotations

import pytest

from wuxing_nlp.batch import Failure, Record, Result, tag_items
from wuxing_nlp.batch.columns import DocumentTable, FailureTable, Row, UnitTable, labels
from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.codebook.columns import label_name
from wuxing_nlp.documents import Document, Metadata
from wuxing_nlp.model.tagger import Tagger

BOOK = load_codebook()
TEXT = (
    "表格说明\n\n坚决整治推诿扯皮、久拖不决，“责任”落到人。\n"
    "有的干部不敢担当, 遇到矛盾绕道走。\n第三中学操场于八月底完工。\n二是。\n"
)
METADATA = Metadata("表格说明", "青政发〔2024〕3号", "青苎县人民政府", "", "2024-03", "通知")


def record_of(tagger: Tagger, text: str, *, quoted: bool = True) -> Record:
    document = Document("d.csv#7", text, "utf-8", METADATA, {"units": "9", "区县": "青苎县"})
    [result] = tag_items(tagger, [document], probabilities=True)
    assert isinstance(result, Result)
    return result.to_dict(text=quoted)


def cells(table: UnitTable | DocumentTable, record: Record) -> list[dict[str, object]]:
    names = [column.name for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in table.rows(record)]


def test_labels_have_names_that_r_keeps_apart() -> None:
    assert labels(BOOK)[:3] == ("Z", "C", "D")
    names = [label_name(label, BOOK) for label in labels(BOOK)]
    assert names[:10] == list("ZCDFGPMJYS")
    assert {"P_exists", "P_tackled", "F0", "G3"} < set(names)
    assert len(set(names)) == len(labels(BOOK)) == 40
    assert all(name.replace("_", "").isalnum() for name in names)


def test_units_are_rows_with_codes_flags_and_probabilities(tagger: Tagger) -> None:
    record = record_of(tagger, TEXT)
    rows = cells(UnitTable(BOOK), record)
    units = tagger.tag(TEXT, probabilities=True).units
    assert len(rows) == len(units)
    for number, (row, unit) in enumerate(zip(rows, units, strict=True), start=1):
        assert (row["document"], row["unit"], row["text"]) == ("d.csv#7", number, unit.text)
        assert (row["start"], row["end"], row["kind"], row["status"]) == (
            unit.start,
            unit.end,
            unit.kind,
            unit.status,
        )
        assert BOOK.parse(str(row["codes"])) == unit.codes
        given = {label for label in labels(BOOK) if row[label_name(label, BOOK)] == 1}
        assert given == BOOK.base(unit.codes) | unit.labels
        likely = {label: row[f"p_{label_name(label, BOOK)}"] for label in labels(BOOK)}
        if unit.status == "too_short":
            assert set(likely.values()) == {None}
        else:
            assert likely == unit.probabilities.rounded()
    assert {unit.status for unit in units} >= {"labelled", "too_short"}


def test_evidence_stands_in_the_unit(tagger: Tagger) -> None:
    rows = cells(UnitTable(BOOK), record_of(tagger, TEXT))
    assert any(row["evidence"] for row in rows)
    for row in rows:
        assert bool(row["evidence"]) == (row["codes"] != "0")
        pieces = str(row["evidence"]).split(" | ")
        assert all(piece in str(row["text"]) for piece in pieces)
        assert len(pieces) == len(set(pieces))


def test_a_problem_with_both_stances_fills_both_columns(tagger: Tagger) -> None:
    text = "部分干部纪律松弛、吃拿卡要问题仍然存在，必须坚决整治。"
    assert tagger.tag_units([text])[0].codes == ("S!-",)
    [row] = cells(UnitTable(BOOK), record_of(tagger, text))
    assert (row["codes"], row["S"], row["S_exists"], row["S_tackled"]) == ("S!-", 1, 1, 1)


def test_without_text_a_table_of_units_has_codes_and_places_only(tagger: Tagger) -> None:
    table = UnitTable(BOOK, text=False)
    rows = cells(table, record_of(tagger, TEXT, quoted=False))
    full = cells(UnitTable(BOOK), record_of(tagger, TEXT))
    for row, whole in zip(rows, full, strict=True):
        assert set(whole) - set(row) == {"text", "evidence"}
        assert row == {name: whole[name] for name in row}


def test_a_document_is_a_row_of_its_profile(tagger: Tagger) -> None:
    [row] = cells(DocumentTable(BOOK, ["units", "区县", "镇"]), record_of(tagger, TEXT))
    profile = tagger.tag(TEXT).profile
    assert (row["document"], row["title"], row["number"]) == ("d.csv#7", "表格说明", METADATA.number)
    assert (row["units"], row["coded"], row["script"]) == (profile.units, profile.coded, "simplified")
    assert (row["labelled"], row["too_short"]) == (
        profile.statuses["labelled"],
        profile.statuses["too_short"],
    )
    assert row["not_chinese"] == 0
    counted = profile.letters | profile.codes
    for label in labels(BOOK):
        assert row[label_name(label, BOOK)] == counted[label]
        assert row[f"share_{label_name(label, BOOK)}"] == pytest.approx(profile.share(label), abs=5e-5)
    assert (row["units (input)"], row["区县"], row["镇"]) == ("9", "青苎县", None)


def test_columns_of_the_input_that_are_ours_too_are_told_apart(tagger: Tagger) -> None:
    record = record_of(tagger, TEXT)
    record["fields"] = {"title": "甲", "title (input)": "乙", "title (input) (input)": "丙"}
    table = DocumentTable(BOOK, list(record["fields"]))
    [row] = cells(table, record)
    assert len(row) == len(table.columns)
    assert [row[f"title{' (input)' * times}"] for times in (0, 1, 2, 3)] == ["表格说明", "甲", "乙", "丙"]


def test_a_document_of_which_nothing_is_coded_has_no_shares(tagger: Tagger) -> None:
    [row] = cells(DocumentTable(BOOK), record_of(tagger, "二是。"))
    assert (row["coded"], row["Z"], row["share_Z"]) == (0, 0, None)


def test_a_failure_is_a_row() -> None:
    table = FailureTable()
    assert [column.name for column in table.columns] == ["input", "reason", "advice"]
    assert list(table.rows(Failure("a", "b", "c"))) == [["a", "b", "c"]]


def test_columns_are_distinct_and_their_cells_of_their_type(tagger: Tagger) -> None:
    types: dict[str, type | tuple[type, ...]] = {"text": str, "count": int, "share": float}
    record = record_of(tagger, TEXT)
    for table in (UnitTable(BOOK), UnitTable(BOOK, text=False), DocumentTable(BOOK, ["a", "document"])):
        assert len({column.name for column in table.columns}) == len(table.columns)
        rows: list[Row] = list(table.rows(record))
        for row in rows:
            for cell, column in zip(row, table.columns, strict=True):
                assert cell is None or isinstance(cell, types[column.type]), column.name
