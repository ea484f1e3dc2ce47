"""``wuxing agree``, as a user calls it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.lines import one_line
from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.coding import read_units
from wuxing_nlp.coding.coders import read_codings
from wuxing_nlp.errors import CorpusError

Wuxing = Callable[..., tuple[int, str, str]]

ROWS = (
    ("1", "甲", "窗口办件慢，群众有怨言。", "M!", "M!"),
    ("2", "甲", "干部带头学理论。", "Z2", "Z2,G1"),
    ("3", "乙", "=渡口的船票改成了网上买。", "F2", "C1,F2"),
    ("4", "乙", "第三中学操场于八月底完工。", "0", "0"),
    ("5", "丙", "把问责挺在前面。", "D3", "D3"),
    ("6", "丙", "新桥通车。", "0", ""),
)
FILES = ["adjudication.csv", "agreement.csv", "agreement.md", "agreement.tex", "disagreements.csv"]


@pytest.fixture
def coders(tmp_path: Path) -> list[Path]:
    """The files of two coders, who differ on the units 2 and 3."""
    for at, name in ((3, "anna"), (4, "ben")):
        lines = [["id", "document", "text", "codes"], *([*row[:3], row[at]] for row in ROWS)]
        with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows(lines)
    return [tmp_path / "anna.csv", tmp_path / "ben.csv"]


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_table_in_the_terminal(wuxing: Wuxing, coders: list[Path]) -> None:
    code, out, err = wuxing("agree", *coders)
    assert (code, err) == (0, "")
    assert "5 units of 3 documents were coded by two coders or more, 5 by all" in out
    lines = {line.split()[0]: line.split() for line in out.splitlines() if line.strip()}
    assert lines["M"][1:7] == ["慢", "20.0", "20.0", "1.000", "1.000", "1.000"]
    assert lines["letters"][1] == "全部字母"
    assert "never given 从未使用: P J Y S Z0 Z1 Z3 C0 C2" in " ".join(out.split())
    assert max(map(len, out.splitlines())) <= 100


def test_the_files(wuxing: Wuxing, coders: list[Path], tmp_path: Path) -> None:
    code, out, err = wuxing("agree", *coders, "--out", tmp_path / "out")
    assert (code, err) == (0, "")
    assert out.endswith(f"Written to 已写入: {tmp_path / 'out'}\n")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == FILES
    rows = {row["label"]: row for row in table(tmp_path / "out" / "agreement.csv")}
    assert len(rows) == 6 + 40
    assert rows["Z2"] | {"note": ""} == rows["Z2"]
    assert (rows["G1"]["name"], rows["G1"]["prevalence_anna"], rows["G1"]["prevalence_ben"]) == (
        "过硬型·强本领",
        "0.0",
        "0.2",
    )
    assert (rows["G1"]["agreement"], rows["G1"]["f1"]) == ("0.8", "0.0")
    assert (rows["P"]["cohen"], rows["P"]["note"]) == ("", "never given")


def test_disagreements_the_most_informative_first(wuxing: Wuxing, coders: list[Path], tmp_path: Path) -> None:
    wuxing("agree", *coders, "--out", tmp_path / "out")
    rows = table(tmp_path / "out" / "disagreements.csv")
    assert [
        (row["rank"], row["id"], row["disputed"], row["codes_anna"], row["codes_ben"]) for row in rows
    ] == [
        ("1", "2", "G1", "Z2", "G1,Z2"),
        ("2", "3", "C1", "F2", "C1,F2"),
    ]
    # No spreadsheet may run a text.
    assert [row["text"] for row in rows] == [ROWS[1][2], "'" + ROWS[2][2]]
    again = read_codings([tmp_path / "out" / "disagreements.csv"])
    assert again.coders == ("anna", "ben")
    assert again.units[1].text == ROWS[2][2]


def test_the_adjudication_is_filled_and_read_as_coded_units(
    wuxing: Wuxing, coders: list[Path], tmp_path: Path
) -> None:
    wuxing("agree", *coders, "--out", tmp_path / "out")
    path = tmp_path / "out" / "adjudication.csv"
    rows = table(path)
    assert [(row["id"], row["codes"]) for row in rows] == [
        ("2", ""),
        ("3", ""),
        ("1", "M!"),
        ("4", "0"),
        ("5", "D3"),
    ]
    with pytest.raises(CorpusError, match="line 2: no codes are given"):
        read_units(path)
    for row in rows:
        row["codes"] = row["codes"] or row["codes_ben"]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    units = read_units(path)
    assert [(unit.id, unit.document, unit.text) for unit in units] == [ROWS[at][:3] for at in (1, 2, 0, 3, 4)]
    assert units[1].codes == ("C1", "F2")

    # What was decided is not written over; nothing else is either.
    before = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    code, out, err = wuxing("agree", *reversed(coders), "--out", path.parent)
    assert (code, out) == (1, "")
    assert f"{path} is there and may hold codings; move it away" in one_line(err)
    assert {file.name: file.read_bytes() for file in path.parent.iterdir()} == before


def test_the_same_command_again_writes_the_same_bytes(
    wuxing: Wuxing, coders: list[Path], tmp_path: Path
) -> None:
    found = []
    for _ in range(2):
        code, _, _ = wuxing("agree", *coders, "--out", tmp_path / "out")
        assert code == 0
        found.append({path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()})
    assert found[0] == found[1]


def test_the_forms(wuxing: Wuxing, coders: list[Path], tmp_path: Path) -> None:
    out = {
        form: wuxing("agree", *coders, "--format", form)[1] for form in ("markdown", "latex", "csv", "json")
    }
    wuxing("agree", *coders, "--out", tmp_path / "out")
    written = {
        path.suffix: path.read_text(encoding="utf-8") for path in (tmp_path / "out").glob("agreement.*")
    }
    assert (out["markdown"], out["latex"]) == (written[".md"], written[".tex"])
    assert "\ufeff" + out["csv"].replace("\r\n", "\n") == written[".csv"].replace("\r\n", "\n")
    assert (
        "| P 怕 | 0.0 | 0.0 | 1.000 (1.000 to 1.000) | — | — | 1.000 (1.000 to 1.000) | — | — | never given |"
        in out["markdown"]
    )
    assert out["latex"].count(r" \\") == 1 + 18
    assert r"anna \% & ben \% & raw & $\kappa$ & Fleiss" in out["latex"]
    value = json.loads(out["json"])
    assert value["coders"] == {"anna": 6, "ben": 5}
    assert (value["units"], value["complete"], value["documents"], value["draws"]) == (5, 5, 3, 1000)
    [row] = [row for row in value["rows"] if row["label"] == "P"]
    assert row["alpha"] is None
    [header, *lines] = csv.reader(io.StringIO(out["csv"], newline=""))
    assert header[:5] == ["kind", "label", "name", "prevalence_anna", "prevalence_ben"]
    assert [line[1] for line in lines[6:]] == [*load_codebook().letters, *load_codebook().codes]


def test_heads_and_names_in_one_language(wuxing: Wuxing, coders: list[Path]) -> None:
    out = {
        language: wuxing("agree", *coders, "--draws", 5, "--language", language)[1]
        for language in ("zh", "en")
    }
    assert "一致率" in out["zh"]
    assert "Z2 忠诚型·理想信念宗旨" in out["zh"]
    assert "Z loyal government" in out["en"]
    assert "忠诚" not in out["en"]


def test_many_coders_in_one_wide_file(wuxing: Wuxing, tmp_path: Path) -> None:
    names = ["anna", "ben", "carl", "dora", "|emil"]
    lines = [
        ["document", "unit", *names],
        *(["甲", str(at), "M!", "M!", "C1", "M!", "J!"] for at in range(9)),
    ]
    path = tmp_path / "wide.csv"
    path.write_text("".join(",".join(line) + "\n" for line in lines), encoding="utf-8")
    code, out, err = wuxing("agree", path, "--draws", "10", "--level", "0.9")
    assert code == 0
    assert "columns of codes 'anna', 'ben', 'carl', 'dora', '|emil' (guessed" in one_line(err)
    assert "least" in out
    assert "α 90 % interval" in out
    code, page, _ = wuxing("agree", path, "--format", "markdown", "--coder-columns", "anna,|emil")
    assert "| label | anna, % | \\|emil, % |" in page


def test_a_reason_for_a_figure_that_is_undefined(wuxing: Wuxing, tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text("id,document,a,b,c\n1,甲,M!,M!,\n2,甲,,0,M!\n3,乙,0,,0\n", encoding="utf-8")
    code, out, _ = wuxing("agree", path)
    assert code == 0
    assert (
        "— no unit was coded by all: letters problems codes stances M M! — never given: types"
        in out.replace("\n", " ")
    )


def test_units_without_documents_are_told(wuxing: Wuxing, tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text("id,a,b\n1,M!,M!\n2,0,M!\n", encoding="utf-8")
    code, out, err = wuxing("agree", path)
    assert code == 0
    guessed, narrow = err.splitlines()
    assert "(guessed; --coder-columns names them)" in guessed
    assert "intervals are from resampling single units, and too narrow" in narrow
    assert "2 units of 2 documents" in out


# ----------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            "id,codes\n7,M!\n8,0\n",
            "no unit of anna, ben was coded by another coder (units: anna 6, ben 2); check",
        ),
        ("id,codes\n1,M!\n2,Q7\n", "ben.csv, row 3: unknown code 'Q7'; allowed are Z0"),
        ("id,codes\n1,M!\n1,0\n", "ben.csv, row 3: the unit of "),
        ("text,remark\n路。,好\n", "ben.csv: no column of codes; its columns are 'text', 'remark'"),
        ("remark,codes\n路。,0\n", "has none of them"),
        ("id,text,codes\n1,路。,0\n", "ben.csv, row 2: '1' is another text than in "),
        ("", "ben.csv: empty (0 bytes)"),
    ],
)
def test_bad_files_are_one_line_and_nothing_is_written(
    wuxing: Wuxing, coders: list[Path], tmp_path: Path, content: str, said: str
) -> None:
    coders[1].write_text(content, encoding="utf-8")
    code, out, err = wuxing("agree", *coders, "--out", tmp_path / "out")
    assert (code, out) == (1, "")
    assert said in err.splitlines()[-1]
    assert one_line(err)
    assert not (tmp_path / "out").exists()


def test_one_coder_only(wuxing: Wuxing, coders: list[Path], tmp_path: Path) -> None:
    for given in (coders[:1], [coders[0], coders[0]]):
        code, _, err = wuxing("agree", *given, "--out", tmp_path / "out")
        assert code == 1
        assert "one coder only (anna); agreement needs the codings of two or more" in one_line(err)
        assert not (tmp_path / "out").exists()


def test_bad_options(wuxing: Wuxing, coders: list[Path], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    for options, said in (
        (("--draws", 0), "draws is 0"),
        (("--level", 95), "level is 95"),
        (("--match", "place"), "units are to be told apart by document and unit"),
        (("--coder-columns", "carl"), "there is no column 'carl'"),
        (("--out", tmp_path / "file"), "file/agreement.csv cannot be written: File exists"),
    ):
        code, out, err = wuxing("agree", *coders, *options)
        assert (code, out) == (1, "")
        assert said in one_line(err)
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


def test_a_text_that_comes_twice_is_settled_once(wuxing: Wuxing, tmp_path: Path) -> None:
    heading = "一、总体要求"
    for coder, code in (("anna", "D1"), ("ben", "D2")):
        lines = [f"a,1,0,{heading}", f"a,2,{code},敢于担当、主动作为。", f"b,1,0,{heading}"]
        (tmp_path / f"{coder}.csv").write_text(
            "\n".join(["document,unit,codes,text", *lines]), encoding="utf-8"
        )
    code, out, _ = wuxing("agree", tmp_path / "anna.csv", tmp_path / "ben.csv", "--out", tmp_path / "out")
    assert code == 0
    assert "too narrow" in " ".join(out.split())
    path = tmp_path / "out" / "adjudication.csv"
    assert [row["text"] for row in table(path)].count(heading) == 1
