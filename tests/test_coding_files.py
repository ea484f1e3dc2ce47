"""Reading and writing coded units: what is read, and what is said of every kind of bad line."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.coding.files import Problem, problems, read_units, scan, write_jsonl
from wuxing_nlp.coding.units import CodedUnit
from wuxing_nlp.errors import CorpusError, OutputError

HEADER = "document\tcodes\ttext\n"
ROW: dict[str, Any] = {
    "id": "a",
    "text": "渡口的船票改成了网上买。",
    "codes": ["F2"],
    "kind": "notice",
    "document": "d1",
}
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def jsonl(folder: Path, *rows: dict[str, Any]) -> Path:
    return write(folder, "u.jsonl", "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


def only_problem(path: Path) -> str:
    """The one problem of the file, which read_units must raise word for word."""
    [problem] = problems(path)
    with pytest.raises(CorpusError) as raised:
        read_units(path)
    assert str(raised.value) == str(problem)
    assert str(path) in str(problem)
    return f"{problem.line}: {problem.what}"


def test_the_authored_table(tmp_path: Path) -> None:
    path = write(
        tmp_path, "notice.tsv", HEADER + '渡口通知\tF2, P-\t船票改成网上买。\n渡口通知\t0\t“水位”"已降\n'
    )
    first, second = read_units(path)
    assert first == CodedUnit(
        "notice-0001", "船票改成网上买。", ("F2", "P-"), "notice", "authored:notice:渡口通知"
    )
    assert (second.id, second.codes, second.text) == ("notice-0002", (), '“水位”"已降')


def test_rows_of_a_sheet_that_are_not_coded_yet_are_left_out(tmp_path: Path) -> None:
    rows = "修一条路。,F2,random: x\n免一年税。, ,random: x\n花开了。,0,rarity: x\n"
    units = read_units(write(tmp_path, "s.csv", f"text,codes,why\n{rows}"))
    assert [(unit.text, unit.codes) for unit in units] == [("修一条路。", ("F2",)), ("花开了。", ())]
    assert [unit.sample for unit in units] == ["random", "rarity"]
    [reasoned] = read_units(write(tmp_path, "r.csv", "text,codes,why\n修一条路。,F2,写到了路\n"))
    assert reasoned.sample == ""
    # Of a row that no one drew, codes were forgotten.
    path = write(tmp_path, "t.csv", "text,codes,why\n免一年税。,,\n")
    assert only_problem(path).startswith("2: no codes are given")


def workbook(path: Path, *rows: Sequence[str]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        for at, cells in enumerate(rows):
            page.write_row(at, 0, cells)
    return path


def test_a_workbook(tmp_path: Path) -> None:
    header = ("document", "text", "codes", "why")
    rows = (
        ("d1", "修一条路。", "F2、P-", ""),
        ("d1", "免一年税。", "", "random: x"),
        ("d2", "花开了。", "0", ""),
    )
    units = read_units(workbook(tmp_path / "s.xlsx", header, *rows))
    assert [(unit.text, unit.codes, unit.document) for unit in units] == [
        ("修一条路。", ("F2", "P-"), "d1"),
        ("花开了。", (), "d2"),
    ]
    assert [unit.id for unit in units] == ["s-0002", "s-0004"]


def test_a_workbook_that_holds_no_units_is_told(tmp_path: Path) -> None:
    path = workbook(tmp_path / "s.xlsx", ("text", "codes"), ("修一条路。", "X9"))
    assert only_problem(path).startswith("2: unknown code 'X9'")
    path = workbook(tmp_path / "t.xlsx", ("text", "codes", "id", "id"), ("修一条路。", "0", "a", "b"))
    assert len(read_units(path)) == 1  # the second id is another column
    with pytest.raises(CorpusError, match="text"):
        read_units(workbook(tmp_path / "u.xlsx", ("句子", "codes"), ("修一条路。", "0")))
    with pytest.raises(CorpusError, match=r"v\.xlsx"):
        read_units(write(tmp_path, "v.xlsx", "PK no workbook"))


def test_windows_line_ends_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    content = "\ufeff" + (HEADER + "甲\tF2\t船票改成网上买。\n").replace("\n", "\r\n")
    [unit] = read_units(write(tmp_path, "notice.tsv", content))
    assert unit.text == "船票改成网上买。"


def test_json_lines_with_every_field_and_unknown_ones(tmp_path: Path) -> None:
    more = {"source": "o/n", "path": "p#1", "fold": 3, "sample": "random", "title": "x", "extra": [1]}
    [unit] = read_units(jsonl(tmp_path, ROW | more))
    assert unit == CodedUnit("a", ROW["text"], ("F2",), "notice", "d1", "o/n", "p#1", 3, "random")


def test_csv_with_and_without_the_optional_columns(tmp_path: Path) -> None:
    path = write(tmp_path, "mine.csv", 'codes,text,note\n"D2,P-","他把难题\n接了过来。",x\n0,码头在修。,y\n')
    first, second = read_units(path)
    assert (first.id, first.codes, first.kind, first.document) == (
        "mine-0001",
        ("D2", "P-"),
        "other",
        "mine-0001",
    )
    assert (first.text, second.document) == ("他把难题\n接了过来。", "mine-0002")
    path = write(tmp_path, "full.csv", "id,kind,document,text,codes\nq,plan,d,码头在修。,0\n")
    assert read_units(path) == [CodedUnit("q", "码头在修。", (), "plan", "d")]


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path: Path) -> None:
    write(tmp_path, "b.tsv", HEADER + "甲\t0\t第二个文件。\n")
    write(tmp_path, "a.csv", "text,codes\n第一个文件。,0\n")
    write(tmp_path, "notes.txt", "no units")
    write(tmp_path, ".hidden.tsv", "broken")
    assert [unit.text for unit in read_units(tmp_path)] == ["第一个文件。", "第二个文件。"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (HEADER + "甲\tZ9\t一句。\n", "2: unknown code 'Z9'; allowed are Z0"),
        (HEADER + "甲\t0\t一句。\n甲\t0\t \n", "3: the text is empty"),
        (HEADER + "甲\t0\t一句。\n乙\tF2\t一句。\n", "3: the text of line 2 again"),
        (HEADER + "甲\t0\n", "2: 3 columns are expected .*2 found"),
        (HEADER + "甲\t0\t一\t句。\n", "2: 3 columns are expected .*4 found"),
        (HEADER + "甲\t\t一句。\n", "2: no codes are given; write 0"),
        (HEADER + "\t0\t一句。\n", "2: the document is empty"),
        ("document\ttext\n", "1: the header document<tab>codes<tab>text is expected, 'document"),
        ("", "1: the header"),
        (
            (HEADER + "甲\t0\t一句。\n").encode() + "乙\t0\t二句。\n".encode("gb18030"),
            "3: not UTF-8 .byte 0x",
        ),
    ],
)
def test_bad_lines_of_a_table(tmp_path: Path, content: str | bytes, message: str) -> None:
    assert re.match(message, only_problem(write(tmp_path, "notice.tsv", content)))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"codes": ["F9"]}, "unknown code 'F9'"),
        ({"codes": "F2"}, "the field 'codes' holds 'F2'; a list"),
        ({"codes": [2]}, "a list of codes is expected"),
        ({"text": ""}, "the text is empty"),
        ({"text": 5}, "the field 'text' holds 5; a string"),
        ({"text": "半个\ud83d"}, "surrogate"),
        ({"fold": "1"}, "the field 'fold' holds '1'"),
        ({"fold": True}, "the field 'fold' holds True"),
        ({"sha1": "0" * 40}, "the text was changed"),
    ],
)
def test_bad_fields_of_json_lines(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    path = tmp_path / "u.jsonl"
    path.write_text(json.dumps(ROW | change) + "\n", encoding="utf-8")
    assert message in only_problem(path)


@pytest.mark.parametrize("name", ["id", "text", "codes", "kind", "document"])
def test_a_missing_field_is_named(tmp_path: Path, name: str) -> None:
    row = {key: value for key, value in ROW.items() if key != name}
    assert f"1: the field '{name}' is missing" in only_problem(jsonl(tmp_path, row))


@pytest.mark.parametrize("line", ["{", "[1]", '"x"', "[" * 100_000])
def test_a_line_that_is_no_json_object(tmp_path: Path, line: str) -> None:
    problem = only_problem(write(tmp_path, "u.jsonl", line + "\n"))
    assert problem.startswith("1: not JSON") or "a JSON object is expected" in problem


def test_a_doubled_id_is_refused(tmp_path: Path) -> None:
    problem = only_problem(jsonl(tmp_path, ROW, ROW | {"text": "另外一句。"}))
    assert "2: the id of line 1 again ('a')" in problem


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "1: the file is empty"),
        ("text,code\n一句。,0\n", "1: a header with text and codes once"),
        ("text,codes,text\n", "1: a header with text and codes once"),
        ('text,codes\n"两\n行。",0\n一句。\n', "4: 2 columns are expected, 1 found"),
        ('text,codes\n一句。,"0\n', "2: not CSV"),
        ('text,codes\n"一"句,0\n', "2: not CSV"),
        ("text,codes\n一句。,\n", "2: no codes are given"),
    ],
)
def test_bad_lines_of_csv(tmp_path: Path, content: str, message: str) -> None:
    assert only_problem(write(tmp_path, "mine.csv", content)).startswith(message)


def test_problems_lists_all_and_reading_stops_at_the_first(tmp_path: Path) -> None:
    path = write(tmp_path, "n.tsv", HEADER + "甲\tZ9\t一。\n甲\t0\t二。\n甲\t0\n甲\t0\t二。\n")
    assert [problem.line for problem in problems(path)] == [2, 4, 5]
    with pytest.raises(CorpusError, match="line 2"):
        read_units(path)


def test_missing_wrong_and_empty_places(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="does not exist"):
        read_units(tmp_path / "none.tsv")
    with pytest.raises(CorpusError, match="no file ends in"):
        problems(tmp_path)
    with pytest.raises(CorpusError, match=r"allowed are \.tsv"):
        read_units(write(tmp_path, "units.xml", "<a/>"))


def test_a_failing_source_of_units_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    write_jsonl([CodedUnit("a", "旧的一句。", (), "other", "d")], path)
    before = path.read_bytes()

    def failing() -> Any:
        yield CodedUnit("b", "新的一句。", (), "other", "d")
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        write_jsonl(failing(), path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["out.jsonl"]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    write(tmp_path, "file", "x")
    with pytest.raises(OutputError, match="cannot be written"):
        write_jsonl([], tmp_path / "file" / "out.jsonl")


def test_units_of_a_codebook_of_ones_own(tmp_path: Path) -> None:
    tools = load_codebook(Path(__file__).parent / "data" / "policy_tools.toml")
    path = write(
        tmp_path, "own.csv", 'text,codes\n修一条路。,供给型\n免一年税。,"E0,S"\n花开了。,0\n'.encode()
    )
    units = read_units(path, tools)
    assert [unit.codes for unit in units] == [("S0",), ("E0", "S0"), ()]
    assert units[1].letters == {"E", "S"}
    write_jsonl(units, tmp_path / "own.jsonl")
    assert read_units(tmp_path / "own.jsonl", tools) == units
    for strange in (path, tmp_path / "own.jsonl"):
        with pytest.raises(CorpusError, match="unknown code"):
            read_units(strange)


def test_a_scan_gives_every_line_and_compares_none(tmp_path: Path) -> None:
    path = write(tmp_path, "own.csv", "text,codes\n修一条路。,0\n修一条路。,X9\n修一条路。,P-\n".encode())
    found = list(scan(path, load_codebook()))
    assert [(file, line) for file, line, _ in found] == [(path, 2), (path, 3), (path, 4)]
    assert [type(outcome) for _, _, outcome in found] == [CodedUnit, Problem, CodedUnit]


@given(
    st.lists(st.tuples(TEXT, st.sets(st.sampled_from(load_codebook().codes))), unique_by=lambda pair: pair[0])
)
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, set[str]]]
) -> None:
    units = [
        CodedUnit(f"u{number}", text, tuple(codes), "plan", "d", "o/n", "p", number % 5, "random")
        for number, (text, codes) in enumerate(pairs)
    ]
    path = tmp_path_factory.mktemp("round") / "units.jsonl"
    write_jsonl(units, path)
    assert read_units(path) == units


@given(st.binary(max_size=300), st.sampled_from([".tsv", ".jsonl", ".csv"]), st.booleans())
def test_any_bytes_end_in_units_or_a_corpus_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, suffix: str, with_header: bool
) -> None:
    header = {".tsv": HEADER.encode(), ".csv": b"text,codes\n", ".jsonl": b""}[suffix]
    path = write(tmp_path_factory.mktemp("any"), f"x{suffix}", header + data if with_header else data)
    found = problems(path)
    if found:
        with pytest.raises(CorpusError):
            read_units(path)
    else:
        assert all(unit.text.strip() for unit in read_units(path))
