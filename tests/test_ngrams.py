"""N-grams as strings, and in how many units each stands."""

from __future__ import annotations

from wuxing_nlp.cues import Cue
from wuxing_nlp.model.ngrams import Frequencies, character_keys, cue_keys, word_keys
from wuxing_nlp.text.segment import segmenter


def test_the_word_keys_of_an_example() -> None:
    assert list(word_keys(["抓", " ", "12.5", "落实"])) == ["抓", "0", "落实", "抓\t0", "0\t落实"]


def test_the_character_keys_of_an_example() -> None:
    keys = ["抓", "0", "件", "事", "抓0", "0件", "件事", "抓0件", "0件事", "抓0件事"]
    assert list(character_keys("抓 128\n件事")) == keys


def test_a_decimal_is_one_figure_and_a_list_of_numbers_is_not() -> None:
    assert [key for key in character_keys("3.14") if len(key) == 1] == ["0"]
    assert "".join(key for key in character_keys("1.2.3") if len(key) == 1) == "0.0"


def test_the_cue_keys_of_an_example() -> None:
    cues = [Cue(0, 2, "P"), Cue(3, 5, "M"), Cue(5, 7, "P")]
    assert list(cue_keys("推诿，迟迟推诿", cues)) == ["P", "M", "P", "M>P", "M&P"]


def test_frequencies_count_units_not_occurrences() -> None:
    counted = Frequencies.of(
        (text, segmenter().words(text)) for text in ["抓落实抓落实", "抓实", "推诿，推诿"]
    )
    assert counted.count == 3
    assert counted.blocks[2]["P.shirk"] == 1
    assert counted.blocks[1]["抓"] == counted.blocks[1]["实"] == 2
    assert counted.blocks[1]["落实"] == 1
    assert counted.blocks[0]["抓落实"] == 1
