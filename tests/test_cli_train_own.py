"""``wuxing train --add`` and ``--only``: checked, measured, and not written where it is worse."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

import wuxing_nlp
from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.coding import CodedUnit, Corpus, default_root, write_jsonl
from wuxing_nlp.model import bundle

Wuxing = Callable[..., tuple[int, str, str]]

DATA = Path(__file__).parent / "data"
TOOLS = ("--codebook", DATA / "policy_tools.toml", "--only", DATA / "policy_tools.csv")
SENTENCES = """县财政安排专项资金，新建一批充电桩。
对小微企业减免增值税，延长贷款期限。
各部门采购时优先选用本地产品。
"""


def write_csv(path: Path, units: Sequence[CodedUnit]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["text", "codes", "document"])
        rows.writerows([unit.text, ",".join(unit.codes) or "0", unit.document] for unit in units)
    return path


@pytest.fixture(scope="module")
def codings(own_units: list[CodedUnit], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_csv(tmp_path_factory.mktemp("own") / "my_codings.csv", own_units)


@pytest.fixture(scope="module")
def in_corpus(own_units: list[CodedUnit]) -> list[CodedUnit]:
    """Units that the small model never saw either: of those that it learnt by heart, any other model
    knows fewer."""
    return [unit for unit in Corpus(default_root()).authored()[1::5] if unit not in own_units]


@pytest.fixture(scope="module")
def corpus(in_corpus: list[CodedUnit], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of them, as real ones that were fetched."""
    made = Corpus(tmp_path_factory.mktemp("corpus"))
    write_jsonl(in_corpus, made.real_path)
    (made.root / "authored").mkdir()
    shutil.copy(default_root() / "authored" / "plan.tsv", made.root / "authored")
    return made.root


@pytest.fixture
def given(small_bundle: Path, corpus: Path, tmp_path: Path) -> tuple[object, ...]:
    return ("--base", small_bundle, "--corpus", corpus, "--out", tmp_path / "mine")


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tools") / "tools"


def test_adapt_a_model_that_then_tags(
    wuxing: Wuxing, codings: Path, given: tuple[object, ...], small_bundle: Path, tmp_path: Path
) -> None:
    before = {path.name: path.read_bytes() for path in small_bundle.iterdir()}
    code, out, err = wuxing("train", "--add", codings, *given)
    assert code == 0, err
    model = bundle.load_model(tmp_path / "mine")
    assert out.endswith(f"{model.name} written to {tmp_path / 'mine'}\n")
    assert "macro-F1 is" in out
    assert [line for line in err.splitlines() if not line.startswith("wuxing: warning: ")] == [
        *(line for line in err.splitlines() if line.startswith("wuxing: fold ")),
        "wuxing: learning curve",
    ]
    assert f"warning: {codings}, line" in err
    assert model.facts["name"] == "mine"
    assert model.facts["own"] == {
        "file": "my_codings.csv",
        "sha256": hashlib.sha256(codings.read_bytes()).hexdigest(),
        "way": "added",
        "base": bundle.load_model(small_bundle).name,
        "seen": 0,
    }
    assert model.facts["format"] == bundle.FORMAT
    assert "its measured real units" in (tmp_path / "mine" / bundle.CARD).read_text(encoding="utf-8")
    assert {path.name: path.read_bytes() for path in small_bundle.iterdir()} == before
    _, shown, _ = wuxing("model", "show", tmp_path / "mine")
    assert "held-out units (--card has all figures)" in " ".join(shown.split())
    assert wuxing_nlp.load(tmp_path / "mine").tag("窗口推诿，谁也不肯拍板。").model == model.name


def test_without_the_real_text_it_is_compared_on_authored_units_and_says_so(
    wuxing: Wuxing, codings: Path, small_bundle: Path, corpus: Path, tmp_path: Path
) -> None:
    shutil.copytree(corpus / "authored", tmp_path / "corpus" / "authored")
    given = ("--base", small_bundle, "--corpus", tmp_path / "corpus", "--out", tmp_path / "mine")
    _, _, err = wuxing("train", "--add", codings, *given, "--accept-worse")
    note = "units written for the project, for the real ones have not been fetched"
    assert f"wuxing: compared on {note} (wuxing corpus fetch)\n" in err
    assert note in (tmp_path / "mine" / bundle.CARD).read_text(encoding="utf-8")


def test_own_units_that_stand_in_the_corpus_are_told_of(
    wuxing: Wuxing,
    in_corpus: list[CodedUnit],
    own_units: list[CodedUnit],
    given: tuple[object, ...],
    tmp_path: Path,
) -> None:
    path = write_csv(tmp_path / "mixed.csv", [*own_units, *in_corpus[:30]])
    code, out, err = wuxing("train", "--add", path, *given, "--accept-worse")
    assert code == 0, err
    assert "wuxing: warning: 30 of your units stand in the corpus: the old model knows them already\n" in err
    assert "old was trained on 30 of them" in " ".join(out.split())


def test_a_model_that_is_worse_is_not_written_unless_that_is_accepted(
    wuxing: Wuxing, codings: Path, given: tuple[object, ...], tmp_path: Path
) -> None:
    code, out, err = wuxing("train", "--only", codings, *given)
    assert code == 1
    last = err.splitlines()[-1]
    assert last.startswith("wuxing: the new model is worse than ")
    assert "and was not written: " in last
    assert "micro-F1 on the shipped corpus is lower by 0." in last
    assert last.endswith("or say --accept-worse")
    assert "Your codings (240 units of" in out
    assert not (tmp_path / "mine").exists()

    code, out, err = wuxing("train", "--only", codings, *given, "--accept-worse")
    assert code == 0
    assert "wuxing: accepted: micro-F1 on the shipped corpus is lower by 0." in err
    assert bundle.load_model(tmp_path / "mine").facts["own"]["way"] == "alone"


def test_codings_with_errors_are_told_of_and_nothing_is_trained(
    wuxing: Wuxing, own_units: list[CodedUnit], given: tuple[object, ...], tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "bad.csv", own_units)
    with path.open("a", encoding="utf-8") as stream:
        stream.write(f"{own_units[0].text},G3,甲文\n窗口关了门。,X7,甲文\n")
    code, out, err = wuxing("train", "--add", path, *given)
    assert (code, out) == (1, "")
    errors = [line for line in err.splitlines() if line.startswith("wuxing: error: ")]
    assert f"{path}, line 242: the same text is coded G3 here, " in errors[0]
    assert f"{path}, line 243: unknown code 'X7'" in errors[1]
    assert err.splitlines()[-1] == f"wuxing: {path} has 2 errors; mend them, nothing was trained"
    assert not (tmp_path / "mine").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--add", "a.csv", "--only", "a.csv"), "give it or --only, not both"),
        (("--add", "a.csv", "--scores", "s.json"), "it has no meaning with your own codings"),
        (("--base", "b"), "it needs --add or --only"),
        (("--accept-worse",), "it needs --add or --only"),
        (("--codebook", "c.toml"), "it needs --only: no other model has its labels"),
        (("--add", "a.csv", "--codebook", "c.toml"), "it needs --only: no other model has its labels"),
        (("--only", "a.csv", "--codebook", "c.toml", "--base", "b"), "it has no meaning with --codebook"),
    ],
)
def test_options_that_would_do_nothing_are_refused(
    wuxing: Wuxing, options: tuple[str, ...], said: str
) -> None:
    code, out, err = wuxing("train", *options)
    assert (code, out) == (2, "")
    assert said in " ".join(err.replace("│", " ").split())


def test_a_folder_that_is_no_bundle_is_never_replaced(wuxing: Wuxing, codings: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    code, _, err = wuxing("train", "--add", codings, "--out", tmp_path)
    assert code == 1
    assert err == f"wuxing: {tmp_path} exists and is no model bundle; name a new folder for the bundle\n"


# ------------------------------------------------------------------------- a codebook of one's own


def test_labels_of_ones_own_go_all_the_way(wuxing: Wuxing, tools: Path, tmp_path: Path) -> None:
    code, out, err = wuxing("train", *TOOLS, "--out", tools)
    assert code == 0, err
    assert "There was no model of this codebook to compare with." in out
    assert "warning" not in err

    manifest = json.loads((tools / bundle.MANIFEST).read_text(encoding="utf-8"))
    assert manifest["format"] == bundle.OWN_CODEBOOK
    assert (tools / bundle.CODEBOOK).read_bytes() == (DATA / "policy_tools.toml").read_bytes()
    tagged = wuxing_nlp.load(tools).tag(SENTENCES)
    assert [unit.codes for unit in tagged.units] == [("S0",), ("E0",), ("D0",)]
    assert list(tagged.profile.letters) == ["S", "D", "E"]

    _, printed, _ = wuxing("codebook", "--model", tools, "--format", "markdown")
    assert printed.startswith("# 政策工具编码手册 · Codebook: policy tools\n")
    assert "## D0 需求型 · demand-side tools" in printed
    assert "Rules" not in printed
    _, page, _ = wuxing("model", "show", tools, "--card")
    assert "| S 供给型 | 25 |" in page
    assert "fifteen" not in page

    (tmp_path / "letter.txt").write_text(SENTENCES, encoding="utf-8")
    run = tmp_path / "run"
    code, printed, err = wuxing("classify", tmp_path / "letter.txt", "--model", tools, "--out", run)
    assert code == 0, err
    assert "供给" in printed
    with (run / "units.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["codes"] for row in rows] == ["S0", "E0", "D0"]
    assert [(row["S"], row["D"], row["E"], row["S0"]) for row in rows] == [
        ("1", "0", "0", "1"),
        ("0", "0", "1", "0"),
        ("0", "1", "0", "0"),
    ]
    assert "Z1" not in rows[0]
    record = json.loads((run / "run.json").read_text(encoding="utf-8"))
    assert "codebook.toml" in record["files"]
    assert record["measured"]["own_codings"] is True

    names = {"zh": ("政策工具编码手册", "供给型"), "en": ("policy tools", "demand-side tools")}
    others = ("五型政府", "怕、慢", "conduct problems", "measures", "举措", "stance", "large language")
    for language, wanted in names.items():
        code, _, err = wuxing("report", run, "--language", language, "--to", tmp_path / "page.html")
        assert code == 0, err
        html = (tmp_path / "page.html").read_text(encoding="utf-8").partition("</style>")[2]
        assert all(name in html for name in wanted)
        assert [other for other in others if other in html] == []

    sheet = tmp_path / "sheet.csv"
    code, _, err = wuxing("sample", run, "--for-estimate", "--size", "3", "--out", sheet)
    assert code == 0, err
    with sheet.open(encoding="utf-8-sig", newline="") as stream:
        drawn = list(csv.DictReader(stream))
    with sheet.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(drawn[0]))
        writer.writeheader()
        writer.writerows({**row, "codes": "S0" if row["unit"] == "1" else "0"} for row in drawn)
    code, printed, err = wuxing("estimate", run, sheet)
    assert code == 0, err
    assert [line.split()[0] for line in printed.splitlines() if line[:2] in ("S ", "D ", "E ")] == list("SDE")


def test_a_report_is_of_the_codebook_of_its_run(wuxing: Wuxing, tools: Path, tmp_path: Path) -> None:
    if not tools.exists():
        assert wuxing("train", *TOOLS, "--out", tools)[0] == 0
    (tmp_path / "letter.txt").write_text(SENTENCES, encoding="utf-8")
    run = tmp_path / "run"
    assert wuxing("classify", tmp_path / "letter.txt", "--model", tools, "--out", run)[0] == 0
    text = (run / "codebook.toml").read_text(encoding="utf-8")
    (run / "codebook.toml").write_text(text.replace("供给型", "给予型"), encoding="utf-8")
    code, _, err = wuxing("report", run)
    assert code == 1
    assert f"{run / 'codebook.toml'} is not the codebook of this run any more" in err
    # A run of the shipped model in the same folder leaves no codebook of another behind.
    assert wuxing("classify", tmp_path / "letter.txt", "--out", run, "--restart")[0] == 0
    assert not (run / "codebook.toml").exists()
    assert load_codebook().version in (run / "report.html").read_text(encoding="utf-8")


def test_a_codebook_that_is_not_sound(wuxing: Wuxing, tmp_path: Path) -> None:
    text = (DATA / "policy_tools.toml").read_text(encoding="utf-8")
    (tmp_path / "own.toml").write_text(text.replace('letter = "D"', 'letter = "S"'), encoding="utf-8")
    given = ("--codebook", tmp_path / "own.toml", "--only", DATA / "policy_tools.csv")
    code, _, err = wuxing("train", *given, "--out", tmp_path / "out")
    assert code == 1
    assert err.startswith(f"wuxing: {tmp_path / 'own.toml'}: codes or letters are given twice: ['S0']")
    assert not (tmp_path / "out").exists()
