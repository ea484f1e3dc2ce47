"""The HTTP API and its page. Needs the extra ``service``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wuxing_nlp.errors import ServiceError
from wuxing_nlp.late import late
from wuxing_nlp.service.settings import ServiceSettings

if TYPE_CHECKING:
    from wuxing_nlp.service.app import create_app
    from wuxing_nlp.service.server import serve

__all__ = ["ServiceSettings", "create_app", "serve"]

_LATE = {"create_app": "app", "serve": "server"}
"""What is loaded when it is asked for, since it needs the libraries of the extra."""

__getattr__ = late(__name__, _LATE, "service", ServiceError)
