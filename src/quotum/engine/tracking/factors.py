"""What a customer's sales are made of: contacts, orders a contact, pieces an order, what is bought, at what price.

The five multiply to the sales of a window. ``basket`` values the pieces at last year's average price of each product,
so that ``mix`` is what is bought and ``price`` what it was sold for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float64]

SUMS = ("value", "gross", "quantity", "basket", "orders")


def sum_leaves(lines: pl.DataFrame, prices: pl.DataFrame) -> pl.DataFrame:
    """Return credited lines summed by ``place, customer``: ``value, gross`` (without returns), ``quantity``, ...

    ``basket``: the pieces at ``prices(product, price)``; lines of products without one stand at their own value.
    ``orders`` counts orders, or days with sales where no order is named. Money in ten-thousandths.
    """
    sold = pl.col("value_e4") > 0
    order = pl.col("order").fill_null(pl.col("date").cast(pl.String))
    at_price = (pl.col("quantity_e4") * pl.col("price")).fill_null(pl.col("value_e4").cast(pl.Float64))
    valued = lines.join(prices, on="product", how="left", maintain_order="left")
    return (
        valued.sort("place", "customer", "date", "order", "product", "value_e4", "quantity_e4")
        .group_by("place", "customer", maintain_order=True)
        .agg(
            value=pl.col("value_e4").sum(),
            gross=pl.col("value_e4").filter(sold).sum(),
            quantity=pl.col("quantity_e4").filter(sold).sum(),
            basket=at_price.filter(sold).sum(),
            orders=order.filter(sold).n_unique(),
        )
    )


def average_prices(lines: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Return ``product, price``: the average of the first lines that sold the product, value for a piece."""
    found: list[pl.DataFrame] = []
    for frame in lines:
        sold = frame.filter((pl.col("value_e4") > 0) & (pl.col("quantity_e4") > 0))
        sums = sold.group_by("product").agg(pl.col("value_e4", "quantity_e4").sum())
        found.append(sums.select("product", price=pl.col("value_e4") / pl.col("quantity_e4")))
    return pl.concat(found).unique("product", keep="first", maintain_order=True).sort("product")


@dataclass(frozen=True, slots=True)
class Factors:
    """Factors of two windows, (num_leaves, num_factors) each, and what each is called."""

    names: tuple[str, ...]
    before: Floats
    after: Floats


def list_factors(before: pl.DataFrame, after: pl.DataFrame, contacts: tuple[Floats, Floats] | None) -> Factors:
    """Return the factors of leaves that sold something before; ``before`` and ``after`` hold ``SUMS`` line by line.

    ``contacts``: calls and visits of the two windows, None where nobody wrote any down: then orders are a factor
    themselves. A leaf whose contacts of a window are not known has contacts as orders, which moves nothing; the caller
    sees that from zeros. Where nothing was sold after, what cannot be told (pieces of no order) stays as it was.
    """
    one, two = ({name: frame[name].to_numpy().astype(np.float64) for name in SUMS} for frame in (before, after))
    counted = (one["quantity"] > 0) & ((two["quantity"] > 0) | (two["gross"] <= 0)) & (one["basket"] > 0)
    names = ["activity", "conversion", "order_size", "mix", "price"]
    first, second = np.ones((len(before), 5)), np.ones((len(before), 5))
    for table, sums in ((first, one), (second, two)):
        seen = sums["orders"] if contacts is None else contacts[0 if table is first else 1]
        table[:, 0] = seen
        table[:, 1] = _divide(sums["orders"], seen)
        pieces = np.where(counted, sums["quantity"], sums["gross"])
        table[:, 2] = _divide(pieces, sums["orders"])
        table[:, 3] = np.where(counted, _divide(sums["basket"], sums["quantity"]), 1.0)
        table[:, 4] = np.where(counted, _divide(sums["gross"], sums["basket"]), 1.0)
    nothing = two["gross"] <= 0
    second[nothing, 2:] = first[nothing, 2:]
    if contacts is None:
        names[0] = "orders"
        return Factors((names[0], *names[2:]), first[:, [0, 2, 3, 4]], second[:, [0, 2, 3, 4]])
    return Factors(tuple(names), first, second)


def _divide(above: Floats, below: Floats) -> Floats:
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0)
