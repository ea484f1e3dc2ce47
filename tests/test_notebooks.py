"""The notebooks run from top to bottom on a fresh checkout, and are committed as they ran."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from tests.conftest import ROOT

FOLDER = ROOT / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
SECONDS_A_CELL = 180
"""What ends a cell that hangs."""

_CHINESE = re.compile("[\u4e00-\u9fff]")
_MACHINE = re.compile(r"/(?:home|root|tmp|Users|work|usr|opt|var)/|[A-Z]:\\\\|site-packages")

every_notebook = pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)


def _read(notebook: Path) -> Any:
    return nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]


def _outputs(read: Any) -> list[Any]:
    return [output for cell in read.cells if cell.cell_type == "code" for output in cell.outputs]


def _shown(output: Any) -> str:
    """All text of an output; pictures apart."""
    forms = output.get("data", {}).items()
    words = [str(form) for kind, form in forms if not kind.startswith("image/")]
    return "".join([str(output.get("text", "")), *words])


def _run(notebook: Path, folder: Path) -> Any:
    """Run the copy of a notebook in a copy of its folder. nbclient raises where a cell fails."""
    read = _read(notebook)
    for cell in read.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    client = NotebookClient(
        read,
        timeout=SECONDS_A_CELL,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute()
    return read


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The folder of the notebooks, somewhere else."""
    return shutil.copytree(FOLDER, tmp_path / "notebooks")


def test_there_are_the_four_notebooks() -> None:
    assert [notebook.stem for notebook in NOTEBOOKS] == [
        "01_quickstart",
        "02_evaluate",
        "03_batch_to_findings",
        "04_agreement_and_adaptation",
    ]


@every_notebook
def test_a_notebook_runs_and_shows_as_much_as_is_committed(notebook: Path, copied: Path) -> None:
    ran, committed = _outputs(_run(notebook, copied)), _outputs(_read(notebook))
    assert "Warning" not in "".join(map(_shown, ran))
    pictures = [["image/png" in output.get("data", {}) for output in outputs] for outputs in (ran, committed)]
    assert sum(pictures[0]) == sum(pictures[1]) > 0


@pytest.mark.parametrize("name", ["01_quickstart", "03_batch_to_findings"])
def test_figures_do_without_a_chinese_font(name: str, copied: Path) -> None:
    helper = copied / "plotting.py"
    text = re.sub(r"^FONTS = \(.*?^\)", "FONTS = ()", helper.read_text(encoding="utf-8"), flags=re.M | re.S)
    helper.write_text(text, encoding="utf-8")
    ran = _run(copied / f"{name}.ipynb", copied)
    # matplotlib warns of every letter that it has no glyph for.
    assert "lyph" not in "".join(map(_shown, _outputs(ran)))


@every_notebook
def test_a_notebook_is_chinese_with_an_english_summary_on_top(notebook: Path) -> None:
    prose = [cell.source for cell in _read(notebook).cells if cell.cell_type == "markdown"]
    summary = prose[0].partition("> **English summary.**")[2].split("\n\n")[0]
    assert len(summary.split()) > 30
    assert len(_CHINESE.findall("".join(prose))) > 300


@every_notebook
def test_a_notebook_is_committed_as_it_ran(notebook: Path) -> None:
    read = _read(notebook)
    code = [cell for cell in read.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    outputs = _outputs(read)
    assert {output.output_type for output in outputs} <= {"stream", "display_data", "execute_result"}
    assert not [output for output in outputs if output.get("name") == "stderr"]


@every_notebook
def test_a_notebook_says_nothing_of_the_machine(notebook: Path) -> None:
    read = _read(notebook)
    shown = "".join([*(cell.source for cell in read.cells), *map(_shown, _outputs(read))])
    assert not _MACHINE.findall(shown)


def test_every_unit_of_the_panel_is_coded_once() -> None:
    coded = (FOLDER / "data" / "panel_codings.csv").read_text(encoding="utf-8")
    coders = (FOLDER / "data" / "panel_coders.csv").read_text(encoding="utf-8")
    reports = sorted((FOLDER / "data" / "panel").glob("*.txt"))
    assert len(reports) == 9
    for report in reports:
        units = re.findall(r"[^。；\n]+[。；]?", report.read_text(encoding="utf-8"))
        for table in (coded, coders):
            rows = [line for line in table.splitlines() if line.startswith(f"{report.stem},")]
            assert [row.endswith(unit) for row, unit in zip(rows, units, strict=True)] == [True] * len(units)
