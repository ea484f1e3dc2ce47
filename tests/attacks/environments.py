"""Installs the package as its users do, in environments of its own, and looks whether it still tags.

    python tests/attacks/environments.py [--pythons python3.11 python3.12] [--work FOLDER]

For every interpreter that is there: a wheel is built of this checkout and installed without any extra,
with the pinned versions; then each of the checks below runs in it. It needs a package index, takes some
minutes an interpreter, and ends with exit code 1 where a check fails.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "corpus" / "samples" / "policy_address_hk.txt"
PYTHONS = ("python3.11", "python3.12", "python3.13", "python3.14")
LEFT_OUT = (".git", ".venv", "build", "out", "_native.*.so", "__pycache__", ".*_cache", ".hypothesis")
STRICT = ("-W", "error", "-X", "dev")
OPENCC, REIMPLEMENTED = "OpenCC", "opencc-python-reimplemented==0.1.7"
PKG_RESOURCES = "setuptools<81"
"""The last that has pkg_resources, which warns of itself and which jieba imports where it is there."""

TAG = """
import sys, wuxing_nlp, wuxing_nlp.model._native, wuxing_nlp.text._native
assert wuxing_nlp.__file__.startswith(sys.prefix), wuxing_nlp.__file__
for engine in ("compiled", "rjieba", "jieba"):
    tagger = wuxing_nlp.load(engine=engine)
    for text in ("坚决整治推诿扯皮。", "堅決整治推諉扯皮。"):
        assert tagger.tag(text).units[0].codes == ("P-",), (engine, text)
"""
EXTRAS = {
    "documents": ("classify", "a.docx"),
    "parquet": ("classify", "a.txt", "--out", "out", "--tables", "parquet"),
    "cluster": ("classify", "a.csv", "--out", "out", "--cluster", "tcp://127.0.0.1:1"),
    "service": ("serve",),
}
"""What needs an extra: it has to be named, in one line."""

Check = Callable[["Place"], None]


class Place:
    """An environment: an interpreter's, with the wheel in it, and a folder to work in."""

    def __init__(self, folder: Path, expected: bytes) -> None:
        self.folder = folder
        self.expected = expected
        self.python = folder / "bin" / "python"
        self.desk = folder / "desk"

    def run(self, *arguments: str, status: int = 0, **more: str) -> subprocess.CompletedProcess[bytes]:
        """Run the interpreter, away from the checkout. Raises AssertionError: another exit code."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        done = subprocess.run(
            [self.python, *arguments], cwd=self.desk, env=environment | more, capture_output=True
        )
        assert done.returncode == status, (arguments, done.returncode, done.stderr.decode()[-2000:])
        return done

    def pip(self, *arguments: str) -> None:
        """Run pip in the environment."""
        self.run("-m", "pip", "--quiet", "--disable-pip-version-check", *arguments)


def tags_with_warnings_as_errors(place: Place) -> None:
    """With both engines, in both scripts; no byte code is there, for compiling warns too."""
    with tempfile.TemporaryDirectory() as empty:
        place.run(*STRICT, "-c", TAG, PYTHONPYCACHEPREFIX=empty)


def gives_the_same_bytes(place: Place) -> None:
    """What the environment that runs this gives, and with each of these options of Python."""
    for options in ((), ("-O",), ("-OO",), ("-I",), ("-B",)):
        done = place.run(*options, "-m", "wuxing_nlp", "classify", str(SAMPLE), "--format", "csv")
        assert done.stdout == place.expected, options


def names_the_extra_that_is_missing(place: Place) -> None:
    """Every command that needs one says which, in a line and without a traceback."""
    for suffix in ("docx", "txt", "csv"):
        (place.desk / f"a.{suffix}").write_text("text\n坚决整治推诿扯皮。\n", encoding="utf-8")
    for extra, arguments in EXTRAS.items():
        said = place.run("-m", "wuxing_nlp", *arguments, status=1).stderr.decode()
        assert f"pip install 'wuxing_nlp[{extra}]'" in said, (arguments, said)
        assert "Traceback" not in said, (arguments, said)


def needs_no_setuptools(place: Place) -> None:
    """Without setuptools, and with one whose pkg_resources warns."""
    place.pip("uninstall", "--yes", "setuptools")
    tags_with_warnings_as_errors(place)
    place.pip("install", PKG_RESOURCES)
    tags_with_warnings_as_errors(place)
    place.pip("uninstall", "--yes", "setuptools")


def stands_the_other_opencc(place: Place) -> None:
    """The official package has the same import name: installed over ours, under it, and taken away."""
    place.pip("install", OPENCC)
    gives_the_same_bytes(place)
    place.pip("uninstall", "--yes", OPENCC)
    gives_the_same_bytes(place)
    place.pip("uninstall", "--yes", REIMPLEMENTED.partition("==")[0])
    place.pip("install", OPENCC)
    said = place.run("-m", "wuxing_nlp", "classify", str(SAMPLE), status=1).stderr.decode()
    assert "the other package, OpenCC, stands in its place; run: pip install" in said, said
    place.pip("install", "--force-reinstall", "--no-deps", REIMPLEMENTED)
    gives_the_same_bytes(place)
    place.pip("uninstall", "--yes", OPENCC)
    place.pip("install", "--force-reinstall", "--no-deps", REIMPLEMENTED)


def writes_nothing_beside_itself(place: Place) -> None:
    """Without byte code, which Python itself writes, the installed files are what they were."""
    before = listing(place.folder / "lib")
    place.run("-B", "-m", "wuxing_nlp", "classify", str(SAMPLE), "--out", "out")
    assert listing(place.folder / "lib") == before


def works_where_nothing_can_be_written(place: Place) -> None:
    """In an environment that is mounted read-only; only root may mount."""
    mount("--bind", str(place.folder), str(place.folder))
    try:
        mount("-o", "remount,ro,bind", str(place.folder))
        gives_the_same_bytes(place)
    finally:
        subprocess.run(["umount", str(place.folder)], check=True)


CHECKS: tuple[Check, ...] = (
    tags_with_warnings_as_errors,
    gives_the_same_bytes,
    names_the_extra_that_is_missing,
    writes_nothing_beside_itself,
    works_where_nothing_can_be_written,
    needs_no_setuptools,
    stands_the_other_opencc,
)


class Skipped(Exception):
    """A check that cannot be made here."""


def mount(*arguments: str) -> None:
    """Mount. Raises Skipped where that is not allowed."""
    if sys.platform != "linux" or subprocess.run(["mount", *arguments], capture_output=True).returncode:
        raise Skipped("it cannot be mounted read-only here")


def listing(folder: Path) -> set[tuple[str, int]]:
    """All files below a folder, with their sizes."""
    return {(str(path), path.stat().st_size) for path in folder.rglob("*") if path.is_file()}


def made(python: str, work: Path, expected: bytes) -> Place:
    """An environment of an interpreter with the wheel that it builds of a copy of the checkout."""
    folder = work / Path(python).name
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([python, "-m", "venv", folder], check=True)
    place = Place(folder, expected)
    place.desk.mkdir()
    tree, wheels = folder / "tree", folder / "wheels"
    shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(*LEFT_OUT))
    place.pip("wheel", "--no-deps", "--wheel-dir", str(wheels), str(tree))
    shutil.rmtree(tree)
    wheel = next(wheels.glob("*.whl"))
    place.pip("install", "--constraint", str(ROOT / "constraints.txt"), str(wheel))
    return place


def results(place: Place) -> Iterator[str]:
    """A word for every check: passed, failed or skipped."""
    for check in CHECKS:
        said = ""
        try:
            check(place)
            word = "passed"
        except Skipped as why:
            word, said = "skipped", f": {why}"
        except AssertionError as error:
            word, said = "failed", f": {error}"
        print(f"{place.folder.name} {check.__name__} {word}{said}", flush=True)
        yield word


def main() -> int:
    """Make every environment and check it; 1 where a check fails."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--pythons", nargs="+", default=PYTHONS)
    parser.add_argument("--work", type=Path, default=None, help="a folder to work in, kept")
    asked = parser.parse_args()
    here = [sys.executable, "-m", "wuxing_nlp", "classify", str(SAMPLE), "--format", "csv"]
    expected = subprocess.run(here, cwd=ROOT, check=True, capture_output=True).stdout
    words: list[str] = []
    with tempfile.TemporaryDirectory() as temporary:
        work = asked.work.absolute() if asked.work else Path(temporary)
        for python in asked.pythons:
            if subprocess.run(["which", python], capture_output=True).returncode:
                print(f"{python} is not here")
                continue
            words += results(made(python, work, expected))
    print(f"{words.count('passed')} passed, {words.count('failed')} failed, {words.count('skipped')} skipped")
    return 1 if "failed" in words or not words else 0


if __name__ == "__main__":
    raise SystemExit(main())
