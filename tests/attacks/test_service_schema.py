"""schemathesis against a running server: no fault, no answer that OpenAPI does not describe, and
nothing taken that it does not allow."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.serving import serving

HERE = Path(__file__).parent
KEY = "a-key-that-nobody-guesses"
EXAMPLES = 30
SEED = 7


def test_the_api_does_what_its_description_says(tmp_path: Path) -> None:
    with (
        serving(tmp_path / "data", "--workers", "1", keys=f"ann={KEY}") as server,
        server.client(headers={"Authorization": f"Bearer {KEY}"}) as client,
    ):
        while client.get("/readyz").status_code != 200:
            assert server.process.poll() is None
        done = subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml")),
                *("run", f"{server.url}/openapi.json", "--header", f"Authorization: Bearer {KEY}"),
                *("--seed", str(SEED), "--max-examples", str(EXAMPLES), "--generation-database", "none"),
                *("--phases", "examples,coverage,fuzzing,stateful", "--continue-on-failure", "--no-color"),
            ],
            cwd=tmp_path,
            env={**os.environ, "SCHEMATHESIS_HOOKS": str(HERE / "schemathesis_hooks.py")},
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        assert done.returncode == 0, done.stdout + done.stderr
        answered = client.get("/metrics").text
        described = client.get("/openapi.json").json()["paths"]
    # It has really been called, everywhere, with what is taken and with what is not.
    for path in ("/v1/tag", "/v1/documents", "/v1/jobs"):
        for status in ("422", "202" if path == "/v1/jobs" else "200"):
            assert f'wuxing_requests_total{{method="POST",path="{path}",status="{status}"}}' in answered
    assert all(f'path="{path}"' in answered for path in described)
    log = [json.loads(line) for line in server.log.read_text(encoding="utf-8").splitlines()]
    assert not [line for line in log if line["level"] == "ERROR"]
