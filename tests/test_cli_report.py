"""``wuxing report``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Wuxing = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def run(make_run: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli_report")
    rows = "省份,批次,正文\n江西省,一,坚决整治推诿扯皮。\n云南省,二,推进一网通办。\n"
    (folder / "rows.csv").write_text(rows, encoding="utf-8")
    return make_run(folder / "out", folder / "rows.csv")


def test_a_report_is_written_into_the_runs_folder(wuxing: Wuxing, run: Path) -> None:
    code, out, error = wuxing("report", run)
    assert (code, error) == (0, "")
    assert str(run / "report.html") in out
    assert '<html lang="zh-Hans">' in (run / "report.html").read_text(encoding="utf-8")


def test_language_place_and_groups_are_options(wuxing: Wuxing, run: Path, tmp_path: Path) -> None:
    to = tmp_path / "deep" / "r.html"
    code, out, _ = wuxing("report", run, "--to", to, "--language", "en", "--group-by", "region, 批次")
    assert code == 0
    assert str(to) in out
    html = to.read_text(encoding="utf-8")
    assert '<html lang="en">' in html
    assert "By region" in html
    assert "By 批次" in html
    assert "云南省" in html


def test_what_is_wrong_is_one_line(wuxing: Wuxing, run: Path, tmp_path: Path) -> None:
    code, _, error = wuxing("report", tmp_path)
    assert code == 1
    assert error.startswith("wuxing: ")
    assert "holds no finished run" in error
    assert error.count("\n") == 1
    code, _, error = wuxing("report", run, "--group-by", "县")
    assert (code, error.count("\n")) == (1, 1)
    assert "省份, 批次" in error
