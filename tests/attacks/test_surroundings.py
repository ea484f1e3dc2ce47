"""What stands around a process: folders, locales, terminals, clocks, options of Python. Its results are the
same bytes, or one line says what is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.attacks.disks import content

SAMPLE = Path(__file__).resolve().parents[2] / "corpus" / "samples" / "self_criticism_hant.txt"
PRINT = ("classify", str(SAMPLE), "--format", "csv")
ODD = "目录 with spaces 😀"
Done = subprocess.CompletedProcess[bytes]
Process = Callable[..., Done]

SURROUNDINGS: dict[str, dict[str, str]] = {
    "no home and no temporary folder": {"HOME": "/nonexistent", "TMPDIR": "/nonexistent"},
    "an empty home, a small terminal": {"HOME": "", "COLUMNS": "20", "TERM": "dumb", "NO_COLOR": "1"},
    "the locale C": {"LANG": "C", "LC_ALL": "C"},
    "ASCII alone": {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"},
    "a locale that there is not": {"LC_ALL": "zh_CN.GB18030", "PYTHONUTF8": "0", "TZ": "Nowhere/None"},
    "warnings as errors": {"PYTHONWARNINGS": "error", "PYTHONDEVMODE": "1", "TZ": "Asia/Shanghai"},
    "neither asserts nor docstrings": {"PYTHONOPTIMIZE": "2", "PYTHONDONTWRITEBYTECODE": "1"},
}
CLOCK = """
import sys, time
time.time = lambda: 0.0
from wuxing_nlp.cli import main
main()
"""
"""The command line in the year 1970."""


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What the sample gives where nothing is odd."""
    line = [sys.executable, "-m", "wuxing_nlp", *PRINT]
    return subprocess.run(line, check=True, capture_output=True, cwd=SAMPLE.parents[2]).stdout


def python(*arguments: str, **more: object) -> Done:
    """Run Python with arguments."""
    options = {"capture_output": True, "cwd": SAMPLE.parents[2]} | more
    return subprocess.run([sys.executable, *arguments], **options)  # type: ignore[call-overload, no-any-return]


@pytest.mark.parametrize("name", SURROUNDINGS)
def test_the_same_bytes_in_all_surroundings(name: str, process: Process, printed: bytes) -> None:
    done = process(*PRINT, **SURROUNDINGS[name])
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == printed


@pytest.mark.parametrize("name", ["an empty home, a small terminal", "ASCII alone"])
def test_what_people_read_is_chinese_everywhere(name: str, process: Process) -> None:
    done = process("explain", "坚决整治推诿扯皮。", **SURROUNDINGS[name])
    assert (done.returncode, done.stderr) == (0, b"")
    assert "怕·整治" in done.stdout.decode()
    missing = process("classify", "没有.txt", **SURROUNDINGS["the locale C"])
    assert missing.stderr.decode() == "wuxing: 没有.txt: there is no such file; check the path\n"
    assert missing.returncode == 1


@pytest.mark.parametrize("options", [("-I",), ("-B", "-P")])
def test_options_of_python_change_nothing(options: tuple[str, ...], printed: bytes) -> None:
    done = python(*options, "-m", "wuxing_nlp", *PRINT)
    if b"No module named wuxing_nlp" in done.stderr:
        pytest.skip("needs the package installed: Python is asked to look nowhere else")
    assert (done.returncode, done.stderr, done.stdout) == (0, b"", printed)


def test_all_engines_start_where_warnings_are_errors_and_no_byte_code_is_there(tmp_path: Path) -> None:
    """Jieba's own source warns when it is compiled, and of what it imports."""
    code = (
        "import wuxing_nlp as w; print(*(w.load(engine=e).tag('坚决整治推诿扯皮。').units[0].codes for e in "
    )
    fresh = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path)}
    done = python("-W", "error", "-X", "dev", "-c", code + "('compiled', 'rjieba', 'jieba')))", env=fresh)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.split(b"\n")[0] == b"('P-',) ('P-',) ('P-',)"


def test_names_and_folders_of_every_script(process: Process, tmp_path: Path) -> None:
    folder = tmp_path / ODD
    for name in ("临时", "家"):
        (folder / name).mkdir(parents=True)
    source = folder / f"汇报 {ODD}.txt"
    source.write_bytes(SAMPLE.read_bytes())
    around = {"TMPDIR": str(folder / "临时"), "HOME": str(folder / "家")}
    done = process("classify", source, "--out", folder / "结果", "--tables", "xlsx,csv", "--quiet", **around)
    assert (done.returncode, done.stderr) == (0, b"")
    files = content(folder / "结果")
    assert {"units.csv", "units.xlsx", "report.html"} <= files.keys()
    assert source.name.encode() in files["documents.csv"]
    assert content(folder / "临时") == content(folder / "家") == {}


def test_a_year_before_archives_have_dates(tmp_path: Path) -> None:
    source = tmp_path / "1970.txt"
    source.write_bytes(SAMPLE.read_bytes())
    os.utime(source, (0, 0))
    outs = []
    for name, code in (("then", CLOCK), ("now", CLOCK.replace("time.time = ", "then = "))):
        out = tmp_path / name
        done = python("-c", code, "classify", str(source), "--out", str(out), "--tables", "xlsx", "--quiet")
        assert (done.returncode, done.stderr) == (0, b"")
        outs.append(content(out))
    assert outs[0] == outs[1]


def shell(script: str, command: list[str], environment: dict[str, str], *arguments: object) -> Done:
    """Run a line of a shell in which "$@" stands for the command with its arguments."""
    line = ["sh", "-c", script, "sh", *command, *map(str, arguments)]
    return subprocess.run(line, capture_output=True, env=environment)


def test_without_standard_streams_a_run_is_what_it_is(
    command: list[str], environment: dict[str, str], tmp_path: Path
) -> None:
    """Files and pipes then get their numbers: nothing that is said may end in one of them."""
    for name, script in (("open", '"$@"'), ("closed", '"$@" <&- >&- 2>&-')):
        options = ("--out", tmp_path / name, "--workers", "2", "--tables", "csv,xlsx")
        assert shell(script, command, environment, "classify", SAMPLE, *options).returncode == 0
    assert content(tmp_path / "closed") == content(tmp_path / "open")


@pytest.mark.parametrize("arguments", [PRINT, ("codebook", "--format", "json")])
def test_who_reads_one_line_ends_a_command_quietly(
    arguments: tuple[str, ...], command: list[str], environment: dict[str, str]
) -> None:
    done = shell('"$@" | head -n 1', command, environment, *arguments)
    assert done.stderr == b""
    assert done.stdout.count(b"\n") == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("arguments", [PRINT, ("explain", "坚决整治。")])
def test_a_full_disk_behind_standard_output_is_said_in_one_line(
    arguments: tuple[str, ...], command: list[str], environment: dict[str, str]
) -> None:
    done = shell('"$@" >/dev/full', command, environment, *arguments)
    assert (done.returncode, done.stderr) == (1, b"wuxing: the output: No space left on device\n")
    assert shell('"$@" >/dev/full 2>&1', command, environment, *arguments).returncode == 1


def test_a_current_folder_that_is_gone(
    command: list[str], environment: dict[str, str], printed: bytes, tmp_path: Path
) -> None:
    (gone := tmp_path / "gone").mkdir()
    script = f'cd "{gone}" && rmdir "{gone}" && "$@"'
    done = shell(script, command, environment, *PRINT)
    assert (done.returncode, done.stderr, done.stdout) == (0, b"", printed)
    gone.mkdir()
    done = shell(script, command, environment, "classify", SAMPLE, "--out", "here", "--quiet")
    assert done.returncode == 1
    assert done.stderr == b"wuxing: the current folder: No such file or directory\n"
    assert list(tmp_path.iterdir()) == []
