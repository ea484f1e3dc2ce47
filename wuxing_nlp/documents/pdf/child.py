"""The process that reads PDFs for another one: a request, with the PDF, comes on standard input, and what
became of it goes to standard output, until the input ends."""

from __future__ import annotations

import faulthandler
import json
import os
from io import FileIO
from queue import SimpleQueue
from threading import Thread
from typing import Any, NoReturn

from wuxing_nlp.documents.options import ReadOptions
from wuxing_nlp.documents.pdf.frames import READY, received, send, send_plain
from wuxing_nlp.errors import DocumentError, said
from wuxing_nlp.processes import bound_memory, outlive_signals

_FAILED = 2
"""Exit code where something fails that no answer can tell of, as where there is no memory for it."""


def main() -> None:
    """Answer requests for ever."""
    outlive_signals()
    answers = FileIO(os.dup(1), "w")
    os.dup2(2, 1)  # a library's own words must not get among the answers
    send_plain(answers, READY)
    try:
        from wuxing_nlp.documents.pdf import extraction  # noqa: F401  (it brings the library)
    except ImportError as error:
        send(answers, said(error).encode())
        return
    send(answers, b"")
    try:
        _serve(answers)
    except BaseException:
        os._exit(_FAILED)


def _serve(answers: FileIO) -> NoReturn:
    requests: SimpleQueue[tuple[bytes, bytes]] = SimpleQueue()
    Thread(target=_listen, args=(requests,), daemon=True).start()
    while True:
        about, data = requests.get()
        request = json.loads(about)
        bound_memory(request["memory"])
        # It ends the process where Python has no say, for its library does not return.
        faulthandler.dump_traceback_later(request["seconds"], exit=True)
        answer = _answer(request, data)
        faulthandler.cancel_dump_traceback_later()
        send(answers, json.dumps(answer).encode())


def _listen(requests: SimpleQueue[tuple[bytes, bytes]]) -> None:
    """Hand over the requests. Where they end, nobody waits for an answer any more."""
    stream = FileIO(0)
    try:
        while True:
            requests.put((received(stream), received(stream)))
    except (OSError, EOFError):
        os._exit(0)
    except BaseException:
        os._exit(_FAILED)


def _answer(request: dict[str, Any], data: bytes) -> dict[str, Any]:
    from wuxing_nlp.documents.pdf.extraction import extract

    told: list[str] = []
    name = request["name"]
    options = ReadOptions(max_characters=request["max_characters"], notify=told.append)
    try:
        return {"told": told, "text": extract(data, name, options)}
    except DocumentError as error:
        failure = error
    except MemoryError:
        seen = f"takes more memory to read than it may (at most {request['memory'] >> 20:,} MiB)"
        failure = DocumentError(name, seen, "split it, or print it to a PDF from a PDF reader")
    except Exception as error:
        failure = DocumentError.of_library(name, error)
    return {"told": told, "seen": failure.seen, "advice": failure.advice}
