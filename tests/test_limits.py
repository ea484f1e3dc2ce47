"""The README's table of limits says what the package does."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

from wuxing_nlp.service.settings import ServiceSettings, settings

README = Path(__file__).resolve().parents[1] / "README.md"

_ROW = re.compile(r"^\| .+ \| ([\d,]+) [^|]*\| `([\w.]+)` \|$", flags=re.MULTILINE)
_SETTING = re.compile(r"^\| `--([\w-]+)` \| ([\d,.]+) \| (.+) \|$", flags=re.MULTILINE)


def rows() -> list[tuple[str, str]]:
    return [(name, figure) for figure, name in _ROW.findall(README.read_text(encoding="utf-8"))]


def test_there_are_limits() -> None:
    assert len(rows()) >= 15


@pytest.mark.parametrize(("name", "figure"), rows())
def test_a_limit_is_what_the_readme_says(name: str, figure: str) -> None:
    module, _, constant = name.rpartition(".")
    assert f"{getattr(import_module(f'wuxing_nlp.{module}'), constant):,}" == figure


def test_the_limits_of_the_service_are_those_of_the_readme() -> None:
    default = ServiceSettings()
    limits = {
        name.replace("_", "-"): (f"{getattr(default, name):,}", setting.help)
        for name, setting in settings().items()
        if setting.panel.startswith("Limits")
    }
    listed = _SETTING.findall(README.read_text(encoding="utf-8"))
    assert {name: (figure, said) for name, figure, said in listed} == limits
