"""Runs a function over many tasks on several processes; finished results stay on disk until all are there.

Results are kept in batches, each under the digest of its tasks and of the function: after an interrupt a second run of
the same takes them up again. Results come in the order of the tasks, however many processes there are. Tasks are taken
one batch after the other as they are needed, so that memory does not grow with their number.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from quotum import __version__

_BATCH = 20

Result = dict[str, list[tuple[object, ...]]]


def run_kept(
    function: Callable[[Any], Result], tasks: Iterable[Any], kept: Path | None, *, processes: int = 1,
    progress: Callable[[int], None] | None = None,
) -> Iterator[Result]:  # fmt: skip
    """Yield the result of each task. ``kept`` is a folder for finished batches, None: nothing is kept.

    ``progress`` is told how many tasks are done. Tasks and the function are plain data whose ``repr`` says all there is
    to them. One process runs here; more are started afresh, so that nothing of this one is inherited.
    """
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
    done = 0
    for results in _run_batches(function, _batch(tasks), kept, processes):
        done += len(results)
        if progress is not None:
            progress(done)
        yield from results


def count_kept(kept: Path) -> int:
    """Return how many finished batches lie in a folder."""
    return len(list(kept.glob("*.json"))) if kept.is_dir() else 0


def _batch(tasks: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    left = iter(tasks)
    while batch := tuple(itertools.islice(left, _BATCH)):
        yield batch


def _run_batches(
    function: Callable[[Any], Result], batches: Iterator[tuple[Any, ...]], kept: Path | None, processes: int
) -> Iterator[list[Result]]:
    jobs = ((function, batch, None if kept is None else kept / f"{_digest(function, batch)}.json") for batch in batches)
    first = list(itertools.islice(jobs, 2))
    if processes <= 1 or len(first) < 2:
        yield from map(_run_batch, itertools.chain(first, jobs))
        return
    with multiprocessing.get_context("spawn").Pool(processes, _leave_interrupts) as pool:
        yield from pool.imap(_run_batch, itertools.chain(first, jobs))


def _leave_interrupts() -> None:
    """Let the first process alone hear an interrupt; the others end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _run_batch(job: tuple[Callable[[Any], Result], tuple[Any, ...], Path | None]) -> list[Result]:
    """Return the results of a batch, those on disk where it was finished before."""
    function, batch, file = job
    if file is not None and file.is_file():
        return [_from_json(result) for result in json.loads(file.read_text(encoding="utf-8"))]
    results = [function(task) for task in batch]
    if file is not None:
        unfinished = file.with_suffix(f".{os.getpid()}.unfinished")
        unfinished.write_text(json.dumps([_to_json(result) for result in results]), encoding="utf-8")
        unfinished.replace(file)
    return results


def _digest(function: object, batch: tuple[Any, ...]) -> str:
    return hashlib.sha256(repr((__version__, function, batch)).encode()).hexdigest()[:32]


def _to_json(result: Result) -> dict[str, list[list[object]]]:
    return {name: [[_plain(cell) for cell in row] for row in rows] for name, rows in result.items()}


def _plain(cell: object) -> object:
    return {"date": cell.isoformat()} if isinstance(cell, date) else cell


def _from_json(result: dict[str, list[list[Any]]]) -> Result:
    return {name: [tuple(_rich(cell) for cell in row) for row in rows] for name, rows in result.items()}


def _rich(cell: Any) -> object:
    return date.fromisoformat(cell["date"]) if isinstance(cell, dict) else cell
