"""``wuxing serve``: the HTTP API and its page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from wuxing_nlp.cli.options import names_of
from wuxing_nlp.service import ServiceSettings
from wuxing_nlp.service.settings import settings

_D = ServiceSettings


def _told(name: str) -> dict[str, Any]:
    """What a setting means, as typer takes it."""
    setting = settings()[name]
    return {"help": setting.help, "rich_help_panel": setting.panel}


def serve(
    host: Annotated[str, typer.Option(**_told("host"))] = _D.host,
    port: Annotated[int, typer.Option(**_told("port"))] = _D.port,
    workers: Annotated[int, typer.Option(**_told("workers"))] = _D.workers,
    data: Annotated[Path | None, typer.Option(**_told("data"))] = _D.data,
    model: Annotated[Path | None, typer.Option(**_told("model"))] = _D.model,
    no_auth: Annotated[bool, typer.Option("--no-auth", **_told("no_auth"))] = _D.no_auth,
    cors: Annotated[str, typer.Option(**_told("cors"))] = "",
    body_bytes: Annotated[int, typer.Option(**_told("body_bytes"))] = _D.body_bytes,
    upload_bytes: Annotated[int, typer.Option(**_told("upload_bytes"))] = _D.upload_bytes,
    job_bytes: Annotated[int, typer.Option(**_told("job_bytes"))] = _D.job_bytes,
    characters: Annotated[int, typer.Option(**_told("characters"))] = _D.characters,
    call_characters: Annotated[int, typer.Option(**_told("call_characters"))] = _D.call_characters,
    texts: Annotated[int, typer.Option(**_told("texts"))] = _D.texts,
    files: Annotated[int, typer.Option(**_told("files"))] = _D.files,
    seconds: Annotated[float, typer.Option(**_told("seconds"))] = _D.seconds,
    read_seconds: Annotated[float, typer.Option(**_told("read_seconds"))] = _D.read_seconds,
    header_seconds: Annotated[float, typer.Option(**_told("header_seconds"))] = _D.header_seconds,
    header_bytes: Annotated[int, typer.Option(**_told("header_bytes"))] = _D.header_bytes,
    connections: Annotated[int, typer.Option(**_told("connections"))] = _D.connections,
    answer_bytes: Annotated[int, typer.Option(**_told("answer_bytes"))] = _D.answer_bytes,
    held_bytes: Annotated[int, typer.Option(**_told("held_bytes"))] = _D.held_bytes,
    write_seconds: Annotated[float, typer.Option(**_told("write_seconds"))] = _D.write_seconds,
    queue: Annotated[int, typer.Option(**_told("queue"))] = _D.queue,
    jobs: Annotated[int, typer.Option(**_told("jobs"))] = _D.jobs,
    keep_days: Annotated[float, typer.Option(**_told("keep_days"))] = _D.keep_days,
    stop_seconds: Annotated[float, typer.Option(**_told("stop_seconds"))] = _D.stop_seconds,
) -> None:
    """Serve the HTTP API and its page: texts and files in, codes out. WUXING_API_KEYS has the keys.

    在本机提供 HTTP 接口和网页；密钥由环境变量 WUXING_API_KEYS 给出。
    """
    given = {name: value for name, value in locals().items() if name != "cors"}
    from wuxing_nlp.service import serve as run

    run(ServiceSettings(**given, cors=tuple(names_of(cors))), _say)


def _say(address: str) -> None:
    typer.echo(f"serving at {address} (open it in a browser; Ctrl-C stops) 已启动，可在浏览器中打开")
