"""The cue lexicon: the shipped one is whole, and a broken one is refused by name."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest

from wuxing_nlp.cues import CueLexicon, cue_lexicon, edition_named, lexicon
from wuxing_nlp.cues.lexicon import CLAUSE_ENDS, EDITIONS, GAP
from wuxing_nlp.errors import LexiconError
from wuxing_nlp.text.script import normalise

MEANINGS = {"A.one": "one", "B.two": "two"}


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The first edition of a lexicon, two classes in two files, in the place of the package's."""
    folder = tmp_path / "lexicon" / "1"
    folder.mkdir(parents=True)
    monkeypatch.setattr(lexicon, "_FOLDER", folder.parent)
    (folder / "classes.tsv").write_text("A.one\tfirst class\nB.two\tsecond class\n", encoding="utf-8")
    (folder / "m.tsv").write_text("A.one\t推诿\nB.two\t迟迟…不\n", encoding="utf-8")
    (folder / "n.tsv").write_text("A.one\t扯皮\n", encoding="utf-8")
    return folder


def read(edition: int = 1) -> CueLexicon:
    return lexicon._edition.__wrapped__(edition)


def test_the_shipped_lexicon_is_sound() -> None:
    cue_lexicon().check()


def test_every_shipped_class_has_a_meaning_and_expressions() -> None:
    shipped = cue_lexicon()
    assert len(shipped.classes) == 150
    assert set(shipped.expressions) == set(shipped.classes)
    assert all(meaning.strip() for meaning in shipped.meanings.values())
    assert all(shipped.expressions.values())
    assert sum(map(len, shipped.expressions.values())) > 70_000


def test_shipped_classes_can_stand_in_keys() -> None:
    """The marks of pairs and triples, and those of the files, are in no name."""
    assert [name for name in cue_lexicon().classes if not re.fullmatch(r"[A-Z0-9]+\.[a-z_]+", name)] == []


def test_shipped_expressions_are_canonical() -> None:
    """The finder reads canonical text: what is not canonical itself can never be found."""
    for name, expressions in cue_lexicon().expressions.items():
        parts = [part for expression in expressions for part in expression.split(GAP)]
        found = normalise("。".join(parts)).text.split("。")
        assert [pair for pair in zip(parts, found, strict=True) if pair[0] != pair[1]] == [], name


def test_a_class_holds_its_expressions_of_all_files(folder: Path) -> None:
    found = read()
    assert found.meanings == {"A.one": "first class", "B.two": "second class"}
    assert found.expressions == {"A.one": ("推诿", "扯皮"), "B.two": ("迟迟…不",)}
    assert found.classes == ("A.one", "B.two")
    rows = [row for name, group in found.rows() for row in group.split("\n") if row.startswith(f"{name}\t")]
    assert rows == ["A.one\t推诿", "B.two\t迟迟…不", "A.one\t扯皮"]


def test_classes_are_in_the_order_of_their_file(folder: Path) -> None:
    (folder / "classes.tsv").write_text("B.two\tsecond class\nA.one\tfirst class\n", encoding="utf-8")
    assert read().classes == ("B.two", "A.one")


@pytest.mark.parametrize(
    ("file", "line", "said"),
    [
        ("n.tsv", "A.one 扯皮", r"n\.tsv, line 2: two fields and a tab between are expected: 'A\.one 扯皮'"),
        ("n.tsv", "A.one\t", r"n\.tsv, line 2: two fields"),
        ("n.tsv", "\t扯皮", r"n\.tsv, line 2: two fields"),
        ("n.tsv", "", r"n\.tsv, line 2: two fields"),
        ("classes.tsv", "C.three", r"classes\.tsv, line 3: two fields"),
        (
            "classes.tsv",
            "A.one\tagain",
            r"1/classes\.tsv: .* A\.one has a meaning already; take this line out",
        ),
        ("n.tsv", "A.one\t扯皮", r"'扯皮' stands twice in the cue class A\.one; keep one"),
        ("n.tsv", "A.one\t推诿", r"'推诿' stands twice in the cue class A\.one; keep one"),
        ("n.tsv", "C.three\t扯皮", r"the cue class 'C\.three' has no meaning; add it to classes\.tsv"),
        ("n.tsv", "A.one\t扯皮\tmore", r"'扯皮\\tmore' of the cue class A\.one: parts joined by …"),
    ],
)
def test_a_broken_line_is_named(folder: Path, file: str, line: str, said: str) -> None:
    with (folder / file).open("a", encoding="utf-8") as stream:
        stream.write(line + "\n")
    with pytest.raises(LexiconError, match=said):
        read().check()


@pytest.mark.parametrize(
    "expression",
    [*(f"推{mark}诿" for mark in (*CLAUSE_ENDS[:-1], " ", "\t", "\u3000")), "…", "…推诿", "推诿…", "推……诿"],
)
def test_an_expression_that_cannot_be_is_refused(expression: str) -> None:
    with pytest.raises(LexiconError, match=r"of the cue class A\.one: parts joined by …") as error:
        CueLexicon(MEANINGS, {"own.tsv": f"A.one\t扯皮\nA.one\t{expression}\n".encode()}).check()
    assert repr(expression) in str(error.value)


def test_an_expression_may_stand_in_two_classes() -> None:
    shared = CueLexicon(MEANINGS, {"own.tsv": "A.one\t推诿\nB.two\t推诿\n".encode()})
    shared.check()
    assert shared.expressions == {"A.one": ("推诿",), "B.two": ("推诿",)}


def test_rows_of_a_class_may_stand_apart() -> None:
    rows = "A.one\t推诿\nB.two\t拖拉\nA.one\t扯皮\nA.on\t懒\n"
    found = CueLexicon(MEANINGS, {"own.tsv": rows.encode()}).expressions
    assert found == {"A.one": ("推诿", "扯皮"), "B.two": ("拖拉",), "A.on": ("懒",)}


def test_the_fingerprint_does_not_depend_on_files_and_meanings(folder: Path) -> None:
    before = read().fingerprint
    assert re.fullmatch("[0-9a-f]{64}", before)
    (folder / "m.tsv").write_text("A.one\t推诿\n", encoding="utf-8")
    (folder / "n.tsv").write_text("B.two\t迟迟…不\nA.one\t扯皮\n", encoding="utf-8")
    (folder / "classes.tsv").write_text("B.two\tanother\nA.one\tword\n", encoding="utf-8")
    assert read().fingerprint == before


def test_line_ends_of_another_system_change_nothing(folder: Path) -> None:
    before = read()
    for path in folder.iterdir():
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert read() == before
    assert read().fingerprint == before.fingerprint


def test_the_last_line_may_lack_its_end(folder: Path) -> None:
    before = read()
    for path in folder.iterdir():
        path.write_bytes(path.read_bytes().removesuffix(b"\n"))
    assert read() == before


@pytest.mark.parametrize(
    "lines",
    ["A.one\t扯皮\nA.one\t拖拉\n", "A.one\t拖拉\n", "B.two\t扯皮\n", "A.one\t扯…皮\n"],
    ids=["one more", "another", "another class", "a gap"],
)
def test_the_fingerprint_depends_on_the_expressions(folder: Path, lines: str) -> None:
    before = read().fingerprint
    (folder / "n.tsv").write_text(lines, encoding="utf-8")
    assert read().fingerprint != before


def test_an_edition_adds_to_those_before(folder: Path) -> None:
    second = folder.with_name("2")
    second.mkdir()
    (second / "classes.tsv").write_text("C.three\tthird class\n", encoding="utf-8")
    (second / "n.tsv").write_text("C.three\t躺平\nA.one\t踢皮球\n", encoding="utf-8")
    first, found = read(), read(2)
    assert found.classes == (*first.classes, "C.three")
    assert found.expressions == {
        **first.expressions,
        "A.one": ("推诿", "扯皮", "踢皮球"),
        "C.three": ("躺平",),
    }
    assert found.fingerprint != first.fingerprint
    found.check()


def test_a_class_of_an_earlier_edition_needs_no_second_meaning(folder: Path) -> None:
    folder.with_name("2").mkdir()
    (folder.with_name("2") / "classes.tsv").write_text("A.one\tagain\n", encoding="utf-8")
    with pytest.raises(LexiconError, match=r"2/classes\.tsv: the cue class A\.one has a meaning already"):
        read(2)


def test_a_released_edition_never_changes() -> None:
    """Bundles name it: one letter more in its files, and they are refused."""
    assert cue_lexicon(1).fingerprint == "373cc25707ac59924d93b99cd575c2291ee545d52a758ce776e41936a4d8a2a8"


@pytest.mark.parametrize("edition", range(1, EDITIONS + 1))
def test_every_edition_is_sound_and_found_by_its_fingerprint(edition: int) -> None:
    known = cue_lexicon(edition)
    known.check()
    assert edition_named(known.fingerprint) is known
    assert pickle.loads(pickle.dumps(known)) is known
    assert len(pickle.dumps(known)) < 100
    assert set(known.expressions) == set(known.classes)


def test_the_last_edition_is_the_one_that_nobody_names() -> None:
    assert cue_lexicon() is cue_lexicon(EDITIONS)
    folders = Path(lexicon.__file__).with_name("lexicon")
    assert {path.name for path in folders.iterdir()} == {str(at + 1) for at in range(EDITIONS)}


@pytest.mark.parametrize("edition", [0, -1, EDITIONS + 1])
def test_an_edition_that_is_not_there_is_refused(edition: int) -> None:
    with pytest.raises(LexiconError, match=f"the editions 1 to {EDITIONS}; there is no edition {edition}"):
        cue_lexicon(edition)


def test_another_lexicon_is_pickled_whole() -> None:
    other = CueLexicon(MEANINGS, {"m.tsv": "A.one\t推诿\n".encode()})
    assert pickle.loads(pickle.dumps(other)) == other


def test_no_edition_is_found_by_another_fingerprint() -> None:
    assert edition_named("0" * 64) is None


def test_equal_lexicons_have_equal_hashes(folder: Path) -> None:
    assert read() == read()
    assert hash(read()) == hash(read())
