"""What labels are called."""

from __future__ import annotations

import re

import pytest

from wuxing_nlp.codebook import Codebook, load_codebook
from wuxing_nlp.report.labels import labels

BOOK = load_codebook()
HAN = re.compile("[一-鿿]")


@pytest.mark.parametrize("chinese", [True, False])
def test_every_letter_and_base_code_has_names_in_the_language(chinese: bool) -> None:
    named = labels(BOOK, chinese=chinese)
    assert set(named) == {*BOOK.letters, *BOOK.codes}
    for code, label in named.items():
        assert label.code == code
        assert bool(HAN.search(label.name)) == bool(HAN.search(label.short)) == chinese
        assert len(label.short) <= len(label.name)


def test_letters_know_their_codes_and_tones() -> None:
    named = labels(BOOK, chinese=True)
    assert named["Z"].codes == ("Z0", "Z1", "Z2", "Z3")
    assert named["P"].codes == ("P!", "P-")
    assert [code for letter in BOOK.letters for code in named[letter].codes] == list(BOOK.codes)
    assert (named["Z1"].tone, named["P!"].tone) == ("type", "problem")
    assert (named["P"].name, named["P-"].short) == ("怕", "整治")
    assert labels(BOOK, chinese=False)["P"].short == "fear"


def test_a_type_without_measures_is_one_label_and_a_name_stands_in_for_a_gloss() -> None:
    book = Codebook.from_toml(
        'version = "1"\ntitle = { hans = "一类" }\n'
        'types = [ { letter = "A", name = { hans = "甲类" }, definition = "第一类。" } ]'
    )
    for chinese in (True, False):
        named = labels(book, chinese=chinese)
        assert [(label.code, label.name, label.codes) for label in named.values()] == [
            ("A", "甲类", ("A0",)),
            ("A0", "甲类", ()),
        ]
