"""The report of a run, from its folder to its HTML."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from wuxing_nlp.errors import OutputError, ReportError
from wuxing_nlp.model.preference import Preference
from wuxing_nlp.report import LANGUAGES, REPORT, Language, write_report
from wuxing_nlp.report.words import words

ROOT = Path(__file__).resolve().parents[1]
EVIL = "<script>document.title='ran'</script></style>\"'><img src=x onerror=alert(1)>\u202e&amp;"
SHORT = "<script>x</script>\u202e"
VOID = {"meta", "br", "rect", "path", "circle", "polyline", "img", "link", "input"}


class Page(HTMLParser):
    """What a page holds: its elements with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.inside: dict[str, list[str]] = {}
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"{tag} closes what was not opened"

    def handle_data(self, data: str) -> None:
        tag = self.open[-1] if self.open else ""
        self.inside.setdefault(tag, []).append(data)
        if tag != "style":
            self.text.append(data)

    def of(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def run(make_run: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with hostile strings wherever a document may bring some."""
    folder = tmp_path_factory.mktemp("report")
    rows = [
        {
            "id": f"{number} {EVIL}",
            "title": f"{EVIL}关于整治的通知",
            "region": ("江西省", "", EVIL)[number % 3],
            "date": f"{2020 + number % 3}-05",
            "kind": "通知",
            EVIL: f"{EVIL}{number % 2}",
            "text": f"有的干部{SHORT}不敢担当，遇到矛盾绕道走。\n坚决整治推诿扯皮、{SHORT}久拖不决。\n"
            f"着力提升窗口服务水平，推进第{number}批一网通办。\n{EVIL}\n好。\n",
        }
        for number in range(6)
    ]
    table = folder / "表<b>&'.jsonl"
    table.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    bad = folder / "<script>alert(1)&.txt"
    bad.write_bytes(b"")
    return make_run(folder / "out", table, bad)


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    return "zh" if request.param == "zh" else "en"


@pytest.fixture(scope="module")
def html(run: Path, language: Language) -> str:
    path = write_report(run, run / f"{language}.html", language=language, group_by=["region", "year", EVIL])
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


# ------------------------------------------------------------------------------------- what it holds


def test_the_file_is_the_folders_report_and_the_same_every_time(run: Path) -> None:
    path = write_report(run)
    assert path == run / REPORT
    before = path.read_bytes()
    assert write_report(run).read_bytes() == before


def test_sections_stand_in_order_and_in_the_language(page: Page, language: Language) -> None:
    w = words(language)
    keys = ("glance", "profile", "heat", "stance", "telling", "left_out", "trust", "cite")
    assert page.inside["h2"] == [w[key] for key in keys]
    assert page.of("html") == [{"lang": w["lang"]}]
    assert page.inside["h1"] == [w["title"]]


def test_what_must_be_said_plainly_is_said(page: Page, language: Language) -> None:
    text = " ".join(page.text)
    w = words(language)
    assert w["by_model"] in text
    assert w["no_humans"] in text
    assert w["caution"] in text


def test_counts_are_the_runs(page: Page, run: Path, language: Language) -> None:
    counts = json.loads((run / "run.json").read_text(encoding="utf-8"))["counts"]
    text = " ".join(page.text)
    for key, count in (("documents", counts["documents"]), ("units", counts["units"])):
        assert words(language)[f"run_{key}"].format(n=f"{count:,}") in text


def test_telling_sentences_have_their_evidence_marked(page: Page) -> None:
    marked = " ".join(page.inside["mark"])
    assert "不敢担当" in marked
    assert "推诿" in marked
    assert "窗口服务" in marked


def test_every_asked_grouping_and_the_years_have_a_table(page: Page) -> None:
    ids = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    assert {"by-document", "heat-title", "group-1", "group-2", "group-3", "years"} <= ids
    assert len(page.of("figure")) == 10


def test_failures_stand_with_reason_and_advice(page: Page) -> None:
    text = " ".join(page.text)
    assert "empty (0 bytes)" in text
    assert "give a document with text" in text


def test_the_cards_figures_are_there(page: Page, run: Path) -> None:
    measured = json.loads((run / "run.json").read_text(encoding="utf-8"))["measured"]
    cells = Counter(page.inside["td"])
    for letter, row in measured["letters"].items():
        assert cells[f"{row['f1']:.3f}"] > 0, letter
    assert cells[f"{measured['by_kind']['notice']['micro_f1']:.3f}"] > 0


def test_it_can_be_cited(page: Page, run: Path) -> None:
    record = json.loads((run / "run.json").read_text(encoding="utf-8"))
    text = " ".join(page.text)
    for part in (record["model"]["name"], record["model"]["sha256"], record["codebook"]["sha256"]):
        assert part in text
    sums = sorted(item["sha256"] for item in record["inputs"] if item["sha256"])
    assert hashlib.sha256("".join(f"{digest}\n" for digest in sums).encode()).hexdigest() in text


def test_the_english_report_is_english_but_for_what_documents_say(run: Path) -> None:
    html = write_report(run, run / "en.html", language="en").read_text(encoding="utf-8")
    ours = re.sub(r"<(q|bdi)\b.*?</\1>", "", html, flags=re.DOTALL)
    assert re.findall("[一-鿿]+", re.sub("<style>.*?</style>", "", ours, flags=re.DOTALL)) == []


# ------------------------------------------------------------------------------------ what it may not do


def test_nothing_runs_and_nothing_is_loaded(page: Page, html: str) -> None:
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "img", "link", "iframe", "object", "embed", "form", "base", "image", "use"}
    for tag, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on") or name in ("style", "src")], tag
        assert attributes.get("href", "#").startswith("#"), tag
    assert "url(" not in html
    assert "@import" not in html


def test_the_policy_allows_the_one_style_and_nothing_else(page: Page, html: str) -> None:
    [style] = re.findall("<style>(.*?)</style>", html, flags=re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    [policy] = [meta["content"] for meta in page.of("meta") if "http-equiv" in meta]
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert len(page.of("style")) == 1


def test_hostile_strings_are_shown_as_they_are(page: Page) -> None:
    text = " ".join("".join(page.text).split())
    shown, short = (evil.replace("\u202e", r"\u202e") for evil in (EVIL, SHORT))
    assert f"有的干部{short}不敢担当" in text
    assert text.count(shown) > 8  # of rows, regions, the column, its values, and units that are not Chinese
    assert f"{shown}1" in text
    titles = [attributes["title"] for _, attributes in page.elements if "title" in attributes]
    assert f"{shown}关于整治的通知" in titles
    assert any(title.endswith(f"#1 {shown}") for title in titles)
    assert "<script>alert(1)&.txt" in text
    assert "表<b>&'.jsonl" in text
    assert not set("\u202e\0\ufeff") & set(text)


# --------------------------------------------------------------------------------------- for everybody


def test_headings_skip_no_level(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))


def test_ids_are_unique_and_every_reference_has_one(page: Page) -> None:
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(set(ids)) == len(ids)
    wanted = {
        name
        for _, attributes in page.elements
        for name in [*attributes.get("aria-labelledby", "").split(), attributes.get("href", "")[1:]]
    } - {""}
    assert len(wanted) > 20
    assert wanted <= set(ids)


def test_figures_have_words_and_tables_have_heads(page: Page) -> None:
    drawn = [svg for svg in page.of("svg") if svg.get("aria-hidden") != "true"]
    assert len(drawn) == 10
    assert all(svg["role"] == "img" and len(svg["aria-labelledby"].split()) == 2 for svg in drawn)
    assert len(page.of("title")) == 1 + len(drawn)
    assert len(page.of("desc")) == len(drawn)
    assert len(page.of("thead")) == len(page.of("table"))
    assert all(th.get("scope") in ("col", "row") for th in page.of("th"))


def test_boxes_that_scroll_can_be_reached_and_have_names(page: Page) -> None:
    boxes = [div for div in page.of("div") if "scroll" in div.get("class", "").split()]
    assert len(boxes) > 5
    for box in boxes:
        assert (box["role"], box["tabindex"]) == ("region", "0")
        assert box.get("aria-label") or box.get("aria-labelledby")


# ------------------------------------------------------------------------------------- other runs


def test_a_run_without_text_quotes_nothing(make_run: Callable[..., Path], tmp_path: Path) -> None:
    out = make_run(tmp_path / "out", ROOT / "corpus" / "samples", text=False)
    html = write_report(out).read_text(encoding="utf-8")
    page = Page(html)
    assert page.of("q") == []
    assert words("zh")["no_text"] in html
    for sample in (ROOT / "corpus" / "samples").glob("*.txt"):
        lines = sample.read_text(encoding="utf-8").splitlines()
        assert not [line for line in lines if len(line) > 12 and line in html]


def test_a_run_with_nothing_in_it_has_a_report(make_run: Callable[..., Path], tmp_path: Path) -> None:
    out = make_run(tmp_path / "out", tmp_path / "gone.txt")
    for language in LANGUAGES:
        html = write_report(out, tmp_path / "r.html", language=language).read_text(encoding="utf-8")
        assert words(language)["no_coded"] in " ".join(Page(html).text)
        assert "gone.txt" in html


def test_a_model_that_was_not_measured_is_told(
    make_run: Callable[..., Path], small_bundle: Path, tmp_path: Path
) -> None:
    out = make_run(tmp_path / "out", ROOT / "corpus" / "samples" / "notice.txt", model=small_bundle)
    html = write_report(out).read_text(encoding="utf-8")
    assert words("zh")["not_measured"] in html
    assert words("zh")["no_humans"] in html
    Page(html)


def test_another_preference_has_its_own_scores(make_run: Callable[..., Path], tmp_path: Path) -> None:
    out = make_run(tmp_path / "out", ROOT / "corpus" / "samples" / "notice.txt", prefer=Preference.PRECISION)
    html = write_report(out, language="en").read_text(encoding="utf-8")
    figures = json.loads((out / "run.json").read_text(encoding="utf-8"))["measured"]["preferences"][
        "precision"
    ]
    assert f"micro-precision {figures['micro_precision']:.3f}" in html
    assert "--prefer precision" in html


def test_documents_that_are_not_shown_are_counted(make_run: Callable[..., Path], tmp_path: Path) -> None:
    rows = ["id,text", *(f"{n},坚决整治推诿扯皮，第{n}次通报。" for n in range(75))]
    (tmp_path / "rows.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    out = make_run(tmp_path / "out", tmp_path / "rows.csv")
    html = write_report(out, language="en", group_by=["id"]).read_text(encoding="utf-8")
    assert "Documents not shown: 15." in html
    assert "Groups not shown by themselves: 35." in html


# ------------------------------------------------------------------------------------------- errors


def test_a_grouping_that_there_is_not_is_told_before_anything_is_read(run: Path) -> None:
    with pytest.raises(ReportError, match="cannot be grouped by '省份'"):
        write_report(run, group_by=["省份"])


def test_a_language_that_there_is_not_is_told(run: Path) -> None:
    with pytest.raises(ReportError, match="no report in 'fr'; there are zh, en"):
        write_report(run, language="fr")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"codebook": {"version": "0.9", "sha256": ""}}, "tagged with codebook 0.9, but here it is"),
        ({"counts": {"documents": 1, "failures": 0, "fields": [], "notices": []}}, "its run had 1"),
    ],
)
def test_a_folder_that_does_not_fit_together_is_told(
    run: Path, tmp_path: Path, change: dict[str, object], said: str
) -> None:
    copy = Path(shutil.copytree(run, tmp_path / "copy"))
    record = json.loads((copy / "run.json").read_text(encoding="utf-8"))
    (copy / "run.json").write_text(json.dumps(record | change), encoding="utf-8")
    (copy / REPORT).unlink(missing_ok=True)
    with pytest.raises(ReportError, match=said):
        write_report(copy)
    assert not (copy / REPORT).exists()


def test_a_place_that_cannot_be_written_is_told(run: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError, match="cannot be written"):
        write_report(run, tmp_path / "file" / "report.html")
