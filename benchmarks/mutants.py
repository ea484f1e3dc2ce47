"""Mutation testing: what share of small faults in the code do the tests see?

``python -m benchmarks.mutants`` draws mutants of every module that ``[tool.mutmut]`` in pyproject.toml names,
runs the tests on each with mutmut (https://mutmut.readthedocs.io), and prints a table. Names of modules as
arguments restrict it. Mutmut keeps its copies and verdicts in ``mutants/``.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

MUTANTS = Path("mutants")
STATS = MUTANTS / "mutmut-stats.json"
FIRST = "wuxing_nlp.evaluation.doubt.*"
"""A few mutants that are quick: by their run mutmut makes all mutants and learns which test runs what."""

KILLED, SURVIVED, UNSEEN = {1, 3}, {0}, {5, 33}
"""Exit codes that mutmut keeps; 5 and 33: no test runs the code."""


def verdicts() -> dict[str, dict[str, int | None]]:
    """Module to its mutants' exit codes; None for one that was not tried."""
    found = {}
    for path in sorted(MUTANTS.glob("wuxing_nlp/**/*.meta")):
        if codes := json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]:
            found[str(path.relative_to(MUTANTS).with_suffix(""))] = codes
    return found


def own_tests(module: str, names: list[str]) -> list[str]:
    """The test files of a module: ``text/units.py`` has ``test_units.py``, ``evaluation/agreement/sets.py``
    ``test_agreement_sets.py`` or, where there is none, all that begin with ``test_agreement``."""
    *_, room, stem = Path(module).with_suffix("").parts
    files = {name.split("::")[0] for name in names}
    own = {f"tests/test_{stem}.py", f"tests/test_{room}_{stem}.py"} & files
    return sorted(own or {file for file in files if file.startswith(f"tests/test_{room}")})


def widen() -> None:
    """Give every mutant all tests of its module's files. Mutmut gives it those that were seen to run its
    function, and does not see it where a cache or a shared fixture ran it before."""
    stats = json.loads(STATS.read_text(encoding="utf-8"))
    names, tests = list(stats["duration_by_test"]), stats["tests_by_mangled_function_name"]
    for module, codes in verdicts().items():
        own = own_tests(module, names)
        more = [name for name in names if name.split("::")[0] in own]
        for function in {mutant.rsplit("__mutmut_", 1)[0] for mutant in codes}:
            tests[function] = sorted({*tests.get(function, []), *more})
    STATS.write_text(json.dumps(stats), encoding="utf-8")


def drawn(sample: int, seed: int, modules: list[str]) -> dict[str, list[str]]:
    """Module to the mutants that are tried; a larger sample begins with a smaller one."""
    chosen = {}
    for module, codes in verdicts().items():
        if not modules or any(name in module for name in modules):
            order = list(codes)
            random.Random(seed).shuffle(order)
            chosen[module] = order[:sample]
    return chosen


def mutmut(*mutants: str) -> None:
    """Run the tests on some mutants."""
    subprocess.run(
        [Path(sys.executable).with_name("mutmut"), "run", "--max-children", "1", *mutants], check=True
    )


def table(chosen: dict[str, list[str]]) -> None:
    """Print a line a module, then those that survived."""
    found, total = verdicts(), Counter[str]()
    print(f"{'module':50}{'mutants':>8}{'tried':>7}{'killed':>8}{'timeout':>9}{'survived':>10}")
    for module, mutants in chosen.items():
        codes = [found[module][mutant] for mutant in mutants]
        row = Counter(mutants=len(found[module]), tried=len(codes))
        row |= Counter(killed=sum(code in KILLED for code in codes))
        row |= Counter(survived=sum(code in SURVIVED | UNSEEN for code in codes))
        row |= Counter(timeout=row["tried"] - row["killed"] - row["survived"])
        total += row
        print(
            f"{module:50}{row['mutants']:8}{row['tried']:7}{row['killed']:8}{row['timeout']:9}{row['survived']:10}"
        )
    share = (total["killed"] + total["timeout"]) / max(total["tried"], 1)
    print(f"{share:.1%} of {total['tried']} were seen; `mutmut show NAME` shows one:")
    survivors = [
        m for module, mutants in chosen.items() for m in mutants if found[module][m] in SURVIVED | UNSEEN
    ]
    print("\n".join(survivors))


def main() -> None:
    """Draw, run, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutants", description=__doc__)
    parser.add_argument("modules", nargs="*", help="parts of modules' paths; all by default")
    parser.add_argument("--sample", type=int, default=30, help="mutants a module (default: 30)")
    parser.add_argument("--seed", type=int, default=9)
    given = parser.parse_args()
    mutmut(FIRST)
    widen()
    chosen = drawn(given.sample, given.seed, given.modules)
    mutmut(*(mutant for mutants in chosen.values() for mutant in mutants))
    table(chosen)


if __name__ == "__main__":
    main()
