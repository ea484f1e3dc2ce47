"""The keys that count now, and their change while the service runs."""

from __future__ import annotations

import os

from wuxing_nlp.errors import ServiceError
from wuxing_nlp.service.access.keys import VARIABLE, ApiKeys, read_keys
from wuxing_nlp.service.logs import LOG
from wuxing_nlp.service.settings import ServiceSettings


class KeyRing:
    """The keys of the environment. Raises ServiceError: they cannot be read, or there are none where
    the service can be reached from other machines."""

    def __init__(self, settings: ServiceSettings) -> None:
        self._keys = read_keys(os.environ.get(VARIABLE))
        if not (self._keys or settings.local or settings.no_auth):
            raise ServiceError(
                f"{settings.host} can be reached from other machines, and {VARIABLE} has no keys; set it to "
                "name=key (or @FILE with such lines), or say --no-auth if everybody may call"
            )

    def __call__(self) -> ApiKeys:
        """The keys that count now."""
        return self._keys

    @property
    def changes(self) -> bool:
        """Whether the keys are in a file, which may change while the service runs."""
        return os.environ.get(VARIABLE, "").startswith("@")

    def reload(self) -> None:
        """Read the keys again; where that fails, the old ones go on to count."""
        try:
            keys = read_keys(os.environ.get(VARIABLE))
        except ServiceError as error:
            LOG.error("the keys were not read again", extra={"reason": str(error)})
            return
        self._keys = keys
        LOG.info("the keys were read again", extra={"names": list(keys.digests)})
