"""The codebook: what is in the data, how codes are written, what a broken file is told."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict
from importlib.resources import files
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxing_nlp.codebook import Codebook, load_codebook
from wuxing_nlp.errors import CodebookError
from wuxing_nlp.text.characters import han_count
from wuxing_nlp.text.script import normalise

BOOK = load_codebook()
SHIPPED = (files("wuxing_nlp.codebook") / "codebook.toml").read_text(encoding="utf-8")
WRITTEN = st.lists(st.sampled_from([*BOOK.codes, *(problem.letter + "!-" for problem in BOOK.problems)]))


def test_the_thirty_codes() -> None:
    types = [f"{letter}{number}" for letter in "ZCDFG" for number in range(4)]
    problems = [letter + mark for letter in "PMJYS" for mark in "!-"]
    assert BOOK.codes == (*types, *problems)
    assert BOOK.letters == tuple("ZCDFGPMJYS")
    assert BOOK.version == "1.2"


def test_five_types_of_three_measures_and_five_problems() -> None:
    assert [kind.name.hans for kind in BOOK.types] == ["忠诚型", "创新型", "担当型", "服务型", "过硬型"]
    assert [len(kind.measures) for kind in BOOK.types] == [3] * 5
    assert [m.code for m in BOOK.measures] == [letter + number for letter in "ZCDFG" for number in "123"]
    assert [problem.name.hans for problem in BOOK.problems] == ["怕", "慢", "假", "庸", "散"]
    assert [(stance.mark, stance.id) for stance in BOOK.stances] == [("!", "exists"), ("-", "tackled")]
    assert len(list(BOOK.labels())) == 25


def test_every_entry_is_told_in_both_scripts_and_in_english() -> None:
    for entry in (*BOOK.labels(), *BOOK.stances):
        assert han_count(entry.name.hans)
        assert han_count(entry.name.hant)
        assert normalise(entry.name.hant).text == entry.name.hans
        assert re.search("[a-z]{3}", entry.gloss)
        assert han_count(entry.definition) >= 5


def test_chinese_of_the_data_is_canonical() -> None:
    """Keywords and sentences are compared with canonical text: they must be canonical themselves."""
    sentences = [text for code in BOOK.codes for text in positives(code)]
    words = list(chain.from_iterable(BOOK.keywords.values()))
    assert [text for text in (*sentences, *words) if normalise(text).text != text] == []


def positives(code: str) -> tuple[str, ...]:
    for kind in BOOK.types:
        for entry in (kind, *kind.measures):
            if entry.code == code:
                return entry.positive
    problem = next(problem for problem in BOOK.problems if problem.letter == code[0])
    return problem.exists if code[1] == "!" else problem.tackled


@pytest.mark.parametrize("code", BOOK.codes)
def test_every_code_has_examples_of_its_own(code: str) -> None:
    assert len(set(positives(code))) == len(positives(code)) >= 1


def test_no_example_stands_for_two_meanings() -> None:
    """A sentence may be given under several codes, but never for a code and against it."""
    for entry in BOOK.labels():
        own = {getattr(entry, "code", None) or entry.letter}
        if hasattr(entry, "positive"):
            sentences = entry.positive
        else:
            sentences = (*entry.exists, *entry.tackled, *entry.both)
            own = {entry.letter + mark for mark in ("!", "-", "!-")}
        for negative in entry.negative:
            assert negative.text not in sentences
            assert not own & set(negative.codes), (entry.name.hans, negative.text)


def test_codes_of_negative_examples_are_written_as_the_codebook_writes_them() -> None:
    for entry in BOOK.labels():
        for negative in entry.negative:
            assert BOOK.check(negative.codes) == negative.codes


def test_names() -> None:
    assert BOOK.name("Z1") == "忠诚型·政治能力"
    assert BOOK.name("Z0") == "忠诚型·整体"
    assert BOOK.name("J-") == "假·整治"
    assert BOOK.name("J!-") == "假·存在并整治"
    assert BOOK.name("J!-", hant=True) == "假·存在並整治"
    assert BOOK.name("D") == "担当型"
    assert BOOK.name("D", hant=True) == "擔當型"
    with pytest.raises(CodebookError, match="unknown code 'Q1'"):
        BOOK.name("Q1")


def test_every_code_has_a_name_of_its_own() -> None:
    for hant in (False, True):
        names = [BOOK.name(code, hant=hant) for code in BOOK.codes]
        assert len(set(names)) == 30
        assert all(part for name in names for part in name.split("·"))


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Z1, J!-", ("J!-", "Z1")),
        ("Z1，J-,J!", ("J!-", "Z1")),
        ("Z1;J-；J!、0", ("J!-", "Z1")),
        ("；Z1 ;; ", ("Z1",)),
        ("J!-,J!", ("J!-",)),
        ("Z1,Z1", ("Z1",)),
        ("0", ()),
        ("", ()),
        (" , ", ()),
    ],
)
def test_parse(text: str, codes: tuple[str, ...]) -> None:
    assert BOOK.parse(text) == codes


@pytest.mark.parametrize("code", ["Q1", "Z4", "Z", "J", "z1", "Z!", "J-!", "J!!-", " ", "00"])
def test_an_unknown_code_is_told_what_is_allowed(code: str) -> None:
    with pytest.raises(
        CodebookError, match=rf"unknown code {re.escape(repr(code))}; allowed are Z0 Z1 .* S-.*J?!-"
    ):
        BOOK.check(["Z1", code])


def test_base_letters_and_stance() -> None:
    assert BOOK.base(("J!-", "Z1")) == {"J!", "J-", "Z1"}
    assert BOOK.letters_of(("J!-", "Z1", "Z2")) == {"J", "Z"}
    stances = [BOOK.stance_of(code) for code in ("J!", "J-", "J!-", "Z1")]
    assert stances == ["exists", "tackled", "both", None]


@given(WRITTEN)
def test_written_and_base_are_inverse(codes: list[str]) -> None:
    written = BOOK.check(codes)
    assert list(written) == sorted(set(written))
    assert BOOK.base(written) == BOOK.base(codes) <= set(BOOK.codes)
    assert BOOK.written(BOOK.base(written)) == written
    assert BOOK.check(written) == BOOK.parse(",".join(reversed(written))) == written
    assert BOOK.letters_of(written) == BOOK.letters_of(codes)


@given(st.sets(st.sampled_from(BOOK.codes)))
def test_any_set_of_base_codes_can_be_written(base: set[str]) -> None:
    assert BOOK.base(BOOK.written(base)) == base


def test_keywords_stand_under_their_letter() -> None:
    assert tuple(BOOK.keywords) == BOOK.letters
    assert all(BOOK.keywords.values())
    assert "马上就办" in BOOK.keywords["D"]
    assert "形式主义" in BOOK.keywords["J"]


def test_fingerprint_is_of_the_data_not_of_its_layout() -> None:
    data = json.dumps(asdict(BOOK.contents), ensure_ascii=False, sort_keys=True)
    assert BOOK.fingerprint == hashlib.sha256(data.encode()).hexdigest()
    assert Codebook.from_toml("# a comment\n" + SHIPPED).fingerprint == BOOK.fingerprint
    other = Codebook.from_toml(SHIPPED.replace('version = "1.2"', 'version = "1.3"'))
    assert other.fingerprint != BOOK.fingerprint


def test_load_reads_a_file_of_ones_own_once(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(SHIPPED.replace('version = "1.2"', 'version = "9"'), encoding="utf-8")
    assert load_codebook(path).version == "9"
    assert load_codebook() is BOOK


def edited(*pairs: tuple[str, str]) -> str:
    text = SHIPPED
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


BROKEN = {
    "not TOML": (edited(('version = "1.2"', "version = ")), r"is not TOML: .*line \d+"),
    "no version": (edited(('version = "1.2"', "")), r", version: Field required"),
    "unknown key": (edited(('version = "1.2"', 'version = "1.2"\nauthor = "x"')), r", author: Extra inputs"),
    "unknown key of an entry": (
        edited(('\ncode = "Z1"', '\ncode = "Z1"\ncolour = "red"')),
        r", types\.0\.measures\.0\.colour: Extra inputs",
    ),
    "doubled code": (
        edited(('\ncode = "Z2"', '\ncode = "Z1"')),
        r"codes or letters are given twice: \['Z1'\]",
    ),
    "doubled letter": (edited(('letter = "M"', 'letter = "P"')), r"codes or letters are given twice"),
    "measure under another type": (
        edited(('\ncode = "Z2"', '\ncode = "C9"')),
        r"measures \['C9'\] stand under type Z",
    ),
    "a measure's code of another form": (
        edited(('\ncode = "Z2"', '\ncode = "Z22"')),
        r", types\.0\.measures\.1\.code: String should match",
    ),
    "a letter of another form": (
        edited(('letter = "M"', 'letter = "MM"')),
        r", problems\.1\.letter: String should match",
    ),
    "a stance of another mark": (
        edited(('mark = "!"', 'mark = "?"')),
        r", stances\.0\.mark: Input should be",
    ),
    "unknown code of a negative example": (
        edited(('codes = ["D1"], note', 'codes = ["D9"], note')),
        r"negative example \d+ of .+ has the unknown codes \['D9'\]; allowed are Z0",
    ),
    "unknown code of a rule": (
        edited(('codes = ["C3"]', 'codes = ["C8"]')),
        r"rule c3-whoever-acts names 'C8'",
    ),
    "unknown code of a confusion": (
        edited(('confused_with = [ { code = "', 'confused_with = [ { code = "Q')),
        r"confused_with of .+ names 'Q.+', which is no code and no letter",
    ),
    "a keyword of one character": (
        edited(('keywords = ["', 'keywords = ["怕", "')),
        r"keywords\.0: String should",
    ),
}


@pytest.mark.parametrize(("text", "message"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_file_is_named_with_the_place(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CodebookError, match=f"^{re.escape(str(path))}.*{message}") as raised:
        load_codebook(path)
    assert "\n" not in str(raised.value)


def test_a_missing_or_undecodable_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CodebookError, match=r"none\.toml cannot be read as a codebook"):
        load_codebook(tmp_path / "none.toml")
    (tmp_path / "big5.toml").write_bytes("版本".encode("big5"))
    with pytest.raises(CodebookError, match=r"big5\.toml cannot be read as a codebook"):
        load_codebook(tmp_path / "big5.toml")


def test_an_unknown_code_in_the_shared_codings_would_be_found(
    shared_units: list[dict[str, list[str]]],
) -> None:
    for unit in shared_units:
        assert BOOK.check(unit["codes"]) == tuple(unit["codes"])


# ------------------------------------------------------------------------- a codebook of one's own

MINIMAL = """
version = "1"
title = { hans = "两类" }
types = [
    { definition = "第一类。", letter = "A", name = { hans = "甲类" } },
    { definition = "第二类。", letter = "B", name = { hans = "乙類", hant = "乙類" } },
]
"""


@pytest.fixture(scope="module")
def minimal() -> Codebook:
    return Codebook.from_toml(MINIMAL)


def test_a_codebook_needs_a_version_a_title_and_types_with_letter_name_and_definition(
    minimal: Codebook,
) -> None:
    assert minimal.letters == ("A", "B")
    assert minimal.codes == ("A0", "B0")
    assert minimal.keywords == {"A": (), "B": ()}
    assert (minimal.measures, minimal.problems, minimal.stances, minimal.rules) == ((), (), (), ())
    assert minimal.contents.unit.en == "One unit is one sentence or list item."


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ('version = "1"', "version"),
        ('title = { hans = "两类" }', "title"),
        ('letter = "A", ', "types.0.letter"),
        (', name = { hans = "甲类" }', "types.0.name"),
        ('definition = "第一类。", ', "types.0.definition"),
    ],
)
def test_what_a_codebook_needs_is_asked_for(given: str, place: str) -> None:
    assert given in MINIMAL
    with pytest.raises(CodebookError, match=f"{re.escape(place)}: Field required$"):
        Codebook.from_toml(MINIMAL.replace(given, ""))


def test_a_type_without_measures_is_one_label(minimal: Codebook) -> None:
    assert minimal.name("A0") == minimal.name("A") == "甲类"
    assert minimal.name("A0", hant=True) == "甲类"
    for spelling in ("A0", "A", "甲类"):
        assert minimal.parse(spelling) == ("A0",)
    assert minimal.parse("甲类、乙類") == ("A0", "B0")
    with pytest.raises(CodebookError, match=r"unknown code 'C'; allowed are A0 B0, or 0 for none$"):
        minimal.parse("C")


def test_a_type_with_measures_is_not_called_by_its_letter_or_name() -> None:
    for spelling in ("Z", "忠诚型"):
        with pytest.raises(CodebookError, match="unknown code"):
            BOOK.parse(spelling)


PROBLEM = 'problems = [ { letter = "Q", name = { hans = "拖" }, definition = "拖着不办。" } ]'
STANCE = '{{ mark = "{}", id = "{}", name = {{ hans = "在" }}, gloss = "x", definition = "y" }}'


def test_problems_need_their_two_stances() -> None:
    exists, tackled = STANCE.format("!", "exists"), STANCE.format("-", "tackled")
    both = Codebook.from_toml(MINIMAL + PROBLEM + f"\nstances = [ {exists}, {tackled} ]")
    assert both.codes[-2:] == ("Q!", "Q-")
    assert both.parse("Q-,Q!") == ("Q!-",)
    for stances in ("", f"\nstances = [ {exists} ]", f"\nstances = [ {tackled}, {exists} ]"):
        with pytest.raises(CodebookError, match="problems need the two stances ! and -, in this order"):
            Codebook.from_toml(MINIMAL + PROBLEM + stances)


def test_a_codebook_keeps_the_text_that_it_was_read_from(minimal: Codebook) -> None:
    assert minimal.text == MINIMAL
    assert Codebook.from_toml(minimal.text).fingerprint == minimal.fingerprint


def test_a_file_that_nests_too_deep_is_named() -> None:
    with pytest.raises(CodebookError, match=r"deep\.toml is not TOML"):
        Codebook.from_toml("a = " + "[" * 5_000, "deep.toml")


def test_every_shipped_label_is_told_in_full() -> None:
    """What a codebook of one's own may leave out, the shipped one does not."""
    assert BOOK.contents.source
    for entry in BOOK.labels():
        assert entry.include
        assert entry.keywords
        assert entry.negative
        assert entry.gloss
    assert all(rule.en for rule in BOOK.rules)
    assert [len(kind.measures) for kind in BOOK.types] == [3] * 5
    for problem in BOOK.problems:
        assert problem.exists
        assert problem.tackled
        assert problem.both
