"""Columns of tables: which is the text, which names the rows, what the others say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from wuxing_nlp.documents import Document, Metadata, ReadOptions
from wuxing_nlp.documents.tables.cells import Written, to_shown, to_text
from wuxing_nlp.documents.tables.columns import MAX_COLUMNS, Columns, choose, distinct, documents, header
from wuxing_nlp.documents.tables.headers import folded, ranked
from wuxing_nlp.documents.tables.known import known_of
from wuxing_nlp.documents.tables.table import Row, Table
from wuxing_nlp.errors import DocumentError

TEXT = "窗口收了材料三个月没有下文，群众来问，只说还在研究。"
OTHER = "县里把断头路修通了，把拖欠的工钱要回来了。"


def _choose(*rows: Mapping[str, str], **options: str) -> Columns:
    return choose("t.csv", list(rows[0]), rows, ReadOptions(**options))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (["id", "标题", "正文"], "正文"),
        (["标题", "回复内容", "留言内容"], "留言内容"),
        (["title", "Full_Text", "summary"], "Full_Text"),
        (["编号", "內容（必填）", "說明"], "內容（必填）"),
        (["答复内容", "市民诉求内容", "地区"], "市民诉求内容"),
        (["CONTENT", "正文"], "正文"),
    ],
)
def test_the_text_column_is_known_by_its_name(names: list[str], text: str) -> None:
    assert _choose(dict.fromkeys(names, TEXT)).text == text


def test_without_a_known_name_the_column_with_most_chinese_is_the_text() -> None:
    rows = [
        {"姓名": "王启明", "说了什么": TEXT, "备考": "见附件"},
        {"姓名": "李", "说了什么": "", "备考": ""},
    ]
    assert _choose(*rows).text == "说了什么"


def test_a_known_name_over_empty_cells_is_passed_over() -> None:
    assert _choose({"正文": "", "内容": " ", "摘录": TEXT}).text == "摘录"


def test_names_and_places_are_no_text() -> None:
    with pytest.raises(
        DocumentError, match="no column of Chinese text; its columns are '姓名', '县'"
    ) as caught:
        _choose({"姓名": "王启明", "县": "青溪县"})
    assert "--text-column" in caught.value.advice
    assert _choose({"标语": "真抓实干"}).text == "标语"


def test_a_table_without_chinese_asks_for_the_column() -> None:
    rows = {"a": "Roads were mended.", "b": "1"}
    with pytest.raises(DocumentError, match="its columns are 'a', 'b'"):
        _choose(rows)
    assert _choose(rows, text_column="a").text == "a"


def test_a_named_column_that_is_not_there_lists_those_that_are() -> None:
    many = {f"c{number}": TEXT for number in range(25)}
    with pytest.raises(DocumentError, match=r"no column '正文'; its columns are 'c0', .*'c19' and 5 more"):
        _choose(many, text_column="正文")
    with pytest.raises(DocumentError, match=r"no column 'nr'; its columns are '内容'"):
        _choose({"内容": TEXT}, id_column="nr")


def test_a_named_column_is_found_without_regard_to_case_and_spaces_if_one_fits() -> None:
    assert _choose({" Text ": TEXT, "x": OTHER}, text_column="text").text == " Text "
    with pytest.raises(DocumentError, match="no column 'Text'"):
        _choose({"TEXT": TEXT, "text": OTHER}, text_column="Text")


@pytest.mark.parametrize(
    ("keys", "expected"),
    [(["a", "b"], "编号"), (["a", "a"], None), (["a", ""], None), (["a" * 101, "b"], None)],
)
def test_rows_are_named_by_a_column_only_if_it_tells_them_apart(
    keys: list[str], expected: str | None
) -> None:
    assert _choose(*({"编号": key, "内容": TEXT} for key in keys)).id == expected


def test_the_next_best_column_names_the_rows_where_the_best_does_not() -> None:
    rows = [{"id": "7", "文号": f"青府发〔2024〕{number}号", "正文": TEXT} for number in (1, 2)]
    assert _choose(*rows).id == "文号"


def _told(names: Sequence[str], **options: str) -> list[str]:
    lines: list[str] = []
    row = {name: f"{TEXT}{place}" for place, name in enumerate(names)}
    choose("complaints.csv", names, [row], ReadOptions(notify=lines.append, **options))  # type: ignore[arg-type]
    return lines


def test_guesses_are_told_and_choices_are_not() -> None:
    assert _told(["id", "内容"]) == [
        "complaints.csv: text column '内容' (guessed; --text-column names another), rows named by 'id'"
    ]
    assert _told(["内容"]) == [
        "complaints.csv: text column '内容' (guessed; --text-column names another), "
        "rows named by their number (--id-column names a column)"
    ]
    assert _told(["id", "内容"], text_column="内容") == ["complaints.csv: rows named by 'id'"]
    assert _told(["id", "内容"], text_column="内容", id_column="id") == []


def test_long_names_are_told_in_short() -> None:
    assert all(len(line) < 200 for line in _told(["id" + "号" * 3_000, "内容" + "}" * 3_000]))


def _named(rows: Sequence[Mapping[str, str]], **options: str) -> list[str]:
    lines: list[str] = []
    given = ReadOptions(notify=lines.append, text_column="内容", **options)  # type: ignore[arg-type]
    choose("t.csv", list(rows[0]), rows, given)
    return lines


@pytest.mark.parametrize(
    ("first", "second", "flaw"),
    [
        ("甲1", "甲1", "has '甲1' twice"),
        ("甲1", " ", "has an empty cell"),
        ("甲1", "甲" * 101, "has a cell of"),
    ],
)
def test_why_rows_are_not_named_by_a_column_of_ids_is_told(first: str, second: str, flaw: str) -> None:
    rows = [{"编号": first, "内容": TEXT}, {"编号": second, "内容": TEXT}]
    [line] = _named(rows)
    assert line.startswith(f"t.csv: rows named by their number, for '编号' {flaw}")
    assert line.endswith(" (--id-column names a column)")
    [line] = _named([row | {"文号": str(at)} for at, row in enumerate(rows)])
    assert line.startswith(f"t.csv: rows named by '文号', for '编号' {flaw}")
    [line] = _named([row | {"文号": ""} for row in rows])
    assert f"their number, for '编号' {flaw}" in line  # the likelier of the two
    assert _named([{"编号": first, "内容": TEXT}]) == ["t.csv: rows named by '编号'"]


def test_a_chosen_column_that_gives_one_name_to_several_documents_is_told() -> None:
    rows = [{"县": "青溪县", "内容": TEXT}, {"县": " 青溪县", "内容": TEXT}, {"县": "", "内容": TEXT}]
    assert _named(rows, id_column="县") == [
        "t.csv: '县' has '青溪县' twice, so that several documents have one name"
    ]
    assert _named(rows[1:], id_column="县") == []


def test_names_are_made_distinct() -> None:
    assert distinct(["a", "a", "", " ", "a (2)", "a"]) == [
        "a",
        "a (3)",
        "column 3",
        "column 4",
        "a (2)",
        "a (4)",
    ]
    assert distinct(["", "column 3", "x"], first=3) == ["column 3 (2)", "column 3", "x"]


def test_a_first_row_of_text_is_no_header_unless_a_column_is_named() -> None:
    lines: list[str] = []
    assert header("t.csv", ["1", TEXT], ReadOptions(notify=lines.append)) is None
    assert lines == ["t.csv: its first row is text and no header: read as a row, the columns numbered"]
    assert header("t.csv", ["1", TEXT], ReadOptions(text_column=TEXT)) == ["1", TEXT]


def test_too_many_columns_are_refused() -> None:
    with pytest.raises(DocumentError, match=f"{MAX_COLUMNS + 1:,} columns, the limit is {MAX_COLUMNS:,}"):
        header("t.csv", ["a"] * (MAX_COLUMNS + 1), ReadOptions())


def test_rows_become_documents_and_errors_stay_in_their_places() -> None:
    error = DocumentError("t.csv#row 3", "broken", "mend it")
    rows: list[Row | DocumentError] = [
        (2, {"id": "甲\n1", "内容": TEXT, "x": "007"}),
        error,
        (4, {"id": "", "内容": OTHER, "x": "NA"}),
    ]
    first, second, third = documents(Table("t.csv", rows, encoding="utf-8"), ReadOptions(id_column="id"))
    assert isinstance(first, Document)
    assert isinstance(third, Document)
    assert (first.name, first.text, first.encoding) == ("t.csv#甲\ufffd1", TEXT, "utf-8")
    assert list(first.fields.items()) == [("id", "甲\n1"), ("x", "007")]
    assert second is error
    assert (third.name, third.fields["x"]) == ("t.csv#row 4", "NA")


def test_a_row_without_text_or_with_too_much_is_an_error_and_reading_goes_on() -> None:
    rows = [
        (2, {"内容": OTHER}),
        (3, {"内容": " \u3000"}),
        (4, {"x": "1"}),
        (5, {"内容": TEXT * 9}),
        (6, {"内容": TEXT}),
    ]
    found = list(documents(Table("t.csv", rows), ReadOptions(max_characters=60)))
    assert [item.name for item in found] == [f"t.csv#row {number}" for number in range(2, 7)]
    assert [type(item) for item in found] == [Document, DocumentError, DocumentError, DocumentError, Document]
    assert "no text in column '内容'" in str(found[1])
    assert "no text in column '内容'" in str(found[2])
    assert "the limit is 60" in str(found[3])


def test_a_table_without_rows_is_refused() -> None:
    with pytest.raises(DocumentError, match="no row with anything in it"):
        list(documents(Table("t.csv", [], ["内容"]), ReadOptions()))


def test_columns_feed_the_metadata_and_stay() -> None:
    row = {
        "标题": "关于清理积压办件的通知",
        "文号": "青府发〔2024〕3号",
        "发文机关": "青溪县人民政府",
        "省份": "江西",
        "发布时间": "2024-03-05 09:00",
        "文种": "通知",
        "正文": TEXT,
    }
    [document] = documents(Table("t.csv", [(2, row)]), ReadOptions())
    assert isinstance(document, Document)
    assert document.metadata == Metadata(
        title="关于清理积压办件的通知",
        number="青府发〔2024〕3号",
        issuer="青溪县人民政府",
        region="江西省",
        date="2024-03-05",
        kind="通知",
    )
    assert document.fields == {name: cell for name, cell in row.items() if name != "正文"}


@pytest.mark.parametrize(
    ("cell", "date"),
    [
        ("2024-03-05", "2024-03-05"), ("2024年3月5日", "2024-03-05"), ("2024/3/5 14:00:00", "2024-03-05"),
        ("2024-03-05T14:30:00", "2024-03-05"), ("20240305", "2024-03-05"), ("2024-03", "2024-03"),
        ("2024年", "2024"), ("2024", "2024"), ("45356", ""), ("去年", ""), ("", ""),
    ],
)  # fmt: skip
def test_dates_of_cells(cell: str, date: str) -> None:
    assert known_of({"日期": cell}, {"date": "日期"}).date == date


@pytest.mark.parametrize(
    ("cell", "region"),
    [
        ("江西", "江西省"),
        ("江西省", "江西省"),
        ("内蒙古", "内蒙古自治区"),
        ("全国", "全国"),
        ("国家", "全国"),
        ("", ""),
        ("江", ""),
    ],
)
def test_regions_of_cells(cell: str, region: str) -> None:
    assert known_of({"省": cell}, {"region": "省"}).region == region


def test_what_is_no_kind_and_what_is_no_title_is_left_out() -> None:
    columns = {"kind": "文种", "title": "标题"}
    assert known_of({"文种": "一般", "标题": "长" * 301}, columns) == Metadata()
    assert known_of({"标题": "两\n行"}, columns).title == "两 行"


def test_folding_of_names() -> None:
    assert folded(" *留言 內容：（不少於10字）") == "留言内容"
    assert folded("Full_Text") == "fulltext"
    assert ranked("id", ["序号", "ID"]) == ["ID", "序号"]


def test_values_as_text() -> None:
    assert [to_text(value) for value in ("007", None, True, 12, 1.5, Written("1.10"))] == [
        "007", "", "true", "12", "1.5", "1.10",
    ]  # fmt: skip
    assert to_text({"甲": [1, None, Written("2.50")]}) == '{"甲": [1, null, 2.5]}'
    assert to_text("县".encode()) == "县"
    assert to_text(b"\xff\x00") == "ff00"
    assert [to_shown(value) for value in (3.0, -0.5, True, False, 1e20, "3.0")] == [
        "3", "-0.5", "TRUE", "FALSE", "100000000000000000000", "3.0",
    ]  # fmt: skip


def test_infinite_numbers_of_a_sheet_do_not_fail() -> None:
    assert to_shown(float("inf")) == "inf"


def test_a_table_of_broken_rows_gives_their_errors() -> None:
    errors = [DocumentError(f"t.csv#row {number}", "broken", "mend it") for number in range(300)]
    assert list(documents(Table("t.csv", errors), ReadOptions())) == errors
    last: list[Row | DocumentError] = [*errors, (301, {"内容": TEXT})]
    assert isinstance(list(documents(Table("t.csv", last), ReadOptions()))[-1], Document)
