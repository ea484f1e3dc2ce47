"""The description of the API, with what FastAPI does not know by itself."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from wuxing_nlp.service.asgi.guarded import is_open
from wuxing_nlp.service.problems import ProblemBody
from wuxing_nlp.service.wire.requests import RowsRequest, TagRequest

_ID = {
    "description": "The request's id, as it stands in the log; yours, where you sent one.",
    "required": True,
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"},
}
_KEY = {"type": "http", "scheme": "bearer", "description": "One of the keys of WUXING_API_KEYS."}


def openapi(app: FastAPI, *, keyed: bool) -> dict[str, Any]:
    """What an application takes and answers, as OpenAPI; it is made once.

    Args:
        app: the application, with its routes.
        keyed: whether calls need a key.
    """
    if not app.openapi_schema:
        app.openapi_schema = _described(app, keyed)
    return app.openapi_schema


def _described(app: FastAPI, keyed: bool) -> dict[str, Any]:
    described = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        license_info=app.license_info,
        routes=app.routes,
    )
    components = described["components"]
    for model in (TagRequest, RowsRequest, ProblemBody):
        components["schemas"][model.__name__] = _schema(model, components["schemas"])
    for name in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(name, None)
    if keyed:
        components["securitySchemes"] = {"key": _KEY}
    for path, operations in described["paths"].items():
        for operation in operations.values():
            if keyed and not is_open(path):
                operation["security"] = [{"key": []}]
            _drop_foreign(operation["responses"])
            for response in operation["responses"].values():
                response.setdefault("headers", {})["X-Request-ID"] = _ID
    return described


def _drop_foreign(responses: dict[str, Any]) -> None:
    """Drop what FastAPI says of invalid parameters where a path has none that can be invalid."""
    if "application/json" in responses.get("422", {}).get("content", {}):
        del responses["422"]


def _schema(model: type[BaseModel], schemas: dict[str, Any]) -> dict[str, Any]:
    """The schema of a body that FastAPI does not read itself."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(schema.pop("$defs", {}))
    return schema
