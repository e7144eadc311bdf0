"""Kernels beside memory copy and beside peers: ``python -m benchmarks.kernels [--json] [--cells N]``."""

from __future__ import annotations

import argparse
import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import polars as pl

from benchmarks import _split_peers as peers
from benchmarks._measuring import Timing, describe_machine, installed_version, measure, print_table
from quotum.engine.curves.halving import hand_down
from quotum.engine.kernels import due_cells, halve, round_whole, split_bounded
from quotum.engine.kernels.arrays import chunk_rows, run_chunks

MEMBERS_PER_PARENT = 50


@dataclass(frozen=True)
class Case:
    """Parents with members: lognormal-like sizes, totals that the bounds allow and that bind about half of them."""

    starts: np.ndarray
    totals: np.ndarray
    weights: np.ndarray
    floors: np.ndarray
    caps: np.ndarray

    @property
    def frame(self) -> pl.DataFrame:
        sizes = np.diff(self.starts)
        return pl.DataFrame(
            {
                "parent": np.repeat(np.arange(len(self.totals), dtype=np.int32), sizes),
                "member": np.arange(len(self.weights), dtype=np.int32),
                "weight": self.weights,
                "total": np.repeat(self.totals, sizes),
            }
        )

    def off_by(self, amounts: np.ndarray) -> int:
        return int(np.abs(np.add.reduceat(amounts, self.starts[:-1]) - self.totals).max())


def make_case(num_members: int, seed: int = 1) -> Case:
    chance = np.random.default_rng(seed)
    num_parents = num_members // MEMBERS_PER_PARENT
    sizes = chance.multinomial(num_members - num_parents, np.ones(num_parents) / num_parents) + 1
    starts = np.concatenate([[0], np.cumsum(sizes)])
    weights = np.floor(chance.pareto(1.2, num_members) * 1000) + 1
    floors = np.ceil(37 * weights * chance.uniform(0.7, 1.0, num_members))
    caps = np.floor(37 * weights * chance.uniform(1.1, 1.6, num_members))
    asked = 37 * np.add.reduceat(weights, starts[:-1]) * chance.uniform(0.9, 1.3, num_parents)
    least, most = np.add.reduceat(floors, starts[:-1]), np.add.reduceat(caps, starts[:-1])
    return Case(starts, np.clip(np.floor(asked), least, most).astype(np.int64), weights, floors, caps)


def measure_copies(cells: int) -> dict[str, Timing]:
    """Memory copy of as many 8-byte cells: one core, all cores, and one core into memory fresh from the system."""
    source, target = np.ones(cells), np.zeros(cells)

    def copy_run(first: int, last: int) -> None:
        np.copyto(target[first:last], source[first:last])

    return {
        "np.copyto, one core": measure(lambda: np.copyto(target, source)),
        "copy, all cores": measure(lambda: run_chunks(copy_run, chunk_rows(cells, cells))),
        "array.copy(), fresh memory": measure(source.copy),
    }


def measure_bounded(case: Case) -> dict[str, Any]:
    totals = case.totals.astype(np.float64)
    found: list[np.ndarray] = []

    def split() -> None:
        real, _ = split_bounded(case.starts, totals, case.weights, case.floors, case.caps)
        found[:] = [round_whole(case.starts, case.totals, real, case.floors, case.caps)]

    timing = measure(split)
    kept = bool((found[0] >= case.floors).all() and (found[0] <= case.caps).all())
    num_bytes = 64 * len(case.weights) + 48 * len(case.totals)
    return {"timing": timing, "bytes": num_bytes, "off": case.off_by(found[0]), "bounds kept": kept}


def measure_due(cells: int, num_boundaries: int, again: bool) -> dict[str, Any]:
    """Rows on 500 curves; ``again``: into an array that is there already, as the copy it is held against."""
    chance = np.random.default_rng(2)
    num_rows = cells // (num_boundaries - 1)
    curves = np.sort(chance.random((500, num_boundaries)), axis=1)
    curves[:, 0], curves[:, -1] = 0, 1
    amounts, offsets = chance.integers(0, 10**8, num_rows), chance.random(num_rows)
    which = chance.integers(0, 500, num_rows).astype(np.int32)
    out = np.zeros((num_rows, num_boundaries - 1), np.int64)
    timing = measure(lambda: due_cells(amounts, offsets, which, curves, out if again else None))
    found = due_cells(amounts, offsets, which, curves)
    off = int(np.abs(found.sum(axis=1) - amounts).max())
    return {"timing": timing, "bytes": found.nbytes + 20 * num_rows + curves.nbytes, "off": off}


def measure_halving(case: Case, num_boundaries: int = 13) -> dict[str, dict[str, Any]]:
    """Handing down: the members of the case, largest first, follow a curve of their parent."""
    parent = np.repeat(np.arange(len(case.totals)), np.diff(case.starts))
    amounts = case.weights.astype(np.int64)[np.lexsort((-case.weights, parent))]
    curve = np.linspace(0, 1, num_boundaries)
    totals = np.floor(np.add.reduceat(amounts, case.starts[:-1])[:, None] * curve).astype(np.int64)
    num_bytes = 8 * len(amounts) * (num_boundaries + 1) + totals.nbytes
    rows = {}
    for name, call in (("halve, compiled", halve), ("hand_down, NumPy", hand_down)):
        timing = measure(lambda call=call: call(case.starts, amounts, totals), runs=3)
        found = call(case.starts, amounts, totals)
        off = int(np.abs(np.add.reduceat(found, case.starts[:-1], axis=0) - totals).max())
        rows[name] = {"timing": timing, "bytes": num_bytes, "off": off, "cells": found.size}
    return rows


def measure_plain(case: Case, small: Case, runs: int = 3) -> list[dict[str, Any]]:
    """Time the plain split of every peer; those that ran on the small case are scaled to the cells of the large one."""
    scale = len(case.weights) / len(small.weights)
    totals = case.totals.astype(np.float64)

    def ours() -> np.ndarray:
        return round_whole(case.starts, case.totals, split_bounded(case.starts, totals, case.weights)[0])

    rows = [{"name": "quotum", "timing": measure(ours), "off": str(case.off_by(ours())), "note": ""}]

    def add(
        name: str, bar: float | None, call: Callable[[], Any], off: Callable[[Any], int], shrunk: bool = False
    ) -> None:
        timing = measure(call, runs=runs, warm_up=not shrunk)
        factor = scale if shrunk else 1
        timing = Timing(timing.least * factor, timing.median * factor, timing.most * factor)
        note = f"{len(small.weights):,} cells, scaled" if shrunk else ""
        rows.append({"name": name, "timing": timing, "off": str(off(call())), "bar": bar, "note": note})

    frame = case.frame
    add("NumPy columns", None, lambda: peers.split_with_numpy(case.starts, totals, case.weights), case.off_by)
    add(
        "Polars expressions",
        10,
        lambda: peers.split_with_polars(frame),
        lambda found: case.off_by(found["amount"].to_numpy()),
    )
    database = duckdb.connect()
    columns = {name: frame[name].to_numpy() for name in frame.columns}  # noqa: F841 - DuckDB finds it by its name
    database.execute("create table frame as select * from columns")
    add("DuckDB SQL", 15, lambda: database.execute(peers.DUCKDB_SQL), lambda _: _off_by_sql(database, case))
    lists = small.starts.tolist(), small.totals.tolist(), small.weights.tolist()
    add(
        "Python loop",
        30,
        lambda: peers.split_with_python(*lists),
        lambda found: small.off_by(np.array(found)),
        shrunk=True,
    )
    rows.append(_measure_reconciling(small, scale, runs))
    return rows


def _off_by_sql(database: duckdb.DuckDBPyConnection, case: Case) -> int:
    sums = database.execute("select sum(amount)::bigint as s from result group by parent order by parent").fetchnumpy()
    return int(np.abs(sums["s"] - case.totals).max())


def _measure_reconciling(small: Case, scale: float, runs: int) -> dict[str, Any]:
    name = "hierarchicalforecast, top-down sparse"
    if installed_version("hierarchicalforecast") == "absent":
        return {"name": name, "note": "skipped: pip install hierarchicalforecast"}
    found = [peers.reconcile_sparsely(small.starts, small.totals, small.weights) for _ in range(runs)]
    seconds = sorted(result["seconds"] * scale for result in found)
    off = f"{found[0]['off_real']:.2g}; {found[0]['off_whole']} once rounded"
    note = f"{len(small.weights):,} cells, scaled"
    return {
        "name": name,
        "timing": Timing(seconds[0], seconds[runs // 2], seconds[-1]),
        "off": off,
        "bar": 100,
        "note": note,
    }


def run(cells: int) -> dict[str, Any]:
    case, small = make_case(cells), make_case(max(cells // 10, MEMBERS_PER_PARENT))
    kernels = {
        "bounded split, real and whole": measure_bounded(case) | {"bar": 0.12},
        "curve, 12 months": measure_due(cells, 13, again=True) | {"bar": 0.5},
        "curve, 365 days": measure_due(cells, 366, again=True) | {"bar": 0.5},
        "curve, 12 months, fresh memory": measure_due(cells, 13, again=False) | {"fresh": True},
        **measure_halving(small),
    }
    return {
        "machine": describe_machine("numpy", "numba", "polars", "duckdb", "hierarchicalforecast"),
        "cells": cells,
        "copies": measure_copies(cells),
        "kernels": kernels,
        "plain": measure_plain(case, small),
    }


def report(found: dict[str, Any]) -> None:
    cells = found["cells"]
    print("Machine: " + ", ".join(f"{name} {value}" for name, value in found["machine"].items()))
    print(f"{cells:,} cells in {cells // MEMBERS_PER_PARENT:,} parents; least / median / most, ratios of the least.")
    speeds = {name: 16 * cells / timing.least / 1e9 for name, timing in found["copies"].items()}
    rows = [[name, str(timing), f"{speeds[name]:.1f}"] for name, timing in found["copies"].items()]
    print_table("Memory copy (bytes read and written once)", ["what", "time", "GB/s"], rows)
    one, every, fresh = speeds.values()
    rows = []
    for name, row in found["kernels"].items():
        speed = row["bytes"] / row["timing"].least / 1e9
        shares = [f"{100 * speed / of:.0f} %" for of in (one, every, fresh)]
        bar = f"{100 * row['bar']:.0f} %" if "bar" in row else ""
        rows.append(
            [name, f"{row.get('cells', cells):,}", str(row["timing"]), f"{speed:.1f}", *shares, bar, str(row["off"])]
        )
    columns = [
        "kernel",
        "cells",
        "time",
        "GB/s",
        "of one-core copy",
        "of all-core copy",
        "of fresh copy",
        "bar",
        "sums off by",
    ]
    print_table("Kernels, per byte moved", columns, rows)
    ours = found["plain"][0]["timing"].least
    rows = []
    for row in found["plain"]:
        timed = "timing" in row
        ratio = f"{row['timing'].least / ours:.1f} ×" if timed else ""
        bar = f"{row['bar']} ×" if row.get("bar") else ""
        rows.append([row["name"], str(row["timing"]) if timed else "", ratio, bar, row.get("off", ""), row["note"]])
    print_table(
        "Plain split into whole units", ["who", "time", "quotum is faster by", "bar", "sums off by", "note"], rows
    )
    print("\nThe peers' code:\n")
    for peer in (peers.split_with_polars, peers.split_with_numpy, peers.split_with_python, peers.reconcile_sparsely):
        print(inspect.getsource(peer))
    print(peers.DUCKDB_SQL)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--cells", type=int, default=10_000_000)
    asked = parser.parse_args()
    found = run(asked.cells)
    if asked.json:
        print(json.dumps(found, default=vars))
    else:
        report(found)


if __name__ == "__main__":
    main()
