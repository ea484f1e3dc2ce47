"""The page of the service in a real browser, before a real server."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Download, Locator, Page, Response, expect

from benchmarks.serving import Server, serving
from wuxing_nlp.batch.columns import UnitTable
from wuxing_nlp.batch.tables.csv import safe
from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.coding import read_units
from wuxing_nlp.coding.files import problems
from wuxing_nlp.model.tagger import Tagger

LANGUAGES = ["hans", "hant", "en"]
LOCALES = {"hans": "zh-CN", "hant": "zh-TW", "en": "en-GB"}
WIDE, NARROW = 1280, 390

TEXT = (
    "一、建设担当有为的政府\n"
    "个别窗口怕担责任，能推就推。有的单位热衷于做表面文章。\n"
    "下一步，持续深化“放管服”改革，让群众少跑腿。坚决整治推诿扯皮，发现一起、问责一起。\n"
    "全县小麦总产十一万吨。"
)
EVIL = [
    "<script>window.ran=1</script>",
    "<img src=x onerror=window.ran=1>",
    "<svg onload=window.ran=1>",
    "</span><iframe srcdoc='<script>parent.ran=1</script>'></iframe>",
    '" onmouseover="window.ran=1" autofocus onfocus="window.ran=1',
    "<a href='javascript:window.ran=1'>{{constructor.constructor('window.ran=1')()}}</a>",
]


class Visit:
    """The page in a window, and what the browser had to say of it."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.requests: list[str] = []
        self.messages: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.messages.append(message.text))
        page.on("pageerror", lambda error: self.messages.append(str(error)))
        self.enter()

    def enter(self) -> None:
        """Load the page, and wait until it has asked the server about itself."""
        self.page.goto(self.url)
        expect(self.page.locator("html")).to_have_attribute("data-ready", "true")

    def at(self, selector: str, **which: Any) -> Locator:
        return self.page.locator(selector, **which)

    def give(self, text: str) -> None:
        self.page.fill("#text", text)
        self.page.click("button[type=submit]")

    def tag(self, text: str) -> dict[str, Any]:
        """Tag a text; what the server said of it."""
        with self.page.expect_response("**/v1/tag") as answered:
            self.give(text)
        return self.shown(answered.value)

    def tag_files(self, *paths: Path) -> dict[str, Any]:
        """Tag files; what the server said of them."""
        self.page.set_input_files("#files", paths)
        with self.page.expect_response("**/v1/documents?*") as answered:
            self.page.click("button[type=submit]")
        return self.shown(answered.value)

    def shown(self, response: Response) -> dict[str, Any]:
        self.at("#tagged").wait_for()
        answer: dict[str, Any] = response.json()
        return answer

    def save(self, selector: str) -> Download:
        with self.page.expect_download() as saved:
            self.page.click(selector)
        return saved.value

    def view(self, name: str) -> None:
        self.page.click(f"[data-view={name}]")
        self.at(f"#view-{name}").wait_for()


Open = Callable[..., Visit]


@pytest.fixture
def open_page(browser: Browser, server: Server) -> Iterator[Open]:
    """Open the page in a window of its own; whatever was done in it, nothing was asked of others, and
    the browser did not complain."""
    visits: list[Visit] = []

    def opened(width: int = WIDE, language: str = "hans", url: str = server.url) -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": 800}, locale=LOCALES[language], reduced_motion="reduce"
        )
        visits.append(Visit(context.new_page(), url))
        return visits[-1]

    yield opened
    for visit in visits:
        visit.page.context.close()
        strangers = [url for url in visit.requests if not url.startswith((visit.url, f"blob:{visit.url}"))]
        assert strangers == []
        assert visit.messages == []


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that asks for a key and takes little."""
    folder = tmp_path_factory.mktemp("locked")
    with serving(folder, "--workers", "1", "--characters", "60", keys="reader=a-key-of-the-tests") as running:
        yield running


# ------------------------------------------------------------------------------------- what is shown


def test_a_pasted_text_comes_back_as_a_document(open_page: Open, tagger: Tagger) -> None:
    visit = open_page()
    visit.tag(TEXT)
    units = tagger.tag(TEXT).units
    assert visit.at("#tagged .unit .words").all_inner_texts() == [unit.text for unit in units]
    assert visit.at("#tagged .line").count() == len(TEXT.splitlines())
    assert visit.at("#tagged h3").inner_text().startswith("一、建设担当有为的政府")
    for at, unit in enumerate(units):
        codes = visit.at(f".unit[data-at='{at}'] .chip-code").all_inner_texts()
        assert codes == list(unit.codes)
    assert {"type", "exists", "tackled"} <= set(" ".join(classes(visit.at("#tagged .unit"))).split())


def classes(elements: Locator) -> list[str]:
    return [element.get_attribute("class") or "" for element in elements.all()]


def test_offsets_are_those_of_characters_beyond_the_first_plane(open_page: Open, tagger: Tagger) -> None:
    text = "𠮷𠮷县的个别干部𠀋不敢担当，遇到矛盾绕道走。\n𡈽坚决整治推诿扯皮。"
    visit = open_page()
    visit.tag(text)
    units = tagger.tag(text).units
    assert visit.at("#tagged .words").all_inner_texts() == [unit.text for unit in units]
    for at, unit in enumerate(units):
        marked = "".join(visit.at(f".unit[data-at='{at}'] mark").all_inner_texts())
        places = {
            place for tag in unit.tags for span in tag.evidence for place in range(span.start, span.end)
        }
        assert places
        assert marked == "".join(text[place] for place in sorted(places))


def test_the_profile_counts_what_the_server_counted(open_page: Open) -> None:
    visit = open_page()
    [document] = visit.tag(TEXT)["documents"]
    counts = document["profile"]["letters"] | document["profile"]["codes"]
    book = load_codebook()
    measures = [measure.code for measure in book.measures]
    stances = [code for code in book.codes if book.stance_of(code)]
    for code in (*book.letters, *measures, *stances):
        row = visit.at(".profile .row", has=visit.at(f"[data-filter='{code}']"))
        assert row.locator(".n").inner_text() == str(counts[code]), code


def test_a_chosen_unit_shows_its_codes_words_and_meaning(open_page: Open) -> None:
    visit = open_page()
    [document] = visit.tag(TEXT)["documents"]
    at = next(at for at, unit in enumerate(document["units"]) if "P!" in unit["codes"])
    unit = document["units"][at]
    visit.page.click(f".unit[data-at='{at}']")
    detail = visit.at("#detail")
    entry = next(problem for problem in load_codebook().problems if problem.letter == "P")
    expect(detail).to_contain_text("怕·存在")
    expect(detail).to_contain_text(entry.definition)
    tag = next(tag for tag in unit["tags"] if tag["code"] == "P!")
    expect(detail).to_contain_text(f"{100 * min(tag['probability'], 0.999):.1f}%")
    evidence = [TEXT[span["start"] : span["end"]] for span in tag["evidence"]]
    assert set(evidence) <= set(detail.locator("mark").all_inner_texts())
    detail.locator("summary").first.click()
    expect(detail).to_contain_text(entry.include[0])
    detail.get_by_role("link", name="怕·存在").click()
    expect(visit.at("#entry-P-title")).to_be_focused()


def test_the_unit_under_the_pointer_shows_its_detail(open_page: Open) -> None:
    visit = open_page()
    visit.tag(TEXT)
    visit.at(".unit", has_text="放管服").hover()
    expect(visit.at("#detail")).to_contain_text("服务型·转变职能")


def test_the_options_are_kept_to(open_page: Open) -> None:
    visit = open_page()
    visit.page.select_option("#prefer", "recall")
    expect(visit.at("#prefer-hint")).to_contain_text("漏掉的更少")
    visit.page.fill("#least", "0.9")
    expect(visit.at("#least-value")).to_have_text("90%")
    answer = visit.tag(TEXT)
    assert answer["prefer"] == "recall"
    tags = [tag for document in answer["documents"] for unit in document["units"] for tag in unit["tags"]]
    assert tags
    assert min(tag["probability"] for tag in tags) >= 0.9
    expect(visit.at("#head")).to_contain_text("宁多勿漏")


def test_the_codebook_is_searched(open_page: Open) -> None:
    visit = open_page()
    visit.view("codebook")
    assert visit.at(".entry:visible").count() == 5 + 15 + 5
    visit.page.fill("#search", "负面清单")
    expect(visit.at("#entry-F1")).to_be_visible()
    expect(visit.at("#entry-Z1")).to_be_hidden()
    expect(visit.at("#nothing-found")).to_be_hidden()
    visit.page.fill("#search", "nothing is like this")
    assert visit.at(".entry:visible").count() == 0
    expect(visit.at("#nothing-found")).to_be_visible()


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("P!", "P"),
        ("p！-", "P"),
        ("F2", "F2"),
        ("z0", "Z"),
        ("G", "G"),
        ("負面清單", "F1"),
        ("敢負責攻難關", "D2"),
    ],
)
def test_what_is_searched_comes_first(open_page: Open, query: str, first: str) -> None:
    visit = open_page()
    visit.view("codebook")
    visit.page.fill("#search", query)
    expect(visit.at(".entry:visible").first).to_have_id(f"entry-{first}")
    visit.page.fill("#search", "")
    shown = [entry.get_attribute("id") for entry in visit.at(".entry").all()]
    book = load_codebook()
    types = [code for kind in book.types for code in (kind.letter, *(each.code for each in kind.measures))]
    assert shown == [f"entry-{code}" for code in (*types, *(problem.letter for problem in book.problems))]


def test_the_example_has_types_and_problems(open_page: Open) -> None:
    visit = open_page()
    for name in ("hans", "hant"):
        visit.page.click(f"[data-sample={name}]")
        expect(visit.at("#text")).to_have_value(re.compile("^澄溪"))
        visit.page.click("button[type=submit]")
        visit.at("#tagged").wait_for()
        marks = set(" ".join(classes(visit.at("#tagged .unit"))).split())
        assert {"heading", "type", "exists", "tackled"} <= marks
        visit.page.click("#again")


# --------------------------------------------------------------------------------------------- files


def test_files_are_tagged_and_listed(open_page: Open, tmp_path: Path) -> None:
    plain, word, broken = (tmp_path / name for name in ("一.txt", "二.docx", "三.docx"))
    plain.write_text(TEXT, encoding="gb18030")
    written = docx.Document()
    for line in ("关于整治推诿扯皮的通报", *TEXT.splitlines()):
        written.add_paragraph(line)
    written.save(str(word))
    broken.write_bytes(b"no archive")
    visit = open_page()
    answer = visit.tag_files(plain, word, broken)
    assert [document["document"] for document in answer["documents"]] == ["一.txt", "二.docx"]
    expect(visit.at(".failures")).to_contain_text("三.docx")
    expect(visit.at(".failures")).to_contain_text(answer["failures"][0]["advice"])
    visit.page.click("[data-document='1']")
    expect(visit.at("#result-title")).to_have_text("关于整治推诿扯皮的通报")
    texts = [unit["text"] for unit in answer["documents"][1]["units"]]
    assert visit.at("#tagged .words").all_inner_texts() == texts


def test_rows_of_a_table_are_documents(open_page: Open, tmp_path: Path) -> None:
    table = tmp_path / "留言.csv"
    rows = [["标题", "正文"], *([f"第{number}件", TEXT] for number in range(1, 4))]
    with table.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    visit = open_page()
    answer = visit.tag_files(table)
    assert visit.at("[data-document]").count() == len(answer["documents"]) == 3


def test_a_file_is_dropped_and_taken_away(open_page: Open) -> None:
    visit = open_page()
    visit.page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File(['坚决整治推诿扯皮。'], '通报.txt'));
          document.querySelector('.give').dispatchEvent(new DragEvent('drop', {dataTransfer: data}));
        }"""
    )
    expect(visit.at("#chosen li")).to_have_text(re.compile(r"通报\.txt"))
    visit.page.click("#chosen button")
    expect(visit.at("#chosen li")).to_have_count(0)


def test_another_text_begins_without_the_files_of_the_last(open_page: Open, tmp_path: Path) -> None:
    file = tmp_path / "一.txt"
    file.write_text(TEXT, encoding="utf-8")
    visit = open_page()
    visit.page.set_input_files("#files", file)
    expect(visit.at("#which")).to_be_hidden()
    visit.page.fill("#text", "坚决整治推诿扯皮。")
    expect(visit.at("#which")).to_contain_text("文本框里的文字不标注")
    visit.tag_files(file)
    visit.page.click("#again")
    expect(visit.at("#chosen li")).to_have_count(0)
    expect(visit.at("#which")).to_be_hidden()
    [document] = visit.tag("全县小麦总产十一万吨。")["documents"]
    assert [unit["text"] for unit in document["units"]] == ["全县小麦总产十一万吨。"]
    visit.page.click("#again")
    visit.page.set_input_files("#files", file)
    visit.page.click("[data-sample=hans]")
    expect(visit.at("#chosen li")).to_have_count(0)


def test_a_text_without_chinese_is_said_to_be_so(open_page: Open) -> None:
    visit = open_page()
    visit.tag("The quick brown fox jumps over the lazy dog.")
    expect(visit.at("#unjudged")).to_contain_text("没有可判断的中文句子")
    visit.page.click("#again")
    visit.tag(TEXT)
    expect(visit.at("#unjudged")).to_have_count(0)


def test_where_no_file_can_be_read_the_page_says_why(open_page: Open, tmp_path: Path) -> None:
    broken = tmp_path / "坏.docx"
    broken.write_bytes(b"no archive")
    visit = open_page(language="en")
    visit.page.set_input_files("#files", broken)
    visit.page.click("button[type=submit]")
    expect(visit.at("#problem")).to_contain_text("None of the files could be read")
    expect(visit.at("#problem")).to_contain_text("坏.docx")
    complain(visit, "422")


def complain(visit: Visit, *reasons: str) -> None:
    """A failed request is a line in the browser's console: there are such lines, and no others."""
    assert {reason for reason in reasons for message in visit.messages if reason in message} == set(reasons)
    assert [text for text in visit.messages if not any(reason in text for reason in reasons)] == []
    visit.messages.clear()


# ------------------------------------------------------------------------------- the way through a text


def test_a_label_filters_and_the_way_goes_from_match_to_match(open_page: Open) -> None:
    visit = open_page()
    [document] = visit.tag(TEXT)["documents"]
    places = [at for at, unit in enumerate(document["units"]) if "P" in unit["labels"]]
    assert len(places) > 1
    visit.page.click("[data-filter='P']")
    expect(visit.at("[data-filter='P']")).to_have_attribute("aria-pressed", "true")
    assert visit.at(".unit.match").count() == len(places)
    for number, at in [*enumerate(places, start=1), (1, places[0])]:
        expect(visit.at("#where")).to_have_text(f"{number} / {len(places)} 处")
        expect(visit.at(".unit[aria-current]")).to_have_attribute("data-at", str(at))
        visit.at("#filterbar").get_by_role("button", name="下一处").click()
    visit.at("#filterbar").get_by_role("button", name="显示全部").click()
    assert visit.at(".unit.match").count() == 0


def test_a_chosen_filter_is_read_under_the_pointer(open_page: Open) -> None:
    visit = open_page()
    visit.tag(TEXT)
    chosen = visit.at("[data-filter='P']")
    chosen.click()
    chosen.hover()
    expect(chosen).to_have_css("color", "rgb(255, 255, 255)")
    expect(chosen).to_have_css("background-color", "rgb(27, 32, 38)")


def test_a_keyboard_is_enough(open_page: Open) -> None:
    visit = open_page()
    press = visit.page.keyboard.press
    press("Tab")
    expect(visit.at(".skip")).to_be_focused()
    press("Enter")
    expect(visit.at("#main")).to_be_focused()
    visit.page.focus("#text")
    visit.page.keyboard.insert_text(TEXT)
    press("Control+Enter")
    expect(visit.at("#result-title")).to_be_focused()
    for _ in range(60):
        press("Tab")
        if visit.at(".unit:focus").count():
            break
    expect(visit.at(".unit:focus")).to_have_attribute("data-at", "0")
    press("ArrowDown")
    press("ArrowRight")
    expect(visit.at(".unit:focus")).to_have_attribute("data-at", "2")
    press("ArrowUp")
    expect(visit.at(".unit:focus")).to_have_attribute("data-at", "1")
    expect(visit.at("#detail")).to_contain_text("怕·存在")
    press("Enter")
    expect(visit.at("#detail-title")).to_be_focused()
    press("Escape")
    expect(visit.at(".unit:focus")).to_have_attribute("data-at", "1")
    expect(visit.at(".unit[aria-current]")).to_have_count(0)
    press("End")
    expect(visit.at(".unit:focus")).to_have_text(re.compile("小麦"))


def test_the_language_is_remembered(open_page: Open) -> None:
    visit = open_page(language="en")
    expect(visit.at("[data-view=codebook]")).to_have_text("Codebook")
    visit.page.click("[data-language=hant]")
    expect(visit.at("[data-view=codebook]")).to_have_text("編碼手冊")
    visit.enter()
    expect(visit.at("html")).to_have_attribute("lang", "zh-Hant")
    expect(visit.at("[data-view=codebook]")).to_have_text("編碼手冊")


def test_another_language_keeps_the_text_the_filter_and_the_unit(open_page: Open) -> None:
    visit = open_page()
    visit.tag(TEXT)
    visit.page.click("[data-filter='P!']")
    visit.page.click("[data-language=en]")
    expect(visit.at("#detail")).to_contain_text("fear · exists")
    expect(visit.at("#where")).to_have_text(re.compile("^1 of"))
    visit.page.click("#again")
    expect(visit.at("#text")).to_have_value(TEXT)


# ------------------------------------------------------------------------------------ what is taken away


def test_the_csv_is_that_of_a_run(
    open_page: Open, make_record: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    text = f"=HYPERLINK(1)坚决整治推诿扯皮，“发现一起”、问责一起。\n+86\n@全体干部不敢担当。\n{TEXT}"
    file = tmp_path / "a.txt"
    file.write_text(text, encoding="utf-8")
    visit = open_page()
    visit.tag_files(file)
    data = Path(visit.save("#save-csv").path()).read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    table = UnitTable(load_codebook())
    assert head == [column.name for column in table.columns]
    expected = list(table.rows(make_record(text)))
    assert len(rows) == len(expected)
    for row, wanted in zip(rows, expected, strict=True):
        assert [cell_of(cell, value) for cell, value in zip(row, wanted, strict=True)] == [
            safe(value) if isinstance(value, str) else value for value in wanted
        ]
    assert any(cell.startswith("'=") for row in rows for cell in row)


def cell_of(cell: str, like: str | int | float | None) -> str | int | float | None:
    """A cell as the kind of value that stands in a table's row."""
    return cell if isinstance(like, str) else None if cell == "" else type(like or 0)(float(cell))


def test_the_jsonl_is_what_the_server_said(open_page: Open) -> None:
    visit = open_page()
    answer = visit.tag(f"{TEXT}\n𠮷")
    lines = Path(visit.save("#save-jsonl").path()).read_text(encoding="utf-8").splitlines()
    [document] = [json.loads(line) for line in lines]
    assert {name: document[name] for name in answer["documents"][0]} == answer["documents"][0]
    assert document["model"] == answer["model"]
    assert document["text"] == f"{TEXT}\n𠮷"


def correct(visit: Visit, at: int, codes: list[str], note: str = "") -> None:
    visit.page.click(f".unit[data-at='{at}']")
    visit.page.click("#correct")
    for box in visit.at(".editor input[name=code]").all():
        box.set_checked(box.get_attribute("value") in codes)
    visit.page.fill("#note", note)
    visit.page.click(".editor button[type=submit]")


def test_corrections_are_a_file_of_the_corpus(open_page: Open, tmp_path: Path) -> None:
    visit = open_page()
    [document] = visit.tag(f"{TEXT}\n𠮷县坚决整治。")["documents"]
    texts = [unit["text"] for unit in document["units"]]
    correct(visit, 0, ["D0", "D2"], "标题点明担当")
    correct(visit, 1, ["P!", "P-", "J-"])
    correct(visit, len(texts) - 1, ["S-"])
    correct(visit, 1, ["P!", "P-", "Z3"])
    correct(visit, 2, [])
    expect(visit.at("#corrections-count")).to_have_text("4")
    expect(visit.at(".unit[data-at='1'] .chip.corrected")).to_contain_text("P!- Z3")
    visit.enter()
    visit.view("corrections")
    path = tmp_path / "corrections.jsonl"
    visit.save("#save-corrections").save_as(path)
    assert problems(path) == []
    units = {unit.text: unit for unit in read_units(path)}
    assert {text: unit.codes for text, unit in units.items()} == {
        texts[0]: ("D0", "D2"),
        texts[1]: ("P!-", "Z3"),
        texts[-1]: ("S-",),
        texts[2]: (),
    }
    assert {unit.sample for unit in units.values()} == {"selected"}
    assert len({unit.document for unit in units.values()}) == 1
    row = json.loads(path.read_text(encoding="utf-8").splitlines()[0])
    assert row["predicted"] == document["units"][0]["codes"]
    assert row["note"] == "标题点明担当"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_correction_that_was_begun_is_found_again(open_page: Open, language: str) -> None:
    visit = open_page()
    visit.tag(TEXT)
    visit.page.click(".unit[data-at='1']")
    visit.page.click("#correct")
    visit.page.check(".editor input[value='Z3']")
    visit.page.fill("#note", "未完")
    visit.page.click(".unit[data-at='2']")
    expect(visit.at("#correct")).to_be_visible()
    visit.page.click(".unit[data-at='1']")
    visit.page.click(f"[data-language={language}]")
    expect(visit.at("#note")).to_have_value("未完")
    expect(visit.at(".editor input[value='Z3']")).to_be_checked()
    visit.page.click(".editor .plain")
    visit.page.click("#correct")
    expect(visit.at("#note")).to_have_value("")
    expect(visit.at(".editor input[value='Z3']")).not_to_be_checked()


def test_the_pointer_on_its_way_takes_no_form_away(open_page: Open) -> None:
    visit = open_page()
    visit.tag(TEXT)
    visit.at(".unit[data-at='1']").hover()
    visit.at("#correct").dispatch_event("click")
    visit.at(".unit[data-at='2']").hover()
    expect(visit.at(".editor")).to_be_visible()
    expect(visit.at(".unit[aria-current]")).to_have_attribute("data-at", "1")


def test_what_changes_nothing_is_no_correction(open_page: Open) -> None:
    visit = open_page()
    visit.tag(TEXT)
    expect(visit.at("#downloads-note")).to_be_hidden()
    visit.page.click(".unit[data-at='1']")
    visit.page.click("#correct")
    save = visit.at(".editor button[type=submit]")
    expect(save).to_be_disabled()
    expect(visit.at("#save-hint")).to_be_visible()
    visit.page.check(".editor input[value='Z3']")
    expect(save).to_be_enabled()
    expect(visit.at("#save-hint")).to_be_hidden()
    visit.page.uncheck(".editor input[value='Z3']")
    expect(save).to_be_disabled()
    visit.page.check(".editor input[value='Z3']")
    save.click()
    expect(visit.at("#corrections-count")).to_have_text("1")
    expect(visit.at("#downloads-note")).to_contain_text("不含您的更正")
    visit.page.click("#correct")
    expect(save).to_be_disabled()
    visit.page.uncheck(".editor input[value='Z3']")
    save.click()  # as the model said: the correction is taken back
    expect(visit.at("#corrections-count")).to_have_text("")
    expect(visit.at("#downloads-note")).to_be_hidden()


def test_corrections_are_taken_back(open_page: Open) -> None:
    visit = open_page()
    visit.tag(TEXT)
    for at in (1, 2, 3):
        correct(visit, at, ["S-"])
    visit.view("corrections")
    visit.page.click(".corrections button >> nth=0")
    expect(visit.at("#corrections-count")).to_have_text("2")
    visit.page.once("dialog", lambda dialog: dialog.accept())
    visit.page.click("#clear-corrections")
    expect(visit.at("#corrections-count")).to_have_text("")
    visit.view("tag")
    expect(visit.at(".chip.corrected")).to_have_count(0)


# --------------------------------------------------------------------------------------- what goes wrong


@pytest.mark.parametrize("evil", EVIL)
def test_nothing_of_a_text_is_run(open_page: Open, tmp_path: Path, evil: str) -> None:
    text = f"个别干部{evil}不敢担当，推诿扯皮。"
    visit = open_page()
    visit.tag(text)
    assert "".join(visit.at("#tagged .words").all_inner_texts()) == text
    visit.page.click(".unit >> nth=0")
    visit.page.hover(".unit >> nth=-1")
    correct(visit, 0, ["S-"], evil)
    visit.view("corrections")
    expect(visit.at(".corrections .note")).to_have_text(evil)
    visit.view("tag")
    visit.page.click("#again")
    file = tmp_path / "公文.csv"
    file.write_text("标题,正文\n" + ",".join(f'"{cell}"' for cell in (evil.replace('"', '""'), TEXT)))
    visit.tag_files(file)
    assert visit.page.evaluate("window.ran") is None
    assert visit.page.evaluate("document.scripts.length") == 1
    assert visit.at("main :is(iframe, img, svg, script)").count() == 0


def test_an_empty_form_says_what_is_missing(open_page: Open) -> None:
    visit = open_page()
    visit.give(" \n ")
    expect(visit.at("#problem")).to_contain_text("没有可标注的文本")


def test_a_request_is_stopped(open_page: Open) -> None:
    visit = open_page()
    visit.page.route("**/v1/tag", lambda route: None)  # the network holds it back for ever
    visit.give(TEXT)
    visit.at("#waiting").get_by_role("button", name="中止").click()
    expect(visit.at("#waiting")).to_be_hidden()
    expect(visit.at("#text")).to_be_focused()
    visit.page.unroute("**/v1/tag")
    visit.tag(TEXT)


def test_without_a_network_the_page_says_so(open_page: Open) -> None:
    visit = open_page(language="en")
    visit.page.context.set_offline(True)
    visit.give(TEXT)
    expect(visit.at("#problem")).to_contain_text("The server cannot be reached")
    complain(visit, "ERR_INTERNET_DISCONNECTED")
    visit.page.context.set_offline(False)
    visit.tag(TEXT)
    expect(visit.at("#problem")).to_be_empty()


def test_a_server_with_keys_is_asked_with_one(open_page: Open, locked: Server) -> None:
    visit = open_page(url=locked.url)
    expect(visit.at("#key")).to_contain_text("这台服务器需要密钥")
    visit.page.fill("#key-field", "wrong")
    visit.page.click("#key button")
    expect(visit.at("#key")).to_contain_text("服务器不认识这个密钥")
    expect(visit.at("#key-field")).to_have_value("")  # it was refused and is asked for anew
    visit.page.fill("#key-field", "密钥")  # no header can carry it
    visit.page.click("#key button")
    expect(visit.at("#key")).to_contain_text("服务器不认识这个密钥")
    expect(visit.at("#key-field")).to_have_value("")
    visit.page.fill("#key-field", "a-key-of-the-tests")
    visit.page.click("#key button")
    expect(visit.at("#cited")).to_contain_text("wuxing")
    visit.tag("坚决整治推诿扯皮。")
    assert visit.page.evaluate("Object.values(localStorage).join().includes('a-key')") is False
    visit.page.click("#again")
    visit.give(TEXT)
    expect(visit.at("#problem")).to_contain_text("文本太多")
    expect(visit.at("#problem .detail-text")).to_contain_text("60")
    complain(visit, "401", "413")


# ----------------------------------------------------------------------------------- every view, every width


def views(visit: Visit) -> Iterator[str]:
    """Go through every view, and name each."""
    visit.give("")
    visit.at(".trouble").wait_for()
    yield "form"
    visit.tag(TEXT)
    yield "result"
    visit.page.click(".unit >> nth=1")
    visit.at("#detail summary").first.click()
    yield "detail"
    visit.page.click("#correct")
    visit.page.fill("#note", "理由")
    yield "editor"
    visit.page.click(".editor button[type=submit]")
    visit.at(".profile [data-filter='P']").dispatch_event("click")
    yield "filter"
    for name in ("corrections", "codebook", "model"):
        visit.view(name)
        yield name


@pytest.mark.parametrize(
    ("width", "language"), [*((WIDE, language) for language in LANGUAGES), (NARROW, "hans")]
)
def test_every_view_is_accessible(open_page: Open, width: int, language: str) -> None:
    visit = open_page(width, language)
    seen = []
    for name in views(visit):
        found = Axe().run(visit.page).response["violations"]
        assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == [], (
            name,
            found,
        )
        seen.append(name)
    assert len(seen) == 8


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_brand_stands_beside_or_above_the_views(open_page: Open, language: str) -> None:
    visit = open_page(language=language)
    for width in range(320, WIDE + 1, 40):
        visit.page.set_viewport_size({"width": width, "height": 800})
        [brand, views] = (visit.at(place).bounding_box() for place in (".brand .name", ".views"))
        assert brand is not None
        assert views is not None
        beside = brand["x"] + brand["width"] <= views["x"]
        assert beside or brand["y"] + brand["height"] <= views["y"], width


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_print_holds_the_text_and_its_profile_alone(open_page: Open, width: int) -> None:
    visit = open_page(width)
    visit.tag(TEXT)
    visit.at("[data-filter='P']").dispatch_event("click")
    visit.page.click(".unit[data-at='1']")
    expect(visit.at("#detail")).to_be_visible()
    visit.page.emulate_media(media="print")
    for hidden in ("#detail", "#filterbar", ".tools", ".keys", ".views", ".languages"):
        expect(visit.at(hidden)).to_be_hidden()
    expect(visit.at("#tagged")).to_be_visible()
    for coloured in ("#tagged .chip", "#tagged .words", "#tagged mark", ".profile .fill"):
        expect(visit.at(coloured).first).to_have_css("print-color-adjust", "exact")
    outside = visit.page.evaluate(
        "[...document.querySelectorAll('body *')].filter(e => e.checkVisibility() && "
        "['fixed', 'sticky'].includes(getComputedStyle(e).position)).map(e => e.id || e.className)"
    )
    assert outside == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_view_fits_a_telephone(open_page: Open, language: str) -> None:
    visit = open_page(NARROW, language)
    for name in views(visit):
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= NARROW, name
        outside = visit.page.evaluate(
            "[...document.querySelectorAll('main *, header *')].filter(e => e.checkVisibility() && "
            "!e.closest('.card, .quiet') && e.getBoundingClientRect().right > innerWidth + 1)"
            ".map(e => e.outerHTML.slice(0, 80))"
        )
        assert outside == [], name


def test_on_a_telephone_the_chosen_unit_stays_in_sight(open_page: Open) -> None:
    visit = open_page(NARROW)
    visit.tag(TEXT)
    for unit in (visit.at("#tagged .unit").nth(place) for place in (1, -1)):
        unit.click()
        expect(unit).to_have_attribute("aria-current", "true")
        box, sheet = unit.bounding_box(), visit.at("#detail").bounding_box()
        assert box is not None
        assert sheet is not None
        assert 0 <= box["y"] < box["y"] + box["height"] <= sheet["y"]
        visit.page.keyboard.press("Escape")
        expect(visit.at("#detail")).to_be_hidden()


def test_a_long_report_is_shown_whole(open_page: Open) -> None:
    text = "\n".join(f"第{number}条 个别窗口怕担责任，能推就推。坚决整治推诿扯皮。" for number in range(1200))
    assert len(text) > 30_000
    visit = open_page()
    [document] = visit.tag(text)["documents"]
    assert visit.at("#tagged .unit").count() == len(document["units"]) > 1000
    visit.page.click("[data-filter='P']")
    visit.at("#filterbar").get_by_role("button", name="上一处").click()
    expect(visit.at(".unit[aria-current]")).to_be_in_viewport()
    assert int(visit.at(".unit[aria-current]").get_attribute("data-at") or 0) > len(document["units"]) - 3
