"""The codebook as it is printed: rows of a table, and Markdown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from wuxing_nlp.codebook import Codebook, load_codebook
from wuxing_nlp.codebook.book import Measure, Problem, Type
from wuxing_nlp.codebook.rendering import codes, examples, markdown, rows


@pytest.fixture(scope="module")
def book() -> Codebook:
    return load_codebook()


@pytest.fixture(scope="module")
def page(book: Codebook) -> str:
    return markdown(book)


def test_rows_are_the_base_codes_in_order(book: Codebook) -> None:
    assert [code for code, *_ in rows(book)] == list(book.codes)


def test_rows_hold_name_gloss_and_definition_of_their_code(book: Codebook) -> None:
    table = {code: rest for code, *rest in rows(book)}
    assert table["P!"][0] == "怕·存在"
    assert table["P-"][0] == "怕·整治"
    assert table["Z1"][1] == "political capability"
    for entry in book.labels():
        for code in codes(entry, book):
            name, gloss, definition = table[code]
            assert name == book.name(code)
            assert gloss.startswith(entry.gloss)
            assert definition.startswith(entry.definition)


def test_codes_of_an_entry(book: Codebook) -> None:
    kind, problem = book.types[2], book.problems[2]
    assert codes(kind, book) == ["D0"]
    assert codes(kind.measures[1], book) == ["D2"]
    assert codes(problem, book) == ["J!", "J-"]


def test_the_page_has_a_heading_for_every_entry_in_order(book: Codebook, page: str) -> None:
    found = re.findall(r"^##+ ([A-Z][0-9!].*?) ", page, flags=re.MULTILINE)
    wanted = [codes(entry, book)[0] for entry in book.labels()]
    assert found == wanted


def test_measures_stand_one_level_below_their_type(page: str) -> None:
    assert "\n## D0 担当型 · " in page
    assert "\n### D2 担当型·敢负责攻难关 · " in page
    assert "\n## J! / J- 假 · " in page


def test_the_page_leaves_nothing_out(book: Codebook, page: str) -> None:
    assert book.version in page
    for rule in book.rules:
        assert f"- **{rule.id}** {rule.hans} {rule.en}" in page
    for entry in book.labels():
        assert entry.definition in page
        assert "、".join(entry.include) in page
        assert "、".join(entry.exclude) in page
        assert all(f"**{c.code}**: {c.note}" in page for c in entry.confused_with)
        assert all(f"正例 {code}: {text}" in page for code, text in examples(entry))
        assert all(negative.text in page and negative.note in page for negative in entry.negative)


def test_examples_carry_written_codes(book: Codebook) -> None:
    for entry in book.labels():
        found = [code for code, _ in examples(entry)]
        assert all(book.parse(code) == (code,) for code in found)
        if isinstance(entry, Problem):
            assert set(found) == {entry.letter + mark for mark in ("!", "-", "!-")}
            assert len(found) == len(entry.exists) + len(entry.tackled) + len(entry.both)
        else:
            assert isinstance(entry, Type | Measure)
            assert found == [entry.code] * len(entry.positive)


def test_a_negative_example_without_code_is_shown_as_0(book: Codebook, page: str) -> None:
    bare = next(negative for entry in book.labels() for negative in entry.negative if not negative.codes)
    assert f"- 反例 (0): {bare.text} — {bare.note}" in page


def test_the_page_is_clean_markdown(page: str) -> None:
    assert page.startswith("# ")
    assert page.endswith("\n")
    assert not page.endswith("\n\n")
    assert "\n\n\n" not in page
    assert page.count("\n# ") == 0


def test_what_a_codebook_leaves_open_is_left_out() -> None:
    tools = load_codebook(Path(__file__).parent / "data" / "policy_tools.toml")
    page = markdown(tools)
    for absent in ("规则", "态度", "编入", "不编入", "勿混同", "None", "\n\n\n"):
        assert absent not in page
    assert "## S0 供给型 · supply-side tools\n" in page
    assert "- 反例 (0): 税务局搬到了新的办公楼。 — 没有提出任何工具" in page
    assert [code for code, *_ in rows(tools)] == ["S0", "D0", "E0"]
    plain = Codebook.from_toml(
        'version = "1"\ntitle = { hans = "一类" }\n'
        'types = [ { letter = "A", name = { hans = "甲类" }, definition = "第一类。" } ]'
    )
    assert markdown(plain) == (
        "# 一类\n\nVersion 1.\n\n一个编码单位就是一个句子或一个列举项。\n\n"
        "One unit is one sentence or list item.\n\n## A0 甲类\n\n第一类。\n"
    )
