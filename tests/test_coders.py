"""Coders' files: the forms in which they come, and what is said of every kind of bad one."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.codebook.columns import label_name
from wuxing_nlp.coding import CodedUnit, export_labels, write_jsonl
from wuxing_nlp.coding.coder_tables import parse_cell
from wuxing_nlp.coding.coders import SharedCodings, read_codings
from wuxing_nlp.coding.units import text_sha1
from wuxing_nlp.errors import CorpusError, DocumentError

TEXTS = ("窗口办件慢，群众有怨言。", "干部带头学理论。", "渡口的船票改成了网上买。")
LONG = "id,document,text,codes\n1,甲,{},M!\n2,甲,{},Z2\n3,乙,{},{}\n"
CODES = {"1": ("M!",), "2": ("Z2",), "3": ("F2",)}


def write(path: Path, content: str, encoding: str = "utf-8") -> Path:
    path.write_text(content, encoding=encoding)
    return path


def long(folder: Path, name: str, last: str = "F2") -> Path:
    return write(folder / name, LONG.format(*TEXTS, last))


def given(codings: SharedCodings, coder: str) -> dict[str, tuple[str, ...]]:
    return {unit.id: unit.codes[coder] for unit in codings.units if coder in unit.codes}


# ----------------------------------------------------------------------------------------- what is read


def test_a_file_a_coder(tmp_path: Path) -> None:
    found = read_codings([long(tmp_path, "anna.csv"), long(tmp_path, "ben.csv", '"F2,M!-"')])
    assert (found.coders, found.by) == (("anna", "ben"), "id")
    assert given(found, "anna") == CODES
    assert given(found, "ben") == CODES | {"3": ("F2", "M!-")}
    assert [(unit.text, unit.document) for unit in found.units] == list(zip(TEXTS, "甲甲乙", strict=True))


def test_two_files_of_one_name_are_told_apart_by_their_paths(tmp_path: Path) -> None:
    paths = [tmp_path / name / "codings.csv" for name in ("a", "b")]
    for path in paths:
        path.parent.mkdir()
        long(path.parent, path.name)
    assert read_codings(paths).coders == tuple(path.as_posix() for path in paths)


def test_one_long_file_with_a_column_of_coders(tmp_path: Path) -> None:
    path = write(
        tmp_path / "all.tsv",
        "编号\t编码员\t代码\n1\t张三\tM!\n1\t李 四\tM!，J!\n2\t李 四\t0\n2\t张三\t\n",
    )
    found = read_codings([path])
    assert found.coders == ("张三", "李 四")
    assert given(found, "张三") == {"1": ("M!",)}
    assert given(found, "李 四") == {"1": ("J!", "M!"), "2": ()}


def test_a_coder_in_several_files(tmp_path: Path) -> None:
    first = write(tmp_path / "a.csv", "id,coder,codes\n1,anna,M!\n1,ben,0\n")
    second = write(tmp_path / "b.csv", "id,coder,codes\n2,anna,M!\n2,ben,0\n")
    found = read_codings([first, second])
    assert found.coders == ("anna", "ben")
    assert given(found, "ben") == {"1": (), "2": ()}


def test_a_wide_file_has_a_column_a_coder(tmp_path: Path) -> None:
    path = write(
        tmp_path / "wide.csv",
        "id,text,anna,ben,remark,page\n"
        f'1,{TEXTS[0]},M!,"M!,J!",见第一段,1\n2,{TEXTS[1]},Z2,,,2\n3,{TEXTS[2]},0,F2,NA,0\n',
    )
    told: list[str] = []
    found = read_codings([path], notify=told.append)
    assert found.coders == ("anna", "ben")
    assert told == [
        f"{path.as_posix()}: columns of codes 'anna', 'ben' (guessed; --coder-columns names them)"
    ]
    assert given(found, "anna") == {"1": ("M!",), "2": ("Z2",), "3": ()}
    assert given(found, "ben") == {"1": ("J!", "M!"), "3": ("F2",)}
    assert read_codings([path], coder_columns=["ben"]).coders == ("ben",)


def test_columns_that_are_marked_as_coders_need_no_guess(tmp_path: Path) -> None:
    path = write(tmp_path / "wide.csv", "id,codes_anna,codes_ben,other\n1,0,M!,M!\n2,0,,Z2\n")
    told: list[str] = []
    found = read_codings([path], notify=told.append)
    assert (found.coders, told) == (("anna", "ben"), [])
    assert given(found, "anna") == {"1": (), "2": ()}
    assert given(found, "ben") == {"1": ("M!",)}


def test_a_column_a_label(tmp_path: Path) -> None:
    book = load_codebook()
    columns = [label_name(code, book) for code in book.codes]
    rows = [
        {"id": "1", "Z2": "1", "P_exists": "1.0", "P_tackled": "TRUE"},
        {"id": "2"},
        {"id": "3", "F2": "0"},
    ]
    lines = [
        ",".join(("id", *columns)),
        *(",".join(row.get(name, "") for name in ("id", *columns)) for row in rows),
    ]
    found = read_codings([write(tmp_path / "a.csv", "\n".join(lines))])
    assert found.coders == ("a",)
    assert given(found, "a") == {"1": ("P!-", "Z2"), "3": ()}


def test_the_tables_of_a_run_and_of_the_corpus(tmp_path: Path) -> None:
    units = [CodedUnit(f"u{at}", text, ("Z2",), "plan", "d") for at, text in enumerate(TEXTS)]
    write_jsonl(units, tmp_path / "anna.jsonl")
    export_labels(units, tmp_path / "labels.jsonl")
    header = "document,unit,start,end,kind,status,text,codes,Z,Z2,p_Z2"
    rows = [f"d,{at},0,9,sentence,labelled,{text},Z2,1,1,0.9" for at, text in enumerate(TEXTS, 1)]
    write(tmp_path / "units.csv", "\n".join((header, *rows)), "utf-8-sig")
    found = read_codings([tmp_path / name for name in ("anna.jsonl", "units.csv")])
    assert (found.by, len(found.units)) == ("text", 3)
    assert all(set(unit.codes) == {"anna", "units"} for unit in found.units)
    assert found.units[0].id == text_sha1(TEXTS[0])
    assert read_codings([tmp_path / "units.csv"]).units[1].id == "d#2"
    # The codings without their text are found by its SHA-1.
    assert [unit.codes for unit in read_codings([tmp_path / "labels.jsonl"], by="text").units] == [
        {"labels": ("Z2",)}
    ] * 3
    both = read_codings([tmp_path / name for name in ("labels.jsonl", "units.csv")])
    assert [(unit.text, len(unit.codes)) for unit in both.units] == [(text, 2) for text in TEXTS]


def test_excel_as_offices_write_it(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("编码表", None, None), ("编号", "张三", "李四"), (1, "M!", "M!"), (2, 0, "Z2")):
        sheet.append(row)
    book.create_sheet("说明").append(["请按手册编码", "谢谢"])
    book.save(tmp_path / "codings.xlsx")
    told: list[str] = []
    found = read_codings([tmp_path / "codings.xlsx"], notify=told.append)
    assert found.coders == ("张三", "李四")
    assert given(found, "张三") == {"1": ("M!",), "2": ()}
    assert [line.split("codings.xlsx/")[1][:14] for line in told] == ["Sheet: columns", "说明: left out, "]


def test_the_encoding_of_chinese_windows_and_guarded_cells(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.csv", "text,codes\n'-干部带头学理论。,Z2\n渡口的船票改成了网上买。,F2\n", "gb18030"
    )
    assert [unit.text for unit in read_codings([path]).units] == ["-干部带头学理论。", TEXTS[2]]


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("", None),
        (" ", None),
        ("NA", None),
        ("0", ()),
        ("[]", ()),
        ('["M!", "J-"]', ("J-", "M!")),
        ("M-，M!", ("M!-",)),
    ],
)
def test_a_cell_of_codes(cell: str, codes: tuple[str, ...] | None) -> None:
    assert parse_cell(cell) == codes


# -------------------------------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("id,codes\n1,M!\n2,X9\n", "row 3: unknown code 'X9'; allowed are Z0 Z1"),
        ("id,codes\n1,M!\n,Z1\n", "row 3: no id, by which units are told apart here; fill the cell"),
        (
            "id,codes\n1,M!\n1,M!\n",
            "row 3: the unit of {}, row 2 again ('1', coded by a); keep one of the two",
        ),
        ("id,codes\n1,M!\n2,[1]\n", "row 3: '[1]' is no list of codes"),
        ("id,codes\n1,M!\n2,[M!\n", "row 3: '[M!' is no list of codes"),
        ("id,coder,codes\n1,x,M!\n2,,Z1\n", "row 3: the cell 'coder' is empty; name the coder"),
        ("id,x,y\n1,M!,M!\n2,Z1,X9\n3,0,Z1\n", "row 3: column 'y': unknown code 'X9'"),
        ("id,Z1,Z2\n1,1,0\n2,1,2\n", "row 3: the cell 'Z2' holds '2'; 0 or 1 is expected"),
        ("id,codes\n1,M!\n2,M!,Z1\n", "row 3: 3 cells where the header names 2"),
        ("text,codes\n甲。,M!\n甲。,M!\n", "row 3: the unit of {}, row 2 again ('甲。', coded by a)"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, content: str, message: str) -> None:
    path = write(tmp_path / "a.csv", content)
    with pytest.raises((CorpusError, DocumentError)) as caught:
        read_codings([path])
    said = str(caught.value)
    assert said.replace("#row 3", ", row 3").startswith(
        f"{path.as_posix()}, {message.format(path.as_posix())}"
    )
    assert "\n" not in said


def test_one_id_for_two_texts(tmp_path: Path) -> None:
    long(tmp_path, "anna.csv")
    write(tmp_path / "ben.csv", f"id,text,codes\n1,{TEXTS[0]} ,M!\n2,{TEXTS[2]},F2\n")
    with pytest.raises(
        CorpusError, match=r"ben.csv, row 3: '2' is another text than in .*anna.csv, row 3"
    ) as caught:
        read_codings([tmp_path / "anna.csv", tmp_path / "ben.csv"])
    assert "one id must mean one unit in all files" in str(caught.value)
    assert read_codings([tmp_path / "anna.csv", tmp_path / "ben.csv"], by="text").by == "text"


def test_nothing_that_tells_units_apart_in_all_files(tmp_path: Path) -> None:
    one = write(tmp_path / "a.csv", "id,codes\n1,M!\n")
    other = write(tmp_path / "b.csv", "text,codes\n甲。,M!\n")
    with pytest.raises(
        CorpusError, match="units are to be told apart by id, or document and unit, or text"
    ) as caught:
        read_codings([one, other])
    assert str(caught.value).endswith(f"; {one.as_posix()} has id; {other.as_posix()} has text")
    with pytest.raises(CorpusError, match=r"by document and unit, the same in all files; .*a.csv has id"):
        read_codings([one], by="place")
    with pytest.raises(CorpusError, match=r"by id, .*c.csv has none of them"):
        read_codings([write(tmp_path / "c.csv", "remark,codes\n1,M!\n2,0\n")])


@pytest.mark.parametrize("content", ["id,remark\n1,好\n2,坏\n", "id,Z,C\n1,1,0\n", "id,a,b\n1,0,0\n"])
def test_a_file_without_codings(tmp_path: Path, content: str) -> None:
    path = write(tmp_path / "a.csv", content)
    with pytest.raises(DocumentError, match="no column of codes; its columns are 'id', '"):
        read_codings([path])


def test_a_file_that_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="there is no such file"):
        read_codings([tmp_path / "gone.csv"])
    with pytest.raises(DocumentError, match=r"plain text is no table; save the rows as one of \.csv, \.tsv"):
        read_codings([write(tmp_path / "a.txt", "M!")])
    with pytest.raises(DocumentError, match="blank rows only"):
        read_codings([write(tmp_path / "a.csv", "\n\n")])
    with pytest.raises(DocumentError, match="no row with anything in it"):
        read_codings([write(tmp_path / "b.csv", "id,codes\n")])
    with pytest.raises(DocumentError, match="there is no column 'carl'; its columns are 'id', 'codes'"):
        read_codings([write(tmp_path / "c.csv", "id,codes\n1,M!\n")], coder_columns=["carl"])
    with pytest.raises(DocumentError, match="no valid JSON"):
        read_codings([write(tmp_path / "d.jsonl", json.dumps({"id": 1, "codes": []}) + "\n{\n")])
