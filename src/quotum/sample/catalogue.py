"""What the sample company sells: categories in two levels, products with prices and costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.sample.sizes import Size, stream
from quotum.sample.words import keys

Ints = npt.NDArray[np.int64]


class Category(NamedTuple):
    """A top category: its weight in sales, usual price and margin, how much each month sells, and its members."""

    name: str
    weight: float
    price: float
    margin: float
    months: tuple[float, ...]
    members: tuple[str, ...]


CATEGORIES = (
    Category("厨房 Kitchen", 0.30, 160, 0.32, (1.2, 0.9, 0.9, 0.9, 1.0, 1.1, 0.9, 0.9, 1.0, 1.0, 1.2, 1.1),
             ("电饭煲 Rice cookers", "Ollas y sartenes", "Kettles", "刀具 Knives")),
    Category("照明 Lighting", 0.22, 95, 0.41, (0.9, 0.7, 1.0, 1.0, 0.9, 0.9, 0.8, 0.9, 1.1, 1.2, 1.3, 1.3),
             ("吸顶灯 Ceiling lamps", "Lámparas de mesa", "LED bulbs")),
    Category("Clima y aire", 0.20, 420, 0.24, (0.6, 0.6, 0.7, 0.9, 1.4, 1.9, 1.8, 1.3, 0.8, 0.6, 0.7, 0.8),
             ("电风扇 Fans", "Humidificadores", "Heaters")),
    Category("清洁 Cleaning", 0.17, 38, 0.47, (1.4, 0.9, 1.0, 1.0, 1.0, 1.0, 0.9, 0.9, 1.0, 0.9, 1.0, 1.0),
             ("清洁剂 Detergents", "Escobas y fregonas", "Bins", "收纳 Storage")),
    Category("Garden & tools", 0.11, 130, 0.36, (0.5, 0.6, 1.3, 1.5, 1.5, 1.2, 1.0, 0.9, 1.0, 1.0, 0.8, 0.7),
             ("五金工具 Hand tools", "Jardín", "Power tools")),
)  # fmt: skip

_MODELS = ("晨光", "Aurora", "Roble", "云帆", "Pioneer", "Brisa", "青松", "Comet", "Alba", "magnolia 玉兰")
_SERIES = ("S", "M", "L", "Pro", "轻巧", "Plus", "Eco", "家用")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Tables of categories and products; products of a top category are a run: ``first`` and ``count`` (num_tops,).

    ``price_cents`` and ``cost_cents`` (num_products,) are the same prices as whole hundredths.
    """

    categories: pl.DataFrame
    products: pl.DataFrame
    first: Ints
    count: Ints
    price_cents: Ints
    cost_cents: Ints


def make_catalogue(size: Size, seed: int) -> Catalogue:
    """Return categories and products; each member of a top category gets at least one product."""
    rng = stream(seed, 2)
    rows: list[tuple[str, str | None, str]] = []
    leaves: list[tuple[int, str, str]] = []
    for top, category in enumerate(CATEGORIES):
        rows.append((f"G{top + 1}", None, category.name))
        for number, name in enumerate(category.members, 1):
            rows.append((f"G{top + 1}{number}", f"G{top + 1}", name))
            leaves.append((top, f"G{top + 1}{number}", name))
    leaf_of = np.sort(np.arange(size.num_products) % len(leaves))
    top_of = np.array([leaves[leaf][0] for leaf in leaf_of])
    price = np.array([c.price for c in CATEGORIES])[top_of] * np.exp(rng.normal(0, 0.55, size.num_products))
    margin = np.array([c.margin for c in CATEGORIES])[top_of] + rng.normal(0, 0.06, size.num_products)
    price_cents = np.maximum(np.round(price), 5).astype(np.int64) * 100 - 10  # 159.90
    cost_cents = np.round(price_cents * (1 - np.clip(margin, 0.1, 0.6))).astype(np.int64)
    names = [_product_name(leaves[leaf][2], number) for number, leaf in enumerate(leaf_of)]
    products = pl.DataFrame({
        "product": keys("K", size.num_products),
        "category": [leaves[leaf][1] for leaf in leaf_of],
        "name": names,
        "price": money(price_cents),
        "cost": money(cost_cents),
    })
    count = np.bincount(top_of, minlength=len(CATEGORIES))
    categories = pl.DataFrame(rows, schema=["category", "parent", "name"], orient="row")
    return Catalogue(categories, products, np.cumsum(count) - count, count, price_cents, cost_cents)


def _product_name(kind: str, number: int) -> str:
    model, series = _MODELS[number % len(_MODELS)], _SERIES[number // len(_MODELS) % len(_SERIES)]
    return f"{model} {kind.partition(' ')[0]} {series}{number % 7 + 1}0"


def money(cents: Ints) -> pl.Series:
    """Return whole hundredths as decimals with two places, exactly."""
    return (pl.Series(cents).cast(pl.Decimal(20, 2)) / 100).cast(pl.Decimal(18, 2))
