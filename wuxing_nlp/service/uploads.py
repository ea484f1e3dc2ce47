"""Files of a multipart form to files on disk, for other processes to read."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from wuxing_nlp.documents.source import one_line
from wuxing_nlp.service.pool.tasks import Upload
from wuxing_nlp.service.problems import Problem

PART = "file"
"""The name of the form's parts that are files."""

FORM = {
    "multipart/form-data": {
        "schema": {
            "type": "object",
            "properties": {
                PART: {"type": "array", "minItems": 1, "items": {"type": "string", "format": "binary"}}
            },
            "required": [PART],
            "additionalProperties": False,
        }
    }
}
"""The form in OpenAPI's words."""

_LONGEST = 200
_FIELD = 1_000  # bytes of a field, which is not wanted at all


async def save_uploads(request: Request, folder: Path, most: int) -> tuple[Upload, ...]:
    """Write the files of a request's form into a folder, under numbers: no name of a caller's is one
    of a file here.

    Raises:
        Problem: it is no form, or has no file, or more than ``most``.
    """
    try:
        # Fields are let through: the parser's message about them is worse than ours.
        async with request.form(max_files=most, max_fields=most, max_part_size=_FIELD) as form:
            return tuple(await asyncio.to_thread(_save, _files(form), folder))
    except HTTPException as error:
        if "Too many files" not in error.detail:
            raise
        seen = f"more than {most:,} files, the limit of one upload"
        raise Problem("too-much", f"{seen}; put them into one .zip") from None
    except UnicodeError:
        raise Problem("not-a-form", "the form's head is not UTF-8; send names of files as UTF-8") from None


def _files(form: FormData) -> list[UploadFile]:
    parts = form.getlist(PART)
    files = [part for part in parts if isinstance(part, UploadFile) and shown_name(part.filename or "")]
    if not files or len(files) < len(form.multi_items()):
        raise Problem("invalid", f"the form needs parts {PART!r}, each a file with its name, and none else")
    return files


def _save(files: Sequence[UploadFile], folder: Path) -> list[Upload]:
    uploads = []
    for number, file in enumerate(files):
        path = folder / str(number)
        with path.open("xb") as stream:
            shutil.copyfileobj(file.file, stream)
        uploads.append(Upload(shown_name(file.filename or ""), path))
    return uploads


def shown_name(given: str) -> str:
    """The last part of a file's name as a caller gave it, on one line and not too long."""
    name = one_line(PurePosixPath(given.replace("\\", "/")).name)
    suffix = PurePosixPath(name).suffix[:20]
    return name if len(name) <= _LONGEST else name[: _LONGEST - len(suffix)] + suffix
