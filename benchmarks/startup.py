"""Before the first tag: cold start, import, loading; and the most memory that a process takes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import joblib

from benchmarks.contest import Contest
from benchmarks.results import Figure, Results
from benchmarks.settings import BATCH
from benchmarks.timing import in_turns, ratios, timed
from wuxing_nlp.model.bundle import load_model

ROOT = Path(__file__).resolve().parents[1]

_UNIT = "坚决整治推诿扯皮。"
_LOAD = "import wuxing_nlp\ntagger = wuxing_nlp.load({bundle!r}, engine={engine!r})\n"
_TAG = _LOAD + f"tagger.tag({_UNIT!r})\n"
_NAIVE = f"import joblib\njoblib.load({{path!r}}).codes([{_UNIT!r}])\n"
_IMPORT = """from time import perf_counter
begun = perf_counter()
import wuxing_nlp
print(perf_counter() - begun)
"""
# The peak of this program alone: ru_maxrss begins with that of the process that started it.
_MEMORY = f"""import sys
{_LOAD}
units = open({{path!r}}, encoding="utf-8").read().splitlines()
for at in range(0, len(units), {BATCH}):
    tagger.tag_units(units[at : at + {BATCH}])
try:
    status = open("/proc/self/status").read()
    print(int(status.split("VmHWM:")[1].split()[0]) / 1024)
except OSError:
    import resource
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2 ** (20 if sys.platform == "darwin" else 10))
"""


def measure(contest: Contest) -> Results:
    """``start``, ``import`` and ``load`` in seconds; ``memory`` / engine in MiB."""
    results = Results()
    with TemporaryDirectory() as folder:
        results.figures |= _starts(contest, Path(folder))
        results.figures |= {
            f"memory/{engine}": Figure(_memory(contest, engine, Path(folder)), "MiB")
            for engine in contest.engines
        }
    imports = [float(_python(_IMPORT)) for _ in range(contest.settings.starts)]
    results.figures["import"] = Figure(median(imports), "s")
    results.figures |= _loads(contest)
    return results


def _starts(contest: Contest, folder: Path) -> dict[str, Figure]:
    """Process begun to process ended, one unit tagged between; the yardstick as joblib keeps it."""
    path = folder / "naive.joblib"
    joblib.dump(contest.naive, path)
    programs = {"naive": _NAIVE.format(path=str(path))}
    programs |= {name: _TAG.format(bundle=str(contest.bundle), engine=name) for name in contest.engines}
    times = in_turns(
        {name: partial(_start, code) for name, code in programs.items()}, contest.settings.starts
    )
    return {f"start/{name}": Figure(median(taken), "s", ratios(times, name)) for name, taken in times.items()}


def _start(code: str, _: int) -> float:
    return timed(lambda: _python(code))[0]


def _python(code: str) -> str:
    """What a program prints. Raises CalledProcessError where it fails; its errors are shown."""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True
    )
    return done.stdout


def _memory(contest: Contest, engine: str, folder: Path) -> float:
    path = folder / "units.txt"
    units = contest.texts.units(contest.settings.remembered_units, "traditional", 0, "memory")
    path.write_text("\n".join(units), encoding="utf-8")
    return float(_python(_MEMORY.format(bundle=str(contest.bundle), engine=engine, path=str(path))))


def _loads(contest: Contest) -> dict[str, Figure]:
    """The bundle alone, in a process that has loaded it before, and with what reads units for it."""
    loads: dict[str, Callable[[], object]] = {
        "load/bundle": lambda: load_model(contest.bundle),
        "load/bundle and reader": lambda: load_model(contest.bundle).space.reader,
    }
    takers = {name: partial(_load, load) for name, load in loads.items()}
    times = in_turns(takers, contest.settings.starts)
    return {name: Figure(median(taken), "s") for name, taken in times.items()}


def _load(load: Callable[[], object], _: int) -> float:
    return timed(load)[0]
