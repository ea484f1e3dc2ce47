"""Fixtures of all tests: the shared real text where it is there; Hypothesis profiles; what mutants need."""

from __future__ import annotations

import csv
import functools
import gc
import gzip
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, settings
from playwright.sync_api import Browser, sync_playwright

from benchmarks.serving import Server, serving
from wuxing_nlp import batch
from wuxing_nlp.cli import main
from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.coding import CodedUnit, Corpus, check_codings, default_root
from wuxing_nlp.documents import Document, find_sources
from wuxing_nlp.documents.document import Metadata
from wuxing_nlp.model.adapting import Adaptation
from wuxing_nlp.model.bundle import Model, save
from wuxing_nlp.model.ngrams import Frequencies
from wuxing_nlp.model.own import Known, Trained, added, own_set
from wuxing_nlp.model.tagger import Tagger, load
from wuxing_nlp.model.train import Recipe, train
from wuxing_nlp.model.training_set import TrainingSet

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "corpora"
TOOLS = ROOT / "tests" / "data" / "policy_tools.toml"
"""A codebook of policy tools; its codings lie beside it."""

_SCRIPT = Path(sys.executable).with_name("wuxing")
COMMAND = [str(_SCRIPT)] if _SCRIPT.is_file() else [sys.executable, "-m", "wuxing_nlp"]
"""The installed script; where tests run on a bare checkout, the module."""

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)

settings.register_profile("local", deadline=None, max_examples=150)
settings.register_profile("ci", deadline=None, max_examples=40)
settings.register_profile(
    "mutants",
    deadline=None,
    max_examples=25,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
)
settings.load_profile("ci" if os.environ.get("CI") else "local")


def pytest_sessionstart() -> None:
    """A mutant runs in a copy of a process whose caches the unchanged code has filled: empty them."""
    if os.environ.get("MUTANT_UNDER_TEST"):
        for found in gc.get_objects():
            if isinstance(found, functools._lru_cache_wrapper) and found.__module__.startswith("wuxing_nlp"):
                found.cache_clear()


@pytest.fixture(scope="session")
def shared_corpora() -> Path:
    """The folder of real text and codings that lies beside the repository, never in it."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared/corpora (real text, not part of the repository)")
    return SHARED


@pytest.fixture(scope="session")
def shared_units(shared_corpora: Path) -> list[dict[str, Any]]:
    """The coded units of the shared corpora."""
    with (shared_corpora / "units.jsonl").open(encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


@pytest.fixture(scope="session")
def shared_documents(shared_corpora: Path) -> list[dict[str, Any]]:
    """The whole documents of the shared corpora."""
    with gzip.open(shared_corpora / "documents.jsonl.gz", "rt", encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


@pytest.fixture(scope="session")
def small_set() -> TrainingSet:
    """A fifth of the authored units, every code among them: enough to train in a second."""
    return TrainingSet.of(load_codebook(), Corpus(default_root()).authored()[::5])


@pytest.fixture(scope="session")
def small_model(small_set: TrainingSet) -> Model:
    """A model of the small set, named as one that is saved."""
    model = train(load_codebook(), small_set, Frequencies(), Recipe(inner_folds=2))
    model.facts.update(name="wuxing-small", version="0")
    return model


@pytest.fixture(scope="session")
def small_bundle(small_model: Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of the small model, which knows every preference."""
    folder = tmp_path_factory.mktemp("small") / "bundle"
    save(small_model, folder, "card")
    return folder


@pytest.fixture(scope="session")
def tools_model() -> Model:
    """A model of a codebook of its own: three labels without measures, problems and stances."""
    tools = load_codebook(TOOLS)
    units = check_codings(TOOLS.with_suffix(".csv"), tools).units
    model = train(tools, TrainingSet.of(tools, units), Frequencies(), Recipe(inner_folds=2))
    model.facts.update(name="tools", version="0")
    return model


@pytest.fixture(scope="session")
def own_units(small_set: TrainingSet) -> list[CodedUnit]:
    """Codings that the small model never saw, in the place of a researcher's: 240 units of petitions."""
    known = {unit.id for unit in small_set.units}
    units = [unit for unit in Corpus(default_root()).authored() if unit.kind == "petition"]
    return [unit for unit in units if unit.id not in known][:240]


@pytest.fixture(scope="session")
def adapted(small_model: Model, small_set: TrainingSet, own_units: list[CodedUnit]) -> Trained:
    """The small model adapted to them, measured and compared."""
    own = own_set(load_codebook(), own_units, 0)
    return added(small_model, own, Known("the small set", small_set.units), Adaptation())


@pytest.fixture(scope="session")
def tagger() -> Tagger:
    """The shipped tagger."""
    return load()


@pytest.fixture
def wuxing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Run the command line in this process: exit code, standard output, standard error."""

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["wuxing", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0), *capsys.readouterr()

    return run


@pytest.fixture
def command() -> list[str]:
    """The command line's beginning, to run it as a process of its own."""
    return COMMAND


@pytest.fixture
def environment() -> dict[str, str]:
    """The environment of a process that is to find the package."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}


@pytest.fixture
def process(
    command: list[str], environment: dict[str, str]
) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Run the command line as a process of its own, in pipes; further names are its environment's."""

    def run(*arguments: object, stdin: bytes = b"", **more: str) -> subprocess.CompletedProcess[bytes]:
        line = [*command, *map(str, arguments)]
        return subprocess.run(line, input=stdin, capture_output=True, cwd=ROOT, env=environment | more)

    return run


@pytest.fixture(scope="session")
def make_record(tagger: Tagger) -> Callable[..., batch.Record]:
    """Tag a text: the record of a document, with its metadata by keyword."""

    def record(
        text: str, name: str = "a.txt", fields: dict[str, str] | None = None, **metadata: str
    ) -> batch.Record:
        document = Document(name, text, metadata=Metadata(**metadata), fields=fields or {})
        tagged = tagger.tag(text, probabilities=True)
        return batch.Result(document, tagged).to_dict()

    return record


@pytest.fixture(scope="session")
def make_run() -> Callable[..., Path]:
    """Tag files into a run's folder, with settings by keyword."""

    def run(out: Path, *paths: Path, **settings: Any) -> Path:
        made = batch.Settings(**settings)
        batch.run(batch.Plan(find_sources(paths), made, made.tagger().model), out)
        return out

    return run


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with one worker and no keys, for tests that only call it."""
    with serving(tmp_path_factory.mktemp("server"), "--workers", "1") as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium. Not of the whole session: its event loop would run beneath other tests."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None and not os.environ.get("CI"):
        pytest.skip("needs a Chromium on the PATH (Debian: apt-get install chromium)")
    assert path, "CI must have a Chromium on the PATH"
    with sync_playwright() as playwright:
        # The sandbox needs rights that root in a container has not.
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        opened = playwright.chromium.launch(executable_path=path, args=arguments)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def sampled_run(make_run: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of a hundred documents of three provinces and two years, made of authored units."""
    folder = tmp_path_factory.mktemp("sampled")
    texts = [unit.text for unit in Corpus(default_root()).authored()[::3]][:800]
    with (folder / "rows.csv").open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["编号", "省份", "日期", "正文"])
        for at in range(100):
            region, year = ("江西省", "云南省", "湖南省")[at % 3], ("2023", "2024")[at % 2]
            rows.writerow([f"第{at}号", region, year, "\n".join(texts[at::100])])
    return make_run(folder / "run", folder / "rows.csv", evidence=False)


@pytest.fixture(scope="session")
def coded_by_hand() -> Callable[..., Path]:
    """Fill in a sheet as a coder would: the codes of authored units, for the first so many rows."""
    book = load_codebook()
    truth = {
        unit.text: ",".join(book.written(unit.codes)) or "0" for unit in Corpus(default_root()).authored()
    }

    def fill(sheet: Path, out: Path, rows: int | None = None, **cells: str) -> Path:
        with sheet.open(encoding="utf-8-sig", newline="") as stream:
            read = list(csv.DictReader(stream))
        for row in read[:rows]:
            row |= {"codes": truth.get(row["text"].removeprefix("'"), "0")} | cells
        with out.open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.DictWriter(stream, list(read[0]))
            writer.writeheader()
            writer.writerows(read)
        return out

    return fill
