"""The command: each reader for some seconds, in processes of their own; what was found is kept."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha1
from importlib.util import find_spec
from pathlib import Path
from time import monotonic

from tests.attacks.fuzz.targets import TARGETS, Target

ROOT = Path(__file__).resolve().parents[3]
OUT = ROOT / "out" / "fuzz"
MOST_ENDS = 8
"""Processes of a reader that may end before their time; then its turn is over."""

_LONGEST_WHY = 4_000  # characters of a finding that are printed
_GRACE = 600  # seconds of wall time for a process that waits without using any


@dataclass
class Turn:
    """What came of one reader's turn: how many inputs it read, and the files of what was found."""

    inputs: int = 0
    found: list[Path] = field(default_factory=list)


def attacked(target: Target, seconds: float, seed: int, module: str) -> Turn:
    """One reader's turn, in as many processes as it ends."""
    folder = OUT / target.name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    turn, end = Turn(), monotonic() + seconds
    for number in range(MOST_ENDS):
        code, told = _run([module, target.name, str(folder)], end - monotonic(), seed + number)
        if not (folder / "inputs").exists():
            raise SystemExit(f"{target.name}: no process could begin: {told.decode(errors='replace')}")
        turn.inputs += int((folder / "inputs").read_bytes() or 0)
        if code == 0:
            break
        _keep(target, folder, code, told)
    turn.found = sorted(folder.glob(f"{target.name}-*{target.suffix}"))
    return turn


def _run(arguments: Sequence[str], seconds: float, seed: int) -> tuple[int, bytes]:
    line = [sys.executable, "-B", "-m", *arguments, f"{max(1, seconds):.0f}", str(seed)]
    more = {"TMPDIR": arguments[-1], "ARROW_DEFAULT_MEMORY_POOL": "system", "OPENBLAS_NUM_THREADS": "1"}
    environment = {**os.environ, **more, "PYTHONHASHSEED": "0"}
    try:
        done = subprocess.run(line, cwd=ROOT, env=environment, capture_output=True, timeout=seconds + _GRACE)
    except subprocess.TimeoutExpired as expired:
        return -1, expired.stderr or b""
    return done.returncode, done.stderr


def _keep(target: Target, folder: Path, code: int, told: bytes) -> None:
    """Keep the input that ended a process, with what it left on standard error."""
    data = (folder / "current").read_bytes()
    path = folder / f"{target.name}-{sha1(data).hexdigest()[:8]}{target.suffix}"
    path.write_bytes(data)
    path.with_suffix(".why").write_bytes(b"exit code %d\n%s" % (code, told[-20_000:]))


def _why(path: Path) -> str:
    """The last of what was said of a finding: where it is found, its file may be gone with the machine."""
    return path.with_suffix(".why").read_text(errors="replace")[-_LONGEST_WHY:]


def main() -> Iterator[str]:
    """The lines of the table; the exit code is 1 where anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.attacks.fuzz", description=__doc__)
    parser.add_argument("readers", nargs="*", default=[*TARGETS], help=f"of {', '.join(TARGETS)}; all")
    seconds = float(os.environ.get("WUXING_FUZZ_SECONDS", "30"))
    parser.add_argument("--seconds", type=float, default=seconds, help="for each reader")
    parser.add_argument("--seed", type=int, default=0, help="another one, other faults")
    wanted = parser.parse_args()
    engine = "covered" if find_spec("atheris") else "child"
    found = 0
    for name in wanted.readers:
        turn = attacked(TARGETS[name], wanted.seconds, wanted.seed, f"tests.attacks.fuzz.{engine}")
        found += len(turn.found)
        yield f"{name:14} {turn.inputs:>9,} inputs  {len(turn.found)} found"
        for path in turn.found:
            yield f"    {path}\n{_why(path)}"
    yield f"by {'atheris' if engine == 'covered' else 'chance'}; what was found is in {OUT}"
    if found:
        raise SystemExit(1)


if __name__ == "__main__":
    for line in main():
        print(line, flush=True)
