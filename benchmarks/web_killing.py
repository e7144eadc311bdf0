"""Kills the web's server and worker again and again: ``python -m benchmarks.web_killing [--times 50]``.

A site with the demonstration is asked for plans without pause. At random moments the server or the worker is killed
(SIGKILL); ``quotum serve`` starts both again. At the end every accepted write is there once, every job is over,
every version's folder has its digest, and the record of changes is sealed.
"""

from __future__ import annotations

import argparse
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
from pathlib import Path

PORT = 8977


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    rng = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        site = subprocess.Popen([sys.executable, "-m", "quotum.cli", "serve", "--demo", "--data", str(data), "--port",
                                 str(PORT)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        try:
            _wait_until_it_answers()
            token = _make_token(data)
            asking = Asking(token)
            asking.start()
            killed = {"web": 0, "worker": 0}
            for _ in range(given.times):
                time.sleep(rng.uniform(0.2, 3.0))
                which = rng.choice(("web", "worker"))
                killed[which] += _kill(data, which)
            asking.over.set()
            asking.join()
            _wait_until_it_answers()
            print(f"{killed['web']} kills of the server, {killed['worker']} of the worker; "
                  f"{len(asking.accepted)} writes accepted, {asking.refused} not answered")  # fmt: skip
            _look(data, asking.accepted)
        finally:
            site.send_signal(signal.SIGTERM)
            site.wait(timeout=30)


class Asking(threading.Thread):
    """Asks for plans, one after the other, each with a key of its own; what is not answered is asked again."""

    def __init__(self, token: str) -> None:
        super().__init__(daemon=True)
        self.token, self.over = token, threading.Event()
        self.accepted: dict[str, str] = {}
        self.refused = 0

    def run(self) -> None:
        number = 0
        while not self.over.is_set():
            key = f"write-{number}"
            try:
                self.accepted[key] = self._ask(key)["id"]
                number += 1
                time.sleep(1.0)
            except (OSError, urllib.error.URLError, ValueError):
                self.refused += 1
                time.sleep(0.1)

    def _ask(self, key: str) -> dict[str, str]:
        body = json.dumps({"setup": "demo", "reason": key}).encode()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", "Idempotency-Key": key}
        request = urllib.request.Request(f"http://127.0.0.1:{PORT}/api/plans", data=body, headers=headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)


def _wait_until_it_answers(patience: float = 600.0) -> None:
    end = time.monotonic() + patience
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/account/login/", timeout=5).close()
        except OSError:
            time.sleep(0.3)
        else:
            return
    raise TimeoutError("The site does not answer.")


def _kill(data: Path, which: str) -> int:
    """Kill the processes of the server or the worker that belong to this site; return 1 where there were any."""
    mark = "granian" if which == "web" else "quotum.web.site.worker"
    found = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().decode(errors="replace")
            environment = (process / "environ").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if f"QUOTUM_DATA_DIR={data}" in environment and mark in command:
            try:
                os.kill(int(process.name), signal.SIGKILL)
                found = 1
            except OSError:
                continue
    return found


def _shell(data: Path, code: str) -> str:
    """Run a piece of code inside of the site's Django."""
    environment = {**os.environ, "QUOTUM_DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "quotum.web.site.settings"}
    opening = "import django; django.setup()\n"
    return subprocess.run([sys.executable, "-c", opening + code], env=environment, check=True, capture_output=True,
                          text=True).stdout.strip()  # fmt: skip


def _make_token(data: Path) -> str:
    return _shell(data, """
from quotum.web.records.models import User
from quotum.web.services.tokens import make_token
print(make_token(User.objects.get(username="director"), "killing", ["set_target", "see_numbers"]))
""")


def _look(data: Path, accepted: dict[str, str], patience: float = 1200.0) -> None:
    """Wait until every job is over and print what is wrong; nothing should be."""
    end = time.monotonic() + patience
    code = """
import json
from quotum.web.records.models import Job, PlanVersion
from quotum.web.bridge.stored import stored
from quotum.web.site.backup import digest_of_file
from quotum.web.services.recording import find_broken_seals
jobs = {job.arguments["reason"]: (str(job.pk), job.state) for job in Job.objects.filter(kind="plan")}
plans = list(PlanVersion.objects.all())
reasons = [plan.reason for plan in plans]
print(json.dumps({
    "jobs": jobs, "count": Job.objects.filter(kind="plan").count(), "seals": list(find_broken_seals()),
    "twice": sorted({reason for reason in reasons if reasons.count(reason) > 1}),
    "damaged": [plan.address for plan in plans if digest_of_file(stored(plan.address) / "plan.json") != plan.digest],
    "made": reasons}))
"""
    while True:
        seen = json.loads(_shell(data, code))
        waiting = [key for key, (_, state) in seen["jobs"].items() if state in {"waiting", "running"}]
        if not waiting or time.monotonic() > end:
            break
        time.sleep(2.0)
    lost = [key for key, job in accepted.items() if seen["jobs"].get(key, ("", ""))[0] != job]
    ended = [state for _, state in seen["jobs"].values()]
    done, failed = ended.count("done"), ended.count("failed")
    print(f"jobs {seen['count']}, done {done}, failed {failed}, still open {len(waiting)}")
    print(f"accepted but lost {len(lost)}, made twice {len(seen['twice'])}, damaged plans {len(seen['damaged'])}, "
          f"broken seals {len(seen['seals'])}")  # fmt: skip


if __name__ == "__main__":
    main()
