"""One reader, attacked in this process until time is over or the process ends: ``seeds``, then faults
in them and in what they led to. It may take so much memory and, for an input, so much time."""

from __future__ import annotations

import faulthandler
import os
import resource
import signal
import sys
import traceback
import warnings
from hashlib import sha1
from itertools import islice
from pathlib import Path
from random import Random
from time import monotonic

from tests.attacks.fuzz.forbidden import forbid, read_pdfs_here
from tests.attacks.fuzz.inside import broken_inside
from tests.attacks.fuzz.mutations import MOST, broken
from tests.attacks.fuzz.targets import TARGETS, Target

MEMORY = 1 << 30
"""Bytes that making and reading a file of at most a megabyte may take beside what the process has."""

SECONDS = 20
"""Processor time that reading one may take."""

_MOST_READ = 5_000  # documents of a file
_MOST_KEPT = 400


class Attack:
    """Feeds a reader. What it does wrong and the process survives is kept in ``folder``, once a place."""

    def __init__(self, target: Target, folder: Path) -> None:
        self.target = target
        self.inputs = 0
        self.kept: set[str] = set()
        self.folder = folder
        self._current = os.open(folder / "current", os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        self._count = os.open(folder / "inputs", os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        self._bad: list[str] = []
        sys.unraisablehook = lambda hook: self._bad.append(repr(hook.exc_value))

    def feed(self, data: bytes) -> str:
        """Have an input read; gives what came of it in words."""
        os.ftruncate(self._current, 0)
        os.pwrite(self._current, data, 0)
        self.inputs += 1
        os.pwrite(self._count, b"%d" % self.inputs, 0)
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            words = set(islice(self.target.read(data, self.target.suffix), _MOST_READ))
        except Exception as error:
            self._keep(data, error)
            return ""
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        if self._bad:
            self._keep(data, Warning(self._bad.pop()))
        return " ".join(sorted(words))

    def _keep(self, data: bytes, error: Exception) -> None:
        steps = traceback.extract_tb(error.__traceback__)
        place = f"{type(error).__name__} {steps[-1].filename}:{steps[-1].lineno}" if steps else repr(error)
        if place in self.kept:
            return
        self.kept.add(place)
        stem = self.folder / f"{self.target.name}-{sha1(place.encode()).hexdigest()[:8]}"
        stem.with_suffix(self.target.suffix).write_bytes(data)
        stem.with_suffix(".why").write_text("".join(traceback.format_exception(error)), encoding="utf-8")


def faulty(data: bytes, random: Random, target: Target) -> bytes:
    """The data with faults, outside or inside of what it packs."""
    return (broken if random.randrange(3) == 0 else broken_inside)(data, random, target.tokens)[:MOST]


def attacked(attack: Attack, pool: list[bytes], seconds: float, seed: int) -> None:
    """Faults by chance; an input of which something new is said is kept, and faults are put in it."""
    random = Random(seed)
    known = set(map(attack.feed, pool))
    end = monotonic() + seconds
    while monotonic() < end:
        data = faulty(random.choice(pool), random, attack.target)
        word = attack.feed(data)
        if word and word not in known and len(pool) < _MOST_KEPT:
            known.add(word)
            pool.append(data)


def begun(name: str, folder: str) -> tuple[Attack, list[bytes]]:
    """The attack on the reader ``name`` in bounds, from here to the process's end, and sound files."""
    warnings.simplefilter("error")
    faulthandler.enable()
    # Tells where it stands; then the process ends, as the signal has it.
    faulthandler.register(signal.SIGPROF, chain=True)
    read_pdfs_here()
    attack = Attack(TARGETS[name], Path(folder))
    sound = [*attack.target.seeds()]
    list(map(attack.feed, sound))  # whatever is loaded with a first file, is
    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + MEMORY, taken + MEMORY))
    forbid(folder)
    return attack, sound


if __name__ == "__main__":
    name, folder, seconds, seed = sys.argv[1:]
    attacked(*begun(name, folder), float(seconds), int(seed))
