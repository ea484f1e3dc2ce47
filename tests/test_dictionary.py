"""The keyword dictionary finds its terms, in both scripts, and is as blind as a dictionary is."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from wuxing_nlp.codebook import Codebook, load_codebook
from wuxing_nlp.evaluation.dictionary import KeywordDictionary
from wuxing_nlp.evaluation.scores import score_labels

SHARED = Path(__file__).resolve().parents[2] / "shared" / "corpora"


@pytest.fixture(scope="module")
def dictionary() -> KeywordDictionary:
    return KeywordDictionary(load_codebook())


def test_every_keyword_is_found(dictionary: KeywordDictionary):
    for letter, words in load_codebook().keywords.items():
        for word in words:
            assert letter in dictionary.letters(f"要在全县各部门说明{word}这一条。"), (letter, word)


def test_every_keyword_of_a_measure_is_found_with_its_type(dictionary: KeywordDictionary) -> None:
    for measure in load_codebook().measures:
        for word in measure.keywords:
            text = f"要在全县各部门说明{word}这一条。"
            assert measure.code in dictionary.measures(text), (measure.code, word)
            assert {code[0] for code in dictionary.measures(text)} <= dictionary.letters(text)


def test_a_keyword_of_the_type_is_no_measures(dictionary: KeywordDictionary) -> None:
    assert dictionary.letters("建设忠诚型政府。") == {"Z"}
    assert dictionary.measures("建设忠诚型政府。") == frozenset()


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("今年全县小麦长势良好，农户收入稳步增加。", ""),
        ("各乡镇要真抓实干，防止审批慢、推诿扯皮。", "DMP"),
        ("個別單位審批慢，幹部不敢擔當，推諉扯皮。", "MP"),
        ("庸懒散的人员一律调离岗位。", "YS"),
        ("", ""),
    ],
)
def test_letters_of_a_text(dictionary: KeywordDictionary, text: str, letters: str):
    assert dictionary.letters(text) == frozenset(letters)


def test_text_is_normalised_before_the_search(dictionary: KeywordDictionary):
    assert dictionary.letters("拨打１２３４５反映问题。") == {"F"}
    assert dictionary.letters("有的窗口推\u200b诿扯\u200b皮。") == {"P"}


def test_a_dictionary_sees_words_and_no_meaning(dictionary: KeywordDictionary):
    assert "P" in dictionary.letters("他从不推诿扯皮，值得大家学习。")


def test_keywords_are_literal_text_and_not_patterns():
    dictionary = KeywordDictionary(with_keywords("能力不足", "A+B服务|平台"))
    assert dictionary.letters("本县开通A+B服务|平台。") == {"Y"}
    assert dictionary.letters("本县开通AAB服务。") == frozenset()
    assert dictionary.letters("本县建设平台。") == frozenset()


def test_a_label_without_keywords_is_found_nowhere():
    contents = load_codebook().contents
    bare = tuple(replace(problem, keywords=()) for problem in contents.problems)
    dictionary = KeywordDictionary(Codebook(replace(contents, problems=bare)))
    assert dictionary.letters("第三中学操场于八月底完工，无人推诿扯皮。") == frozenset()


def test_keywords_of_a_traditional_codebook_are_found_in_simplified_text():
    dictionary = KeywordDictionary(with_keywords("能力不足", "辦事糊塗"))
    assert dictionary.letters("少数人员办事糊涂。") == dictionary.letters("少數人員辦事糊塗。") == {"Y"}


def with_keywords(old: str, new: str) -> Codebook:
    """The shipped codebook with one keyword of Y replaced."""
    contents = load_codebook().contents
    problems = tuple(
        replace(problem, keywords=tuple(new if word == old else word for word in problem.keywords))
        for problem in contents.problems
    )
    return Codebook(replace(contents, problems=problems))


def test_the_baseline_on_real_units_is_no_straw_man(dictionary: KeywordDictionary):
    if not (SHARED / "units.jsonl").is_file():
        pytest.skip("the coded real units are not here")
    book = load_codebook()
    with (SHARED / "units.jsonl").open(encoding="utf-8") as stream:
        units = [json.loads(line) for line in stream]
    truth = [book.letters_of(unit["codes"]) for unit in units]
    table = score_labels(truth, [dictionary.letters(unit["text"]) for unit in units], book.letters)
    assert table.macro.f1 >= 0.47
    assert min(row.f1 for row in table.labels.values()) > 0.2
