"""Bundles of which a part was changed at random and its hash put right: refused, or a model that works.

``WUXING_FUZZ_SECONDS`` says how long the parts are attacked, and the manifests.
"""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.attacks.bundles import FIXTURES, OWN_BOOK, RELEASES, copied, part_names, put, works
from wuxing_nlp.errors import BundleError
from wuxing_nlp.model.bundle import MANIFEST, load_model

SECONDS = float(os.environ.get("WUXING_FUZZ_SECONDS", "10"))
"""For the parts of all bundles, and for their manifests."""

FIRST = int.from_bytes(os.urandom(4)) if "WUXING_FUZZ_SECONDS" in os.environ else 0
"""The first seed: in a long run another one each time. A failure prints the input that failed."""

EXAMPLES = 25

HARM = [
    *(
        b"",
        b"\0",
        b"\n",
        b"\n\n",
        b"\xff",
        b"\xed\xa0\x80",
        b"NaN",
        b"1e999",
        b"-1",
        b"null",
        b"true",
        b"9" * 30,
    ),
    *(
        b"[" * 50,
        b"{}",
        b"\\ud800",
        b"../",
        b"'",
        b'"',
        b"(",
        b")",
        b", ",
        b"True",
        b"|O",
        b">f8",
        b"<f4",
        b"0",
    ),
    *("😀".encode(), b"\0" * 8, b"\x80" * 8, np.float32(np.nan).tobytes(), np.float64(-np.inf).tobytes()),
    np.float64(1e300).tobytes(),
]
"""What readers stumble on."""

VALUES: list[Any] = [
    *(
        None,
        True,
        False,
        0,
        -1,
        2,
        10**30,
        0.0,
        -0.5,
        1e300,
        "",
        "x",
        "\n",
        "\x1b[2J",
        "x" * 300,
        "0" * 64,
        "甲",
    ),
    *([], [[]], [0], ["x"], {}, {"x": {}}, {"x": [1, None]}),
]


@st.composite
def broken(draw: st.DrawFn, content: bytes) -> bytes:
    """The bytes with up to four faults: one changed, some cut out, doubled, or put in. A half of them stand
    in the first 130 bytes, where an array has its header."""
    for _ in range(draw(st.integers(1, 4))):
        most = draw(st.sampled_from([min(130, len(content)), len(content)]))
        at = draw(st.integers(0, most))
        length = draw(st.sampled_from([0, 1, 1, 2, 8, 100]))
        cut = content[at : at + length]
        new = draw(st.one_of(st.sampled_from(HARM), st.binary(max_size=8), st.just(cut * 2)))
        keeps_length = draw(st.booleans())
        content = content[:at] + new + content[at + (len(new) if keeps_length else length) :]
    return content


@st.composite
def other_words(draw: st.DrawFn, manifest: dict[str, Any]) -> bytes:
    """The manifest with up to three values replaced, taken out or put in."""
    changed: Any = json.loads(json.dumps(manifest))
    for _ in range(draw(st.integers(1, 3))):
        at = changed
        while True:
            keys = list(at) if isinstance(at, dict) else list(range(len(at)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if not isinstance(at[key], dict | list) or draw(st.integers(0, 3)) == 0:
                break
            at = at[key]
        if keys and draw(st.integers(0, 5)) == 0:
            del at[key]
        elif keys:
            # A copy, for the next fault may be put into it: into itself, were it the same list.
            at[key] = deepcopy(draw(st.sampled_from(VALUES)))
    return json.dumps(changed).encode()


def for_a_while(attack: Callable[[], None]) -> None:
    """Run a property again and again, with another seed each time, until the time is over."""
    end, times = monotonic() + SECONDS, 0
    while times == 0 or monotonic() < end:
        seed(FIRST + times)(attack)()
        times += 1


def attacked(folder: Path) -> None:
    """Load what may be harmful: an error of ours, or a model that works."""
    with suppress(BundleError):
        model = load_model(folder)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            works(model)


bounded = settings(
    max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


@st.composite
def part_with_faults(draw: st.DrawFn) -> tuple[str, str, bytes]:
    """A release, the name of one of its bundle's parts, and the part with faults in it."""
    release = draw(st.sampled_from(RELEASES))
    name = draw(st.sampled_from(part_names(FIXTURES / release)))
    return release, name, draw(broken((FIXTURES / release / name).read_bytes()))


def test_a_part_with_faults_is_refused_or_works(tmp_path: Path) -> None:
    folders = {release: copied(release, tmp_path / release) for release in RELEASES}

    @bounded
    @given(part_with_faults())
    def attack(spoilt: tuple[str, str, bytes]) -> None:
        release, name, content = spoilt
        put(folders[release], name, content)
        try:
            attacked(folders[release])
        finally:
            put(folders[release], name, (FIXTURES / release / name).read_bytes())

    for_a_while(attack)


@st.composite
def manifest_with_faults(draw: st.DrawFn) -> tuple[str, bytes]:
    """A release, and its bundle's manifest with faults in it."""
    release = draw(st.sampled_from(RELEASES))
    content = (FIXTURES / release / MANIFEST).read_bytes()
    return release, draw(st.one_of(broken(content), other_words(json.loads(content))))


def test_a_manifest_with_faults_is_refused_or_works(tmp_path: Path) -> None:
    folders = {release: copied(release, tmp_path / release) for release in RELEASES}

    @bounded
    @given(manifest_with_faults())
    def attack(spoilt: tuple[str, bytes]) -> None:
        release, content = spoilt
        (folders[release] / MANIFEST).write_bytes(content)
        attacked(folders[release])

    for_a_while(attack)


def test_the_faults_do_reach_what_is_behind_the_hashes(tmp_path: Path) -> None:
    """Of random values in an array that is whole, some are taken and some are refused."""
    folder = copied(OWN_BOOK, tmp_path)
    content, seen = (folder / "biases.npy").read_bytes(), set()

    @settings(bounded, max_examples=200)
    @given(st.binary(min_size=4, max_size=4))
    def attack(value: bytes) -> None:
        put(folder, "biases.npy", content[:-4] + value)
        try:
            load_model(folder)
        except BundleError:
            seen.add("refused")
        else:
            seen.add("loaded")

    seed(0)(attack)()
    assert seen == {"refused", "loaded"}
