"""A rep's first page under load: ``python -m benchmarks.web_load [--database sqlite postgresql] [--seconds 8]``.

``quotum serve`` with the sample `medium` (200 people, 20,000 customers) as its company. A program of its own asks over
1 and 16 kept-alive connections, each for the next page when the last is there: the rep's home, and two bare views in
the same server that check the same session and fetch 100 rows in one query, one as a plain table from a template, one
as JSON without any. Rounds alternate, so that what else the machine does hits all of them. ``--keep FOLDER`` keeps the
company for the next run. ``--writing rep company``: the home again while one line a second goes on record, about the
rep's own work or a customer's card: each makes the page anew.
"""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks._measuring import describe_machine, print_table
from benchmarks._web_ground import (
    Visitor,
    children_of,
    cpu_seconds,
    database,
    environment_of,
    make_data,
    serving,
)

PAGES = {"home": "/", "bare table": "/bare/", "bare JSON": "/bare.json"}
CONNECTIONS = (1, 16)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", nargs="+", default=["sqlite", "postgresql"], choices=["sqlite", "postgresql"])
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int)
    parser.add_argument("--size", default="medium")
    parser.add_argument("--port", type=int, default=8821)
    parser.add_argument("--writing", nargs="*", default=[], choices=["rep", "company"])
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    print("Machine: " + ", ".join(f"{name} {value}" for name, value in describe_machine("django", "granian").items()))
    for kind in asked.database:
        with tempfile.TemporaryDirectory() as folder, database(kind) as url:
            made = (asked.keep or Path(folder)) / "sqlite"
            make_data(made, asked.size)
            data = copy_to(url, made, Path(folder)) if url else made
            words = [] if asked.workers is None else ["--workers", str(asked.workers)]
            with serving(data, asked.port, *words, url=url, DJANGO_SETTINGS_MODULE="benchmarks._bare_settings") as site:
                measure_site(kind, site, asked)


def copy_to(url: str, made: Path, folder: Path) -> Path:
    """Put a site's backup into an empty database and return its data folder."""
    backup, data = folder / "site.zip", folder / "data"
    for data_folder, database_url, code in (
        (made, "", f"save_backup(Path({str(backup)!r}))"), (data, url, f"restore_backup(Path({str(backup)!r}))"),
    ):  # fmt: skip
        opening = ("from pathlib import Path; from quotum.web.site.serving import open_database; open_database(); "
                   "from quotum.web.site.backup import restore_backup, save_backup; ")  # fmt: skip
        environment = environment_of(data_folder, database_url)
        subprocess.run([sys.executable, "-c", opening + code], env=environment, check=True)
    return data


def measure_site(kind: str, site: subprocess.Popen[bytes], asked: argparse.Namespace) -> None:
    """Ask for all pages in turn and print what came."""
    rep = Visitor(asked.port, "rep")
    pages = {name: rep.get(path) for name, path in PAGES.items()}
    found: dict[tuple[str, int], list[dict[str, float]]] = {}
    for path in PAGES.values():
        _ask(asked, rep, path, 16, 2.0)  # every process of the server has seen the page
    for _ in range(asked.rounds):
        for connections in CONNECTIONS:
            for name, path in PAGES.items():
                one = _measure(asked, site, rep, path, connections)
                found.setdefault((name, connections), []).append(one)
            for kind_of_lines in asked.writing:
                with writing(kind_of_lines, rep):
                    one = _measure(asked, site, rep, PAGES["home"], connections)
                found.setdefault((f"home, writing {kind_of_lines}", connections), []).append(one)
    rows = []
    for (name, connections), runs in found.items():
        speed = statistics.median(run["a_second"] for run in runs)
        bare = statistics.median(run["a_second"] for run in found["bare table", connections])
        json_speed = statistics.median(run["a_second"] for run in found["bare JSON", connections])
        rows.append([
            name, str(connections), f"{speed:.0f}", f"{speed / bare:.2f}", f"{speed / json_speed:.2f}",
            f"{statistics.median(run['p50'] for run in runs):.1f}",
            f"{statistics.median(run['p95'] for run in runs):.1f}",
            f"{sum(run['cpu'] for run in runs) / sum(run['answers'] for run in runs) * 1e3:.2f}",
            f"{sum(run['own_cpu'] for run in runs) / sum(run['cpu'] + run['own_cpu'] for run in runs):.0%}",
            str(int(sum(run["wrong"] for run in runs))), f"{len(pages[name.partition(',')[0]].encode()) / 1024:.0f}",
        ])  # fmt: skip
    columns = ["page", "connections", "a second", ": bare table", ": bare JSON", "p50 ms", "p95 ms", "server CPU-ms",
               "asker's share", "wrong", "KiB"]  # fmt: skip
    print_table(f"{kind}, {asked.rounds} rounds of {asked.seconds:g} s", columns, rows)


@contextmanager
def writing(kind: str, rep: Visitor) -> Iterator[None]:
    """Put one line a second on record while the block runs: ``rep`` an open item begun or ended, ``company`` a card."""
    over = threading.Event()
    item = rep.find("/", r'action="/open-items/(\d+)/"')
    card = rep.find("/", r'href="/customers/card/(.*?)/"')

    def write() -> None:
        for number in itertools.count():
            if kind == "rep":
                rep.post(f"/open-items/{item}/", {"do": "off" if number % 2 else "top"})
            else:
                rep.post(f"/customers/edit/{card}/", {"needs": f"Lamps of {number % 2} kinds"})
            if over.wait(1.0):
                return

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _measure(
    asked: argparse.Namespace, site: subprocess.Popen[bytes], rep: Visitor, path: str, connections: int
) -> dict[str, float]:
    pids = children_of(site.pid)
    before = cpu_seconds(pids)
    one = _ask(asked, rep, path, connections, asked.seconds)
    one["cpu"] = cpu_seconds(pids) - before
    return one


def _ask(asked: argparse.Namespace, rep: Visitor, path: str, connections: int, seconds: float) -> dict[str, float]:
    words = {"port": asked.port, "path": path, "cookies": rep.cookies, "connections": connections, "seconds": seconds}
    command = [sys.executable, "-m", "benchmarks._web_asking", json.dumps(words)]
    told: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    if told["wrong"]:
        print(f"{path}: {told['wrong']} answers were wrong: {told['first_wrong']}", file=sys.stderr)
    return told


if __name__ == "__main__":
    main()
