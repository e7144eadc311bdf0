"""Starts the web: database and files made ready, then the server and a worker, each started again if it dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import quotum

DEMO_DAY = "2026-11-16"
"""The Monday on which a demonstration stands still, in the year that its plan covers."""
SERVED = "QUOTUM_SERVED"
"""Set in the environment of everything that ``quotum serve`` starts."""
_RESTART_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Serving:
    """What ``quotum serve`` was asked for."""

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    demo: bool = False


class NotADemo(Exception):  # noqa: N818 - people read it
    """Raised where a demonstration is asked for in a folder that holds a real company."""


def open_database() -> None:
    """Start Django and bring the database up to date."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quotum.web.site.settings")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def prepare(*, demo: bool = False) -> list[str]:
    """Make database and static files ready, and return what the operator must know."""
    open_database()
    from django.conf import settings

    _lay_out_static_files(Path(settings.STATIC_ROOT))
    from quotum.web.services.accounts import add_account, make_welcome_link
    from quotum.web.services.jobs import take_up_lost_jobs

    take_up_lost_jobs()
    from quotum.web.records.models import User

    if demo:
        from quotum.web.services import demo as demonstration

        if demonstration.is_empty():
            demonstration.load_demo()
        elif not demonstration.holds_demo():
            raise NotADemo("This folder holds a company of its own, not the demonstration.")
        names = ", ".join(f"{name} ({role})" for name, role in demonstration.list_accounts())
        return [f"Accounts, password {demonstration.PASSWORD}: {names}"]
    if not User.objects.filter(posts__role="administrator").exclude(password__startswith="!").exists():
        admin = User.objects.filter(posts__role="administrator").first() or add_account(None, "admin", "administrator")
        return [f"First administrator, user name {admin.username}: /welcome/{make_welcome_link(None, admin)}/"]
    return []


def serve(asked: Serving) -> int:
    """Run server and worker until a signal ends both; return the exit code."""
    try:
        lines = prepare(demo=asked.demo)
    except NotADemo as refusal:
        print(f"{refusal} Remedy: serve it without --demo, or name another folder with --data.", file=sys.stderr)
        return 2
    from django.conf import settings

    everywhere = asked.host in {"0.0.0.0", "::"}
    base = f"http://{settings.ALLOWED_HOSTS[-1] if everywhere else asked.host}:{asked.port}"
    for line in lines:
        print(line.replace(": /welcome", f": {base}/welcome"), flush=True)
    print(f"Answers to {', '.join(settings.ALLOWED_HOSTS)}; days begin by {settings.TIME_ZONE}.", flush=True)
    print(f"quotum {quotum.__version__} on {base}", flush=True)
    return _keep_running(
        {
            "web": [
                sys.executable, "-m", "granian", "--interface", "wsgi", "--host", asked.host, "--port", str(asked.port),
                "--workers", str(asked.workers), "--blocking-threads", "4", "--no-ws", "--log-level", "warning",
                "quotum.web.site.wsgi:application",
            ],
            "worker": [sys.executable, "-m", "quotum.web.site.worker"],
        }
    )  # fmt: skip


def _keep_running(commands: dict[str, list[str]]) -> int:
    """Run the commands, each again a second after it died, until a signal ends them all."""
    stopping = False

    def stop(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001
        nonlocal stopping
        stopping = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    running = {name: _start(command) for name, command in commands.items()}
    while not stopping:
        time.sleep(0.2)
        for name, process in running.items():
            if process.poll() is not None and not stopping:
                print(f"The {name} ended with code {process.returncode}; it is started again.", file=sys.stderr)
                time.sleep(_RESTART_SECONDS)
                running[name] = _start(commands[name])
    for process in running.values():
        process.terminate()
    for process in running.values():
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
    return 0


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    """Start a process of the site: a signal from the terminal is for this one alone, and none outlives it."""
    return subprocess.Popen(command, start_new_session=True, env={**os.environ, SERVED: "1"},
                            preexec_fn=end_with_parent)  # fmt: skip # noqa: PLW1509 - no threads


def end_with_parent() -> None:
    """Ask Linux to end this process when its parent is gone, killed too; elsewhere it would go on by itself."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def _lay_out_static_files(folder: Path) -> None:
    """Collect static files where another version, or none, was laid out before."""
    from django.conf import settings
    from django.core.management import call_command

    newest = max((path.stat().st_mtime_ns for path in Path(settings.STATICFILES_DIRS[0]).rglob("*")), default=0)
    stamp, mark = folder / ".laid-out", f"{quotum.__version__} {newest}"
    if not stamp.exists() or stamp.read_text(encoding="ascii") != mark:
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(mark, encoding="ascii")
