"""API keys: who may call the service."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from wuxing_nlp.errors import ServiceError

VARIABLE = "WUXING_API_KEYS"
"""The environment variable with the keys, or with ``@`` and the path of a file that holds them."""

SHORTEST = 16
"""Characters of the shortest key: shorter ones are guessed."""

_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")
_KEY = re.compile(r"[\x21-\x7e]+")
_MARK = "sha256:"
_HASH = re.compile(r"[0-9a-fA-F]{64}")


@dataclass(frozen=True, slots=True)
class ApiKeys:
    """Keys by their owner's name, of which only hashes are kept. No keys: everybody may call."""

    digests: Mapping[str, bytes]

    def __bool__(self) -> bool:
        return bool(self.digests)

    def owner(self, key: str) -> str | None:
        """Whose key it is; None where it is nobody's. It takes as long for any key."""
        digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
        found = None
        for name, known in self.digests.items():
            if hmac.compare_digest(digest, known):
                found = name
        return found


def read_keys(value: str | None) -> ApiKeys:
    """The keys of the environment variable: ``name=key`` entries with commas or line ends between
    them, or ``@`` and the path of a file with such lines, where ``#`` begins a comment. A key may
    stand as ``sha256:`` and its hash.

    Raises:
        ServiceError: the file cannot be read, or has no key, or an entry is no name and key; the message
            repeats no key.
    """
    text = (value or "").strip()
    if not text:
        return ApiKeys({})
    if text.startswith("@"):
        text = _read(Path(text[1:]))
    if not (entries := _entries(text)):
        raise ServiceError(f"{VARIABLE} holds no key; write name=key, or leave it empty")
    digests: dict[str, bytes] = {}
    for number, entry in enumerate(entries, start=1):
        name, digest = _key(entry, number)
        if name in digests or digest in digests.values():
            raise ServiceError(f"{VARIABLE}: the name or the key of entry {number} stands there twice")
        digests[name] = digest
    return ApiKeys(digests)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise ServiceError(f"{VARIABLE}: the file {path} cannot be read ({error})") from None


def _entries(text: str) -> list[str]:
    lines = (line.partition("#")[0] for line in text.splitlines())
    return [entry.strip() for line in lines for entry in line.split(",") if entry.strip()]


def _key(entry: str, number: int) -> tuple[str, bytes]:
    name, _, key = (part.strip() for part in entry.partition("="))
    if not _NAME.fullmatch(name) or not _KEY.fullmatch(key):
        raise ServiceError(
            f"{VARIABLE}: entry {number} is not name=key; a name has letters, digits, dots, dashes, a key "
            "printable ASCII characters without space, comma or #"
        )
    if key.startswith(_MARK):
        if not _HASH.fullmatch(hashed := key.removeprefix(_MARK)):
            raise ServiceError(f"{VARIABLE}: the hash of {name} is not {_MARK} and 64 hexadecimal digits")
        return name, bytes.fromhex(hashed)
    if len(key) < SHORTEST:
        raise ServiceError(
            f"{VARIABLE}: the key of {name} has {len(key)} characters, at least {SHORTEST} are needed; make "
            'one with: python -c "import secrets; print(secrets.token_urlsafe())"'
        )
    return name, hashlib.sha256(key.encode()).digest()
