"""What the customers that are there will bring: each by its own rhythm, its yearly amount and the chance that it stays.

Orders are taken to come at random with the customer's own rate λ = 1 ÷ interval, and customers to go at random with one
rate μ for the company. After r days of silence the chance that a customer is still there is then

    P = 1 ÷ (1 + μ ÷ (λ + μ) · (e^((λ + μ) · r) − 1))

(Schmittlein, Morrison and Colombo, Counting Your Customers, Management Science 33(1), 1987, with λ and μ known). Who
ordered just once may also have gone right after that order, with a chance q measured on earlier first orders, as in
Fader, Hardie and Lee, "Counting Your Customers" the Easy Way, Marketing Science 24(2), 2005, where customers can go
after any order. Regular buyers are more punctual than chance, so P errs a little on the careful side.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from quotum.engine.customers.purchases import Flags, Floats, Ints, Purchases, day_of
from quotum.engine.customers.states import LOST
from quotum.engine.customers.years import Year
from quotum.engine.tables.customer_settings import StateRules

DAYS_A_YEAR = 365.25
_PRIOR = 10
"""So many customers' worth of the loss in the settings is mixed into what was measured: few customers tell little."""
_LARGEST_EXPONENT = 700.0


@dataclass(frozen=True, slots=True)
class Existing:
    """What is expected of every customer, (num_customers,): ten-thousandths a year if it stays, and whether it does.

    ``loss`` is the part of the customers that goes in a year, ``loss_of_first`` that of new ones which never order a
    second time.
    """

    yearly_e4: Floats
    alive: Floats
    loss: float
    loss_of_first: float


def expect_existing(years: list[Year], weights: tuple[int, ...], rules: StateRules) -> Existing:
    """Return what every customer brings a year if it stays, and the chance that it is still there.

    ``weights`` are those of the last years, latest first. Lost customers count as gone: to win them back is new
    business.
    """
    now, before = years[0], years[1]
    loss, of_first = _measure_loss(now, before, rules)
    rhythm = now.rhythm
    alive = chance_alive(rhythm.interval, rhythm.silence, loss, np.where(rhythm.orders == 1, of_first, 0.0))
    alive = np.where(rhythm.has_ordered & (now.states != LOST), alive, 0.0)
    return Existing(_rate_yearly(years, weights), alive, loss, of_first)


def chance_alive(interval: Floats, silence: Ints, loss: float, gone_at_once: Floats) -> Floats:
    """Return the chance that customers are still there after ``silence`` days, (num_customers,).

    ``loss`` is the part that goes in a year, ``gone_at_once`` the chance of each to have gone right after its only
    order.
    """
    going = -np.log1p(-loss) / DAYS_A_YEAR
    both = 1.0 / np.maximum(interval, 1.0) + going
    silent = np.exp(-np.minimum(both * silence, _LARGEST_EXPONENT))
    stays = (1.0 - gone_at_once) * silent
    gone = gone_at_once + (1.0 - gone_at_once) * going / both * (1.0 - silent)
    return np.asarray(stays / (stays + gone), dtype=np.float64)


def _measure_loss(now: Year, before: Year, rules: StateRules) -> tuple[float, float]:
    """Return the yearly loss of customers with several orders, and the part of first orders nothing followed."""
    were_there = (before.rhythm.orders > 1) & (before.states != LOST)
    gone = were_there & (now.states == LOST)
    first_long_ago = now.rhythm.has_ordered & (now.until - now.rhythm.first > rules.lost * now.rhythm.company_interval)
    once = first_long_ago & (now.rhythm.orders == 1)
    return _mixed(gone, were_there, rules.loss), _mixed(once, first_long_ago, rules.loss)


def _mixed(some: Flags, every: Flags, usual: float) -> float:
    return min((int(some.sum()) + _PRIOR * usual) / (int(every.sum()) + _PRIOR), 0.99)


def _rate_yearly(years: list[Year], weights: tuple[int, ...]) -> Floats:
    """Return each customer's weighted yearly amount over the time since its first order.

    A first order stands for one interval, so that somebody who bought yesterday is not taken for a daily buyer.
    """
    rhythm = years[0].rhythm
    amount, exposed = np.zeros(len(rhythm.orders)), np.zeros(len(rhythm.orders))
    for year, weight in zip(years, weights, strict=False):
        length = year.until - year.since
        known = np.clip(year.until - rhythm.first + np.maximum(rhythm.interval, 1.0), 0, length) / length
        amount += weight * year.amount_e4
        exposed += weight * np.where(rhythm.has_ordered & (rhythm.first < year.until), known, 0.0)
    return np.maximum(np.divide(amount, exposed, out=np.zeros_like(amount), where=exposed > 0), 0.0)


def rate_days(purchases: Purchases, years: list[Year], since: int, until: int, loss: float) -> Floats:
    """Return the running part of a customer's yearly amount by each day of [since, until], (num_days + 1,).

    Each day counts its part of a year by the company's season (all sales of the whole years known, by calendar month)
    and the chance that who was there at the end of the latest year is there then.
    """
    season = _rate_months(purchases, years)
    months = np.array([day_of(day).month for day in range(since, until)], dtype=np.int64)
    going = -np.log1p(-loss) / DAYS_A_YEAR
    away = np.arange(since, until) - (years[0].until - 1)
    daily = season[months - 1] * np.exp(-going * away) / DAYS_A_YEAR
    return np.concatenate([[0.0], np.cumsum(daily)])


def _rate_months(purchases: Purchases, years: list[Year]) -> Floats:
    """Return a rate for each calendar month, 1 on average over the days of a year, flat without a whole year."""
    flat = np.ones(12)
    if not purchases.is_order.any():
        return flat
    first = int(purchases.day[purchases.is_order].min())
    whole = [year for year in years if first - year.since < 32]  # the first month may have begun without a sale
    if not whole:
        return flat
    since, until = whole[-1].since, whole[0].until
    inside = (purchases.day >= since) & (purchases.day < until)
    by_day = np.bincount(purchases.day[inside] - since, weights=purchases.amount_e4[inside], minlength=until - since)
    month = np.array([(day_of(since) + timedelta(days=k)).month - 1 for k in range(until - since)])
    sums = np.maximum(np.bincount(month, weights=by_day, minlength=12), 0.0)
    days = np.bincount(month, minlength=12)
    return sums / days / (sums.sum() / days.sum()) if sums.sum() > 0 else flat
