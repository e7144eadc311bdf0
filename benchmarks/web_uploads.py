"""A million sales lines brought in by the browser: ``python -m benchmarks.web_uploads [--database …] [--lines N]``.

`quotum serve` with the sample `medium` as its company. A clerk sends a zip of lines, looks, and takes them in; another
round is stopped while it writes. Meanwhile somebody else writes a remark twice a second: how long that takes says how
long the import holds others back. ``--keep FOLDER`` keeps the company for the next run (the lines stay in it).
"""

from __future__ import annotations

import argparse
import io
import shutil
import tempfile
import threading
import time
import uuid
import zipfile
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks._measuring import describe_machine, print_table
from benchmarks._web_ground import Visitor, children_of, database, make_data, memory_bytes, serving
from benchmarks.web_load import copy_to
from quotum.web.site.serving import DEMO_DAY

_RUNNING = "progress"
_LOOK_SECONDS = 0.5


def main() -> None:
    """Bring in, stop, and print what each part took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", nargs="+", default=["sqlite"], choices=["sqlite", "postgresql"])
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--size", default="medium")
    parser.add_argument("--port", type=int, default=8827)
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    print("Machine: " + ", ".join(f"{name} {value}" for name, value in describe_machine("django", "polars").items()))
    for kind in asked.database:
        with tempfile.TemporaryDirectory() as folder, database(kind) as url:
            made, data = (asked.keep or Path(folder)) / "sqlite", Path(folder) / "own"
            make_data(made, asked.size)
            if url:
                data = copy_to(url, made, Path(folder))
            else:
                shutil.copytree(made, data)
            with serving(data, asked.port, url=url) as site:
                bring(kind, site.pid, asked.port, pack_lines(asked.lines, data))


def pack_lines(lines: int, data: Path) -> bytes:
    """Return a zip with a table of sales for the customers and products that the company has sold to and of."""
    known = pl.read_parquet(next(data.glob("files/facts/sales/*.parquet")), columns=["customer", "product"])
    chance = np.random.default_rng(1)
    table = known.sample(lines, with_replacement=True, seed=1).with_columns(
        (pl.lit(date(2026, 1, 1)) + pl.duration(days=pl.Series(chance.integers(0, 300, lines)))).alias("date"),
        pl.Series("order", [f"N{number}" for number in range(lines)]),
        pl.Series("amount", chance.integers(100, 100_000, lines) / 100),
    )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sales.csv", table.write_csv())
    return content.getvalue()


class Others(threading.Thread):
    """Somebody else who writes a remark twice a second until told to end."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.visitor, self.over, self.seconds = Visitor(port, "rep"), threading.Event(), list[float]()
        self.path = self.visitor.find("/today/", r'action="(/remarks/[^"]+)"')

    def run(self) -> None:
        while not self.over.wait(0.5):
            begun = time.perf_counter()
            self.visitor.post(self.path, {"text": f"On the way {uuid.uuid4()}"})
            self.seconds.append(time.perf_counter() - begun)


class Watch(threading.Thread):
    """The most memory that any process of the site has held."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.over, self.most_bytes = pid, threading.Event(), 0

    def run(self) -> None:
        while not self.over.wait(0.2):
            self.most_bytes = max([self.most_bytes, *map(memory_bytes, children_of(self.pid))])


def bring(kind: str, pid: int, port: int, content: bytes) -> None:
    """Send the lines, look, stop once, take once; print."""
    clerk, others, watch = Visitor(port, "admin"), Others(port), Watch(pid)
    others.start()
    watch.start()
    rows = []
    begun = time.perf_counter()
    upload = send(clerk, content)
    rows.append(["sent", f"{time.perf_counter() - begun:.1f}"])
    rows.append(["looked into", f"{wait_until_over(clerk, upload):.1f}"])
    clerk.post(upload + "take/", {"reason": "stopped"})
    wait_until_written(clerk, upload)
    begun = time.perf_counter()
    clerk.post(upload + "stop/")
    wait_until_over(clerk, upload)
    rows.append(["stopped while it was working", f"{time.perf_counter() - begun:.1f}"])
    stopped = "nothing was changed" in clerk.get(upload)
    clerk.post(upload + "take/", {"reason": "benchmark"})
    rows.append(["taken in", f"{wait_until_over(clerk, upload):.1f}"])
    for thread in (others, watch):
        thread.over.set()
        thread.join()
    waits = sorted(others.seconds)
    rows += [["a remark meanwhile, p50 / most", f"{waits[len(waits) // 2]:.2f} / {waits[-1]:.2f}"],
             ["remarks", str(len(waits))],
             ["most memory of a process, GiB", f"{watch.most_bytes / 2**30:.2f}"],
             ["stopping left nothing behind", str(stopped)],
             ["sent, MB", f"{len(content) / 1e6:.1f}"]]  # fmt: skip
    print_table(f"{kind}, lines of sales brought in on {DEMO_DAY}", ["what", "seconds"], rows)


def send(clerk: Visitor, content: bytes) -> str:
    """Send a file by the form and return the address of the upload."""
    mark = uuid.uuid4().hex
    body = (f'--{mark}\r\nContent-Disposition: form-data; name="files"; filename="sales.zip"\r\n'
            "Content-Type: application/zip\r\n\r\n").encode() + content + f"\r\n--{mark}--\r\n".encode()  # fmt: skip
    page = clerk.post("/import/", data=body, **{"Content-Type": f"multipart/form-data; boundary={mark}"})
    return page.partition('hx-get="')[2].partition('"')[0]


def wait_until_over(clerk: Visitor, upload: str) -> float:
    """Return the seconds until the page no longer shows work."""
    begun = time.perf_counter()
    while _RUNNING in clerk.get(upload):
        time.sleep(_LOOK_SECONDS)
    return time.perf_counter() - begun


def wait_until_written(clerk: Visitor, upload: str) -> None:
    """Return once the last stage has begun, or all is over."""
    while (page := clerk.get(upload)) and _RUNNING in page and "writing" not in page:
        time.sleep(0.1)


if __name__ == "__main__":
    main()
