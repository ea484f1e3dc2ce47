"""Arrays that mean harm: code in them, headers that lie, values that nothing can be reckoned with."""

from __future__ import annotations

import gzip
import io
import pickle
import re
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from tests.attacks.bundles import (
    ALL_PARTS,
    ARRAYS,
    VOCABULARIES,
    Touch,
    array_file,
    put,
    put_array,
    refused,
    works,
)
from wuxing_nlp.errors import BundleError
from wuxing_nlp.model.bundle import CARD, MANIFEST, load_model

# ------------------------------------------------------------------------------------- code in a part


def pickles(trace: Path) -> dict[str, bytes]:
    """Files whose unpickling leaves a trace, in the forms in which numpy and pickle know them."""
    harm = np.array([Touch(trace)], dtype=object)
    buffer, archive = io.BytesIO(), io.BytesIO()
    np.save(buffer, harm, allow_pickle=True)
    np.savez(archive, harm=harm)
    plain = pickle.dumps(Touch(trace))
    header = b"{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }\n"
    return {
        "object array": buffer.getvalue(),
        "archive": archive.getvalue(),
        "pickle": plain,
        "old pickle": pickle.dumps(Touch(trace), protocol=0),
        "behind an array": array_file(header, b"\0\0\0\0" + plain),
        "in a plain array's place": array_file(header.replace(b"<f4", b"|O"), plain),
    }


@pytest.mark.parametrize("form", sorted(pickles(Path())))
@pytest.mark.parametrize("name", ALL_PARTS)
def test_a_pickle_in_the_place_of_any_part_runs_nothing(own: Path, name: str, form: str) -> None:
    trace = own / "trace"
    put(own, name, pickles(trace)[form])
    if form == "old pickle" and name in (CARD, *VOCABULARIES):
        # It is a text like any other: as a card it may be read, as a vocabulary it has too few entries.
        with suppress(BundleError):
            works(load_model(own))
    else:
        refused(own, re.escape(name))
    assert not trace.exists()


@pytest.mark.parametrize("form", ["object array", "archive", "pickle", "old pickle"])
def test_the_same_bytes_do_run_code_where_pickles_are_allowed(tmp_path: Path, form: str) -> None:
    trace = tmp_path / "trace"
    (tmp_path / "harm").write_bytes(pickles(trace)[form])
    loaded = np.load(tmp_path / "harm", allow_pickle=True)
    _ = loaded["harm"] if form == "archive" else loaded
    assert trace.read_text(encoding="utf-8") == "ran"


def test_a_pickle_in_the_place_of_the_manifest_runs_nothing(folder: Path) -> None:
    trace = folder / "trace"
    for content in pickles(trace).values():
        (folder / MANIFEST).write_bytes(content)
        refused(folder, re.escape(MANIFEST))
    assert not trace.exists()


# ------------------------------------------------------------------------------------ arrays that lie


@pytest.mark.parametrize("name", ARRAYS)
@pytest.mark.parametrize(
    ("turned", "said"),
    [
        (lambda a: a.astype(a.dtype.newbyteorder(">")).astype(">f8"), "is >f8 of . dimensions"),
        (lambda a: np.array(a, dtype=[("a", a.dtype)]), "is not a plain array"),
        (lambda a: a.astype("S4"), "is not a plain array"),
        (lambda a: a.astype("U4"), "is not a plain array"),
        (lambda a: a.astype("int64").astype("M8[s]"), "is not a plain array"),
        (lambda a: a.astype("complex128"), "is complex128 of . dimensions"),
        (lambda a: np.zeros((), a.dtype), "is .* of 0 dimensions"),
        (lambda a: np.zeros((1,) * 30, a.dtype), "is .* of 30 dimensions"),
        (lambda a: a[:0], "has the shape|says that its shape"),
    ],
)
def test_an_array_of_another_kind_is_refused(
    own: Path, name: str, turned: Callable[[np.ndarray], np.ndarray], said: str
) -> None:
    put_array(own, name, turned(np.load(own / name)))
    refused(own, f"{re.escape(name)}.* {said}|{re.escape(name)} {said}")


@pytest.mark.parametrize("name", ["weights.npy", "letters.npy", "shares.npy", "letter_thresholds.npy"])
def test_fortran_order_is_refused(folder: Path, name: str) -> None:
    put_array(folder, name, np.asfortranarray(np.load(folder / name)))
    refused(folder, f"{re.escape(name)} is in Fortran order; C order expected")


SHAPES = [
    *("(10, 999999999999)", "(999999999999, 999999999999)", f"(10, {10**30})", f"({10**4000},)"),
    *(
        "(-1, 2)",
        "(-10, -2)",
        "(2.5, 2)",
        "(True, 2)",
        "(10, 2, )",
        "[10, 2]",
        "10, 2",
        "(0x0a, 2)",
        "(1_0, 2)",
    ),
    *(
        "'x'",
        "None",
        "(None, 2)",
        "(10, [2])",
        "(9**9**9, 2)",
        "(10, 2)*99999999",
        "(１０, ２)",
        "(10, 3)",
        "(9, 2)",
    ),
    *("(0, 2)", "(0, 999999999999)", "(2, 10)"),
]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_that_cannot_be_is_refused(folder: Path, shape: str) -> None:
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    content = (folder / "letters.npy").read_bytes()[128:]
    assert len(content) == 160
    put(folder, "letters.npy", array_file(header, content))
    refused(folder, r"letters\.npy")


RIGHT = "{'descr': '<f8', 'fortran_order': False, 'shape': (10, 2), }"
HEADERS = {
    "nothing": "",
    "a call": "__import__('os').abort()",
    "a call for a value": RIGHT.replace("False", "print('x')"),
    "an f-string": RIGHT.replace("'<f8'", "f'{1/0}'"),
    "parentheses": "(" * 9_000 + ")" * 1_000,
    "signs": RIGHT.replace("False", "-" * 60_000 + "1"),
    "powers": RIGHT.replace("(10, 2)", "(10**10**10, 2)"),
    "long": RIGHT.replace("(10, 2)", "(" + "10, " * 15_000 + ")"),
    "one key more": RIGHT.replace("}", "'more': 1, }"),
    "a key twice": RIGHT.replace("}", "'shape': (1,), }"),
    "other order": "{'shape': (10, 2), 'descr': '<f8', 'fortran_order': False, }",
    "a line break": RIGHT.replace(", }", ",\n}"),
    "NUL": RIGHT.replace(", }", ", \0}"),
    "latin-1": RIGHT.replace("<f8", "<f8\xff"),
    "object": RIGHT.replace("<f8", "|O"),
    "bytes of nothing": RIGHT.replace("<f8", "|V0"),
    "repeated": RIGHT.replace("<f8", "(9999,9999)f8"),
    "several": RIGHT.replace("<f8", "f8,f8"),
    "no such number": RIGHT.replace("<f8", "<f3"),
    "list": RIGHT.replace("'<f8'", "[('a', '<f8')]"),
    "true for its order": RIGHT.replace("False", "True"),
    "number for its order": RIGHT.replace("False", "0"),
}


@pytest.mark.parametrize("form", sorted(HEADERS))
@pytest.mark.parametrize("version", [1, 2, 3])
def test_a_header_with_anything_else_in_it_is_refused(folder: Path, form: str, version: int) -> None:
    header = HEADERS[form].encode("latin-1") + b"\n"
    content = (folder / "letters.npy").read_bytes()[128:]
    put(folder, "letters.npy", array_file(header, content, version))
    refused(folder, r"letters\.npy (is not a plain array|is in Fortran order)")


def test_the_header_that_they_are_made_of_is_taken(folder: Path) -> None:
    """The control: the same header without harm."""
    content = (folder / "letters.npy").read_bytes()[128:]
    put(folder, "letters.npy", array_file(RIGHT.encode() + b"\n", content))
    works(load_model(folder))


@pytest.mark.parametrize("said", [0, 1, 117, 119, 65_535])
def test_a_wrong_length_of_the_header_is_refused(folder: Path, said: int) -> None:
    content = (folder / "letters.npy").read_bytes()
    put(folder, "letters.npy", content[:8] + said.to_bytes(2, "little") + content[10:])
    refused(folder, r"letters\.npy is not a plain array")


@pytest.mark.parametrize("name", ARRAYS)
def test_an_array_that_was_cut_or_has_more_behind_it_is_refused(own: Path, name: str) -> None:
    content = (own / name).read_bytes()
    for spoilt in (
        content[:-1],
        content[:129],
        content[:128],
        content[:64],
        content[:6],
        b"",
        content + b"\0",
    ):
        put(own, name, spoilt)
        refused(own, re.escape(name))


@cache
def bombs() -> tuple[bytes, bytes]:
    """Eighty million bytes of zeros as numpy's archive and as gzip's."""
    archive, zeros = io.BytesIO(), np.zeros(10_000_000)
    np.savez_compressed(archive, zeros)
    return archive.getvalue(), gzip.compress(zeros.tobytes())


@pytest.mark.parametrize("name", ARRAYS)
def test_a_compressed_part_is_never_unpacked(own: Path, name: str) -> None:
    """No part is compressed: what unpacks to much is refused as what it is."""
    for content in bombs():
        put(own, name, content)
        refused(own, f"{re.escape(name)} is not a plain array")


@pytest.mark.parametrize("value", [np.nan, -np.nan, np.inf, -np.inf, 1e31, -1e31])
@pytest.mark.parametrize("name", [name for name in ARRAYS if name not in ("weights.npy", "trained.npy")])
def test_a_value_with_which_nothing_can_be_reckoned_is_refused(own: Path, name: str, value: float) -> None:
    array = np.load(own / name)
    for at in (0, array.size // 2, array.size - 1):
        spoilt = array.copy()
        spoilt.flat[at] = value
        put_array(own, name, spoilt)
        refused(own, f"{re.escape(name)} holds values that are no numbers")


@pytest.mark.parametrize("value", [0.0, -0.5, 1.5, 5e-324, -0.0])
@pytest.mark.parametrize("name", ["letter_thresholds.npy", "share_thresholds.npy"])
def test_a_threshold_that_is_no_probability_is_refused(own: Path, name: str, value: float) -> None:
    array = np.load(own / name)
    array.flat[-1] = value
    put_array(own, name, array)
    refused(own, f"{re.escape(name)} holds values that are not from 1e-30 to 1")


@pytest.mark.parametrize("value", [2, 127, 128, 255])
def test_a_flag_that_is_neither_true_nor_false_is_refused(own: Path, value: int) -> None:
    content = (own / "trained.npy").read_bytes()
    put(own, "trained.npy", content[:-1] + bytes([value]))
    refused(own, r"trained\.npy holds values that are neither true nor false")


@pytest.mark.parametrize("value", [0.0, -1.0, 1e-45, -0.0])
def test_a_frequency_of_nothing_is_refused(own: Path, value: float) -> None:
    """The weights of a unit are divided by their length, which would be 0."""
    put_array(own, "idf.npy", np.full_like(np.load(own / "idf.npy"), value))
    refused(own, r"idf\.npy holds values that are not from 1e-30 to 1e\+30")


@pytest.mark.parametrize("value", [9e29, -9e29, 1e-45, 0.0])
@pytest.mark.parametrize("name", ["scales.npy", "biases.npy", "idf.npy", "letters.npy", "shares.npy"])
def test_the_farthest_values_overflow_nothing(own: Path, name: str, value: float) -> None:
    """Warnings are errors here: an overflow would be one."""
    put_array(own, name, np.full_like(np.load(own / name), max(value, 2e-30) if name == "idf.npy" else value))
    works(load_model(own))
