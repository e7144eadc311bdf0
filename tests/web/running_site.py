"""The site as people meet it: ``quotum serve`` in a process of its own, with a folder of its own."""

import contextlib
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from postgres_server import free_port

PATIENCE_SECONDS = 400.0


@contextlib.contextmanager
def running_site(folder: Path, *words: str, **environment: str) -> Iterator[str]:
    """Yield the address of ``quotum serve --data folder words…`` once it answers; it ends with the block.

    Server and worker write to serve.log in the folder.
    """
    port = free_port()
    command = [sys.executable, "-m", "quotum.cli", "serve", "--data", str(folder), "--port", str(port), *words]
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "serve.log"
    with log.open("wb") as stream:
        serving = subprocess.Popen(
            command, stdout=stream, stderr=subprocess.STDOUT, env={**os.environ, **environment}, start_new_session=True
        )
    try:
        base = f"http://127.0.0.1:{port}"
        _wait_for(base, serving, log)
        yield base
    finally:
        serving.terminate()
        try:
            serving.wait(timeout=20)
        except subprocess.TimeoutExpired:
            serving.kill()
            serving.wait()


def _wait_for(base: str, serving: "subprocess.Popen[bytes]", log: Path) -> None:
    """Return when the address answers; raises RuntimeError with the log if it does not."""
    until = time.monotonic() + PATIENCE_SECONDS
    while serving.poll() is None and time.monotonic() < until:
        try:
            urllib.request.urlopen(base, timeout=5).close()
        except urllib.error.HTTPError:
            return  # an answer all the same
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"{base} does not answer: {log.read_text(errors='replace')[-3000:]}")
