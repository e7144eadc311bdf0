"""From nodes to tables: rows, cuts, reasons, members and last year as the plan keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from quotum.engine.decomposition.bounds import tell_why
from quotum.engine.decomposition.ground import Ground, Ints, Lines
from quotum.engine.decomposition.ledger import WHY, Ledger, Split
from quotum.engine.decomposition.scene import Members, Scene
from quotum.engine.tables.company import Company
from quotum.engine.tables.ownership import VACANT
from quotum.engine.tables.plan_settings import LAYERS
from quotum.engine.tables.plan_tables import PLAN_SCHEMAS
from quotum.engine.tables.schema import DIMENSIONS


@dataclass(frozen=True, slots=True)
class Part:
    """One measure's part of the plan: numbered from 0 in calendars, seasons, curves and nodes, not in rows."""

    rows: pl.DataFrame
    cuts: dict[str, pl.DataFrame]
    splits: pl.DataFrame
    tables: dict[str, pl.DataFrame]  # days, seasons, curves, last_year


def list_quotas(scene: Scene, ledger: Ledger, rows: Members, first_row: int) -> pl.DataFrame:
    """Return the rows with their keys, window and amounts; a person's row knows its unit in any case."""
    frame, settings = rows.frame, scene.settings
    if "unit" not in frame.columns and "person" in frame.columns:
        ground = scene.ground
        unit_of = dict(zip(ground.keys["person"], (ground.keys["unit"][u] for u in ground.person_unit), strict=True))
        frame = frame.with_columns(
            unit=pl.Series([unit_of.get(p, p.removeprefix(VACANT)) for p in frame["person"]], dtype=pl.String)
        )
    if "since" not in frame.columns:
        frame = frame.with_columns(since=pl.lit(settings.since), until=pl.lit(settings.until))
    missing = [pl.lit(None, pl.String).alias(name) for name in DIMENSIONS if name not in frame.columns]
    return frame.with_columns(missing).select(
        pl.Series("row", np.arange(first_row, first_row + frame.height), dtype=pl.Int32),
        pl.lit(scene.measure.name).alias("measure"),
        *DIMENSIONS,
        "since",
        "until",
        pl.Series("commit", ledger.amount("commit")[rows.nodes]),
        pl.Series("extra", ledger.amount("extra")[rows.nodes]),
    )


def list_splits(scene: Scene, ledger: Ledger) -> pl.DataFrame:
    """Return every split of a measure as lines of reasons, layer after layer."""
    layers = LAYERS if ledger.target.extra_minor else LAYERS[:1]
    lines = [_lines_of(split, layer, scene.measure.name) for split in ledger.splits for layer in layers]
    weights = dict.fromkeys(name for frame in lines for name in frame.columns if name.startswith("weight_"))
    stacked = pl.concat([pl.DataFrame(schema=PLAN_SCHEMAS["splits"]), *lines], how="diagonal")
    return stacked.select(_split_columns(list(weights)))


def _lines_of(split: Split, layer: str, measure: str) -> pl.DataFrame:
    """Return one split's reasons in one layer."""
    floors, caps = split.floors[layer], split.caps[layer]
    num_members = len(split.members)
    weights = {f"weight_{basis}": raw for basis, raw in split.weights.items()}
    if layer in split.proposals and not np.isnan(split.proposals[layer][0]).all():
        own, trust = split.proposals[layer]
        weights |= {"weight_proposal": own, "weight_trust": trust}
    none = pl.lit(None, pl.Float64)
    frame = pl.DataFrame(
        {
            "node": split.nodes,
            "parent": split.parent_of_member,
            "member": split.members,
            **weights,
            "share": split.share,
            "real": split.real[layer],
            "amount": split.amount[layer],
            "why": pl.Series(list(WHY), dtype=pl.String).gather(tell_why(split, layer)),
        }
    ).with_columns(
        pl.col("^weight_.*$").fill_nan(None),
        pl.lit(split.step).alias("step"),
        pl.lit(measure).alias("measure"),
        pl.lit(split.dimension).alias("dimension"),
        pl.lit(layer).alias("layer"),
        (pl.Series(np.where(floors > 0, floors, np.nan)).fill_nan(None) if len(floors) else none).alias("floor"),
        (pl.Series(np.where(np.isfinite(caps), caps, np.nan)).fill_nan(None) if len(caps) else none).alias("cap"),
    )
    assert frame.height == num_members
    return frame.select(_split_columns(list(weights)))


def _split_columns(weights: Sequence[str]) -> list[str]:
    """Return the columns of ``splits``: the raw weights stand before the share they make."""
    names = list(PLAN_SCHEMAS["splits"])
    at = names.index("share")
    return [*names[:at], *weights, *names[at:]]


def list_last_year(scene: Scene, lines: Lines, row: Ints) -> pl.DataFrame:
    """Return what each row's customers and products did on the same dates a year earlier, sorted by row and date."""
    used = np.flatnonzero((row >= 0) & (lines.last_year_e4 != 0))
    customers = pl.Series(scene.ground.keys["customer"], dtype=pl.String)
    products = pl.Series([*scene.ground.keys["product"], None], dtype=pl.String)  # the last one: no product
    product = np.where(lines.product[used] < 0, len(products) - 1, lines.product[used])
    customer = scene.ground.codes["customer"][lines.holding[used]].astype(np.int64)
    since = np.datetime64(scene.settings.since)
    day = (lines.last_year_date[used] - since).astype("timedelta64[D]").astype(np.int64)
    num_days = (scene.settings.until - scene.settings.since).days + 1
    place, what = row[used].astype(np.int64) * num_days + day, customer * len(products) + product
    order = np.lexsort((what, place))
    place, what = place[order], what[order]
    first = np.flatnonzero(np.append(True, (place[1:] != place[:-1]) | (what[1:] != what[:-1])))[: len(order)]
    amount = np.add.reduceat(lines.last_year_e4[used][order], first) if len(first) else np.empty(0, dtype=np.int64)
    place, what = place[first], what[first]
    return pl.DataFrame(
        {
            "row": (place // num_days).astype(np.int32),
            "customer": customers.gather(what // len(products)),
            "product": products.gather(what % len(products)),
            "date": since + place % num_days,
            "amount_e4": amount,
        }
    ).with_columns(pl.lit(scene.measure.name).alias("measure"))


def list_members(company: Company, ground: Ground) -> pl.DataFrame:
    """Return every key of the plan with its name, its place in a tree and what readers group it by."""
    schema = PLAN_SCHEMAS["members"]
    vacancies = [key for key in ground.keys["person"] if key.startswith(VACANT)]
    frames = [
        company["units"].select(pl.lit("unit").alias("dimension"), key="unit", name="name", parent="parent"),
        company["areas"].select(pl.lit("area").alias("dimension"), key="area", name="name", parent="parent"),
        company["categories"].select(
            pl.lit("category").alias("dimension"), key="category", name="name", parent="parent"
        ),
        company["people"].select(pl.lit("person").alias("dimension"), "unit", key="person", name="name"),
        pl.DataFrame(
            {"dimension": "person", "key": vacancies, "unit": [key.removeprefix(VACANT) for key in vacancies]},
            schema={"dimension": pl.String, "key": pl.String, "unit": pl.String},
        ),
        company["customers"].select(
            pl.lit("customer").alias("dimension"),
            "area",
            "class",
            key="customer",
            name="name",
            channel=pl.Series([*ground.keys["channel"], None], dtype=pl.String).gather(_channels(company, ground)),
        ),
        company["products"].select(pl.lit("product").alias("dimension"), "category", key="product", name="name"),
        *(
            pl.DataFrame(
                {"dimension": name, "key": list(ground.keys[name])}, schema={"dimension": pl.String, "key": pl.String}
            )
            for name in ("channel", "class")
        ),
    ]
    full = pl.concat(
        [pl.DataFrame(schema=schema), *(frame.with_columns(pl.col("dimension").cast(pl.String)) for frame in frames)],
        how="diagonal_relaxed",
    )
    return full.select(list(schema)).with_columns(name=pl.col("name").fill_null(pl.col("key")))


def _channels(company: Company, ground: Ground) -> Ints:
    """Return the position of each customer's channel, the last one for none, (num_customers,)."""
    channel = np.full(company["customers"].height, len(ground.keys["channel"]), dtype=np.int32)
    codes = ground.codes["channel"]
    channel[ground.codes["customer"]] = np.where(codes < 0, len(ground.keys["channel"]), codes)
    return channel


def stack_parts(parts: Sequence[Part]) -> tuple[dict[str, pl.DataFrame], dict[str, pl.DataFrame]]:
    """Return the measures' tables under one another, with calendars, seasons, curves and nodes numbered through."""
    stacked: dict[str, list[pl.DataFrame]] = {}
    first = dict.fromkeys(("calendar", "season", "curve", "node"), 0)
    for part in parts:
        tables = {"quotas": part.rows, "splits": part.splits, **part.tables}
        shifted = {name: _shift(frame, first) for name, frame in tables.items()}
        for name, frame in shifted.items():
            stacked.setdefault(name, []).append(frame)
        for column, table in (("calendar", "days"), ("season", "seasons"), ("curve", "curves"), ("node", "splits")):
            highest = shifted[table][column].max()
            first[column] = int(highest) + 1 if isinstance(highest, int) else first[column]
    merged = {name: pl.concat(frames, how="diagonal") for name, frames in stacked.items()}
    weights = [name for name in merged["splits"].columns if name.startswith("weight_")]
    merged["splits"] = merged["splits"].select(_split_columns(weights))
    merged = {
        name: frame.select(*PLAN_SCHEMAS[name], pl.col("^hedge$").fill_null(0)).cast(PLAN_SCHEMAS[name])  # type: ignore[arg-type]
        if name != "splits"
        else frame
        for name, frame in merged.items()
    }
    names = dict.fromkeys(name for part in parts for name in part.cuts)
    cuts = {
        name: pl.concat([part.cuts[name] for part in parts if name in part.cuts], how="diagonal").with_columns(
            pl.col("^hedge$").fill_null(0)
        )
        for name in names
    }
    merged["anchors"] = pl.DataFrame(schema=PLAN_SCHEMAS["anchors"])
    return merged, cuts


def _shift(frame: pl.DataFrame, first: dict[str, int]) -> pl.DataFrame:
    """Return the table with its numbers moved behind those of the measures before it."""
    moved = [pl.col(name) + first[name] for name in first if name in frame.columns]
    if "parent" in frame.columns:
        parent = pl.col("parent")
        moved.append(pl.when(parent >= 0).then(parent + first["node"]).otherwise(parent))
    return frame.with_columns(moved)
