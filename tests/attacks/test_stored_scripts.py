"""Documents, codebooks and models that carry scripts: the report and the page show them and run nothing.

Both are opened in a real browser. It must not complain, ask for anything else, or hold an element or an
attribute that came out of what was given.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.serving import Server, serving
from tests.attacks.cells import SUM, assert_harmless
from tests.attacks.scripts import (
    AWAY,
    PLAIN,
    SCRIPTS,
    archive,
    lines,
    plain,
    portable,
    text_of,
    web,
    word,
    workbook,
)
from tests.attacks.watched import FOREIGN, OWN_PAGE, OWN_REPORT, Watched, put_in
from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.coding import check_codings
from wuxing_nlp.errors import ServiceError
from wuxing_nlp.model.bundle import save
from wuxing_nlp.model.ngrams import Frequencies
from wuxing_nlp.model.train import Recipe, train
from wuxing_nlp.model.training_set import TrainingSet
from wuxing_nlp.report import write_report
from wuxing_nlp.service.access.keys import read_keys

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / "tests" / "data" / "policy_tools.toml"


@pytest.fixture
def watched(browser: Browser) -> Iterator[Callable[[], Watched]]:
    pages: list[Page] = []

    def opened() -> Watched:
        pages.append(browser.new_context(locale="zh-CN", reduced_motion="reduce").new_page())
        return Watched(pages[-1])

    yield opened
    for page in pages:
        page.context.close()


# ------------------------------------------------------------------------------------- what carries them


def _quoted(text: str) -> str:
    """A string of TOML."""
    return json.dumps(text, ensure_ascii=False)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model whose codebook, name, version and card carry scripts."""
    folder = tmp_path_factory.mktemp("evil")
    toml = TOOLS.read_text(encoding="utf-8")
    left = iter(PLAIN * 9)
    for pattern in (
        r'(?<=\bhans = )"[^"]*"',
        r'(?<=\ben = )"[^"]*"',
        r'(?<=\bgloss = )"[^"]*"',
        r'(?<=\bdefinition = )"[^"]*"',
        r'(?<=\bnote = )"[^"]*"',
        r'(?<=\btext = )"[^"]*"',
        r'(?<=positive = \[)"[^"]*"',
    ):
        toml = re.sub(pattern, lambda found: _quoted(found[0][1:-1] + " ".join(next(left).split())), toml)
    toml = toml.replace("keywords = [", f"keywords = [{_quoted(' '.join(PLAIN[0].split()))}, ", 1)
    (folder / "book.toml").write_text(toml, encoding="utf-8")
    book = load_codebook(folder / "book.toml")
    units = check_codings(TOOLS.with_suffix(".csv"), load_codebook(TOOLS)).units
    model = train(book, TrainingSet.of(book, units), Frequencies(), Recipe(inner_folds=2))
    model.facts.update(name=PLAIN[0] + PLAIN[15], version=PLAIN[2] + PLAIN[16])
    save(model, folder / "bundle", "# card\n\n" + "\n\n".join(PLAIN))
    return folder / "bundle"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A file of every format, with scripts in its name, its metadata and its text; and some broken ones."""
    folder = tmp_path_factory.mktemp("files")
    named = {
        f"{PLAIN[0]}.docx": word(0),
        f"{PLAIN[2]}.html": web(2),
        f"{PLAIN[15]}.html": web(15),
        f"{PLAIN[16]}.pdf": portable(16),
        f"{PLAIN[18]}.xlsx": workbook(18),
        f"{PLAIN[4]}.zip": archive(4),
        f"{PLAIN[6]}.jsonl": lines(6),
        f"={SUM};={SUM}{PLAIN[17]}.txt": plain(1),
        f"{PLAIN[3]}.pdf": b"%PDF-" + PLAIN[3].encode(),
        f"{PLAIN[12]}.docx": b"PK" + PLAIN[12].encode(),
        f"{PLAIN[20]}.doc": PLAIN[20].encode(),
        f"{PLAIN[5]}.csv": f"{PLAIN[5]},b\n1,2\n".encode(),
    }
    paths = []
    for name, data in named.items():
        paths.append(folder / name.replace("/", "∕").replace("\n", " "))
        paths[-1].write_bytes(data)
    return paths


# ------------------------------------------------------------------------------------------ the report


@pytest.fixture(scope="module")
def reports(
    files: list[Path], bundle: Path, make_run: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory
) -> list[Path]:
    """Reports of the files, by the shipped model and by one with scripts of its own, in both languages."""
    folder = tmp_path_factory.mktemp("reports")
    made = []
    for model in (None, bundle):
        run = make_run(folder / ("own" if model else "shipped"), *files, model=model, evidence=model is None)
        for language in ("zh", "en"):
            groups = ["region", "year", "kind", SCRIPTS[6], PLAIN[18]]
            made.append(write_report(run, run / f"{language}.html", language=language, group_by=groups))  # type: ignore[arg-type]
    return made


@pytest.mark.parametrize("at", range(4), ids=["zh", "en", "own zh", "own en"])
def test_a_report_shows_scripts_and_runs_none(
    reports: list[Path], watched: Callable[[], Watched], at: int
) -> None:
    seen, report = watched(), reports[at]
    seen.page.goto(report.as_uri())
    seen.provoke()
    seen.assert_clean(OWN_REPORT, at=report.as_uri())
    assert seen.requests == [report.as_uri()]
    text = seen.page.locator("body").inner_text()
    for shown in ("<script>ran=1;alert(1)</script>", "onerror=ran=1", "7*7", "\\u202e", "\\u0000"):
        assert shown in text
    assert not set("\0\u202e\u2066\u200b") & set(seen.page.content())
    if at >= 2:
        assert PLAIN[0] in seen.page.title()  # the model's name
        assert PLAIN[0] in text


def test_the_policy_of_a_report_stops_what_would_be_put_in(
    reports: list[Path], watched: Callable[[], Watched]
) -> None:
    seen = watched()
    seen.page.goto(reports[0].as_uri())
    policy = seen.page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content") or ""
    assert re.fullmatch(
        "default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; base-uri 'none'; form-action 'none'",
        policy,
    )
    put_in(seen.page)
    assert seen.page.evaluate("[window.ran, getComputedStyle(document.body).outlineStyle]") == [None, "none"]
    assert seen.sent() == [reports[0].as_uri()]
    assert f"{AWAY}/a.png" in seen.stopped
    assert any("Content Security Policy" in said for said in seen.said)


# ------------------------------------------------------------------------------------------- the page


@pytest.fixture(scope="module")
def served(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of the model with scripts."""
    with serving(tmp_path_factory.mktemp("evil"), "--workers", "1", "--model", str(bundle)) as running:
        yield running


def enter(seen: Watched, url: str) -> None:
    seen.page.goto(url)
    expect(seen.page.locator("html")).to_have_attribute("data-ready", "true")


def test_the_page_shows_a_codebook_and_a_card_and_runs_none(
    served: Server, watched: Callable[[], Watched]
) -> None:
    seen = watched()
    enter(seen, served.url)
    for language in ("hans", "hant", "en"):
        seen.page.click(f"[data-language={language}]")
        for view in ("codebook", "model", "corrections", "tag"):
            seen.page.click(f"[data-view={view}]")
            seen.page.locator(f"#view-{view}").wait_for()
            seen.provoke()
            seen.assert_clean(OWN_PAGE, at=served.url)
    card = seen.page.locator("pre.card").text_content() or ""
    assert PLAIN[0] in card
    assert seen.page.locator("pre.card *").count() == 0
    assert PLAIN[0] in (seen.page.locator("#cited").text_content() or "")


@pytest.mark.parametrize("which", ["shipped", "own"])
def test_the_page_shows_documents_and_runs_none(
    server: Server,
    served: Server,
    watched: Callable[[], Watched],
    files: list[Path],
    tmp_path: Path,
    which: str,
) -> None:
    seen, url = watched(), (served if which == "own" else server).url
    enter(seen, url)
    page = seen.page
    page.fill("#text", text_of(0))
    page.click("button[type=submit]")
    page.locator("#tagged").wait_for()
    walk(seen, url)
    page.click("#again")
    page.set_input_files("#files", [path for path in files if path.suffix != ".jsonl"])
    seen.assert_clean(OWN_PAGE, at=url)  # names of files that are chosen
    page.click("button[type=submit]")
    page.locator("#tagged").wait_for()
    expect(page.locator(".failures")).to_contain_text("<img src=http:")
    for at in range(0, page.locator("[data-document]").count(), 9):
        page.click(f"[data-document='{at}']")
        walk(seen, url)
    with page.expect_download() as saved:
        page.click("#save-csv")
    seen.requests = [request for request in seen.requests if request.startswith(url)]
    saved.value.save_as(tmp_path / "units.csv")
    assert_harmless((tmp_path / "units.csv").read_bytes())
    assert "<" not in saved.value.suggested_filename


def walk(seen: Watched, url: str) -> None:
    """Look at some units in detail, under the pointer too."""
    units = seen.page.locator(".unit")
    for at in range(0, min(units.count(), 30), 6):
        units.nth(at).click()
        units.nth(at).hover()
    seen.provoke()
    seen.assert_clean(OWN_PAGE, at=url)


@pytest.mark.parametrize("name", [f"{script}.docx" for script in PLAIN[:21:4]], ids=ascii)
def test_the_page_shows_a_problem_and_runs_none(
    server: Server, watched: Callable[[], Watched], name: str
) -> None:
    seen = watched()
    enter(seen, server.url)
    seen.page.set_input_files(
        "#files", {"name": name, "mimeType": "text/html", "buffer": b"<script>ran=1</script>"}
    )
    seen.page.click("button[type=submit]")
    shown = name.replace("\\", "/").rpartition("/")[2]
    expect(seen.page.locator("#problem")).to_contain_text(shown)
    seen.provoke()
    seen.said = [said for said in seen.said if "422" not in said]  # a failed request is a line in the console
    seen.assert_clean(OWN_PAGE, at=server.url)


def test_what_a_browser_kept_is_text_too(server: Server, watched: Callable[[], Watched]) -> None:
    seen = watched()
    enter(seen, server.url)
    seen.page.evaluate(
        """scripts => {
          for (const store of [localStorage, sessionStorage]) {
            for (const name of ['language', 'key', 'corrections', 'drafts']) {
              store.setItem('wuxing.' + name, JSON.stringify(scripts[0]));
            }
          }
        }""",
        SCRIPTS,
    )
    seen.page.goto(server.url + "/#codebook/" + SCRIPTS[2])
    seen.page.reload()
    seen.page.wait_for_load_state("networkidle")
    seen.provoke()
    assert seen.page.evaluate("window.ran") is None
    assert seen.page.evaluate(FOREIGN, OWN_PAGE) == []
    assert [url for url in seen.requests if not url.startswith(server.url)] == []


def test_the_policy_of_the_page_stops_what_would_be_put_in(
    server: Server, watched: Callable[[], Watched]
) -> None:
    seen = watched()
    enter(seen, server.url)
    with pytest.raises(Exception, match="TrustedHTML"):
        seen.page.evaluate("document.body.innerHTML = '<p>a</p>'")
    put_in(seen.page)
    assert seen.page.evaluate("[window.ran, getComputedStyle(document.body).outlineStyle]") == [None, "none"]
    assert [url for url in seen.sent() if not url.startswith(server.url)] == []
    assert f"{AWAY}/a.png" in seen.stopped
    assert any("Content Security Policy" in said for said in seen.said)


@pytest.fixture
def framing(server: Server) -> Iterator[str]:
    """A page of another site on this machine that frames ours, and one of its own."""
    pages = {
        "/": f"<iframe src='{server.url}/'></iframe><iframe src='/framed'></iframe>".encode(),
        "/framed": b"<p id=main>a</p>",
    }

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(pages.get(self.path, b""))

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as other:
        thread = Thread(target=other.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{other.server_port}/"
        other.shutdown()
        thread.join()


def test_nobody_frames_the_page(framing: str, watched: Callable[[], Watched]) -> None:
    page = watched().page
    page.goto(framing)
    ours, theirs = page.frames[1:]
    assert theirs.locator("#main").count() == 1  # frames are shown
    assert ours.url.startswith("chrome-error:")
    assert ours.locator("#main").count() == 0


DIRECTIVES = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "connect-src": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
    "frame-ancestors": ["'none'"],
    "require-trusted-types-for": ["'script'"],
}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/page/js/main.js"),
        ("GET", "/page/nothing"),
        ("GET", "/openapi.json"),
        ("GET", "/v1/model"),
        ("POST", "/v1/tag"),
        ("POST", "/v1/documents"),
        ("GET", "/v1/jobs/x/units.csv"),
        ("TRACE", "/"),
        ("GET", "/" + "a" * 40_000),
    ],
)
def test_every_answer_has_the_policy(server: Server, method: str, path: str) -> None:
    with server.client() as client:
        headers = client.request(method, path).headers
    [policy] = headers.get_list("content-security-policy")
    directives = (directive.split() for directive in policy.split(";"))
    assert {name: values for name, *values in directives} == DIRECTIVES
    for name, value in {
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }.items():
        assert headers.get_list(name) == [value]
    assert "server" not in headers


@pytest.mark.parametrize("name", PLAIN, ids=ascii)
def test_the_name_of_a_key_is_no_script(name: str) -> None:
    with pytest.raises(ServiceError, match="not name=key") as caught:
        read_keys(f"{name}=a-key-of-somebody-else")
    assert "script" not in str(caught.value)
