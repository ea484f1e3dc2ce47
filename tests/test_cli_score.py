"""``wuxing score``, as a user calls it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.lines import one_line
from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.coding import CodedUnit
from wuxing_nlp.model.bundle import Model, save
from wuxing_nlp.model.tagger import load

Wuxing = Callable[..., tuple[int, str, str]]

DATA = Path(__file__).parent / "data"
FILES = ["curves.csv", "scores.csv", "scores.md", "scores.tex"]
COMPARED = ["comparison.csv", "comparison.md", "comparison.tex"]
FEW = ("--draws", 30)


def write_csv(path: Path, units: Sequence[CodedUnit], *columns: str) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(columns)
        for unit in units:
            cells = {"codes": ",".join(unit.codes) or "0", "text": unit.text}
            rows.writerow([cells.get(name) or getattr(unit, name) for name in columns])
    return path


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def units(own_units: list[CodedUnit]) -> list[CodedUnit]:
    """Units that stand in no corpus, of two kinds."""
    return [
        replace(unit, text=f"另外，{unit.text}", kind="notice" if at < 60 else "plan")
        for at, unit in enumerate(own_units[:150])
    ]


@pytest.fixture(scope="module")
def codings(units: list[CodedUnit], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("codings") / "mine.csv"
    return write_csv(path, units, "text", "codes", "document", "kind")


@pytest.fixture
def given(codings: Path, small_bundle: Path) -> tuple[object, ...]:
    return ("score", codings, "--model", small_bundle, *FEW)


@pytest.fixture(scope="module")
def answers(units: list[CodedUnit], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another system's codes: every third unit gets none."""
    given = [replace(unit, codes=() if at % 3 == 0 else unit.codes) for at, unit in enumerate(units)]
    return write_csv(tmp_path_factory.mktemp("answers") / "llm.csv", given, "text", "codes")


# ------------------------------------------------------------------------------------------ one model


def test_the_table_in_the_terminal(wuxing: Wuxing, given: tuple[object, ...], units: list[CodedUnit]) -> None:
    code, out, err = wuxing(*given)
    assert (code, err) == (0, "")
    documents = len({unit.document for unit in units})
    assert f"{documents} 篇文档的 150 个单位" in out
    lines = {line.split()[0]: line.split() for line in out.splitlines() if line.strip()}
    assert lines["标签"] == ["标签", "单位", "精确率", "召回率", "F1", "95", "%", "区间", "AP", "ECE"]
    truth = sum("M" in unit.letters for unit in units)
    assert lines["M"][:3] == ["M", "慢", str(truth)]
    assert {"微平均", "宏平均", "加权平均"} <= lines.keys()
    assert "态度正确的占" in out
    assert max(map(len, out.splitlines())) <= 100


@pytest.mark.parametrize("level", ["letters", "types", "problems", "codes", "measures", "stances"])
def test_every_level_fits_in_a_hundred_columns(
    wuxing: Wuxing, given: tuple[object, ...], answers: Path, level: str
) -> None:
    options = ("--level", level, "--language", "en", "--against", answers, "--by", "kind")
    code, out, _ = wuxing(*given, *options)
    assert code == 0
    assert max(map(len, out.splitlines())) <= 100
    # What does not fit is folded; figures never are.
    assert "…" not in out
    assert all(len(line.split()) >= 6 for line in out.splitlines() if line.startswith(("micro", "macro")))


def test_the_files(wuxing: Wuxing, given: tuple[object, ...], tmp_path: Path) -> None:
    code, out, err = wuxing(*given, "--out", tmp_path / "out")
    assert (code, err) == (0, "")
    assert out.endswith(f"Written to 已写入: {tmp_path / 'out'}\n")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == FILES
    rows = table(tmp_path / "out" / "scores.csv")
    book = load_codebook()
    assert [row["label"] for row in rows if row["level"] == "codes"] == [
        *book.codes,
        "micro",
        "macro",
        "weighted",
    ]
    assert {row["level"] for row in rows} == {
        "letters", "types", "problems", "codes", "measures", "stances", "stance"
    }  # fmt: skip
    micro = next(row for row in rows if row["level"] == "letters" and row["label"] == "micro")
    assert float(micro["f1_low"]) <= float(micro["f1"]) <= float(micro["f1_high"])
    assert 0 < float(micro["average_precision"]) <= 1
    curves = {row["curve"] for row in table(tmp_path / "out" / "curves.csv")}
    assert curves == {"precision_recall", "reliability", "risk_coverage"}


def test_the_same_command_again_writes_the_same_bytes(
    wuxing: Wuxing, given: tuple[object, ...], answers: Path, tmp_path: Path
) -> None:
    found = []
    for _ in range(2):
        assert wuxing(*given, "--against", answers, "--out", tmp_path / "out")[0] == 0
        found.append({path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()})
    assert found[0] == found[1]
    assert sorted(found[0]) == sorted([*FILES, *COMPARED])


def test_the_forms(wuxing: Wuxing, given: tuple[object, ...]) -> None:
    options = ("--level", "problems", "--language", "en")
    out = {
        form: wuxing(*given, *options, "--format", form)[1] for form in ("markdown", "latex", "csv", "json")
    }
    assert (
        "| label | units | given | precision | recall | F1 | 95 % interval | AP | ECE | Brier |"
        in out["markdown"]
    )
    assert out["latex"].count(r" \\") == 1 + 5 + 3
    rows = list(csv.DictReader(io.StringIO(out["csv"], newline="")))
    assert [row["label"] for row in rows] == ["P", "M", "J", "Y", "S", "micro", "macro", "weighted", "stance"]
    value = json.loads(out["json"])
    assert (value["units"], value["draws"], value["confidence"]) == (150, 30, 0.95)
    for one, other in zip(value["scores"], rows, strict=True):
        assert ("" if one["f1"] is None else str(one["f1"])) == other["f1"]
    assert "comparison" not in value


def test_units_are_tagged_as_they_are(
    wuxing: Wuxing, given: tuple[object, ...], small_bundle: Path, units: list[CodedUnit]
) -> None:
    value = json.loads(wuxing(*given, "--format", "json", "--prefer", "recall")[1])
    codes = load(small_bundle, prefer="recall").code_units([unit.text for unit in units])
    given_m = sum(any(code[0] == "M" for code in unit) for unit in codes)
    [row] = [row for row in value["scores"] if row["label"] == "M"]
    assert row["predicted"] == given_m


def test_groups(wuxing: Wuxing, given: tuple[object, ...]) -> None:
    code, out, _ = wuxing(*given, "--by", "kind，script", "--format", "json")
    assert code == 0
    sizes = {
        (row["by"], row["group"]): row["support"]
        for row in json.loads(out)["scores"]
        if row["label"] == "micro"
    }
    assert sizes["", ""] == sizes["kind", "notice"] + sizes["kind", "plan"]
    assert ("script", "simplified") in sizes
    code, _, err = wuxing(*given, "--by", "region")
    assert code == 1
    assert "units cannot be grouped by 'region', only by kind, script, sample, source" in one_line(err)


def test_units_without_documents_are_told(
    wuxing: Wuxing, units: list[CodedUnit], small_bundle: Path, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "mine.csv", units[:40], "text", "codes")
    code, out, err = wuxing("score", path, "--model", small_bundle, *FEW)
    assert code == 0
    assert "no unit names its document (a column document)" in one_line(err)
    assert "40 篇文档的 40 个单位" in out


def test_a_text_counts_as_often_as_it_was_coded(wuxing: Wuxing, tmp_path: Path) -> None:
    rows = [f"甲{at},窗口关了门。,{codes}" for at, codes in enumerate(("0", "0", "F2"))]
    path = tmp_path / "sample.csv"
    path.write_text("document,text,codes\n" + "\n".join(rows) + "\n", encoding="utf-8")
    code, shown, told = wuxing("score", path, *FEW)
    assert code == 0
    assert "line 4: the same text is coded F2 here, 0 in line 2" in one_line(told)
    assert "3 篇文档的 3 个单位" in shown


def test_units_that_were_not_drawn_at_random_are_told(wuxing: Wuxing, tmp_path: Path) -> None:
    rows = ("窗口关了门。,0,random: drawn for an estimate", "坚决整治推诿。,P-,rarity: a label is rare")
    path = tmp_path / "sheet.csv"
    path.write_text("text,codes,why\n" + "\n".join(rows) + "\n", encoding="utf-8")
    code, shown, told = wuxing("score", path, "--by", "sample", *FEW)
    assert code == 0
    assert "1 of the 2 units were not drawn at random (rarity 1)" in told
    assert "rarity" in shown


def test_of_one_document_there_are_no_intervals(
    wuxing: Wuxing, units: list[CodedUnit], small_bundle: Path, answers: Path, tmp_path: Path
) -> None:
    one = [replace(unit, document="甲") for unit in units]
    path = write_csv(tmp_path / "mine.csv", one, "text", "codes", "document")
    options = ("--model", small_bundle, *FEW, "--against", answers)
    code, out, _ = wuxing("score", path, *options)
    assert code == 0
    assert "只有一篇文档，没有区间" in out
    value = json.loads(wuxing("score", path, *options, "--format", "json")[1])
    assert {row["f1_low"] for row in value["scores"]} == {None}
    assert {(row["difference_low"], row["p"]) for row in value["comparison"]} == {(None, None)}


def test_units_that_cannot_be_judged_count_and_are_told(
    wuxing: Wuxing, units: list[CodedUnit], small_bundle: Path, tmp_path: Path
) -> None:
    short = replace(units[0], text="拖。", codes=("M!",), id="short")
    path = write_csv(tmp_path / "mine.csv", [short, *units], "text", "codes", "document")
    code, _, err = wuxing("score", path, "--model", small_bundle, *FEW)
    assert code == 0
    assert "1 units are too short or not Chinese" in one_line(err)


# --------------------------------------------------------------------------------- what a model knows


def test_known_units_are_told_and_can_be_left_out(
    wuxing: Wuxing, own_units: list[CodedUnit], units: list[CodedUnit], small_bundle: Path, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "mine.csv", [*own_units[:30], *units], "text", "codes", "document")
    options = ("score", path, "--model", small_bundle, *FEW, "--format", "json")
    code, out, err = wuxing(*options)
    assert code == 0
    assert "30 of the 180 units are known to wuxing-small" in one_line(err)
    assert json.loads(out)["units"] == 180
    code, out, err = wuxing(*options, "--unseen")
    assert code == 0
    assert "30 of 180 units are known to a model, and left out" in one_line(err)
    assert json.loads(out)["units"] == 150
    write_csv(path, own_units[:30], "text", "codes", "document")
    code, out, err = wuxing(*options, "--unseen", "--out", tmp_path / "out")
    assert (code, out) == (1, "")
    assert "nothing is left to score" in one_line(err)
    assert not (tmp_path / "out").exists()


# ------------------------------------------------------------------------------------- two systems


def test_a_table_of_codes_is_compared_with(
    wuxing: Wuxing, given: tuple[object, ...], answers: Path, tmp_path: Path
) -> None:
    code, out, err = wuxing(*given, "--against", answers, "--out", tmp_path / "out", "--language", "en")
    assert (code, err) == (0, "")
    assert "minus llm.csv (the other)" in " ".join(out.split())
    rows = table(tmp_path / "out" / "comparison.csv")
    letters = [row for row in rows if row["level"] == "letters"]
    assert {(row["system"].split()[0], row["other"]) for row in rows} == {("wuxing-small", "llm.csv")}
    for row in letters:
        if row["difference"]:
            assert float(row["difference"]) == pytest.approx(
                float(row["f1"]) - float(row["other_f1"]), abs=2e-6
            )
            assert 0 < float(row["p"]) <= 1
    assert [row["p_holm"] for row in letters[-3:]] == ["", "", ""]
    page = (tmp_path / "out" / "comparison.md").read_text(encoding="utf-8")
    assert "| label | units | F1 | other F1 | difference | 95 % interval | p | p (Holm) |" in page


def test_a_table_of_codes_is_scored_in_the_place_of_a_model(
    wuxing: Wuxing, codings: Path, answers: Path, units: list[CodedUnit], tmp_path: Path
) -> None:
    code, out, err = wuxing(
        "score", codings, "--predicted", answers, *FEW, "--format", "json", "--out", tmp_path / "out"
    )
    assert code == 0
    told, written = err.splitlines()
    assert "llm.csv has no probabilities: no average precision, calibration and curves" in told
    assert str(tmp_path / "out") in written
    rows = {row["label"]: row for row in json.loads(out)["scores"]}
    true = sum("M" in unit.letters for unit in units)
    kept = sum("M" in unit.letters for at, unit in enumerate(units) if at % 3)
    assert (rows["M"]["support"], rows["M"]["predicted"], rows["M"]["precision"]) == (true, kept, 1.0)
    assert rows["M"]["recall"] == round(kept / true, 6)
    assert rows["M"]["brier"] is None
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == FILES[1:]


def test_probabilities_of_a_table_are_scored(
    wuxing: Wuxing, codings: Path, units: list[CodedUnit], tmp_path: Path
) -> None:
    book = load_codebook()
    labels = (*book.letters, *book.codes)
    names = [f"p_{label.replace('!', '_exists').replace('-', '_tackled')}" for label in labels]
    with (tmp_path / "sure.csv").open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["text", "codes", *names])
        for unit in units:
            carried = unit.letters | book.base(unit.codes)
            likely = [0.9 if label in carried else 0.1 for label in labels]
            rows.writerow([unit.text, ",".join(unit.codes) or "0", *likely])
    code, out, err = wuxing("score", codings, "--predicted", tmp_path / "sure.csv", *FEW, "--format", "json")
    assert (code, err) == (0, "")
    micro = next(row for row in json.loads(out)["scores"] if row["label"] == "micro")
    assert (micro["f1"], micro["average_precision"]) == (1.0, 1.0)
    assert (micro["brier"], micro["calibration_error"]) == (pytest.approx(0.01), pytest.approx(0.1))


def test_a_model_compared_with_itself_differs_by_nothing(
    wuxing: Wuxing, given: tuple[object, ...], small_bundle: Path
) -> None:
    code, out, _ = wuxing(*given, "--against", small_bundle, "--format", "json")
    assert code == 0
    value = json.loads(out)
    assert value["other"] == f"{value['system']} (--against)"
    assert {(row["difference"], row["p"]) for row in value["comparison"]} <= {(0.0, 1.0), (None, None)}


# ------------------------------------------------------------------------- a codebook of one's own


@pytest.fixture(scope="module")
def tools(tools_model: Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tools") / "bundle"
    save(tools_model, folder, "card")
    return folder


def test_labels_of_ones_own(wuxing: Wuxing, tools: Path, tmp_path: Path) -> None:
    options = ("score", DATA / "policy_tools.csv", "--model", tools, *FEW)
    code, out, _ = wuxing(*options, "--language", "en", "--out", tmp_path / "out")
    assert code == 0
    assert "S supply-side tools" in out
    assert {row["level"] for row in table(tmp_path / "out" / "scores.csv")} == {"letters", "types", "codes"}
    code, _, err = wuxing(*options, "--level", "problems")
    assert code == 1
    assert "the codebook has no problems; its levels are letters, types, codes" in one_line(err)


def test_models_of_two_codebooks_are_not_compared(
    wuxing: Wuxing, given: tuple[object, ...], tools: Path, tmp_path: Path
) -> None:
    code, out, err = wuxing(*given, "--against", tools, "--out", tmp_path / "out")
    assert (code, out) == (1, "")
    assert "has another codebook (version tools-1, letters S D E) than what it is compared with" in one_line(
        err
    )
    assert not (tmp_path / "out").exists()


# ----------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            "text,codes\n窗口关了门。,X7\n路通了。,0\n门开着。,Q1\n",
            ["line 2: unknown code 'X7'", "line 4: unknown code 'Q1'"],
        ),
        ("text,codes\n ,M!\n", ["line 2: the text is empty"]),
        ("text,codes\n窗口关了门。,\n", ["line 2: no codes are given; write 0"]),
        ("text,codes\n", ["line 1: no coded unit stands here"]),
        ("text,codes,why\n窗口关了门。,,random\n", ["line 1: no coded unit stands here"]),
        ("text,remark\n窗口关了门。,0\n", ["line 1: a header with text and codes once"]),
    ],
)
def test_bad_codings_are_told_and_nothing_is_written(
    wuxing: Wuxing, small_bundle: Path, tmp_path: Path, content: str, said: list[str]
) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(content, encoding="utf-8")
    code, out, err = wuxing("score", path, "--model", small_bundle, "--out", tmp_path / "out")
    assert (code, out) == (1, "")
    *errors, last = err.splitlines()
    assert len(errors) == len(said)
    for line, words in zip(errors, said, strict=True):
        assert line.startswith(f"wuxing: error: {path}, {words}")
    assert last == f"wuxing: {path} has {len(said)} errors; mend them, nothing was scored"
    assert not (tmp_path / "out").exists()


def test_bad_predictions_are_told_and_nothing_is_written(
    wuxing: Wuxing, given: tuple[object, ...], units: list[CodedUnit], tmp_path: Path
) -> None:
    path = tmp_path / "llm.csv"
    path.write_text(f"text,codes\n{units[0].text},X7\n", encoding="utf-8")
    for option in ("--against", "--predicted"):
        code, out, err = wuxing(*given, option, path, "--out", tmp_path / "out")
        assert (code, out) == (1, "")
        missing, unknown, last = sorted(err.splitlines(), key=lambda line: line.partition("line ")[2] or "z")
        assert "line 1: 149 of 150 coded units have no row" in missing
        assert "line 2: unknown code 'X7'" in unknown
        assert last == f"wuxing: {path} has 2 errors; mend them, nothing was scored"
        assert not (tmp_path / "out").exists()


def test_bad_options(wuxing: Wuxing, given: tuple[object, ...], codings: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    for options, said in (
        ((*given, "--draws", 0), "draws is 0"),
        ((*given, "--model", tmp_path), "is no model bundle"),
        ((*given, "--against", tmp_path), "is no model bundle"),
        ((*given, "--against", tmp_path / "nothing.csv"), "nothing.csv"),
        ((*given, "--out", tmp_path / "file"), "cannot be written"),
        (("score", tmp_path / "nothing.csv"), "nothing.csv does not exist"),
    ):
        code, out, err = wuxing(*options)
        assert (code, out) == (1, "")
        assert said in one_line(err)
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"
