"""Cells that a spreadsheet would run: in every table that the package writes they are text, for LibreOffice
too where it is installed."""

from __future__ import annotations

import ast
import csv
import io
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.attacks.cells import SUM, TEXTS, assert_harmless
from wuxing_nlp.batch.columns import Column
from wuxing_nlp.batch.tables import table_format
from wuxing_nlp.coding import CodedUnit, write_jsonl
from wuxing_nlp.documents.tables.formulas import bare

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "wuxing_nlp"
SENTENCE = "坚决整治推诿扯皮、久拖不决"


# ---------------------------------------------------------------------------- what writes tables


def calls(path: Path) -> set[str]:
    """The dotted names of all that a module calls."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def modules(*patterns: str) -> set[str]:
    """The modules of the package that call what fits one of the patterns."""
    return {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if any(re.fullmatch(pattern, call) for call in calls(path) for pattern in patterns)
    }


def test_one_function_writes_lines_of_csv_and_its_callers_guard_their_cells() -> None:
    assert modules(r"csv\.(writer|DictWriter)", r".*\.(to_csv|write_csv|sink_csv)") == {
        "documents/tables/formulas.py"
    }
    writers = modules(r"(.*\.)?csv_lines")
    assert writers == {"batch/tables/csv.py", "coding/exchange/long_csv.py", "estimates/tables.py"}
    for writer in writers:
        assert calls(PACKAGE / writer) & {"safe", "guarded"}, writer


def test_workbooks_are_written_as_text_alone() -> None:
    writers = modules(r".*\.Workbook", r".*\.(to_excel|write_excel)", r"(.*\.)?load_workbook")
    assert writers == {"batch/tables/xlsx.py", "coding/exchange/long_xlsx.py"}
    for writer in writers:
        called = {call.rpartition(".")[2] for call in calls(PACKAGE / writer)}
        assert {"write_string", "write_number"} <= called
        # These decide by a text's look what it is.
        assert not called & {
            "write",
            "write_row",
            "write_column",
            "write_formula",
            "write_url",
            "write_rich_string",
        }


# ------------------------------------------------------------------------------ what they write


@pytest.mark.parametrize("text", TEXTS, ids=ascii)
def test_a_cell_of_csv_is_text(text: str) -> None:
    columns = [Column(text, "text"), Column("n", "count"), Column("次", "text")]
    table, stream = table_format("csv"), io.BytesIO()
    with table.writer(stream, columns, "t") as writer:
        writer.write(table.encode([[text, 1, text], [None, None, None], ["a", 2, text]], columns))
    assert_harmless(stream.getvalue(), text)
    rows = list(csv.reader(io.StringIO(stream.getvalue().decode("utf-8-sig"), newline="")))
    assert [len(row) for row in rows] == [3] * 4
    assert [bare(row[2]) for row in rows] == ["次", text, "", text]


def test_a_cell_of_a_workbook_is_text() -> None:
    texts = [
        *TEXTS,
        "_x003D_1+1",
        "http://example.org/",
        "mailto:a@example.org",
        "internal:Sheet1!A1",
        "1",
        "TRUE",
    ]
    columns = [Column("text", "text")]
    table, stream = table_format("xlsx"), io.BytesIO()
    with table.writer(stream, columns, "t") as writer:
        writer.write(table.encode([[text] for text in texts], columns))
    assert_no_formula(stream)
    sheet = openpyxl.load_workbook(stream).active
    assert sheet is not None
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"} or {cell.data_type for cell in cells} == {
        "s",
        "inlineStr",
    }
    assert [cell.hyperlink for cell in cells] == [None] * len(texts)


def assert_no_formula(stream: io.BytesIO) -> None:
    with zipfile.ZipFile(stream) as parts:
        for name in parts.namelist():
            content = parts.read(name)
            assert b"<f>" not in content
            assert b"<f " not in content
            assert b"TargetMode" not in content, name
            assert not name.startswith(("xl/externalLinks", "xl/macros", "xl/vbaProject"))


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table whose names, columns and cells are such texts; only its sentences are harmless."""
    path = tmp_path_factory.mktemp("formulas") / f"={SUM};={SUM}.jsonl"
    with path.open("w", encoding="utf-8") as stream:
        for at, text in enumerate(TEXTS):
            row = {
                "编号": f"{text}{at}",
                "标题": text,
                "地区": text,
                "日期": "2024-05",
                text: text,
                "备注": text,
            }
            row["正文"] = f"{text}{SENTENCE}。\n={SUM}，{SENTENCE}，第{at}次。\n{SENTENCE};={SUM}\t={SUM}。\n"
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")
        stream.write(json.dumps({"编号": f"={SUM}", "正文": ""}, ensure_ascii=False) + "\n")
    return path


@pytest.fixture(scope="module")
def run(rows: Path, make_run: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of that table, in CSV and as workbooks."""
    bad = rows.with_name(f"@{SUM};={SUM}.txt")
    bad.write_bytes(b"")
    return make_run(tmp_path_factory.mktemp("run") / "out", rows, bad, tables=("csv", "xlsx"))


@pytest.mark.parametrize("name", ["units.csv", "documents.csv", "failures.csv"])
def test_a_run_writes_no_formula(run: Path, name: str) -> None:
    assert_harmless((run / name).read_bytes())


def test_a_run_writes_columns_and_cells_as_they_were(run: Path) -> None:
    assert_harmless((run / "documents.csv").read_bytes(), *(text for text in TEXTS if text.strip("\ufeff\0")))


@pytest.mark.parametrize("name", ["units.xlsx", "documents.xlsx"])
def test_a_run_writes_workbooks_without_formulas(run: Path, name: str) -> None:
    assert_no_formula(io.BytesIO((run / name).read_bytes()))


Wuxing = Callable[..., tuple[int, str, str]]


def test_commands_write_no_formula(run: Path, rows: Path, wuxing: Wuxing, tmp_path: Path) -> None:
    code, printed, told = wuxing("classify", rows, "--format", "csv")
    assert code == 1, told  # one row has no text
    assert_harmless(printed.encode())
    sheet = tmp_path / "sheet.csv"
    assert wuxing("sample", run, "--for-estimate", "--size", "40", "--out", sheet)[0] == 0
    assert_harmless(sheet.read_bytes())
    choice = tmp_path / "choice.csv"
    assert wuxing("sample", run, "--size", "20", "--out", choice)[0] == 0
    assert_harmless(choice.read_bytes())
    filled = coded(sheet, tmp_path / "filled.csv")
    code, printed, told = wuxing("estimate", run, filled, "--by", "region", "--format", "csv")
    assert code == 0, told
    assert_harmless(printed.encode())


def coded(sheet: Path, out: Path) -> Path:
    """A sheet that somebody filled in."""
    with sheet.open(encoding="utf-8-sig", newline="") as stream:
        read = list(csv.DictReader(stream))
    with out.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, list(read[0]))
        writer.writeheader()
        writer.writerows(row | {"codes": ("P-", "0")[at % 2]} for at, row in enumerate(read))
    return out


def test_agreement_writes_no_formula(wuxing: Wuxing, tmp_path: Path) -> None:
    coders = [tmp_path / f"={SUM}.jsonl", tmp_path / f"-{SUM};={SUM}.jsonl"]
    for number, path in enumerate(coders):
        with path.open("w", encoding="utf-8") as stream:
            for at, text in enumerate(TEXTS):
                row = {"id": f"{text}{at}", "document": text, "text": f"{text}{SENTENCE}{at}"}
                row["codes"] = ("P-", "0")[(at + number) % 2 if at % 3 else 0]
                stream.write(json.dumps(row, ensure_ascii=False) + "\n")
    out = tmp_path / "out"
    code, _, told = wuxing("agree", *coders, "--draws", "20", "--out", out)
    assert code == 0, told
    tables = sorted(out.glob("*.csv"))
    assert len(tables) == 3
    for table in tables:
        assert_harmless(table.read_bytes())


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_export_writes_no_formula(wuxing: Wuxing, tmp_path: Path, form: str) -> None:
    texts = [text for text in TEXTS if "\0" not in text and "\x1f" not in text]
    units = [
        CodedUnit(id=f"{text}{at}", text=f"{text}{SENTENCE}{at}", codes=("P-",), document=text, kind="other")
        for at, text in enumerate(texts)
    ]
    write_jsonl(units, tmp_path / "units.jsonl")
    out = tmp_path / f"sheet.{form}"
    code, _, told = wuxing("corpus", "export", form, tmp_path / "units.jsonl", out)
    assert code == 0, told
    if form == "csv":
        assert_harmless(out.read_bytes())
    else:
        assert_no_formula(io.BytesIO(out.read_bytes()))


# ------------------------------------------------------------------------ what a spreadsheet sees

OFFICE = shutil.which("soffice")
WAYS = {"commas": "44,34,76,1", "what it offers": "44/59/9,34,76,1,,2052,false,true"}
"""How LibreOffice is told to read a CSV: separators, quotation mark, UTF-8, first line, and more."""


def opened(folder: Path, way: str, *tables: Path) -> list[list[bool]]:
    """Of each CSV whether its cells are formulas, after LibreOffice has opened it."""
    assert OFFICE
    subprocess.run(
        [
            *(OFFICE, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"),
            *(f"--infilter=CSV:{way}", "--convert-to", "fods", "--outdir", str(folder), *map(str, tables)),
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )
    contents = ((folder / table.name).with_suffix(".fods").read_text(encoding="utf-8") for table in tables)
    return [
        ["table:formula=" in cell for cell in re.findall("<table:table-cell[^>]*>", content)]
        for content in contents
    ]


@pytest.mark.skipif(OFFICE is None, reason="needs LibreOffice (Debian: apt-get install libreoffice-calc)")
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_spreadsheet_sees_text(run: Path, tmp_path: Path, way: str) -> None:
    unguarded = tmp_path / "unguarded.csv"
    unguarded.write_text(f"a\n={SUM}\n", encoding="utf-8")
    tables = [run / name for name in ("documents.csv", "units.csv", "failures.csv")]
    first, *others = opened(tmp_path, way, unguarded, *tables)
    assert first == [False, True]  # it would run them
    for cells in others:
        assert len(cells) > 5
        assert not any(cells)
