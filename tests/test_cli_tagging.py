"""``wuxing classify`` and ``wuxing explain``, as a user calls them."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import wuxing_nlp
from wuxing_nlp.batch import ResultFiles
from wuxing_nlp.cli import terminal
from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.model.bundle import Model, save
from wuxing_nlp.model.preference import Preference
from wuxing_nlp.model.tagger import shipped_bundle

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "corpus" / "samples"
NOTICE = SAMPLES / "notice.txt"
SENTENCE = "坚决整治推诿扯皮。"

_SCRIPT = Path(sys.executable).with_name("wuxing")
COMMAND = [str(_SCRIPT)] if _SCRIPT.is_file() else [sys.executable, "-m", "wuxing_nlp"]
"""The installed script; where tests run on a bare checkout, the module."""

Wuxing = Callable[..., tuple[int, str, str]]


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


def process(
    *arguments: object, stdin: bytes = b"", cwd: Path = ROOT, **more: str
) -> subprocess.CompletedProcess[bytes]:
    """Run the command line as a process of its own, in pipes."""
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, cwd=cwd, env=environment(**more))


def one_line(message: str) -> str:
    """The message, which must be one line for a person."""
    assert message.startswith("wuxing: ")
    assert message.count("\n") == 1
    assert "Traceback" not in message
    return message


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
        tagged = tagger.tag(source)
        assert line["model"] == tagged.model
        assert line["script"]["script"] == tagged.script.script
        assert line["profile"]["letters"] == tagged.profile.letters
        assert line["units"] == json.loads(json.dumps([unit.to_dict() for unit in tagged.units]))


def test_fields_of_a_unit_and_a_tag(wuxing: Wuxing) -> None:
    _, out, _ = wuxing("classify", NOTICE, "--format", "jsonl")
    [document] = documents(out)
    unit = next(unit for unit in document["units"] if unit["tags"])
    assert set(unit) == {"text", "start", "end", "kind", "status", "codes", "labels", "tags"}
    assert set(unit["tags"][0]) == {"code", "name", "probability", "stance", "evidence"}
    assert set(unit["tags"][0]["evidence"][0]) == {"start", "end", "weight"}


def test_csv_is_a_table_of_units_with_one_header(wuxing: Wuxing) -> None:
    code, out, _ = wuxing("classify", NOTICE, SAMPLES / "circular.txt", "--format", "csv")
    assert code == 0
    rows = list(csv.DictReader(io.StringIO(out, newline="")))
    assert {row["document"] for row in rows} == {str(NOTICE), str(SAMPLES / "circular.txt")}
    assert not any(row["unit"] == "unit" for row in rows)
    assert all(load_codebook().parse(row["codes"]) is not None for row in rows)


def test_standard_input_in_any_encoding() -> None:
    for encoding in ("utf-8", "gb18030"):
        text = NOTICE.read_text(encoding="utf-8")
        run = process("classify", "-", "--format", "jsonl", stdin=text.encode(encoding))
        assert (run.returncode, run.stderr) == (0, b"")
        [document] = documents(run.stdout.decode())
        assert (document["document"], document["encoding"]) == ("-", encoding)
        assert all(text[unit["start"] : unit["end"]] == unit["text"] for unit in document["units"])


def test_standard_input_beside_files() -> None:
    run = process("classify", NOTICE, "-", "--format", "jsonl", stdin=SENTENCE.encode())
    assert [document["document"] for document in documents(run.stdout.decode())] == [str(NOTICE), "-"]


# -------------------------------------------------------------------------- classify: what is written


def test_out_holds_the_full_results(wuxing: Wuxing, tmp_path: Path) -> None:
    out = tmp_path / "results"
    code, printed, err = wuxing("classify", SAMPLES, "--out", out)
    assert (code, err) == (0, "")
    assert str(out) in printed
    assert "document" in printed
    assert {path.name for path in out.iterdir()} == set(ResultFiles.NAMES)
    assert set(ResultFiles.NAMES) == {"results.jsonl", "units.csv", "documents.csv", "failures.csv"}
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
    for name in ResultFiles.NAMES:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


@pytest.mark.parametrize("inside", ["", "deeper"])
def test_an_out_that_is_a_file(wuxing: Wuxing, tmp_path: Path, inside: str) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    code, _, err = wuxing("classify", NOTICE, "--out", tmp_path / "file" / inside)
    assert code == 1
    assert "cannot be a folder" in one_line(err)
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


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
    "report.pdf": (b"%PDF-1.7", ["the format .pdf is not read yet"]),
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
    assert "folder: no document in this folder or below; read are .md, .text, .txt" in one_line(err)


def test_bad_files_never_stop_the_others(wuxing: Wuxing, tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for name, (content, _) in BAD.items():
        (folder / name).write_bytes(content)
    shutil.copy(NOTICE, folder / "zz.txt")
    code, _, err = wuxing("classify", folder, tmp_path / "gone.txt", folder / "report.pdf", "--out", out)
    assert code == 1
    lines = err.splitlines()
    assert len(lines) == len(BAD) + 1
    assert all(line.startswith("wuxing: ") for line in lines)
    [result] = documents((out / "results.jsonl").read_text(encoding="utf-8"))
    assert result["document"] == str(folder / "zz.txt")
    with (out / "failures.csv").open(encoding="utf-8-sig", newline="") as stream:
        failures = {row["input"]: row["reason"] for row in csv.DictReader(stream)}
    assert set(failures) == {str(folder / name) for name in BAD} | {str(tmp_path / "gone.txt")}
    assert set(failures.values()) == {line.removeprefix("wuxing: ") for line in lines}


def test_empty_standard_input() -> None:
    run = process("classify", "-")
    assert (run.returncode, run.stdout) == (1, b"")
    assert one_line(run.stderr.decode()).startswith("wuxing: -: empty")


def test_a_file_name_in_another_encoding() -> None:
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


@pytest.fixture(scope="module")
def small(small_model: Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of the small model, which knows every preference."""
    folder = tmp_path_factory.mktemp("small") / "bundle"
    save(small_model, folder, "card")
    return folder


def test_classify_prefers_what_it_is_told(wuxing: Wuxing, small: Path, tmp_path: Path) -> None:
    counts = {}
    for prefer in ("precision", "balanced", "recall"):
        arguments = ("classify", SAMPLES, "--model", small, "--prefer", prefer, "--out", tmp_path / prefer)
        assert wuxing(*arguments)[0] == 0
        lines = documents((tmp_path / prefer / "results.jsonl").read_text(encoding="utf-8"))
        assert {line["prefer"] for line in lines} == {prefer}
        counts[prefer] = sum(line["profile"]["letters"][letter] for line in lines for letter in "ZCDFGPMJYS")
    assert counts["precision"] < counts["balanced"] < counts["recall"]


def test_without_a_wish_decisions_are_balanced(wuxing: Wuxing, small: Path) -> None:
    arguments = ("classify", NOTICE, "--model", small, "--format", "jsonl")
    assert wuxing(*arguments) == wuxing(*arguments, "--prefer", "balanced")
    assert documents(wuxing(*arguments)[1])[0]["prefer"] == "balanced"


def test_explain_shows_the_thresholds_in_use(wuxing: Wuxing, small: Path, small_model: Model) -> None:
    for prefer in Preference:
        _, out, _ = wuxing("explain", SENTENCE, "--model", small, "--prefer", prefer.value)
        rows = [line.split() for line in out.split("threshold\n")[1].splitlines()]
        thresholds = small_model.calibration.rule(prefer).letter_thresholds
        assert {row[0]: row[3] for row in rows} == {
            letter: f"{limit:.3f}" for letter, limit in zip(load_codebook().letters, thresholds, strict=True)
        }


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


# -------------------------------------------------------------------------------------------- explain


def test_explain_shows_codes_probabilities_and_evidence(wuxing: Wuxing) -> None:
    text = "少数干部遇事推诿扯皮，我们坚决整治形式主义。"
    code, out, err = wuxing("explain", text)
    assert (code, err) == (0, "")
    [unit] = wuxing_nlp.load().tag_units([text])
    assert len(unit.tags) >= 2
    assert f"status: labelled   codes: {','.join(unit.codes)}" in out
    for tag in unit.tags:
        assert f"{tag.code} {tag.name} ({tag.stance}) {tag.probability:.2f}" in out or tag.stance is None
        assert all(f"{span.weight:+.3f}  {text[span.start : span.end]}" in out for span in tag.evidence)
    letters = [line.split()[0] for line in out.split("threshold\n")[1].splitlines()]
    assert sorted(letters) == sorted(load_codebook().letters)


def test_explain_sorts_letters_by_probability(wuxing: Wuxing) -> None:
    _, out, _ = wuxing("explain", SENTENCE)
    rows = [line.split() for line in out.split("threshold\n")[1].splitlines()]
    likely = [float(row[2]) for row in rows]
    assert likely == sorted(likely, reverse=True)
    assert rows[0][0] == "P"
    assert likely[0] > float(rows[0][3])


@pytest.mark.parametrize(
    ("text", "status", "said"),
    [
        ("", "too_short", "fewer than 4 Chinese characters"),
        ("整治", "too_short", "fewer than 4 Chinese characters"),
        ("rectify the style of work", "not_chinese", "less than 30% of its letters are Chinese"),
    ],
)
def test_explain_says_why_a_unit_is_not_judged(wuxing: Wuxing, text: str, status: str, said: str) -> None:
    code, out, _ = wuxing("explain", text)
    assert code == 0
    assert out == f"status: {status}   codes: 0\nnot judged: {said}\n"


def test_explain_a_unit_without_codes(wuxing: Wuxing) -> None:
    _, out, _ = wuxing("explain", "第三中学操场于八月底完工。")
    assert out.startswith("status: none   codes: 0\nletter ")


def test_markup_in_a_text_is_only_text(wuxing: Wuxing) -> None:
    text = "[bold]坚决整治推诿扯皮[/nothing]的干部。"
    code, out, _ = wuxing("explain", text)
    assert code == 0
    assert text in out


def test_evidence_is_highlighted_in_the_text() -> None:
    [unit] = wuxing_nlp.load().tag_units([SENTENCE])
    marked = terminal.highlighted(unit, unit.tags[0].evidence)
    assert marked.plain == SENTENCE
    spans = {(span.start, span.end) for span in marked.spans}
    assert spans == {(e.start, e.end) for e in unit.tags[0].evidence} != set()


# ------------------------------------------------------------------------------- pipes and terminals


def test_the_progress_bar_is_for_terminals_only() -> None:
    run = process("classify", SAMPLES)
    assert (run.returncode, run.stderr) == (0, b"")
    assert b"\x1b[" not in run.stdout


def test_a_terminal_gets_a_progress_bar() -> None:
    ours, theirs = os.openpty()
    command = [*COMMAND, "classify", str(NOTICE), str(SAMPLES / "circular.txt")]
    run = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=theirs, env=environment(TERM="xterm"), timeout=60
    )
    os.write(theirs, b"end")  # reading a terminal that nothing was written to would wait for ever
    shown = os.read(ours, 100_000).decode()
    os.close(theirs)
    os.close(ours)
    assert run.returncode == 0
    assert "tagging" in shown
    assert b"tagging" not in run.stdout


def closed_early(*arguments: object, lines: int) -> tuple[list[bytes], bytes]:
    """The first lines of what a process prints, and its standard error once its reader has left."""
    command = [*COMMAND, *map(str, arguments)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        read = [running.stdout.readline() for _ in range(lines)]
        running.stdout.close()
        return read, running.stderr.read()


@pytest.mark.parametrize("form", ["table", "jsonl", "csv"])
def test_a_closed_pipe_is_no_error_to_talk_about(form: str) -> None:
    [first], err = closed_early("classify", SAMPLES, SAMPLES / "..", "--format", form, lines=1)
    assert first.endswith(b"\n")
    assert err == b""


def test_a_closed_pipe_costs_no_results(tmp_path: Path) -> None:
    _, err = closed_early("classify", SAMPLES, "--out", tmp_path / "out", lines=0)
    assert err == b""
    assert len(documents((tmp_path / "out" / "results.jsonl").read_text(encoding="utf-8"))) == 6


def test_a_pipe_is_utf_8_whatever_the_locale() -> None:
    for form in ("table", "jsonl"):
        run = process("classify", "-", "--format", form, stdin=SENTENCE.encode(), PYTHONIOENCODING="ascii")
        assert (run.returncode, run.stderr) == (0, b"")
        assert SENTENCE in run.stdout.decode("utf-8")


def test_half_a_surrogate_pair_in_an_argument() -> None:
    run = process("explain", "坚决整治\udcff推诿扯皮的干部。")
    assert (run.returncode, run.stderr) == (0, b"")
    assert r"坚决整治\udcff推诿扯皮" in run.stdout.decode("utf-8")


def test_version_and_help(wuxing: Wuxing) -> None:
    assert wuxing("--version") == (0, f"wuxing_nlp {wuxing_nlp.__version__}\n", "")
    _, out, _ = wuxing("--help")
    commands = ("classify", "explain", "train", "evaluate", "codebook", "corpus", "model")
    assert all(f"\n  {name} " in out for name in commands)
