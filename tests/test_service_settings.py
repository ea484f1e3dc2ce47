"""The settings: each is explained, and refuses what makes no sense."""

from __future__ import annotations

from dataclasses import fields
from math import inf, nan
from pathlib import Path
from typing import Any

import pytest

from wuxing_nlp.batch.workers import cores
from wuxing_nlp.errors import ServiceError
from wuxing_nlp.service.settings import LOOPBACK, ServiceSettings, settings

NUMBERS = [name for name, default in vars(ServiceSettings()).items() if type(default) in (int, float)]


def test_every_field_is_explained() -> None:
    assert list(settings()) == [field.name for field in fields(ServiceSettings)]
    for setting in settings().values():
        assert setting.help.endswith(".")
        assert setting.panel in ("Server 服务", "Limits 限额")


def made(**given: Any) -> ServiceSettings:
    return ServiceSettings(**given)


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_has_a_least(name: str) -> None:
    least = settings()[name].least
    assert getattr(made(**{name: least}), name) == least
    for refused in (least - 0.01, -1, nan, inf):
        with pytest.raises(ServiceError, match=rf"{name} is {refused}; it must be a number from"):
            made(**{name: refused})


def test_no_workers_are_as_many_as_there_are_cores() -> None:
    assert ServiceSettings().processes == cores()
    assert ServiceSettings(workers=3).processes == 3


def test_the_folder_is_the_given_one_or_the_users(tmp_path: Path) -> None:
    assert ServiceSettings(data=tmp_path).folder == tmp_path
    assert ServiceSettings().folder.name == "wuxing_nlp"


@pytest.mark.parametrize("host", [*LOOPBACK, "0.0.0.0", "::", "192.0.2.7", "example.org"])
def test_only_loopback_is_local(host: str) -> None:
    assert ServiceSettings(host=host).local == (host in LOOPBACK)


@pytest.mark.parametrize("origin", ["https://example.org", "http://localhost:3000", "http://[::1]:8080"])
def test_origins_may_call(origin: str) -> None:
    assert ServiceSettings(cors=(origin,)).cors == (origin,)


@pytest.mark.parametrize(
    "origin", ["*", "null", "example.org", "https://example.org/", "https://Example.org", "https://a b"]
)
def test_what_no_browser_sends_as_origin_is_refused(origin: str) -> None:
    with pytest.raises(ServiceError, match=r"cors has .*; an origin is written like"):
        ServiceSettings(cors=("https://example.org", origin))


def test_settings_do_not_change() -> None:
    settings: Any = ServiceSettings()
    with pytest.raises(AttributeError):
        settings.port = 1
