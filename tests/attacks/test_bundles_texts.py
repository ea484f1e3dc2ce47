"""Vocabularies, codebooks and cards that mean harm."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.attacks.bundles import (
    FIXTURES,
    SHIPPED_BOOK,
    VOCABULARIES,
    put,
    refused,
    works,
)
from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.model.bundle import CARD, CODEBOOK, MANIFEST, codebook_of, load_model
from wuxing_nlp.model.features import FeatureSpace
from wuxing_nlp.model.reader import PlainReader

# ------------------------------------------------------------------------------------------ vocabularies


@pytest.mark.parametrize("name", VOCABULARIES)
def test_a_vocabulary_with_a_repeat_is_refused(folder: Path, name: str) -> None:
    keys = (folder / name).read_bytes().split(b"\n")
    for spoilt in ([keys[-1], *keys[1:]], [*keys[:-1], keys[0]], [b""] * len(keys)):
        put(folder, name, b"\n".join(spoilt))
        refused(folder, f"the part {re.escape(name)} has an entry twice")


@pytest.mark.parametrize("name", VOCABULARIES)
@pytest.mark.parametrize(
    "half", [b"\xed\xa0\x80", b"\xed\xbf\xbf", b"\xc0\x80", b"\xf4\x90\x80\x80", b"\xff", b"\xe4"]
)
def test_a_vocabulary_with_half_a_character_is_refused(folder: Path, name: str, half: bytes) -> None:
    keys = (folder / name).read_bytes().split(b"\n")
    put(folder, name, b"\n".join([*keys[:-1], half]))
    refused(folder, f"the part {re.escape(name)} is not UTF-8")


@pytest.mark.parametrize("name", VOCABULARIES)
@pytest.mark.parametrize(
    "key",
    ["", "\x00", "x" * 100_000, "\t" * 50, "\u202e", ">>>>", "&", "a>b>c>d>e", "\U0010ffff", "\ufeff", "\r"],
)
def test_a_strange_entry_does_no_harm(folder: Path, name: str, key: str) -> None:
    """Whatever an entry is, it is only looked for."""
    keys = (folder / name).read_text(encoding="utf-8").split("\n")
    put(folder, name, "\n".join([*keys[:-1], key]).encode())
    works(load_model(folder))


def test_cues_that_no_lexicon_has_do_no_harm(folder: Path) -> None:
    facts = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    names, keys = facts["cue_classes"], (folder / "cues.txt").read_text(encoding="utf-8").split("\n")
    strange = [">".join(names[:4]), "&".join(names[:3]), f"{names[0]}&{names[1]}>{names[2]}", f"{names[0]}>"]
    put(folder, "cues.txt", "\n".join([*keys[:-4], *strange]).encode())
    works(load_model(folder))


def read_by(words: list[str]) -> type:
    """What reads units for a vocabulary of these words alone."""
    idf = np.ones(len(words), dtype=np.float32)
    return type(FeatureSpace(load_codebook(), words, [], idf).reader)


def test_entries_whose_hashes_were_made_equal_are_read(folder: Path) -> None:
    """The compiled reader cannot tell these two apart, and leaves the vocabulary to the plain one."""
    keys = (folder / "words.txt").read_text(encoding="utf-8").split("\n")
    forged = ["\u571a\u78c8\u6cc2\U00032e9c", "\u6669\u59a7\u9de4\u4e00"]
    put(folder, "words.txt", "\n".join([*keys[:-2], *forged]).encode())
    model = load_model(folder)
    works(model)
    assert isinstance(model.space.reader, PlainReader)
    assert (
        read_by(forged[:1]) is read_by(forged[1:]) is type(load_model(FIXTURES / SHIPPED_BOOK).space.reader)
    )


@cache
def crowded() -> NDArray[np.uint64]:
    """The hashes, by the compiled reader's function, of all words of three characters, each of the first
    256 from U+4E00 on: (256³,)."""
    states = np.array([0x9AE16A3B2F90404F], dtype=np.uint64)
    signs = np.arange(0x4E00, 0x4F00, dtype=np.uint64)
    for _ in range(3):
        mixed = (states[:, None] ^ signs) * np.uint64(0x9FB21C651E98DF25)
        states = (mixed ^ (mixed >> np.uint64(32))).ravel()
    return states


def word_at(place: int) -> str:
    """The word whose hash stands there."""
    return "".join(chr(0x4E00 + (place >> shift & 255)) for shift in (16, 8, 0))


SLOTS = 4096
"""Of the compiled reader's table for 2,000 words: a power of two, at least half as many again."""


@pytest.mark.parametrize("form", ["at one place", "in one run"])
def test_entries_that_stand_in_each_others_way_cost_no_time(form: str) -> None:
    """Four million of them, sought one behind the other, would take hours; the plain reader has another
    table."""
    places = crowded() & np.uint64(SLOTS - 1)
    if form == "at one place":
        chosen = np.flatnonzero(places == 7)[:2000]
    else:
        chosen = np.unique(places[: 1 << 20], return_index=True)[1][:2000]
    words = sorted(map(word_at, chosen.tolist()))
    assert len(set(words)) == 2000
    assert read_by(words) is PlainReader
    spread = sorted(map(word_at, range(0, 2000 * 4099, 4099)))
    assert len(set(spread)) == 2000
    assert read_by(spread) is read_by(["群众"])


# -------------------------------------------------------------------------------------- codebook and card

TYPE = '[[types]]\nletter = "{}"\nname = {{ hans = "甲" }}\ndefinition = "乙"\n'
HEAD = 'version = "1"\ntitle = { hans = "甲" }\n'
BOOKS = {
    "not TOML": "version = ",
    "empty": "",
    "a long number": "version = " + "9" * 5_000,
    "deep arrays": "a = " + "[" * 100_000,
    "deep tables": "a = " + "{a=" * 100_000,
    "a long dotted key": HEAD + "a." * 500_000 + "b = 1",
    "a long dotted header": HEAD + "[" + "a." * 500_000 + "b]",
    "a dotted key in an inline table": HEAD + "x = { " + "a." * 500_000 + "b = 1 }",
    "a quoted dotted key": HEAD + "''." * 300_000 + "b = 1",
    "no types": HEAD,
    "a letter twice": HEAD + TYPE.format("S") * 2,
    "a small letter": HEAD + TYPE.format("s"),
    "a Chinese letter": HEAD + TYPE.format("甲"),
    "a full-width letter": HEAD + TYPE.format("Ｓ"),
    "two letters": HEAD + TYPE.format("SD"),
    "many types": HEAD + TYPE.format("S") * 5_000,
    "many problems": HEAD + TYPE.format("S") + TYPE.format("P").replace("types", "problems") * 5_000,
    "many stances": HEAD
    + TYPE.format("S")
    + '[[stances]]\nmark = "!"\nid = "x"\nname = { hans = "x" }\ngloss = "x"\ndefinition = "x"\n' * 1_000,
    "a code twice": HEAD
    + TYPE.format("S")
    + '[[types.measures]]\ncode = "S1"\nname = { hans = "x" }\ndefinition = "x"\n' * 2,
    "a measure of another letter": HEAD
    + TYPE.format("S")
    + '[[types.measures]]\ncode = "D1"\nname = { hans = "x" }\ndefinition = "x"\n',
    "ten measures": HEAD
    + TYPE.format("S")
    + "".join(
        f'[[types.measures]]\ncode = "S{n}"\nname = {{ hans = "x" }}\ndefinition = "x"\n'
        for n in range(1, 11)
    ),
    "an unknown field": HEAD + TYPE.format("S") + "more = 1\n",
    "an unknown field that commands": HEAD + TYPE.format("S") + '"\\u001b[2J\\n" = 1\n',
    "a name that commands": HEAD + TYPE.format("S").replace("甲", "\\u001b[2J"),
    "a name that turns": HEAD + TYPE.format("S").replace("甲", "\\u202e"),
    "numbers for strings": HEAD + TYPE.format("S").replace('"乙"', "7"),
    "a reference to nothing": HEAD + TYPE.format("S") + 'confused_with = [{ code = "Q", note = "x" }]\n',
    "another letter": HEAD + TYPE.format("S"),
}


@pytest.mark.parametrize("form", sorted(BOOKS))
def test_a_hostile_codebook_is_refused(own: Path, form: str) -> None:
    put(own, CODEBOOK, BOOKS[form].encode())
    refused(own, rf"the part {re.escape(CODEBOOK)} is no codebook|was made with letters")
    if form != "another letter":
        refused(own, rf"the part {re.escape(CODEBOOK)} is no codebook", codebook_of)


@pytest.mark.parametrize(
    "content", [b"\x1b]0;x\x07", b"a\x08b", b"\xc2\x9b2J", "\u202e".encode(), b"\xff", b"\xed\xa0\x80"]
)
def test_a_card_that_would_command_a_terminal_is_refused(folder: Path, content: bytes) -> None:
    put(folder, CARD, b"# Card\n" + content)
    refused(folder, rf"the part {re.escape(CARD)} (holds the control character|is not UTF-8)")


def test_the_card_is_the_one_whose_hash_held(folder: Path) -> None:
    model = load_model(folder)
    (folder / CARD).write_text("another", encoding="utf-8")
    assert model.card == (FIXTURES / SHIPPED_BOOK / CARD).read_text(encoding="utf-8")
