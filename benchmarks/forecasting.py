"""How fast, how good and how honest forecasts are: beside statsforecast, beside last year, and by what ranges hold.

``python -m benchmarks.forecasting [--series N] [--sample N] [--json]``

statsforecast pins pandas below 3: install it into an environment of its own, or leave it out; its lines are then left
out too. Errors are root mean squared scaled errors of months that no method saw (see docs/concepts/forecast.md).
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks._forecast_sets import ADVENTUREWORKS, KINDS, make_series, make_set, read_adventureworks, read_company
from benchmarks._measuring import describe_machine, print_table
from quotum.adapters.forecasts import find_outside_models
from quotum.engine.forecasting.member_forecast import forecast_series
from quotum.engine.forecasting.methods import carry_last_year
from quotum.engine.forecasting.panel import Floats, Longs, Panel, cut_panel, make_panel
from quotum.engine.forecasting.panel_forecast import forecast_panel
from quotum.engine.forecasting.paths import draw_chance, draw_paths
from quotum.engine.forecasting.rolling import scale_errors
from quotum.engine.forecasting.seasonal import estimate_seasons
from quotum.engine.tables.forecast_settings import ForecastSettings
from quotum.engine.tables.plan_settings import PlanSettings

YEARS = (3, 2, 1)
BAR_MILLION, BAR_FASTER, BAR_ERROR, BAR_HELD = 60.0, 20.0, 1.03, (0.75, 0.85)


def plain_settings(**forecast: Any) -> PlanSettings:
    """Return settings that say nothing but how to forecast."""
    return PlanSettings("", date(2027, 1, 1), date(2028, 1, 1), date(2026, 12, 31), (), (), {},
                        forecast=ForecastSettings(**forecast))  # fmt: skip


def measure_million(num_series: int) -> dict[str, Any]:
    """Time a million series of 36 months through the same-period and season methods, and the peak memory."""
    values = np.concatenate([make_series("season", num_series // 8, 36, seed) for seed in range(8)])
    start, cpu = time.perf_counter(), time.process_time()
    forecast_series(make_panel(values), plain_settings(methods=("same_period", "season"), best=2))
    seconds, busy = time.perf_counter() - start, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return {"series": len(values), "seconds": seconds, "cpu_seconds": busy, "peak_gib": peak}


def score(values: Floats, made: Floats, came: Floats) -> float:
    """Return the mean over series of the root mean squared scaled error."""
    scale = scale_errors(make_panel(values))
    good = scale > 0
    return float(np.sqrt(((made - came) ** 2).mean(axis=1)[good] / scale[good]).mean())


def measure_models(num_series: int, sample: int) -> list[dict[str, Any]]:
    """Time our methods on all series and AutoETS on a sample of them; errors of both are of the sample."""
    values = np.concatenate([make_series(kind, num_series // 5, seed=5) for kind in KINDS[:5]])
    values = np.random.default_rng(3).permutation(values)
    known, came = values[:, :36], values[:, 36:]
    cpu = time.process_time()
    ours = forecast_series(make_panel(known), plain_settings())
    seconds = time.process_time() - cpu
    last_year = known[:, 24:]
    rows = [
        {"who": "quotum", "series": num_series, "cpu_seconds": seconds, "for_all": seconds,
         "error": score(known[:sample], ours[:sample], came[:sample])},
        {"who": "seasonal naive", "series": sample, "cpu_seconds": None, "for_all": None,
         "error": score(known[:sample], last_year[:sample], came[:sample])},
    ]  # fmt: skip
    models, issues = find_outside_models(["AutoETS"])
    if issues:
        return rows
    panel = make_panel(known[:sample])
    models["AutoETS"](make_panel(known[:2]))  # what is compiled once does not count
    cpu = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = models["AutoETS"](panel)
    busy = time.process_time() - cpu
    rows.append({"who": "statsforecast AutoETS", "series": sample, "cpu_seconds": busy,
                 "for_all": busy * num_series / sample,
                 "error": score(known[:sample], theirs, came[:sample])})  # fmt: skip
    return rows


def hold_out(panel: Panel, level: Longs, horizon: int, origins: list[int]) -> dict[str, Any]:
    """Forecast from each origin what is known by now: errors beside last year's, and how often ranges hold."""
    settings, scale = ForecastSettings(paths=500), scale_errors(panel)
    draws = draw_chance(1, settings.paths, horizon)
    ours, naive = np.zeros(len(scale)), np.zeros(len(scale))
    count, held, ranges, month_held = np.zeros(len(scale)), 0, 0, 0.0
    for origin in origins:
        seen = cut_panel(panel, origin, min(horizon, panel.num_months - origin))
        came = panel.values[:, origin : origin + seen.horizon]
        made = forecast_panel(seen, settings, YEARS, level)
        last = carry_last_year(replace(seen, season=estimate_seasons(seen)))
        good = (seen.start < origin - 3) & (scale > 0)
        ours += np.where(good, ((made.means - came) ** 2).mean(axis=1) / np.where(good, scale, 1), 0)
        naive += np.where(good, ((last - came) ** 2).mean(axis=1) / np.where(good, scale, 1), 0)
        count += good
        for node in np.flatnonzero(good).tolist():
            paths = draw_paths(made.errors, node, made.means[node], made.usual[node], draws)
            low, high = np.quantile(paths.sum(axis=1), (0.1, 0.9))
            held += int(low <= came[node].sum() <= high)
            low, high = np.quantile(paths, (0.1, 0.9), axis=0)
            month_held += float(((low <= came[node]) & (came[node] <= high)).mean())
            ranges += 1
    tested = count > 0
    return {"series": int(tested.sum()), "origins": ranges, "horizon": horizon,
            "error": float(np.sqrt(ours[tested] / count[tested]).mean()),
            "naive": float(np.sqrt(naive[tested] / count[tested]).mean()),
            "held": held / ranges, "months_held": month_held / ranges}  # fmt: skip


def measure_sets(folder: Path) -> list[dict[str, Any]]:
    """Hold out months of every data set."""
    found = [{"set": kind, **hold_out(*made, 5 if kind == "short" else 12, [12] if kind == "short" else [24, 36])}
             for kind in KINDS for made in [make_set(kind)]]  # fmt: skip
    for size in ("small", "medium"):
        company = folder / size
        subprocess.run([sys.executable, "-m", "quotum.cli", "sample", str(company), "--size", size], check=True,
                       stdout=subprocess.DEVNULL)  # fmt: skip
        panel, level = read_company(company)
        months = panel.num_months
        found.append({"set": f"sample company, {size}",
                      **hold_out(panel, level, 12, list(range(months - 18, months - 11, 3)))})  # fmt: skip
    if (ADVENTUREWORKS / "sales_lines.csv").is_file():
        panel, level = read_adventureworks(folder)
        for horizon, first in ((3, 16), (6, 15), (12, 14)):
            origins = list(range(first, panel.num_months - horizon + 1, 2))
            found.append({"set": "AdventureWorks", **hold_out(panel, level, horizon, origins)})
    return found


def report(found: dict[str, Any]) -> None:
    print(", ".join(f"{name} {value}" for name, value in found["machine"].items()))
    million = found["million"]
    print_table(
        "Same period and season, 36 months", ["series", "s", "CPU s", "bar s", "peak memory, GiB"],
        [[f"{million['series']:,}", f"{million['seconds']:.1f}", f"{million['cpu_seconds']:.1f}", f"<= {BAR_MILLION:g}",
          f"{million['peak_gib']:.2f}"]],
    )  # fmt: skip
    ours = found["models"][0]
    rows = [
        [row["who"], f"{row['series']:,}", "" if row["for_all"] is None else f"{row['cpu_seconds']:.2f}",
         "" if row["for_all"] is None else f"{row['for_all']:.1f}",
         "" if row["for_all"] is None else f"{row['for_all'] / ours['for_all']:.0f} ×", f"{row['error']:.3f}",
         f"{ours['error'] / row['error']:.3f}"]
        for row in found["models"]
    ]  # fmt: skip
    print_table(
        f"All own methods, the best three chosen; bars: {BAR_FASTER:g} × AutoETS, error at most {BAR_ERROR:g} of its",
        ["who", "series", "CPU s", "CPU s for all", "quotum is faster by", "error", "ours : theirs"], rows,
    )  # fmt: skip
    print_table(
        "Held out: errors beside last year's, and how often ranges of 80 % hold",
        ["set", "series", "forecasts", "months ahead", "error", "seasonal naive", "ours : naive", "total held",
         "months held"],
        [[row["set"], str(row["series"]), f"{row['origins']:,}", str(row["horizon"]), f"{row['error']:.3f}",
          f"{row['naive']:.3f}", f"{row['error'] / row['naive']:.3f}", f"{row['held']:.0%}",
          f"{row['months_held']:.0%}"] for row in found["sets"]],
    )  # fmt: skip
    real = [row for row in found["sets"] if row["set"] == "AdventureWorks"]
    if real:
        all_ranges = sum(row["origins"] for row in real)
        held = sum(row["held"] * row["origins"] for row in real) / all_ranges
        bar = f"{BAR_HELD[0]:.0%} to {BAR_HELD[1]:.0%}"
        print(f"\nAdventureWorks together: {held:.1%} of {all_ranges:,} ranges held; bar {bar}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--series", type=int, default=1_000_000)
    parser.add_argument("--sample", type=int, default=500, help="series that AutoETS gets of 10,000")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = {
            "machine": describe_machine("numpy", "polars", "statsforecast"), "million": measure_million(asked.series),
            "models": measure_models(10_000, asked.sample), "sets": measure_sets(Path(folder)),
        }  # fmt: skip
    if asked.json:
        print(json.dumps(found, indent=2))
        return
    report(found)


if __name__ == "__main__":
    main()
