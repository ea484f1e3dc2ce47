"""A PDF takes down nothing but the process that reads it, and that one ends with who started it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.attacks.fuzz import portable
from wuxing_nlp.documents import Document, ReadOptions, read_documents
from wuxing_nlp.documents.pdf import isolation
from wuxing_nlp.documents.pdf.isolation import MEMORY, extract_apart
from wuxing_nlp.documents.pdf.process import PROGRAM
from wuxing_nlp.errors import DocumentError

SOUND = portable.one_page("坚决整治推诿扯皮、久拖不决，对庸政懒政的严肃问责。")
TEXT = "坚决整治推诿扯皮、久拖不决，对庸政懒政的严肃问责。\n"
BOMB = portable.drawing_one_another(20, 4)

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds a process's memory")


def extracted(data: bytes, told: Callable[[str], None] | None = None) -> str:
    return extract_apart(data, "a.pdf", ReadOptions(notify=told))


def readers(process: psutil.Process | None = None) -> list[psutil.Process]:
    """The processes that read PDFs for one, for this one if none is given."""
    children = (process or psutil.Process()).children()
    return [child for child in children if PROGRAM in child.cmdline()]


def refusal(data: bytes) -> str:
    with pytest.raises(DocumentError) as caught:
        extracted(data)
    return str(caught.value)


@linux
def test_a_pdf_that_takes_all_memory_is_refused_and_the_next_one_read(tmp_path: Path) -> None:
    (tmp_path / "bomb.pdf").write_bytes(BOMB)
    (tmp_path / "sound.pdf").write_bytes(SOUND)
    [failure] = read_documents(tmp_path / "bomb.pdf")
    assert isinstance(failure, DocumentError)
    assert f"more memory than it may (at most {MEMORY >> 20:,} MiB)" in failure.seen
    [document] = read_documents(tmp_path / "sound.pdf")
    assert isinstance(document, Document)
    assert document.text == TEXT


def test_a_pdf_that_takes_too_long_is_refused_and_the_next_one_read(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(isolation, "SECONDS", 0.2)
        assert "takes more than 0.2 seconds to read, which is the limit" in refusal(BOMB)
    assert extracted(SOUND) == TEXT


def test_what_extract_tells_and_refuses_arrives() -> None:
    told: list[str] = []
    assert extracted(SOUND.replace(b"%%EOF", b""), told.append) == TEXT
    assert told == ["a.pdf: its end is missing, and text may be missing too; copy it again"]
    assert refusal(b"text") == "a.pdf: no PDF: the mark %PDF- is missing; give it the suffix of its format"


def test_one_process_reads_all() -> None:
    extracted(SOUND)
    before = readers()
    extracted(SOUND)
    assert len(before) == 1
    assert readers() == before


def test_a_process_that_was_killed_is_replaced() -> None:
    extracted(SOUND)
    [process] = readers()
    process.kill()
    process.wait(60)
    assert extracted(SOUND) == TEXT


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there is no timer that interrupts")
def test_an_answer_that_nobody_waited_for_is_not_taken_for_the_next() -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        with pytest.raises(KeyboardInterrupt):
            extracted(BOMB)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert extracted(SOUND) == TEXT


@pytest.mark.parametrize(
    ("program", "said"),
    [("", "Permission|No such"), ("/no/such/python", "No such"), ("false", "without a word")],
)
def test_who_cannot_start_it_is_told(program: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    isolation._READER.close()
    monkeypatch.setattr(sys, "executable", program)
    assert re.search(rf"the process that reads PDFs cannot be started \(.*(?:{said})", refusal(SOUND))


def test_a_library_that_cannot_be_loaded_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    isolation._READER.close()
    (tmp_path / "pypdfium2.py").write_text("raise ImportError('libpdfium.so: wrong ELF class')")
    monkeypatch.syspath_prepend(tmp_path)
    assert "cannot be started (ImportError: libpdfium.so: wrong ELF class)" in refusal(SOUND)


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
@pytest.mark.skipif(os.name == "nt", reason="there are no such signals")
def test_a_signal_to_all_processes_loses_no_document(name: str) -> None:
    extracted(SOUND)
    [process] = readers()
    process.send_signal(getattr(signal, name))
    assert extracted(SOUND) == TEXT
    assert readers() == [process]


@linux
def test_a_pdf_that_does_not_fit_into_its_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    isolation._READER.close()
    monkeypatch.setattr(isolation, "MEMORY", 200 << 20)
    extracted(SOUND)
    assert "more memory than it may (at most 200 MiB)" in refusal(SOUND + bytes(300 << 20))
    assert extracted(SOUND) == TEXT
    isolation._READER.close()


ASKED = """
import sys
from pathlib import Path
from wuxing_nlp.documents.pdf.isolation import extract_apart
from wuxing_nlp.documents import ReadOptions
def ask(path): return extract_apart(Path(path).read_bytes(), "a.pdf", ReadOptions())
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    (tmp_path / "sound.pdf").write_bytes(SOUND)
    (tmp_path / "bomb.pdf").write_bytes(BOMB)
    return str(tmp_path / "sound.pdf"), str(tmp_path / "bomb.pdf")


def python(code: str, *arguments: str) -> subprocess.Popen[bytes]:
    line = [sys.executable, "-W", "error", "-c", ASKED + code, *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(line, stdin=pipe, stdout=pipe, stderr=pipe)


@pytest.mark.parametrize("then", ["sys.stdin.read()", "ask(sys.argv[2])"])
def test_it_ends_with_a_process_that_is_killed(then: str, files: tuple[str, str]) -> None:
    with python(f"ask(sys.argv[1]); print('read', flush=True); {then}", *files) as asking:
        assert asking.stdout
        assert asking.stdout.readline().strip() == b"read"
        [process] = readers(psutil.Process(asking.pid))
        asking.kill()
        process.wait(60)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")
def test_a_forked_process_has_one_of_its_own(files: tuple[str, str]) -> None:
    code = """
import os
first = ask(sys.argv[1])
if number := os.fork():
    ended = os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])
    assert (ended, ask(sys.argv[1])) == (0, first)
else:
    assert ask(sys.argv[1]) == first
"""
    with python(code, *files) as asking:
        assert asking.communicate(timeout=300) == (b"", b"")
    assert asking.returncode == 0


def test_nothing_of_the_folder_where_a_user_stands_is_run(
    files: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("sitecustomize.py", "pypdfium2.py"):
        (tmp_path / name).write_text("open('ran', 'a').write(__name__)", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with python("print(ask(sys.argv[1]))", *files) as asking:
        asking.communicate(timeout=300)
    assert asking.returncode == 0
    assert not (tmp_path / "ran").exists()


NOISY = """
import sys
sys.path.append(Path("odd"))
print(ask(sys.argv[1]), end="")
"""


def test_what_others_print_or_put_into_the_path_does_not_matter(
    files: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text("print('hello, this is watched', flush=True)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))
    with python(NOISY, *files) as asking:
        told, wrong = asking.communicate(timeout=300)
    assert (told.decode().splitlines(), wrong) == (["hello, this is watched", TEXT.strip()], b"")
