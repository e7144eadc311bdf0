"""The web as benchmarks meet it: ``quotum serve`` with a larger demonstration, a session, the processes' seconds."""

from __future__ import annotations

import contextlib
import http.cookiejar
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from quotum.web.site.serving import DEMO_DAY

PASSWORD = "demo-quotum"
_PATIENCE_SECONDS = 1_800.0
_TICKS = os.sysconf("SC_CLK_TCK")


def make_data(folder: Path, size: str, url: str = "", days: bool = True) -> None:
    """Fill a new data folder, or the database at ``url`` and the folder, with a demonstration of a size."""
    if (folder / "filled").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    code = ("from quotum.web.site.serving import open_database; open_database(); "
            "from quotum.web.services import demo; "
            + ("" if days else "demo.fill_days = lambda *_: None; ") + f"demo.load_demo({size!r})")  # fmt: skip
    subprocess.run([sys.executable, "-c", code], env=environment_of(folder, url), check=True)
    (folder / "filled").touch()


def environment_of(folder: Path, url: str = "", **more: str) -> dict[str, str]:
    """Return the environment of a site: its data folder, its database, the day on which it stands."""
    root = Path(__file__).parents[1]
    paths = os.pathsep.join([str(root), str(root / "src")])
    return {**os.environ, "QUOTUM_DATA_DIR": str(folder), "DATABASE_URL": url, "QUOTUM_TODAY": DEMO_DAY,
            "DJANGO_SETTINGS_MODULE": "quotum.web.site.settings", "PYTHONPATH": paths, **more}  # fmt: skip


@contextlib.contextmanager
def serving(folder: Path, port: int, *words: str, url: str = "", **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run ``quotum serve`` as long as the block; yield its process once it answers."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "quotum.cli", "serve", "--data", str(folder), "--port", str(port), *words]
    with (folder / "serve.log").open("ab") as log:
        site = subprocess.Popen(command, stdout=log, stderr=log, env=environment_of(folder, url, **more))
    try:
        wait_until_it_answers(port, site)
        yield site
    finally:
        site.terminate()
        site.wait(timeout=30)


def wait_until_it_answers(port: int, site: subprocess.Popen[bytes] | None = None) -> None:
    """Return when the site answers; raise TimeoutError where it does not."""
    end = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < end and (site is None or site.poll() is None):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/account/login/", timeout=10).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError("The site does not answer.")


class Visitor:
    """Somebody signed in: pages by GET, forms by POST, the cookies as a header."""

    def __init__(self, port: int, username: str) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        self.get("/account/login/")
        self.post("/account/login/", {"login": username, "password": PASSWORD})

    def get(self, path: str) -> str:
        """Return a page; raises HTTPError for 4xx and 5xx."""
        with self.opener.open(self.base + path, timeout=600) as answer:
            return str(answer.read().decode())

    def post(self, path: str, form: dict[str, str] | None = None, data: bytes | None = None, **headers: str) -> str:
        """Send a form, or bytes, and return what comes back."""
        headers["X-CSRFToken"] = next((cookie.value or "" for cookie in self.jar if cookie.name == "csrftoken"), "")
        body = urllib.parse.urlencode(form or {}).encode() if data is None else data
        request = urllib.request.Request(self.base + path, data=body, headers=headers)
        with self.opener.open(request, timeout=600) as answer:
            return str(answer.read().decode())

    @property
    def cookies(self) -> str:
        """The cookies as a header's value."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.jar)

    def find(self, path: str, pattern: str) -> str:
        """Return what a pattern's group finds on a page; raise LookupError where it finds nothing."""
        found = re.search(pattern, self.get(path))
        if found is None:
            raise LookupError(pattern)
        return found.group(1)


def cpu_seconds(pids: list[int]) -> float:
    """Return the seconds of processor that processes have taken (Linux)."""
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += int(words[11]) + int(words[12])
    return total / _TICKS


def children_of(pid: int) -> list[int]:
    """Return all processes below one (Linux)."""
    found: list[int] = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(path.read_text().rpartition(")")[2].split()[1]) == pid:
                found += [int(path.parent.name), *children_of(int(path.parent.name))]
    return found


def memory_bytes(pid: int) -> int:
    """Return the memory a process holds now (Linux); 0 where it is gone."""
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


@contextlib.contextmanager
def database(kind: str) -> Iterator[str]:
    """Yield DATABASE_URL of a kind of database: empty for SQLite, a server of one's own for PostgreSQL."""
    if kind == "sqlite":
        yield ""
        return
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "web"))
    from postgres_server import find_programs, running_postgres

    programs = find_programs()
    if programs is None:
        raise SystemExit("PostgreSQL is missing (Debian: apt install postgresql).")
    with running_postgres(programs) as url:
        yield url
