"""What the package needs when it runs may be used, changed and passed on by anybody."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
FOR_WORK_ON_IT = {"dev", "bench"}
"""Extras that nobody needs who uses the package."""

PERMISSIVE = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0", "MIT-CMU",
    "PSF-2.0", "Python-2.0", "Unlicense", "Zlib",
}  # fmt: skip
"""Licences by their SPDX names that ask for no more than their own text."""

OLD_NAMES = {
    "Apache 2.0": "Apache-2.0",
    "Apache License": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Python Software Foundation License": "PSF-2.0",
}
"""What classifiers and free fields call them."""

EXCEPTIONS = {
    "certifi": "MPL-2.0: a list of certificate authorities, which httpx (extra client) needs as it is",
    "pypdfium2": "BSD-3-Clause or Apache-2.0; its wheel lists the licences of what PDFium is made of",
}
"""A package whose licence asks for more, or is not told by a name, and why it may be needed all the same."""


def named(name: str) -> str:
    """A package's name in its normal form."""
    return re.sub(r"[-_.]+", "-", name).lower()


def needed(requirements: Iterable[str], extras: Iterable[str] = ()) -> Iterator[Requirement]:
    """The requirements that hold here, with some extras."""
    for requirement in map(Requirement, requirements):
        tried = (*extras, "")
        if requirement.marker is None or any(requirement.marker.evaluate({"extra": name}) for name in tried):
            yield requirement


def runtime() -> dict[str, Distribution]:
    """Every package that the core or an extra brings, by its name."""
    extras = [name for name in PROJECT["optional-dependencies"] if name not in FOR_WORK_ON_IT]
    given = [*PROJECT["dependencies"]]
    for extra in extras:
        given += PROJECT["optional-dependencies"][extra]
    todo, found = list(needed(given)), dict[str, Distribution]()
    done: set[tuple[str, frozenset[str]]] = set()
    while todo:
        wanted = todo.pop()
        name, key = named(wanted.name), (named(wanted.name), frozenset(wanted.extras))
        if key in done or name == named(PROJECT["name"]):
            continue
        done.add(key)
        found[name] = distribution(name)
        todo += needed(found[name].requires or (), wanted.extras)
    return found


def licences(package: Distribution) -> set[str]:
    """The SPDX names of a package's licences; what has none as it is written there."""
    facts = package.metadata
    if expression := facts.get("License-Expression"):
        # Of a choice the first that is permissive counts, in effect: "A OR B" needs one of both.
        parts = [set(re.split(r"\s+AND\s+", each.strip("() "))) for each in re.split(r"\s+OR\s+", expression)]
        return next((each for each in parts if each <= PERMISSIVE), set().union(*parts))
    classified = [line.rpartition(" :: ")[2] for line in facts.get_all("Classifier") or ()
                  if line.startswith("License :: ") and not line.endswith("OSI Approved")]  # fmt: skip
    written = classified or [(facts.get("License") or "none is named").splitlines()[0]]
    return {OLD_NAMES.get(name, name) for name in written}


def test_every_dependency_is_permissive() -> None:
    found = runtime()
    assert {"numpy", "jieba", "pyarrow", "fastapi", "httpx", "dask", "pypdfium2"} <= found.keys()
    others = {name: licences(package) - PERMISSIVE for name, package in found.items()}
    others = {name: given for name, given in others.items() if given}
    assert others.keys() == EXCEPTIONS.keys(), others


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("License-Expression: MIT AND BSD-3-Clause", {"MIT", "BSD-3-Clause"}),
        ("License-Expression: GPL-3.0-only OR MIT", {"MIT"}),
        ("License-Expression: GPL-3.0-only", {"GPL-3.0-only"}),
        ("Classifier: License :: OSI Approved :: ISC License (ISCL)", {"ISC"}),
        ("License: Apache License 2.0", {"Apache-2.0"}),
        ("License: ours alone", {"ours alone"}),
        ("Summary: nothing said", {"none is named"}),
    ],
)
def test_licences_are_read_as_packages_name_them(lines: str, expected: set[str], tmp_path: Path) -> None:
    (tmp_path / "METADATA").write_text(f"Metadata-Version: 2.4\nName: x\nVersion: 1\n{lines}\n")
    assert licences(Distribution.at(tmp_path)) == expected


def test_our_own_licence_is_one_of_them() -> None:
    assert PROJECT["license"] in PERMISSIVE
