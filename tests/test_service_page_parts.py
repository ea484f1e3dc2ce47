"""Parts of the page that do what is also written in Python: in a browser, held to it."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from benchmarks.serving import Server
from wuxing_nlp.batch.tables.csv import safe
from wuxing_nlp.codebook import load_codebook

Ask = Callable[..., Any]


@pytest.fixture(scope="module")
def ask(browser: Browser, server: Server) -> Iterator[Ask]:
    """Call a function of one of the page's modules with every one of some arguments."""
    page = browser.new_page(locale="zh-CN")
    page.goto(server.url)

    def call(module: str, function: str, arguments: list[Any]) -> Any:
        code = f"""async given => {{
          const module = await import(new URL('page/js/{module}', document.baseURI));
          const book = await (await fetch('v1/codebook')).json();
          const act = {function};
          return given.map(each => act(each));
        }}"""
        return page.evaluate(code, arguments)

    yield call
    page.close()


def test_the_digest_is_sha_1(ask: Ask) -> None:
    lengths = [0, 1, 54, 55, 56, 63, 64, 65, 119, 120, 1000]
    texts = [*("a" * length for length in lengths), "推诿扯皮", "𠮷" * 33]
    expected = [hashlib.sha1(text.encode()).hexdigest() for text in texts]
    assert ask("text/sha1.js", "module.sha1", texts) == expected


def test_cells_are_as_safe_as_those_of_a_run(ask: Ask) -> None:
    cells = [
        "=1+1",
        "+86",
        "-",
        "--",
        "-1.5%",
        "+1,000",
        "@a",
        "\ta",
        "\ra",
        "a=",
        "",
        "-a",
        "1-1",
        "＝1",
        "-1\n",
        "\n=1",
        " =1",
        " -1 ",
        "\0=1",
        "\ufeff@a",
        "\u3000＋",
        "－",
        "－1",
        "　　一、",
    ]
    assert ask("download/csv.js", "module.safe", cells) == [safe(cell) for cell in cells]


def test_code_points_are_cut_and_counted_as_in_python(ask: Ask) -> None:
    texts = ["", "abc", "𠮷a𠮷", "推𠀋诿"]
    assert ask("text/offsets.js", "module.codePoints", texts) == [len(text) for text in texts]
    spans = [(text, start, end) for text in texts for end in range(len(text) + 1) for start in range(end + 1)]
    found = ask("text/offsets.js", "([text, a, b]) => module.cutter(text)(a, b)", spans)
    assert found == [text[start:end] for text, start, end in spans]


def test_codes_are_written_as_the_codebook_writes_them(ask: Ask) -> None:
    book = load_codebook()
    draw = random.Random(7)
    sets = [[], ["J!", "J-"], *(draw.sample(book.codes, draw.randint(1, 8)) for _ in range(200))]
    written = ask("codebook/book.js", "codes => new module.Book(book).written(codes)", sets)
    assert written == [list(book.check(codes)) for codes in sets]
    base = ask("codebook/book.js", "codes => new module.Book(book).base(codes)", written)
    assert [set(codes) for codes in base] == [set(codes) for codes in sets]


def test_names_are_those_of_the_codebook(ask: Ask) -> None:
    book = load_codebook()
    codes = [*book.letters, *book.codes, *(problem.letter + "!-" for problem in book.problems)]
    names = ask("codebook/book.js", "code => new module.Book(book).name(code)", codes)
    assert names == [book.name(code) for code in codes]


def test_traditional_queries_are_folded_to_what_the_codebook_says(ask: Ask) -> None:
    opencc = pytest.importorskip("opencc")
    book = load_codebook()
    entries = [*book.types, *book.measures, *book.problems]
    texts = [
        text
        for entry in entries
        for text in (entry.name.hans, entry.definition, *entry.include, *entry.exclude, *entry.keywords)
    ]
    fold = "text => module.folder([])(text)"
    expected = ask("codebook/folding.js", fold, texts)
    for config in ("s2t", "s2tw", "s2hk"):
        convert: Callable[[str], str] = opencc.OpenCC(config).convert
        written = [convert(text) for text in texts]
        assert written != texts
        assert ask("codebook/folding.js", fold, written) == expected


def test_a_query_is_folded_by_the_names_of_the_codebook_too(ask: Ask) -> None:
    fold = "text => module.folder([{hans: '龟乌', hant: '龜烏'}, {hans: '一', hant: '一樣'}])(text)"
    assert ask("codebook/folding.js", fold, ["烏龜", "Ｐ！F2", "𠮷"]) == ["乌龟", "p!f2", "𠮷"]


@pytest.mark.parametrize(
    ("languages", "expected"),
    [
        (["zh-CN", "en"], "hans"),
        (["zh"], "hans"),
        (["zh-TW"], "hant"),
        (["zh-Hant-HK", "zh-CN"], "hant"),
        (["fr", "zh-HK"], "hant"),
        (["fr", "en-GB"], "en"),
        (["fr"], "en"),
        ([], "en"),
    ],
)
def test_the_language_is_the_first_that_is_known(ask: Ask, languages: list[str], expected: str) -> None:
    assert ask("base/words.js", "module.preferred", [languages]) == [expected]
