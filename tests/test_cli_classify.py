"""``wuxing classify``, as a user calls it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import wuxing_nlp
from tests.lines import one_line
from wuxing_nlp.batch.parts import FOLDER
from wuxing_nlp.cli.progress import MOST_FAILURES
from wuxing_nlp.cli.shown import MOST_SHOWN
from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.model.bundle import Model, save
from wuxing_nlp.model.tagger import shipped_bundle

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "corpus" / "samples"
NOTICE = SAMPLES / "notice.txt"
SENTENCE = "坚决整治推诿扯皮。"
FILES = {"results.jsonl", "units.csv", "documents.csv", "failures.csv", "run.json"}

Wuxing = Callable[..., tuple[int, str, str]]
Process = Callable[..., subprocess.CompletedProcess[bytes]]


def documents(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


# ------------------------------------------------------------------------- classify: what is printed


def test_the_table_shows_documents_shares_and_telling_units(wuxing: Wuxing) -> None:
    code, out, err = wuxing("classify", SAMPLES)
    assert (code, err) == (0, "")
    head, telling = out.split("Most telling units")
    for path in SAMPLES.iterdir():
        [row] = (line.split() for line in head.splitlines() if line.startswith(path.name))
        assert int(row[1]) > 10
        assert len(row) == 2 + 10
        assert all(cell == "·" or cell.endswith("%") for cell in row[2:])
        assert str(path) in telling
    assert telling.count("证据：") == 3 * 6


def test_the_shares_are_those_of_the_profile(wuxing: Wuxing) -> None:
    _, out, _ = wuxing("classify", NOTICE)
    [row] = (line.split()[1:] for line in out.splitlines() if line.startswith("notice.txt"))
    profile = wuxing_nlp.load().tag(NOTICE.read_text(encoding="utf-8")).profile
    shares = [profile.share(letter) for letter in load_codebook().letters]
    assert row == [str(profile.coded), *(f"{100 * share:.0f}%" if share else "·" for share in shares)]


def test_a_document_without_labels_says_so(wuxing: Wuxing, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("第三中学操场于八月底完工。", encoding="utf-8")
    code, out, _ = wuxing("classify", tmp_path)
    assert code == 0
    assert "no unit has a label" in out


@pytest.mark.parametrize("width", ["80", "200"])
def test_names_are_shown_whole_at_any_width(
    wuxing: Wuxing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, width: str
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    name = "青浔县人民政府办公室关于开展窗口单位作风整治工作的通知（2024年第三号·修订稿）.txt"
    (tmp_path / name).write_text(SENTENCE, encoding="utf-8")
    _, out, _ = wuxing("classify", tmp_path)
    assert "…" not in out
    # A name longer than its column goes on in the next lines of the column.
    column = [line.split("  ")[0].strip() for line in out.split("\nMost telling")[0].splitlines()]
    assert name in "".join(column)


def test_jsonl_is_a_document_a_line_with_the_fields_of_the_api(wuxing: Wuxing) -> None:
    code, out, err = wuxing("classify", SAMPLES, "--format", "jsonl")
    assert (code, err) == (0, "")
    lines = documents(out)
    assert [line["document"] for line in lines] == sorted(str(path) for path in SAMPLES.iterdir())
    tagger = wuxing_nlp.load()
    for line in lines:
        source = Path(line["document"]).read_text(encoding="utf-8")
        assert all(source[unit["start"] : unit["end"]] == unit["text"] for unit in line["units"])
        tagged = tagger.tag(source, probabilities=True)
        assert line["model"] == tagged.model
        assert line["script"]["script"] == tagged.script.script
        assert line["profile"]["letters"] == tagged.profile.letters
        assert line["units"] == json.loads(json.dumps([unit.to_dict() for unit in tagged.units]))


def test_fields_of_a_unit_and_a_tag(wuxing: Wuxing) -> None:
    _, out, _ = wuxing("classify", NOTICE, "--format", "jsonl")
    [document] = documents(out)
    unit = next(unit for unit in document["units"] if unit["tags"])
    fields = {"text", "start", "end", "kind", "status", "codes", "labels", "tags", "probabilities"}
    assert set(unit) == fields
    assert set(unit["tags"][0]) == {"code", "name", "probability", "stance", "evidence"}
    assert set(unit["tags"][0]["evidence"][0]) == {"start", "end", "weight"}


def test_csv_is_a_table_of_units_with_one_header(wuxing: Wuxing) -> None:
    code, out, _ = wuxing("classify", NOTICE, SAMPLES / "circular.txt", "--format", "csv")
    assert code == 0
    rows = list(csv.DictReader(io.StringIO(out, newline="")))
    assert {row["document"] for row in rows} == {str(NOTICE), str(SAMPLES / "circular.txt")}
    assert not any(row["unit"] == "unit" for row in rows)
    assert all(load_codebook().parse(row["codes"]) is not None for row in rows)


def test_standard_input_in_any_encoding(process: Process) -> None:
    for encoding in ("utf-8", "gb18030"):
        text = NOTICE.read_text(encoding="utf-8")
        run = process("classify", "-", "--format", "jsonl", stdin=text.encode(encoding))
        assert (run.returncode, run.stderr) == (0, b"")
        [document] = documents(run.stdout.decode())
        assert (document["document"], document["encoding"]) == ("-", encoding)
        assert all(text[unit["start"] : unit["end"]] == unit["text"] for unit in document["units"])


def test_standard_input_beside_files(process: Process) -> None:
    run = process("classify", NOTICE, "-", "--format", "jsonl", stdin=SENTENCE.encode())
    assert [document["document"] for document in documents(run.stdout.decode())] == [str(NOTICE), "-"]


# -------------------------------------------------------------------------- classify: what is written


def test_out_holds_the_full_results(wuxing: Wuxing, tmp_path: Path) -> None:
    out = tmp_path / "results"
    code, printed, err = wuxing("classify", SAMPLES, "--out", out)
    assert (code, err) == (0, "")
    assert str(out) in printed
    assert "document" in printed
    assert {path.name for path in out.iterdir()} >= FILES
    _, jsonl, _ = wuxing("classify", SAMPLES, "--format", "jsonl")
    assert (out / "results.jsonl").read_text(encoding="utf-8") == jsonl
    units = list(csv.DictReader(io.StringIO((out / "units.csv").read_text(encoding="utf-8-sig"))))
    assert len(units) == sum(len(document["units"]) for document in documents(jsonl))
    with (out / "documents.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert [row["document"] for row in csv.DictReader(stream)] == sorted(map(str, SAMPLES.iterdir()))


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_with_out_the_other_formats_print_nothing(wuxing: Wuxing, tmp_path: Path, form: str) -> None:
    code, printed, err = wuxing("classify", NOTICE, "--out", tmp_path / "out", "--format", form)
    assert (code, printed) == (0, "")
    assert str(tmp_path / "out") in err


def test_results_are_the_same_every_time(wuxing: Wuxing, tmp_path: Path) -> None:
    for name in ("a", "b"):
        wuxing("classify", SAMPLES, "--out", tmp_path / name)
    for name in FILES:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_results_inside_the_folder_of_documents_are_no_documents(wuxing: Wuxing, tmp_path: Path) -> None:
    shutil.copy(NOTICE, tmp_path / "notice.txt")
    for _ in range(2):
        assert wuxing("classify", tmp_path, "--out", tmp_path / "out", "--tables", "xlsx")[0] == 0
        results = (tmp_path / "out" / "results.jsonl").read_text(encoding="utf-8")
        assert [record["document"] for record in documents(results)] == [str(tmp_path / "notice.txt")]


@pytest.mark.parametrize("inside", ["", "deeper"])
def test_an_out_that_is_a_file(wuxing: Wuxing, tmp_path: Path, inside: str) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    code, _, err = wuxing("classify", NOTICE, "--out", tmp_path / "file" / inside)
    assert code == 1
    assert "cannot be a folder" in one_line(err)
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


def test_tables_in_every_format(wuxing: Wuxing, tmp_path: Path) -> None:
    forms = ["xlsx", "parquet", "jsonl"]
    code, _, err = wuxing("classify", NOTICE, "--out", tmp_path, "--tables", ", ".join(forms))
    assert (code, err) == (0, "")
    tables = {f"{name}.{form}" for name in ("units", "documents") for form in forms}
    assert {path.name for path in tmp_path.iterdir()} >= tables | {"results.jsonl", "failures.csv"}
    assert not (tmp_path / "units.csv").exists()


def test_columns_of_a_table_are_guessed_aloud_or_named(wuxing: Wuxing, tmp_path: Path) -> None:
    (tmp_path / "letters.csv").write_text(
        f"信件编号,答复,内容\n007,已办理,{SENTENCE}\nNA,正在办理,{SENTENCE}\n", encoding="utf-8"
    )
    code, out, err = wuxing("classify", tmp_path, "--format", "jsonl")
    assert code == 0
    assert "text column '内容' (guessed" in one_line(err)
    assert [record["fields"]["信件编号"] for record in documents(out)] == ["007", "NA"]
    named = ("--text-column", "答复", "--id-column", "信件编号")
    code, out, err = wuxing("classify", tmp_path, "--format", "jsonl", *named)
    assert (code, err) == (0, "")
    assert [record["document"].partition("#")[2] for record in documents(out)] == ["007", "NA"]
    assert [record["units"][0]["text"] for record in documents(out)] == ["已办理", "正在办理"]
    code, _, err = wuxing("classify", tmp_path, "--text-column", "正文")
    assert code == 1
    assert "正文" in one_line(err)
    assert "答复" in err


def test_what_is_no_document_is_counted_aloud(wuxing: Wuxing, tmp_path: Path) -> None:
    for name in ("a.txt", "1.jpg", "2.JPG", "LICENSE"):
        (tmp_path / name).write_text(SENTENCE, encoding="utf-8")
    code, _, err = wuxing("classify", tmp_path)
    assert code == 0
    assert one_line(err) == "wuxing: left out as no documents: no suffix 1, .jpg 2\n"
    assert wuxing("classify", tmp_path, "--quiet")[2] == ""


def test_patterns_choose_among_the_files_of_folders(wuxing: Wuxing, tmp_path: Path) -> None:
    for name in ("2023/a.txt", "2024/a.txt", "2024/b.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(SENTENCE, encoding="utf-8")
    _, out, _ = wuxing("classify", tmp_path, "--format", "jsonl", "--include", "2024/*")
    assert [Path(record["document"]).name for record in documents(out)] == ["a.txt", "b.md"]
    options = ("--include", "*.txt", "--exclude", "2023/*")
    _, out, _ = wuxing("classify", tmp_path, "--format", "jsonl", *options)
    assert [record["document"] for record in documents(out)] == [str(tmp_path / "2024" / "a.txt")]


@pytest.mark.parametrize("form", ["table", "jsonl", "csv"])
def test_without_text_nothing_is_quoted(wuxing: Wuxing, tmp_path: Path, form: str) -> None:
    (tmp_path / "1.txt").write_text(f"关于推诿扯皮问题的通报\n{SENTENCE}", encoding="utf-8")
    code, printed, _ = wuxing("classify", tmp_path / "1.txt", "--no-text", "--format", form)
    assert code == 0
    assert "推诿" not in printed
    wuxing("classify", tmp_path / "1.txt", "--no-text", "--out", tmp_path / "out", "--quiet")
    for path in (tmp_path / "out").iterdir():
        assert "推诿" not in path.read_text(encoding="utf-8"), path.name


def test_without_evidence_the_codes_stay(wuxing: Wuxing) -> None:
    _, out, _ = wuxing("classify", NOTICE, "--format", "jsonl")
    _, bare, _ = wuxing("classify", NOTICE, "--format", "jsonl", "--no-evidence")
    [record], [without] = documents(out), documents(bare)
    assert [unit["codes"] for unit in record["units"]] == [unit["codes"] for unit in without["units"]]
    assert not any(tag["evidence"] for unit in without["units"] for tag in unit["tags"])


def test_quiet_prints_nothing_but_failures(wuxing: Wuxing, tmp_path: Path) -> None:
    assert wuxing("classify", NOTICE, "--quiet") == (0, "", "")
    assert wuxing("classify", NOTICE, "--out", tmp_path / "a", "--quiet") == (0, "", "")
    code, out, err = wuxing("classify", NOTICE, tmp_path / "gone.txt", "--out", tmp_path / "b", "--quiet")
    assert (code, out) == (1, "")
    assert "gone.txt" in one_line(err)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_strict_stops_at_the_first_failure(wuxing: Wuxing, tmp_path: Path, workers: str) -> None:
    gone = [tmp_path / "gone1.txt", tmp_path / "gone2.txt"]
    code, out, err = wuxing("classify", *gone, NOTICE, "--strict")
    assert (code, out) == (1, "")
    assert "gone1.txt" in one_line(err)
    options = ("--strict", "--out", tmp_path / "out", "--workers", workers)
    code, _, err = wuxing("classify", *gone, NOTICE, *options)
    assert code == 1
    assert "gone1.txt" in err
    assert "--strict" in err
    assert [path.name for path in (tmp_path / "out").iterdir()] == [FOLDER]


def test_an_unfinished_run_of_another_kind_is_not_mixed_in(wuxing: Wuxing, tmp_path: Path) -> None:
    wuxing("classify", tmp_path / "gone.txt", "--strict", "--out", tmp_path / "out")
    code, _, err = wuxing("classify", NOTICE, "--out", tmp_path / "out")
    assert code == 1
    assert "unfinished run that differs in inputs" in one_line(err)
    code, _, err = wuxing("classify", NOTICE, "--out", tmp_path / "out", "--restart")
    assert (code, err) == (0, "")


def test_a_finished_run_is_kept_and_not_done_again(wuxing: Wuxing, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert wuxing("classify", NOTICE, "--out", out)[0] == 0
    results = (out / "results.jsonl").stat().st_mtime_ns
    code, printed, err = wuxing("classify", NOTICE, "--out", out, "--language", "en")
    assert code == 0
    assert (
        one_line(err)
        == f"wuxing: {out} holds this run already; nothing was tagged anew (--restart does it)\n"
    )
    assert "1 documents" in printed
    assert (out / "results.jsonl").stat().st_mtime_ns == results
    assert wuxing("classify", NOTICE, "--out", out, "--quiet") == (0, "", "")
    code, printed, err = wuxing("classify", NOTICE, "--out", out, "--prefer", "recall")
    assert (code, printed) == (1, "")
    assert "holds a finished run that differs in prefer; name another folder" in one_line(err)
    assert wuxing("classify", NOTICE, "--out", out, "--prefer", "recall", "--restart")[0] == 0


def test_many_documents_and_failures_are_not_all_told(wuxing: Wuxing, tmp_path: Path) -> None:
    lines = [json.dumps({"text": SENTENCE if number % 2 else ""}) for number in range(2 * MOST_SHOWN + 20)]
    (tmp_path / "rows.jsonl").write_text("\n".join(lines), encoding="utf-8")
    code, out, err = wuxing("classify", tmp_path / "rows.jsonl", "--out", tmp_path / "out")
    assert code == 1
    assert "10 more documents" in out
    told = [line for line in err.splitlines() if ": row " in line or "#" in line]
    assert len(told) == MOST_FAILURES
    assert f"{MOST_SHOWN + 10 - MOST_FAILURES} more failures; the table of failures has all" in err


# ------------------------------------------------------------------------------- classify: bad inputs

BAD = {
    "empty.txt": (b"", ["empty (0 bytes)"]),
    "blank.txt": (" \n\u3000\n".encode(), ["white space only"]),
    "binary.txt": (bytes(range(256)) * 8, ["a binary file", ".txt"]),
    "picture.txt": (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, ["a PNG image"]),
    "broken.txt": (
        "整治形式主义".encode() * 20 + b"\xff\xff\xfe\xfd" * 90,
        ["utf-8", "gb18030", "big5hkscs"],
    ),
    "report.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ["the format .doc is not read", "save it as .docx"]),
    "report.pdf": (b"%PDF-1.7", ["PDF"]),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_gets_one_clear_line(wuxing: Wuxing, tmp_path: Path, name: str) -> None:
    content, said = BAD[name]
    (tmp_path / name).write_bytes(content)
    code, out, err = wuxing("classify", tmp_path / name)
    assert (code, out) == (1, "")
    assert one_line(err).startswith(f"wuxing: {tmp_path / name}: ")
    assert all(words in err for words in said)


def test_a_missing_file_and_a_folder_without_documents(wuxing: Wuxing, tmp_path: Path) -> None:
    code, _, err = wuxing("classify", tmp_path / "gone.txt")
    assert code == 1
    assert "gone.txt: there is no such file" in one_line(err)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "photo.jpg").write_bytes(b"x")
    code, _, err = wuxing("classify", tmp_path / "folder")
    assert code == 1
    said = err.splitlines()[-1]
    assert "folder: no document in this folder or below; " in said
    assert "read are .csv, .docx" in said


def test_bad_files_never_stop_the_others(wuxing: Wuxing, tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for name, (content, _) in BAD.items():
        (folder / name).write_bytes(content)
    shutil.copy(NOTICE, folder / "zz.txt")
    code, _, err = wuxing("classify", folder, tmp_path / "gone.txt", folder / "report.doc", "--out", out)
    assert code == 1
    lines = err.splitlines()
    assert len(lines) == len(BAD) + 1
    assert all(line.startswith("wuxing: ") for line in lines)
    [result] = documents((out / "results.jsonl").read_text(encoding="utf-8"))
    assert result["document"] == str(folder / "zz.txt")
    with (out / "failures.csv").open(encoding="utf-8-sig", newline="") as stream:
        failures = {row["input"]: (row["reason"], row["advice"]) for row in csv.DictReader(stream)}
    assert set(failures) == {str(folder / name) for name in BAD} | {str(tmp_path / "gone.txt")}
    told = {f"wuxing: {name}: {reason}; {advice}" for name, (reason, advice) in failures.items()}
    assert told == set(lines)


def test_empty_standard_input(process: Process) -> None:
    run = process("classify", "-")
    assert (run.returncode, run.stdout) == (1, b"")
    assert one_line(run.stderr.decode()).startswith("wuxing: -: empty")


def test_a_file_name_in_another_encoding(process: Process) -> None:
    run = process("classify", b"\xc7\xe0\xe4\xb1.txt".decode("utf-8", "surrogateescape"))
    assert run.returncode == 1
    assert r"\udcc7" in one_line(run.stderr.decode())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["classify"], "Missing argument"),
        (["classify", "x.txt", "--format", "xml"], "'table', 'jsonl', 'csv'"),
        (["classify", "x.txt", "--outt", "y"], "No such option"),
        (["classify", "x.txt", "--prefer", "f2"], "'balanced', 'precision', 'recall'"),
        (["classify", "x.csv", "--cluster", "tcp://127.0.0.1:1"], "it needs --out"),
        (["classify", "x.csv", "--workers", "2"], "it needs --out"),
        (
            ["classify", "x.csv", "--out", "o", "--cluster", "x", "--include", "*"],
            "no meaning with --cluster",
        ),
        (["classify", "x.csv", "--out", "o", "--tables", "csv,ods"], "'ods'; there are csv, jsonl, xlsx"),
        (["classify", "x.csv", "--restart"], "it needs --out"),
        (["clasify"], "No such command"),
        (["explain"], "Missing argument"),
    ],
)
def test_a_wrong_call_says_what_is_allowed(wuxing: Wuxing, arguments: list[str], said: str) -> None:
    code, out, err = wuxing(*arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


# ------------------------------------------------------------------------------- a model of one's own


def test_a_copy_of_the_bundle_is_a_model(wuxing: Wuxing, tmp_path: Path) -> None:
    shutil.copytree(shipped_bundle(), tmp_path / "mine")
    _, shipped, _ = wuxing("classify", NOTICE, "--format", "jsonl")
    code, own, _ = wuxing("classify", NOTICE, "--format", "jsonl", "--model", tmp_path / "mine")
    assert code == 0
    assert own == shipped


def test_a_broken_part_is_named_with_both_hashes(wuxing: Wuxing, tmp_path: Path) -> None:
    shutil.copytree(shipped_bundle(), tmp_path / "mine")
    part = tmp_path / "mine" / "idf.npy"
    manifest = json.loads((tmp_path / "mine" / "manifest.json").read_text(encoding="utf-8"))
    data = bytearray(part.read_bytes())
    data[-1] ^= 1
    part.write_bytes(data)
    for command in ("classify", "explain"):
        code, out, err = wuxing(command, NOTICE, "--model", tmp_path / "mine")
        assert (code, out) == (1, "")
        expected = manifest["parts"]["idf.npy"]["sha256"]
        assert f"the part idf.npy has changed: SHA-256 {expected} expected, " in one_line(err)
        assert hashlib.sha256(data).hexdigest() in err


def test_a_folder_that_is_no_bundle(wuxing: Wuxing, tmp_path: Path) -> None:
    code, _, err = wuxing("classify", NOTICE, "--model", tmp_path)
    assert code == 1
    assert f"{tmp_path} is no model bundle: manifest.json cannot be read" in one_line(err)


# ------------------------------------------------------------------------------------------- a preference


def test_classify_prefers_what_it_is_told(wuxing: Wuxing, small_bundle: Path, tmp_path: Path) -> None:
    counts = {}
    for prefer in ("precision", "balanced", "recall"):
        arguments = (
            "classify",
            SAMPLES,
            "--model",
            small_bundle,
            "--prefer",
            prefer,
            "--out",
            tmp_path / prefer,
        )
        assert wuxing(*arguments)[0] == 0
        lines = documents((tmp_path / prefer / "results.jsonl").read_text(encoding="utf-8"))
        assert {line["prefer"] for line in lines} == {prefer}
        counts[prefer] = sum(line["profile"]["letters"][letter] for line in lines for letter in "ZCDFGPMJYS")
    assert counts["precision"] < counts["balanced"] < counts["recall"]


def test_without_a_wish_decisions_are_balanced(wuxing: Wuxing, small_bundle: Path) -> None:
    arguments = ("classify", NOTICE, "--model", small_bundle, "--format", "jsonl")
    assert wuxing(*arguments) == wuxing(*arguments, "--prefer", "balanced")
    assert documents(wuxing(*arguments)[1])[0]["prefer"] == "balanced"


def test_a_model_without_the_preference_says_what_to_do(
    wuxing: Wuxing, small_model: Model, tmp_path: Path
) -> None:
    known = small_model.calibration
    old = replace(known, letter_thresholds=known.letter_thresholds[:1], doubts=known.doubts[:1])
    save(replace(small_model, calibration=old), tmp_path / "old", "card")
    code, out, err = wuxing("classify", NOTICE, "--model", tmp_path / "old", "--prefer", "recall")
    assert (code, out) == (1, "")
    assert one_line(err) == (
        "wuxing: the model has no thresholds for recall, only for balanced, like every model of wuxing_nlp "
        "0.1.0; train it anew (wuxing train), or prefer balanced\n"
    )


# ------------------------------------------------------------------------------- pipes and terminals


def test_the_progress_bar_is_for_terminals_only(process: Process) -> None:
    run = process("classify", SAMPLES)
    assert (run.returncode, run.stderr) == (0, b"")
    assert b"\x1b[" not in run.stdout


@pytest.mark.parametrize("where", ["printed", "written"])
def test_a_terminal_gets_a_progress_bar(
    command: list[str], environment: dict[str, str], tmp_path: Path, where: str
) -> None:
    ours, theirs = os.openpty()
    line = [*command, "classify", str(NOTICE), str(SAMPLES / "circular.txt")]
    line += ["--out", str(tmp_path)] if where == "written" else []
    run = subprocess.run(
        line, stdout=subprocess.PIPE, stderr=theirs, env=environment | {"TERM": "xterm"}, timeout=60
    )
    os.write(theirs, b"end")  # reading a terminal that nothing was written to would wait for ever
    shown = os.read(ours, 100_000).decode()
    os.close(theirs)
    os.close(ours)
    assert run.returncode == 0
    assert "tagging" in shown
    assert b"tagging" not in run.stdout


@pytest.fixture
def closed_early(command: list[str], environment: dict[str, str]) -> Callable[..., tuple[list[bytes], bytes]]:
    """The first lines of what a process prints, and its standard error once its reader has left."""

    def run(*arguments: object, lines: int) -> tuple[list[bytes], bytes]:
        line = [*command, *map(str, arguments)]
        pipe = subprocess.PIPE
        with subprocess.Popen(line, stdout=pipe, stderr=pipe, env=environment) as running:
            assert running.stdout is not None
            assert running.stderr is not None
            read = [running.stdout.readline() for _ in range(lines)]
            running.stdout.close()
            return read, running.stderr.read()

    return run


@pytest.mark.parametrize("form", ["table", "jsonl", "csv"])
def test_a_closed_pipe_is_no_error_to_talk_about(
    closed_early: Callable[..., tuple[list[bytes], bytes]], form: str
) -> None:
    [first], err = closed_early("classify", SAMPLES, *[NOTICE] * 9, "--format", form, lines=1)
    assert first.endswith(b"\n")
    assert err == b""


def test_a_closed_pipe_costs_no_results(
    closed_early: Callable[..., tuple[list[bytes], bytes]], tmp_path: Path
) -> None:
    _, err = closed_early("classify", SAMPLES, "--out", tmp_path / "out", lines=0)
    assert err == b""
    assert len(documents((tmp_path / "out" / "results.jsonl").read_text(encoding="utf-8"))) == 6


def test_a_pipe_is_utf_8_whatever_the_locale(process: Process) -> None:
    for form in ("table", "jsonl"):
        run = process("classify", "-", "--format", form, stdin=SENTENCE.encode(), PYTHONIOENCODING="ascii")
        assert (run.returncode, run.stderr) == (0, b"")
        assert SENTENCE in run.stdout.decode("utf-8")


def test_version_and_help(wuxing: Wuxing) -> None:
    assert wuxing("--version") == (0, f"wuxing_nlp {wuxing_nlp.__version__}\n", "")
    _, out, _ = wuxing("--help")
    commands = ("classify", "explain", "train", "evaluate", "codebook", "corpus", "model")
    assert all(f"\n  {name} " in out for name in commands)
