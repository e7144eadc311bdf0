"""The site as a process: what belongs to it ends with it, however it ends."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from postgres_server import free_port


def answers(port):
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/account/login/", timeout=5).close()
    except OSError:
        return False
    return True


def wait(until, patience=90.0):
    end = time.monotonic() + patience
    while not until() and time.monotonic() < end:
        time.sleep(0.2)
    return until()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends processes with their parent")
def test_a_killed_site_leaves_no_server_behind(tmp_path):
    port = free_port()
    command = [sys.executable, "-m", "quotum.cli", "serve", "--data", str(tmp_path / "data"), "--port", str(port)]
    site = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "DATABASE_URL": ""})
    try:
        assert "/welcome/" in site.stdout.readline()
        assert wait(lambda: answers(port))
    finally:
        site.send_signal(signal.SIGKILL)
        site.wait()
        site.stdout.close()
    assert wait(lambda: not answers(port), 20.0)
