"""Names that are loaded when they are asked for."""

from __future__ import annotations

import pytest

import wuxing_nlp
from wuxing_nlp import batch, service
from wuxing_nlp.errors import ServiceError
from wuxing_nlp.late import late


def test_a_name_is_what_its_module_has() -> None:
    get = late("wuxing_nlp", {"read_document": "documents"}, "frames")
    assert get("read_document") is wuxing_nlp.read_document


def test_another_name_is_none_of_the_package() -> None:
    for package in (wuxing_nlp, batch, service):
        with pytest.raises(AttributeError, match=f"module '{package.__name__}' has no attribute 'nothing'"):
            package.nothing  # noqa: B018


def test_a_missing_library_is_told_with_what_brings_it() -> None:
    get = late("wuxing_nlp", {"serve": "no_such_room"}, "service", ServiceError)
    expected = r"serve needs the library wuxing_nlp\.no_such_room; pip install 'wuxing_nlp\[service\]'"
    with pytest.raises(ServiceError, match=expected):
        get("serve")
