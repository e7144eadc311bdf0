"""Kills the web's server and worker again and again: ``python -m benchmarks.web_killing [--times 50]``.

A site with the demonstration is asked without pause for plans (by a program, with idempotency keys) and for entries of
an agenda (by a form of a rep, with keys); what is not answered is asked again with the same key. At random moments
the server, one of its processes or the worker is killed (SIGKILL), as soon as it works again after the time before;
``quotum serve`` starts it again. At the end every accepted write is there once, every job is over, every version's
folder has its digest, no half plan lies about that a version names, and the record of changes is sealed.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks._web_ground import Visitor, children_of, database, environment_of, serving, wait_until_it_answers

TARGETS = ("server", "process", "worker", "worker")


def main() -> None:
    """Ask, kill, look."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int, default=8829)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    given = parser.parse_args()
    rng = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as folder, database(given.database) as url:
        data = Path(folder) / "data"
        with serving(data, given.port, "--demo", url=url) as site:
            token = _make_token(data, url)
            plans, entries = AskingPlans(given.port, token), AskingEntries(given.port)
            killed: Counter[str] = Counter()
            for thread in (plans, entries):
                thread.start()
            while killed.total() < given.times:
                wait_until_it_answers(given.port, site)
                time.sleep(rng.uniform(0.0, 4.0))
                which = rng.choice(TARGETS)
                killed[which] += _kill(site.pid, which, rng)
            for thread in (plans, entries):
                thread.over.set()
                thread.join()
            wait_until_it_answers(given.port, site)
            print(f"{given.database}: killed {dict(killed)}; accepted {len(plans.accepted)} plans and "
                  f"{len(entries.accepted)} entries; {plans.silent + entries.silent} requests without an answer, "
                  f"other answers: {dict(plans.others + entries.others)}")  # fmt: skip
            _look(data, url, plans.accepted, entries.accepted)


class Asking(threading.Thread):
    """Writes one after the other, each with a key of its own; what is not answered is asked again."""

    pause = 0.1

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.port, self.over = port, threading.Event()
        self.accepted: dict[str, str] = {}
        self.silent, self.others = 0, Counter[str]()

    def run(self) -> None:
        """Ask until it is over."""
        number = 0
        while not self.over.is_set():
            key = f"{type(self).__name__}-{number}"
            try:
                self.accepted[key] = self.ask(key)
                number += 1
                self.over.wait(self.pause)
            except urllib.error.HTTPError as answer:
                self.others[f"{answer.code}"] += 1
                self.over.wait(0.1)
            except (OSError, ValueError, http_trouble()):
                self.silent += 1
                self.over.wait(0.1)

    def ask(self, key: str) -> str:
        """Make one write and return what names it."""
        raise NotImplementedError


def http_trouble() -> type[Exception]:
    """Return what Python raises where an answer breaks off."""
    from http.client import HTTPException

    return HTTPException


class AskingPlans(Asking):
    """A director's program that wants plans."""

    pause = 2.0

    def __init__(self, port: int, token: str) -> None:
        super().__init__(port)
        self.token = token

    def ask(self, key: str) -> str:
        """Ask for a plan and return its job."""
        body = json.dumps({"setup": "demo", "reason": key}).encode()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", "Idempotency-Key": key}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/api/plans", data=body, headers=headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return str(json.load(answer)["id"])


class Staying(urllib.request.HTTPRedirectHandler):
    """Follows no redirect."""

    def redirect_request(self, *words: Any) -> None:  # type: ignore[override]
        """Say that there is none to follow."""


class AskingEntries(Asking):
    """A rep who adds jobs to the agenda."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.rep = Visitor(port, "rep")
        self.rep.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.rep.jar), Staying)

    def ask(self, key: str) -> str:
        """Send the form and return where the entry stands; a refused form is told as another answer."""
        form = {"key": key, "kind": "job", "detail": key, "day": "2026-12-30", "minutes": "30", "back": "/keys/"}
        try:
            self.rep.post("/agenda/add/", form)
        except urllib.error.HTTPError as answer:  # not followed, so that its address can be seen
            place = answer.headers.get("Location", "")
            if answer.code == 303 and "#item-" in place:
                return str(place)
            raise
        raise ValueError("no answer to a form")


def _kill(site: int, which: str, rng: random.Random) -> int:
    """Kill the server with all its processes, one of them, or the worker; return 1 where there was any."""
    mark = "quotum.web.site.worker" if which == "worker" else "granian"
    found = []
    for pid in children_of(site):
        with contextlib.suppress(OSError):
            command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
            if mark in command or (which != "worker" and "multiprocessing" in command):
                found.append(pid)
    if which == "process" and found:
        found = [rng.choice(found)]
    for pid in found:
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)
    return int(bool(found))


def _shell(data: Path, url: str, code: str) -> str:
    """Run a piece of code inside of the site's Django."""
    command = [sys.executable, "-c", "import django; django.setup()\n" + code]
    return subprocess.run(command, env=environment_of(data, url), check=True, capture_output=True,
                          text=True).stdout.strip()  # fmt: skip


def _make_token(data: Path, url: str) -> str:
    return _shell(data, url, """
from quotum.web.records.models import User
from quotum.web.services.tokens import make_token
print(make_token(User.objects.get(username="director"), "killing", ["set_target", "see_numbers"]))
""")


def _look(data: Path, url: str, plans: dict[str, str], entries: dict[str, str], patience: float = 1200.0) -> None:
    """Wait until every job is over and print what is wrong; nothing should be."""
    end = time.monotonic() + patience
    code = """
import json
from quotum.web.records.models import AgendaItem, Job, PlanVersion
from quotum.web.bridge.stored import stored
from quotum.web.site.backup import digest_of_file
from quotum.web.services.recording import find_broken_seals
jobs = {str(job.pk): (job.arguments["reason"], job.state, job.attempts) for job in Job.objects.filter(kind="plan")}
plans = list(PlanVersion.objects.all())
named = {plan.address for plan in plans}
print(json.dumps({
    "jobs": jobs, "count": Job.objects.filter(kind="plan").count(), "seals": list(find_broken_seals()),
    "damaged": [plan.address for plan in plans if digest_of_file(stored(plan.address) / "plan.json") != plan.digest],
    "unnamed": len([path for path in stored("plans").iterdir() if f"plans/{path.name}" not in named]),
    "made": [plan.reason for plan in plans],
    "entries": list(AgendaItem.objects.filter(detail__startswith="Asking").values_list("detail", flat=True))}))
"""
    while True:
        seen: dict[str, Any] = json.loads(_shell(data, url, code))
        waiting = [key for key, (_, state, _) in seen["jobs"].items() if state in {"waiting", "running"}]
        if not waiting or time.monotonic() > end:
            break
        time.sleep(2.0)
    ended = Counter(state for _, state, _ in seen["jobs"].values())
    again = sum(attempts > 1 for _, _, attempts in seen["jobs"].values())
    # While a plan of a target is being made, whoever asks for another is answered with the work that is alive.
    lost = [key for key, job in plans.items() if job not in seen["jobs"]]
    lost += [key for key, state, _ in seen["jobs"].values() if state == "done" and key not in seen["made"]]
    lost += [key for key in entries if key not in seen["entries"]]
    twice = [key for made in (seen["made"], seen["entries"]) for key, times in Counter(made).items() if times > 1]
    print(f"jobs {seen['count']}, {dict(ended)}, taken up again {again}")
    print(f"accepted but lost {len(lost)}, made twice {len(twice)}, damaged plans {len(seen['damaged'])}, "
          f"broken seals {len(seen['seals'])}, folders that no version names {seen['unnamed']}")  # fmt: skip
    if lost or twice or seen["damaged"] or seen["seals"] or waiting:
        raise SystemExit(f"lost {lost[:9]}, twice {twice[:9]}, still open {waiting[:9]}")


if __name__ == "__main__":
    main()
