"""Structured logs: a JSON object a line on standard error. They never hold a document's text or a key."""

from __future__ import annotations

import logging
import sys
import traceback

from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

LOG = logging.getLogger("wuxing_nlp.service")


def configure() -> None:
    """Let the service, and the server that it runs in, log in one form; of other libraries' messages only
    errors are told, and not what they say."""
    handler = _handler()
    logging.captureWarnings(True)
    for name in (LOG.name, "uvicorn", "asyncio", "py.warnings"):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(logging.INFO)
        logger.propagate = False
    for name in ("uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers = []
    logging.getLogger("uvicorn.access").propagate = False  # requests are logged with their ids, by ours
    if not logging.root.handlers:
        strangers = _handler()
        strangers.addFilter(_unquoted)
        logging.root.addHandler(strangers)
        logging.root.setLevel(logging.ERROR)


def _handler() -> logging.Handler:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        JsonFormatter(
            "{levelname}{name}{message}",
            style="{",
            timestamp="time",
            json_ensure_ascii=False,
            reserved_attrs=[*RESERVED_ATTRS, "color_message"],
            rename_fields={"levelname": "level", "name": "logger", "message": "event"},
        )
    )
    return handler


def _unquoted(record: logging.LogRecord) -> bool:
    """Leave of a library's message where it came from: it may quote a text."""
    record.__dict__["where"] = [f"{record.pathname}:{record.lineno} {record.funcName}"]
    record.msg, record.args = "a library reports an error", None
    record.exc_info = record.exc_text = record.stack_info = None
    return True


def log_fault(event: str, error: BaseException, **facts: object) -> None:
    """Log an exception that nobody foresaw: what it was and where, not what it said, for that may
    quote a text."""
    where = [
        f"{each.filename}:{each.lineno} {each.name}" for each in traceback.extract_tb(error.__traceback__)
    ]
    LOG.error(event, extra={"error": type(error).__name__, "where": where, **facts})
