"""The report in a real browser: it opens from a file, alone, at every width, and prints."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page as BrowserPage

from wuxing_nlp.report import write_report
from wuxing_nlp.report.words import words

ROOT = Path(__file__).resolve().parents[1]
EVIL = "<script>window.ran=1</script>\"'</style>\u202e"
LONG = 900 * "长"
WIDTHS = [1280, 390]

# Every text that is seen, with the contrast (WCAG 2.2) of its colour and the nearest background.
CONTRASTS = """() => {
  const channels = color => color.match(/[\\d.]+/g).map(Number);
  const light = color => {
    const linear = v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
    const [r, g, b] = channels(color).map(v => linear(v / 255));
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const ground = element => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (channels(color)[3] !== 0) return color;
    }
    return 'rgb(255, 255, 255)';
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || element.closest('title, desc')) continue;
    const color = getComputedStyle(element)[element.closest('svg') ? 'fill' : 'color'];
    const [a, b] = [light(color), light(ground(element))].sort((x, y) => y - x);
    found.push([(a + .05) / (b + .05), String(element.className), walker.currentNode.data.slice(0, 20)]);
  }
  return found;
}"""


@pytest.fixture(scope="module")
def report(make_run: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("browser")
    rows = ["id,title,date,region,text"]
    for number in range(8):
        text = f"有的干部{EVIL}不敢担当。坚决整治推诿扯皮，第{number}次通报。{LONG}".replace('"', '""')
        title = f"{EVIL}{LONG}".replace('"', '""')
        rows.append(f'{number},"{title}",{2018 + number % 4},{number}{LONG[:60]},"{text}"')
    (folder / f"{LONG[:60]}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    bad = folder / f"{LONG[:60]}<script>window.ran=1;.txt"
    bad.write_bytes(b"")
    out = make_run(folder / "out", folder / f"{LONG[:60]}.csv", bad, ROOT / "corpus" / "samples")
    write_report(out, out / "en.html", language="en", group_by=["region"])
    return write_report(out, group_by=["region"])


class Visit:
    """A report in a window, and what the browser had to say of it."""

    def __init__(self, page: BrowserPage, report: Path) -> None:
        self.page = page
        self.requests: list[str] = []
        self.messages: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.messages.append(message.text))
        page.on("pageerror", lambda error: self.messages.append(str(error)))
        page.goto(report.as_uri())

    def ask(self, code: str) -> Any:
        return self.page.evaluate(code)


@pytest.fixture(params=["report.html", "en.html"])
def named(request: pytest.FixtureRequest, report: Path) -> Path:
    return report.with_name(request.param)


@pytest.fixture
def visit(browser: Browser, named: Path) -> Iterator[Callable[[int], Visit]]:
    pages: list[BrowserPage] = []

    def open_at(width: int) -> Visit:
        pages.append(browser.new_page(viewport={"width": width, "height": 800}))
        return Visit(pages[-1], named)

    yield open_at
    for page in pages:
        page.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_it_opens_alone_without_a_complaint(visit: Callable[[int], Visit], named: Path, width: int) -> None:
    seen = visit(width)
    assert seen.requests == [named.as_uri()]
    assert seen.messages == []
    language = "zh" if named.name == "report.html" else "en"
    assert seen.page.locator("h1").inner_text() == words(language)["title"]
    assert seen.page.locator("h2").count() == 8


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_is_no_wider_than_the_window(visit: Callable[[int], Visit], width: int) -> None:
    seen = visit(width)
    assert seen.ask("document.documentElement.scrollWidth") <= width
    outside = seen.ask(
        "[...document.querySelectorAll('body *')].filter(e => !e.closest('.scroll') && "
        "e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 80))"
    )
    assert outside == []


def test_a_wide_table_scrolls_in_its_box_under_a_head_that_stays(visit: Callable[[int], Visit]) -> None:
    seen = visit(390)
    box = seen.page.locator("#heat .scroll")
    assert box.evaluate("e => e.scrollWidth > e.clientWidth")
    head = box.locator("thead th").first
    before = head.bounding_box()
    box.evaluate("e => e.scrollTo(120, 200)")
    assert box.evaluate("e => e.scrollTop") > 0
    after = head.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(before["x"] - after["x"]) < 12
    assert after["y"] > before["y"] - 60


def test_documents_are_shown_and_not_run(visit: Callable[[int], Visit]) -> None:
    seen = visit(1280)
    assert seen.ask("window.ran") is None
    assert seen.ask("document.scripts.length") == 0
    text = seen.page.locator("body").inner_text()
    assert EVIL.replace("\u202e", r"\u202e") in text
    assert "\u202e" not in text


def test_every_text_can_be_read(visit: Callable[[int], Visit]) -> None:
    found = visit(1280).ask(CONTRASTS)
    assert len(found) > 500
    assert [entry for entry in found if entry[0] < 4.5] == []


def test_the_style_is_applied(visit: Callable[[int], Visit]) -> None:
    # The policy would refuse a style whose hash is another one.
    assert visit(1280).ask("getComputedStyle(document.querySelector('mark')).backgroundColor") == (
        "rgb(255, 240, 179)"
    )


def test_in_print_boxes_are_open_and_rows_stay_whole(visit: Callable[[int], Visit]) -> None:
    seen = visit(1280)
    seen.page.emulate_media(media="print")
    styles = seen.ask(
        "[...document.querySelectorAll('.scroll')].map(e => [getComputedStyle(e).overflow, "
        "getComputedStyle(e).maxHeight])"
    )
    assert {tuple(style) for style in styles} == {("visible", "none")}
    assert seen.ask("getComputedStyle(document.querySelector('tbody tr')).breakInside") == "avoid"
    assert seen.ask("getComputedStyle(document.querySelector('nav')).display") == "none"
    pdf = seen.page.pdf(prefer_css_page_size=True, print_background=True)
    assert pdf.startswith(b"%PDF")


def test_a_keyboard_reaches_the_boxes(visit: Callable[[int], Visit]) -> None:
    seen = visit(1280)
    reached = set()
    for _ in range(30):
        seen.page.keyboard.press("Tab")
        reached.add(seen.ask("document.activeElement.className"))
    assert "scroll tall" in reached
