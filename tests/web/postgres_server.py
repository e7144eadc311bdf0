"""A PostgreSQL server of one's own for tests: made in a temporary folder, gone afterwards.

    python tests/web/postgres_server.py COMMAND …

runs COMMAND with DATABASE_URL set to such a server and returns its exit code. Where PostgreSQL's programs are missing
it says which tests were left out and returns 0.
"""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60")
PATIENCE_SECONDS = 60.0


def find_programs() -> Path | None:
    """Return the folder of ``initdb`` and ``postgres``, the newest of Debian's or that on the path; None if missing."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    on_path = shutil.which("initdb")
    folders = [*debian[::-1], *([Path(on_path).parent] if on_path else [])]
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def ordinary_user() -> dict[str, object]:
    """Return how to start a program as somebody who is not root, for PostgreSQL refuses root."""
    if os.getuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = known.get("postgres") or known["nobody"]
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


@contextlib.contextmanager
def running_postgres(programs: Path) -> Iterator[str]:
    """Yield the address of a new, empty server that lives as long as the block."""
    folder = Path(tempfile.mkdtemp(prefix="quotum-postgres-"))
    who = ordinary_user()
    if who:
        os.chown(folder, who["user"], who["group"])
    port = free_port()
    plain = {"cwd": folder, "env": {"PATH": os.environ["PATH"], "LC_ALL": "C", "TZ": "UTC"}, **who}
    command = [programs / "initdb", "-D", folder / "data", "-U", "quotum", "-A", "trust", "-E", "UTF8", "--no-sync"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **plain)
    settings = [word for setting in FAST for word in ("-c", setting)]
    command = [programs / "postgres", "-D", folder / "data", "-h", "127.0.0.1", "-p", str(port), "-k", "", *settings]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, **plain)
    try:
        wait_until_ready(programs, port, server, folder / "log")
        yield f"postgresql://quotum@127.0.0.1:{port}/postgres"
    finally:
        server.terminate()  # no new connections; those that are left end when their programs do
        try:
            server.wait(timeout=5)
        except subprocess.TimeoutExpired:
            server.send_signal(2)  # ends connections too
            server.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)


def wait_until_ready(programs: Path, port: int, server: "subprocess.Popen[bytes]", log: Path) -> None:
    """Return when the server answers; raises RuntimeError with its log if it does not."""
    command = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
    until = time.monotonic() + PATIENCE_SECONDS
    while server.poll() is None and time.monotonic() < until:
        if subprocess.run(command, check=False).returncode == 0:
            return
        time.sleep(0.1)
    raise RuntimeError(f"PostgreSQL did not start: {log.read_text(errors='replace')[-2000:]}")


def main(command: list[str]) -> int:
    """Run the command with a server at hand."""
    programs = find_programs()
    if programs is None:
        print(f"PostgreSQL is missing (Debian: apt install postgresql), left out: {' '.join(command)}", file=sys.stderr)
        return 0
    with running_postgres(programs) as url:
        return subprocess.run(command, check=False, env={**os.environ, "DATABASE_URL": url}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
