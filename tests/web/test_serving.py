"""The site as a process: what belongs to it ends with it, however it ends."""

import os
import signal
import socket
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


def listens(port):
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


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
    assert wait(lambda: not answers(port), 60.0)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends processes with their parent")
def test_a_killed_server_leaves_none_of_its_processes_behind(tmp_path):
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--log-level", "critical",
               "quotum.web.site.wsgi:application"]  # fmt: skip
    data = {"QUOTUM_DATA_DIR": str(tmp_path), "DATABASE_URL": "", "QUOTUM_SERVED": "1"}
    server = subprocess.Popen(command, env={**os.environ, **data}, stderr=subprocess.DEVNULL,
                              start_new_session=True)  # fmt: skip
    try:
        assert wait(lambda: listens(port))
    finally:
        server.kill()
        server.wait()
    assert wait(lambda: not listens(port), 60.0)
