"""``wuxing corpus …`` and ``wuxing codebook``, as a user calls them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from tests.lines import one_line
from wuxing_nlp.codebook import Codebook, load_codebook, rendering
from wuxing_nlp.codebook.entries import Contents
from wuxing_nlp.codebook.reading import read
from wuxing_nlp.coding import CodedUnit, Corpus, default_root, export_labels, read_units, write_jsonl

Wuxing = Callable[..., tuple[int, str, str]]

TOOLS = Path(__file__).parent / "data" / "policy_tools.toml"
HEADER = "document\tcodes\ttext\n"
UNITS = [
    CodedUnit("R1", "坚决整治推诿扯皮。", ("P-",), "notice", "d1", "o/n", "a.txt", 0, "random"),
    CodedUnit("R2", "第三中学操场于八月底完工。", (), "notice", "d1", "o/n", "a.txt", 0, "random"),
    CodedUnit("R3", "會前我把工作日誌翻了一遍。", (), "plan", "d2", "o/n", "b.txt", 1, "enriched"),
]


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    """A corpus folder with the codings of UNITS, and no text."""
    made = Corpus(tmp_path / "corpus")
    export_labels(UNITS, made.labels_path)
    return made


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """A local folder that holds the texts of UNITS."""
    (tmp_path / "texts").mkdir()
    write_jsonl(UNITS, tmp_path / "texts" / "units.jsonl")
    return tmp_path / "texts"


def tsv(path: Path, *lines: str) -> Path:
    path.write_text(HEADER + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def workbook(path: Path, rows: Sequence[Sequence[str | int]]) -> None:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(path)


# -------------------------------------------------------------------------------------------- codebook


def test_the_table_shows_every_code(wuxing: Wuxing) -> None:
    code, out, err = wuxing("codebook")
    assert (code, err) == (0, "")
    book = load_codebook()
    shown = [line.split()[0] for line in out.splitlines()[1:] if not line.startswith(" ")]
    assert shown == list(book.codes)


@pytest.mark.parametrize("width", ["80", "120", "400"])
def test_no_definition_is_cut_off(wuxing: Wuxing, monkeypatch: pytest.MonkeyPatch, width: str) -> None:
    monkeypatch.setenv("COLUMNS", width)
    _, out, _ = wuxing("codebook")
    # The last column, its wrapped lines joined.
    definitions = "".join(re.split(r"\s{2,}", line.rstrip())[-1] for line in out.splitlines()[1:])
    squeezed = "".join(definitions.split())
    assert all("".join(entry.definition.split()) in squeezed for entry in load_codebook().labels())


def test_markdown_is_the_rendered_codebook(wuxing: Wuxing) -> None:
    code, out, _ = wuxing("codebook", "--format", "markdown")
    assert code == 0
    assert out == rendering.markdown(load_codebook())


def test_json_loads_back_into_the_same_codebook(wuxing: Wuxing) -> None:
    code, out, _ = wuxing("codebook", "--format", "json")
    assert code == 0
    again = Codebook(read(Contents, json.loads(out), "output"))
    assert again.fingerprint == load_codebook().fingerprint
    assert again.codes == load_codebook().codes


def test_another_format_is_refused(wuxing: Wuxing) -> None:
    code, out, err = wuxing("codebook", "--format", "xml")
    assert (code, out) == (2, "")
    assert "'table', 'markdown', 'json'" in err


# ---------------------------------------------------------------------------------------------- validate


def test_the_shipped_corpus_is_valid(wuxing: Wuxing) -> None:
    code, out, err = wuxing("corpus", "validate")
    assert (code, err) == (0, "")
    assert out == f"{len(Corpus(default_root()).authored())} units, no problem\n"


def test_an_unknown_code_names_file_line_and_what_is_allowed(wuxing: Wuxing, tmp_path: Path) -> None:
    path = tsv(tmp_path / "a.tsv", "甲县通知\tD2\t肩膀就是用来挑担子的。", "甲县通知\tQ9\t坚决整治推诿扯皮。")
    code, out, err = wuxing("corpus", "validate", path)
    assert (code, out) == (1, "")
    assert one_line(err).startswith(f"wuxing: {path}, line 3: unknown code 'Q9'; allowed are Z0 Z1 ")
    assert all(code in err for code in load_codebook().codes)


def test_every_problem_of_every_path_is_said(wuxing: Wuxing, tmp_path: Path) -> None:
    bad = tsv(tmp_path / "bad.tsv", "甲县通知\tQ9\t一。", "甲县通知\t0", "甲县通知\t\t三。")
    good = tsv(tmp_path / "good.tsv", "甲县通知\t0\t第三中学操场于八月底完工。")
    code, out, err = wuxing("corpus", "validate", tmp_path / "gone.tsv", bad, good)
    assert (code, out) == (1, "")
    lines = err.splitlines()
    assert lines[0] == (
        f"wuxing: {tmp_path / 'gone.tsv'} does not exist; give a file of coded units, or a folder of them"
    )
    assert [line.split(": ")[1] for line in lines[1:]] == [f"{bad}, line {number}" for number in (2, 3, 4)]


def test_a_unit_twice_is_a_warning_and_one_with_two_codings_a_problem(wuxing: Wuxing, tmp_path: Path) -> None:
    lines = ["甲县方案\tZ1\t坚决拥护。", "甲县方案\t0\t完工。"]
    path = tsv(tmp_path / "plan.tsv", *lines, lines[0])
    code, out, err = wuxing("corpus", "validate", path)
    assert (code, out) == (0, "2 units, no problem\n")
    assert (
        one_line(err)
        == f"wuxing: warning: {path}, line 4: the text and codes of line 2 again; left out here\n"
    )
    code, out, err = wuxing("corpus", "validate", tsv(path, *lines, "乙县方案\tZ2\t堅決擁護。"))
    assert (code, out) == (1, "")
    assert "line 4: the same text is coded Z2 here, Z1 in line 2; decide on one" in one_line(err)


def test_rows_that_wait_for_codes_are_one_line(wuxing: Wuxing, tmp_path: Path) -> None:
    path = tsv(tmp_path / "a.tsv", *(f"甲县通知\t\t第{number}句。" for number in "一二三四五六七"))
    code, out, err = wuxing("corpus", "validate", path)
    assert (code, out) == (1, "")
    assert "line 2: in 7 rows (lines 2, 3, 4, 5, 6, …) no codes are given" in one_line(err)


ROWS = [["text", "codes"], ["坚决拥护。", "Z1；Z2"], ["完工。", "0"]]


def test_workbooks_and_coders_tables_are_checked_too(wuxing: Wuxing, tmp_path: Path) -> None:
    workbook(tmp_path / "units.xlsx", ROWS)
    wide = [["id", "anna", "ben"], [1, "Z1", "Z1"], [2, "0", "P-"], [3, "P!", ""]]
    workbook(tmp_path / "wide.xlsx", wide)
    pq.write_table(pa.table({"id": ["a", "b"], "codes": ["Z1", "0"]}), tmp_path / "coded.parquet")
    paths = [tmp_path / name for name in ("units.xlsx", "wide.xlsx", "coded.parquet")]
    code, out, err = wuxing("corpus", "validate", *paths)
    assert (code, out) == (0, "7 units, no problem\n")
    assert [line.removeprefix(f"wuxing: warning: {tmp_path}/") for line in err.splitlines()] == [
        "wide.xlsx holds codings of anna, ben, as wuxing agree takes them, but no units for wuxing train",
        "coded.parquet holds codings of coded, as wuxing agree takes them, but no units for wuxing train",
    ]


def test_a_problem_of_a_workbook_or_of_a_coders_table_is_told(wuxing: Wuxing, tmp_path: Path) -> None:
    workbook(tmp_path / "units.xlsx", [*ROWS, ["整治推诿。", "Q9"]])
    pq.write_table(pa.table({"id": ["a"], "codes": ["Q9"]}), tmp_path / "coded.parquet")
    workbook(tmp_path / "none.xlsx", [["text", "code"], ["坚决拥护。", "不知道"]])
    for name, what in (
        ("units.xlsx", "units.xlsx, line 4: unknown code 'Q9'"),
        ("coded.parquet", "coded.parquet, row 1: unknown code 'Q9'"),
        ("none.xlsx", "none.xlsx, line 1: a header with text and codes once"),
    ):
        code, out, err = wuxing("corpus", "validate", tmp_path / name)
        assert (code, out) == (1, ""), name
        assert what in one_line(err)


def test_units_of_a_codebook_of_ones_own_are_checked(wuxing: Wuxing, tmp_path: Path) -> None:
    own = TOOLS.with_suffix(".csv")
    units = read_units(own, load_codebook(TOOLS))
    code, out, err = wuxing("corpus", "validate", own, "--codebook", TOOLS)
    assert (code, out, err) == (0, f"{len(units)} units, no problem\n", "")
    code, _, err = wuxing("corpus", "validate", own)
    assert code == 1
    assert f"{own}, line 2: unknown code '供给型'" in err
    code, _, err = wuxing("corpus", "validate", own, "--codebook", tmp_path / "gone.toml")
    assert code == 1
    assert "gone.toml cannot be read as a codebook" in one_line(err)


def test_paths_and_folders_are_counted_together(wuxing: Wuxing, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        tsv(tmp_path / name / "plan.tsv", f"甲县方案\tZ1\t{name}坚决拥护。", f"甲县方案\t0\t{name}完工。")
    _, out, _ = wuxing("corpus", "validate", tmp_path / "a", tmp_path / "b" / "plan.tsv")
    assert out == "4 units, no problem\n"


@pytest.mark.parametrize("command", ["validate", "stats"])
def test_what_holds_no_units(wuxing: Wuxing, tmp_path: Path, command: str) -> None:
    code, _, err = wuxing("corpus", command, tmp_path)
    assert code == 1
    assert "holds no coded units: no file ends in .tsv, .jsonl, .csv" in one_line(err)
    code, _, err = wuxing("corpus", command, "--corpus", tmp_path / "gone")
    assert code == 1
    assert "does not exist" in one_line(err)


# ------------------------------------------------------------------------------------------------- stats


def test_stats_count_units_codes_kinds_and_scripts(wuxing: Wuxing, texts: Path) -> None:
    code, out, err = wuxing("corpus", "stats", texts)
    assert (code, err) == (0, "")
    assert out.startswith("3 units of 2 documents, 2 without a code, ")
    rows = {line.split()[0]: line.split()[1] for line in out.splitlines()[1:] if line.strip()}
    assert (rows["P"], rows["P-"], rows["P!"], rows["Z"]) == ("1", "1", "0", "0")
    assert (rows["notice"], rows["plan"]) == ("2", "1")
    assert (rows["simplified"], rows["traditional"]) == ("2", "1")


def test_stats_of_the_shipped_corpus(wuxing: Wuxing) -> None:
    code, out, _ = wuxing("corpus", "stats")
    assert code == 0
    assert out.startswith(f"{len(Corpus(default_root()).authored())} units of ")


def test_stats_stop_at_a_bad_line(wuxing: Wuxing, tmp_path: Path) -> None:
    path = tsv(tmp_path / "a.tsv", "甲县通知\tQ9\t坚决整治推诿扯皮。")
    code, out, err = wuxing("corpus", "stats", path)
    assert (code, out) == (1, "")
    assert f"{path}, line 2: unknown code 'Q9'" in one_line(err)


# ------------------------------------------------------------------------------------------------- fetch


def test_fetch_from_a_folder_rebuilds_the_units(wuxing: Wuxing, corpus: Corpus, texts: Path) -> None:
    code, out, err = wuxing("corpus", "fetch", "--from", texts, "--corpus", corpus.root)
    assert (code, err) == (0, "")
    assert out == f"3 units found and verified, 0 missing; written to {corpus.real_path}\n"
    assert corpus.real() == UNITS


def test_fetch_says_what_it_could_not_find(wuxing: Wuxing, corpus: Corpus, texts: Path) -> None:
    changed = [UNITS[0], CodedUnit("R2", "第三中学操场于九月底完工。", (), "notice", "d1"), UNITS[2]]
    write_jsonl(changed, texts / "units.jsonl")
    code, out, err = wuxing("corpus", "fetch", "--from", texts, "--corpus", corpus.root)
    assert code == 1
    assert "2 units found and verified, 1 missing" in out
    assert one_line(err) == "wuxing: 1 units missing from o/n/a.txt: 1 of 2 texts are not in the file\n"
    assert read_units(corpus.real_path) == [UNITS[0], UNITS[2]]


def test_finding_nothing_leaves_what_was_fetched_before(wuxing: Wuxing, corpus: Corpus, texts: Path) -> None:
    write_jsonl(UNITS, corpus.real_path)
    write_jsonl([CodedUnit("X", "别的句子。", (), "plan", "d")], texts / "units.jsonl")
    code, out, err = wuxing("corpus", "fetch", "--from", texts, "--corpus", corpus.root)
    assert code == 1
    assert out == "0 units found and verified, 3 missing; nothing written\n"
    assert len(err.splitlines()) == 2
    assert corpus.real() == UNITS


def test_many_missing_files_are_summed_up(wuxing: Wuxing, corpus: Corpus, texts: Path) -> None:
    lost = [
        CodedUnit(f"L{n}", f"第{n}条没有原文。", (), "plan", f"d{n}", "o/n", f"{n}.txt") for n in range(14)
    ]
    export_labels([*UNITS, *lost], corpus.labels_path)
    code, _, err = wuxing("corpus", "fetch", "--from", texts, "--corpus", corpus.root)
    assert code == 1
    assert len(err.splitlines()) == 11
    assert err.endswith("wuxing: and from 4 more files\n")


def test_fetch_without_texts_or_without_codings(
    wuxing: Wuxing, corpus: Corpus, texts: Path, tmp_path: Path
) -> None:
    code, _, err = wuxing("corpus", "fetch", "--from", tmp_path, "--corpus", corpus.root)
    assert code == 1
    assert f"{tmp_path} holds no units.jsonl" in one_line(err)
    code, _, err = wuxing("corpus", "fetch", "--from", texts, "--corpus", tmp_path / "gone")
    assert code == 1
    assert "labels.jsonl does not exist" in one_line(err)


def test_the_shared_folder_holds_every_real_text(
    wuxing: Wuxing, shared_corpora: Path, tmp_path: Path
) -> None:
    (tmp_path / "real").mkdir()
    labels = Corpus(default_root()).labels_path.read_bytes()
    (tmp_path / "real" / "labels.jsonl").write_bytes(labels)
    code, out, _ = wuxing("corpus", "fetch", "--from", shared_corpora, "--corpus", tmp_path)
    assert code == 0
    assert out.startswith("15408 units found and verified, 0 missing; ")
