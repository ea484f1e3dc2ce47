"""The HTTP API and its page. Needs the extra ``service``."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from wuxing_nlp.errors import ServiceError
from wuxing_nlp.service.settings import ServiceSettings

if TYPE_CHECKING:
    from wuxing_nlp.service.app import create_app
    from wuxing_nlp.service.server import serve

__all__ = ["ServiceSettings", "create_app", "serve"]

_LATE = {"create_app": "app", "serve": "server"}
"""What is loaded when it is asked for, since it needs the libraries of the extra."""


def __getattr__(name: str) -> object:
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(import_module(f"{__name__}.{_LATE[name]}"), name)
    except ModuleNotFoundError as error:
        raise ServiceError(
            f"{name} needs the library {error.name}; pip install 'wuxing_nlp[service]'"
        ) from None
