"""The Python client of a service, sync and async. Needs the extra ``client``, and nothing of ``service``.

>>> from wuxing_nlp.service.client import Client
>>> with Client("http://127.0.0.1:8765") as client:  # doctest: +SKIP
...     client.tag("坚决整治推诿扯皮。").documents[0].units[0].codes
['P-']
"""

from __future__ import annotations

from wuxing_nlp.errors import ServiceError

try:
    from wuxing_nlp.service.client.async_client import AsyncClient
    from wuxing_nlp.service.client.errors import JobFailedError, ServiceProblem
    from wuxing_nlp.service.client.sync_client import Client
    from wuxing_nlp.service.wire.about import CodebookAnswer, LimitsAnswer, ModelAnswer
    from wuxing_nlp.service.wire.documents import Document, DocumentsAnswer, TagAnswer
    from wuxing_nlp.service.wire.jobs import Job
except ModuleNotFoundError as error:
    if (error.name or "").partition(".")[0] not in ("httpx", "pydantic"):
        raise
    raise ServiceError(
        f"the client needs the library {error.name}; pip install 'wuxing_nlp[client]'"
    ) from None

__all__ = [
    "AsyncClient",
    "Client",
    "CodebookAnswer",
    "Document",
    "DocumentsAnswer",
    "Job",
    "JobFailedError",
    "LimitsAnswer",
    "ModelAnswer",
    "ServiceProblem",
    "TagAnswer",
]
