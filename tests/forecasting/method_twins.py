"""The methods of forecasting once more, slow and obvious: one series, one month after the other."""

from __future__ import annotations

from itertools import product


def rates_and_weights(values, exposure, season, first_month):
    """Return (rate, weight) of each known month from the first one with sales, and what coming months weigh."""
    seasonal = [e * season[(first_month + t) % 12] for t, e in enumerate(exposure)]
    known = len(values)
    start = next((t for t, v in enumerate(values) if v), known)
    usual = sum(seasonal[:known]) / known
    months = [
        (values[t] / seasonal[t] if seasonal[t] else 0.0, min(seasonal[t] / usual, 1.0)) for t in range(start, known)
    ]
    return months, seasonal, start


def level_of(values, seasonal, since, until):
    weighed = sum(seasonal[since:until])
    return sum(values[since:until]) / weighed if weighed else 0.0


def season_times(levels, seasonal, known):
    return [max(level, 0.0) * weight for level, weight in zip(levels, seasonal[known:], strict=True)]


def smooth(months, first):
    """Return (last level, alpha) of the best simple exponential smoothing."""
    tries = []
    for alpha in (0.05, 0.1, 0.2, 0.35, 0.5):
        level, squares = first, 0.0
        for rate, weight in months:
            squares += weight * (rate - level) ** 2
            level += alpha * weight * (rate - level)
        tries.append((squares, level, alpha))
    return min(tries, key=lambda found: found[0])[1:]


def season_twin(values, exposure, season, first_month):
    months, seasonal, start = rates_and_weights(values, exposure, season, first_month)
    known = len(values)
    first = level_of(values, seasonal, start, min(start + 12, known))
    level, _ = smooth(months, max(first, 0.0))
    return season_times([level] * (len(exposure) - known), seasonal, known)


def trend_twin(values, exposure, season, first_month):
    months, seasonal, start = rates_and_weights(values, exposure, season, first_month)
    known = len(values)
    first = level_of(values, seasonal, start, min(start + 12, known))
    rise = 0.0
    if known - start >= 24:
        rise = (level_of(values, seasonal, start + 12, start + 24) - first) / 12
    at_start = first - 6 * rise if first - 6 * rise > 0 else first
    tries = []
    for alpha, beta, damping in product((0.1, 0.2, 0.4), (0.05, 0.15), (0.9, 0.98)):
        level, trend, squares = at_start, rise, 0.0
        for rate, weight in months:
            expected = level + damping * trend
            error = rate - expected if weight > 0 else 0.0
            squares += weight * error**2
            if weight > 0:
                level, trend = expected + alpha * weight * error, damping * trend + alpha * beta * weight * error
        levels, step = [], 0.0
        for ahead in range(1, len(exposure) - known + 1):
            step += damping**ahead
            levels.append(level + trend * step)
        tries.append((squares, levels))
    return season_times(min(tries, key=lambda found: found[0])[1], seasonal, known)


def theta_twin(values, exposure, season, first_month):
    months, seasonal, start = rates_and_weights(values, exposure, season, first_month)
    known = len(values)
    level, alpha = smooth(months, max(level_of(values, seasonal, start, min(start + 12, known)), 0.0))
    weights = sum(w for _, w in months) or 1.0
    centre = sum(w * (start + t) for t, (_, w) in enumerate(months)) / weights
    mean = sum(w * rate for rate, w in months) / weights
    spread = sum(w * (start + t - centre) ** 2 for t, (_, w) in enumerate(months))
    slope = sum(w * (start + t - centre) * (rate - mean) for t, (rate, w) in enumerate(months)) / (spread or 1.0)
    reach = (1 - (1 - alpha) ** (known - start)) / alpha
    levels = [level + 0.5 * slope * (ahead + reach) for ahead in range(len(exposure) - known)]
    return season_times(levels, seasonal, known)


def first_demand(values, seasonal, start):
    known = len(values)
    until = min(start + 12, known)
    chance = sum(v != 0 for v in values[start:until]) / (until - start)
    return level_of(values, seasonal, start, until) / chance, chance


def intermittent_twin(values, exposure, season, first_month, alpha=0.1):
    months, seasonal, start = rates_and_weights(values, exposure, season, first_month)
    size, chance = first_demand(values, seasonal, start)
    interval, waited = 1 / chance, 1
    for rate, weight in months:
        if rate and weight:
            size += alpha * (rate - size)
            interval += alpha * (waited - interval)
            waited = 1
        elif weight:
            waited += 1
    level = (1 - alpha / 2) * size / (max(interval, 1) - alpha / 2)
    return season_times([level] * (len(exposure) - len(values)), seasonal, len(values))


def lasting_twin(values, exposure, season, first_month):
    months, seasonal, start = rates_and_weights(values, exposure, season, first_month)
    tries = []
    for alpha, beta in product((0.05, 0.15), (0.05, 0.1, 0.2)):
        size, chance = first_demand(values, seasonal, start)
        squares = 0.0
        for rate, weight in months:
            squares += weight * (rate - size * chance) ** 2
            bought = bool(rate and weight)
            size += alpha * (rate - size) if bought else 0.0
            chance += beta * (bought - chance) if weight else 0.0
        tries.append((squares, size * chance))
    level = min(tries, key=lambda found: found[0])[1]
    return season_times([level] * (len(exposure) - len(values)), seasonal, len(values))


def same_period_twin(values, exposure, season, first_month, weights=(3, 2, 1)):
    _, seasonal, start = rates_and_weights(values, exposure, season, first_month)
    known, made = len(values), []
    for month in range(known, len(exposure)):
        years = [month - 12 * k for k in range(1, 99) if month - 12 * k < known][: len(weights)]
        used = [(w, t) for w, t in zip(weights, years, strict=False) if t >= max(start, 0)]
        weighed = sum(w * exposure[t] for w, t in used)
        rate = (sum(w * values[t] for w, t in used) / weighed if weighed
                else level_of(values, seasonal, start, known) * season[(first_month + month) % 12])  # fmt: skip
        made.append(max(rate * exposure[month], 0.0))
    return made
