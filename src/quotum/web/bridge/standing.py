"""Where everybody stands: the plan in force against what was sold, this month and this year, counted as reviews do."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Hashable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import polars as pl
from django.conf import settings as site

from quotum.engine.planning import up_to
from quotum.engine.slices import Request, cut_slice
from quotum.engine.tables.key_order import in_key_order
from quotum.engine.tables.ownership import list_holdings
from quotum.engine.tables.plan_tables import Plan
from quotum.engine.tracking.crediting import credit_sales, to_minor
from quotum.engine.tracking.sources import count_as_sales
from quotum.web.bridge.company import open_records
from quotum.web.bridge.plans import open_plan
from quotum.web.bridge.visits import working_days


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody's amounts in smallest units: what a period asks in all and up to the day, and what came of it."""

    month: int = 0
    month_due: int = 0
    month_actual: int = 0
    year: int = 0
    year_due: int = 0
    year_actual: int = 0


@dataclass(frozen=True, slots=True)
class Standings:
    """Everybody's standing on a day, and the working days of its month from that day on."""

    measure: str
    currency: str
    decimals: int
    days_left: int
    people: Mapping[str, Standing] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """The plan that counts, the day, and a name of the state of the tables that numbers are made of.

    ``text`` gives the plan's plan.toml when it is needed.
    """

    address: str
    day: date
    version: str
    text: Callable[[], str]


_WORKER_SILENT_SECONDS = 30.0
"""Where no worker has looked for so long, whoever asks works standings out."""
_one_at_a_time = Lock()
_read: dict[Path, tuple[int, str, Standings | None]] = {}
"""What was read last: file -> when it was written, the state of the tables, the answer."""


def tell_standings(asked: Asked) -> Standings | None:
    """Return where everybody stands on a day; None where the plan has no numbers of people, or they are not known yet.

    The worker works them out and keeps them in a file; until it has, those of the tables as they were are told.
    """
    known = _find_kept(asked)
    if known is not None and known[0] == asked.version:
        return known[1]
    if _worker_looks():
        return None if known is None else known[1]
    return keep_standings(asked)


def keep_standings(asked: Asked) -> Standings | None:
    """Work standings out where that is not done yet, and keep them for all processes."""
    with _one_at_a_time:
        known = _find_kept(asked)
        if known is not None and known[0] == asked.version:
            return known[1]
        told = _work_out(asked.address, asked.text(), asked.day)
        path = _place(asked)
        unfinished = path.with_suffix(".unfinished")
        content = {"version": asked.version, "standings": None if told is None else asdict(told)}
        unfinished.write_text(json.dumps(content), encoding="utf-8")
        unfinished.replace(path)
        return told


def state_of_standings() -> Hashable:
    """Return what is another one when standings may be told otherwise: the files that are kept, and by whom.

    A file is replaced by one of another number while it is still there, and the folder's time moves on with it.
    """
    folder = _folder()
    with os.scandir(folder) as files:
        kept = sorted((file.name, file.inode()) for file in files)
    return _worker_looks(), folder.stat().st_mtime_ns, tuple(kept)


def tell_worker_looks() -> None:
    """Tell the pages that a worker keeps standings ready; files of other days go."""
    folder = _folder()
    (folder / "worker").touch()
    for path in folder.glob("*.json"):
        if path.stat().st_mtime < time.time() - 3 * 24 * 3600:
            path.unlink(missing_ok=True)


def _worker_looks() -> bool:
    try:
        return time.time() - (_folder() / "worker").stat().st_mtime < _WORKER_SILENT_SECONDS
    except OSError:
        return False


def _find_kept(asked: Asked) -> tuple[str, Standings | None] | None:
    """Return what is kept of a plan and day: the state of the tables it was made of, and the answer."""
    path = _place(asked)
    try:
        written = path.stat().st_mtime_ns
    except OSError:
        return None
    held = _read.get(path)
    if held is None or held[0] != written:
        content = json.loads(path.read_text(encoding="utf-8"))
        held = written, content["version"], _from_json(content["standings"])
        _read.clear()
        _read[path] = held
    return held[1:]


def _from_json(told: dict[str, Any] | None) -> Standings | None:
    if told is None:
        return None
    return Standings(**{**told, "people": {key: Standing(**each) for key, each in told["people"].items()}})


def _place(asked: Asked) -> Path:
    name = hashlib.sha256(f"{asked.address}\n{asked.day}".encode()).hexdigest()[:32]
    return _folder() / f"{name}.json"


def _folder() -> Path:
    folder = Path(site.DATA_FOLDER) / "standings"
    folder.mkdir(exist_ok=True)
    return folder


def _work_out(address: str, text: str, day: date) -> Standings | None:
    plan, opened = open_plan(address), open_records(text)
    settings = replace(plan.settings, as_of=day)
    measure = settings.measures[settings.targets[0].measure]
    if opened.settings is None or measure.kind != "flow" or not settings.since <= day < settings.until:
        return None
    company = count_as_sales(up_to(in_key_order(opened.company), day), measure)
    first = day.replace(day=1)
    end = (first + timedelta(days=32)).replace(day=1)
    lines, _ = credit_sales(company, settings, measure, list_holdings(company, settings))
    after = day + timedelta(days=1)
    spans = {
        "month": (first, end), "month_due": (first, after), "year": (settings.since, settings.until),
        "year_due": (settings.since, after),
    }  # fmt: skip
    parts: dict[str, dict[str, int]] = {name: _planned(plan, *span) for name, span in spans.items()}
    parts["month_actual"] = _came(lines.filter(pl.col("date") >= first), measure.decimals)
    parts["year_actual"] = _came(lines, measure.decimals)
    people = sorted({person for part in parts.values() for person in part})
    told = {person: Standing(**{name: part.get(person, 0) for name, part in parts.items()}) for person in people}
    left = len(working_days(settings.country, day, end))
    return Standings(measure.name, settings.currency, measure.decimals, left, told)


def _planned(plan: Plan, since: date, until: date) -> dict[str, int]:
    """Return what the plan asks of each person in a span."""
    since, until = max(since, plan.settings.since), min(until, plan.settings.until)
    frame, _ = cut_slice(plan, Request(by=("person",), since=since, until=until))
    return dict(frame.select("person", "amount").drop_nulls("person").iter_rows()) if "amount" in frame.columns else {}


def _came(lines: pl.DataFrame, decimals: int) -> dict[str, int]:
    """Return what was credited to each person."""
    sums = lines.group_by("person").agg(pl.col("value_e4").sum()).drop_nulls("person").sort("person")
    amounts = to_minor(sums["value_e4"].to_numpy().astype(np.int64), decimals)
    return dict(zip(sums["person"].to_list(), amounts.tolist(), strict=True))
