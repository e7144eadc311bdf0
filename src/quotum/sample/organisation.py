"""Who the sample company is: units, areas and people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.sample.sizes import FIRST_DAY, NEVER, NUM_DAYS, NUM_HISTORY_DAYS, Size, stream
from quotum.sample.words import COMPANY, REGIONS, keys, person_names

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_KINDS = {2: ("company", "region", "office"), 3: ("company", "region", "branch", "office")}
_BRANCH_NAMES = ("{zh}分公司", "Sucursal {latin}", "{latin} Branch")
_DISTRICTS = (("东", "East"), ("西", "West"), ("南", "South"), ("北", "North"), ("中", "Centre"), ("新", "New Town"),
              ("港", "Harbour"), ("老", "Old Town"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Organisation:
    """Tables of units, areas and people, and the same as arrays for drawing.

    Per office (num_offices,): ``office_region``, ``office_city`` (area row), ``office_lat``, ``office_lon``,
    ``first_core`` and ``num_core`` (a run of ``core``: the reps who are there all the time), ``first_owner`` and
    ``num_owners`` (a run of ``owners``: the reps hired before the plan year), ``newcomer`` (hired in the plan year,
    or -1). Per person (num_people,): ``hired_day`` and ``left_day`` counted from FIRST_DAY,
    ``person_office`` (-1: managers). Per region: ``manager`` (or -1).
    """

    units: pl.DataFrame
    areas: pl.DataFrame
    people: pl.DataFrame
    office_region: Ints
    office_city: Ints
    office_lat: Floats
    office_lon: Floats
    core: Ints
    first_core: Ints
    num_core: Ints
    owners: Ints
    first_owner: Ints
    num_owners: Ints
    newcomer: Ints
    hired_day: Ints
    left_day: Ints
    person_office: Ints
    manager: Ints


def day_date(day: int) -> date:
    """Return the date of a day number."""
    return FIRST_DAY + timedelta(days=int(day))


def days(numbers: npt.NDArray[np.integer]) -> pl.Series:
    """Return the dates of day numbers."""
    calendar = pl.date_range(FIRST_DAY, day_date(NUM_DAYS), eager=True)
    return calendar[numbers]


def make_areas(size: Size) -> pl.DataFrame:
    """Return the territory: the country, its parts, their cities (columns of the table areas)."""
    num_regions, num_cities = size.branching[0], size.branching[1]
    rows: list[tuple[str, str | None, str]] = [("CN", None, "中国")]
    for r, region in enumerate(REGIONS[:num_regions], 1):
        rows.append((f"A{r}", "CN", region.name))
        rows += [(f"A{r}{c}", f"A{r}", city.name) for c, city in enumerate(region.cities[:num_cities], 1)]
    return pl.DataFrame(rows, schema=["area", "parent", "name"], orient="row")


def make_units(size: Size) -> tuple[pl.DataFrame, list[tuple[str, int, int]]]:
    """Return the table units and the offices as (unit, region number, city number)."""
    kinds = _KINDS[len(size.branching)]
    rows: list[tuple[str, str | None, str, str]] = [("HQ", None, kinds[0], COMPANY)]
    offices: list[tuple[str, int, int]] = []
    for r, region in enumerate(REGIONS[: size.branching[0]]):
        rows.append((f"R{r + 1}", "HQ", kinds[1], region.unit_name))
        for c, city in enumerate(region.cities[: size.branching[1]]):
            branch = f"R{r + 1}{c + 1}"
            name = _BRANCH_NAMES[(r + c) % 3].format(zh=city.name, latin=city.latin)
            rows.append((branch, f"R{r + 1}", kinds[2], name))
            if len(size.branching) == 2:
                offices.append((branch, r, c))
                continue
            for d, (zh, en) in enumerate(_DISTRICTS[: size.branching[2]]):
                name = f"{city.name}{zh}营业部" if (c + d) % 2 else f"{city.latin} {en}"
                rows.append((f"{branch}{d + 1}", branch, kinds[3], name))
                offices.append((f"{branch}{d + 1}", r, c))
    return pl.DataFrame(rows, schema=["unit", "parent", "kind", "name"], orient="row"), offices


def _draw_careers(rng: np.random.Generator, office_of: Ints) -> tuple[Ints, Ints, Ints]:
    """Return hired_day, left_day and newcomer (per office) of reps; the first rep of an office is always there."""
    num_reps, num_offices = len(office_of), int(office_of.max()) + 1
    hired = -rng.integers(30, 4000, num_reps)
    left = np.full(num_reps, NEVER)
    newcomer = np.full(num_offices, -1)
    is_first = np.diff(office_of, prepend=-1) > 0
    candidates = rng.permutation(np.flatnonzero(~is_first))
    few = max(1, num_reps // 50)
    _, first_seen = np.unique(office_of[candidates], return_index=True)  # one newcomer an office at most
    hires = candidates[np.sort(first_seen)[:few]]
    rest = candidates[~np.isin(candidates, hires)]
    newcomer[office_of[hires]] = hires
    hired[hires] = NUM_HISTORY_DAYS + 28 + 30 * rng.integers(0, 6, len(hires))
    left[rest[:few]] = NUM_HISTORY_DAYS + 90 + 30 * rng.integers(0, 6, few)
    joined = rest[few : few + max(1, num_reps // 10)]
    hired[joined] = rng.integers(90, NUM_HISTORY_DAYS - 200, len(joined))
    return hired, left, newcomer


def _runs(members: Ints, office_of: Ints, num_offices: int) -> tuple[Ints, Ints]:
    """Return where each office's run begins in ``members`` (sorted by office) and how long it is."""
    counts = np.bincount(office_of[members], minlength=num_offices)
    return np.cumsum(counts) - counts, counts


def make_organisation(size: Size, seed: int) -> Organisation:
    """Return the company's units, areas and people."""
    rng = stream(seed, 1)
    units, offices = make_units(size)
    areas = make_areas(size)
    num_regions, num_offices = size.branching[0], len(offices)
    # The smallest company has one area manager, so that both a region with and one without a manager are seen.
    num_managers = 1 if size.name == "small" else num_regions
    num_reps = size.num_people - num_managers
    office_of = np.sort(np.arange(num_reps) % num_offices)
    hired, left, newcomer = _draw_careers(rng, office_of)
    core = np.flatnonzero((hired < 0) & (left == NEVER))
    owners = np.flatnonzero(hired < NUM_HISTORY_DAYS)
    first_core, num_core = _runs(core, office_of, num_offices)
    first_owner, num_owners = _runs(owners, office_of, num_offices)

    city_rows = {area: row for row, area in enumerate(areas["area"])}
    office_city = np.array([city_rows[f"A{r + 1}{c + 1}"] for _, r, c in offices])
    jitter = 0.12 if len(size.branching) > 2 else 0.03
    office_lat = np.array([REGIONS[r].cities[c].lat for _, r, c in offices]) + rng.normal(0, jitter, num_offices)
    office_lon = np.array([REGIONS[r].cities[c].lon for _, r, c in offices]) + rng.normal(0, jitter, num_offices)
    manager = np.where(np.arange(num_regions) < num_managers, num_reps + np.arange(num_regions), -1)

    office_region = np.array([r for _, r, _ in offices])
    home = np.concatenate([office_of, [int(np.flatnonzero(office_region == r)[0]) for r in range(num_managers)]])
    hired = np.concatenate([hired, -rng.integers(1000, 5000, num_managers)])
    left = np.concatenate([left, np.full(num_managers, NEVER)])
    unit = [offices[o][0] for o in office_of] + [f"R{r + 1}" for r in range(num_managers)]
    lat, lon = office_lat[home], office_lon[home]
    people = _people_table(rng, unit, num_managers, hired=hired, left=left, lat=lat, lon=lon)
    return Organisation(
        units, areas, people, office_region, office_city, office_lat, office_lon, core, first_core, num_core,
        owners, first_owner, num_owners, newcomer, hired, left,
        np.concatenate([office_of, np.full(num_managers, -1)]), manager,
    )  # fmt: skip


def _people_table(
    rng: np.random.Generator, unit: list[str], num_managers: int, *, hired: Ints, left: Ints, lat: Floats, lon: Floats
) -> pl.DataFrame:
    count = len(unit)
    is_manager = np.arange(count) >= count - num_managers
    ability = np.clip(rng.normal(1.0, 0.13, count), 0.7, 1.3)
    return pl.DataFrame({
        "person": keys("P", count),
        "name": person_names(rng, count),
        "unit": unit,
        "role": np.where(is_manager, "area manager", "rep").tolist(),
        "hired": [day_date(day) for day in hired],
        "left": pl.Series([None if day == NEVER else day_date(day) for day in left], dtype=pl.Date),
        "ability": ability.round(2),
        "calls_per_day": rng.integers(8, 21, count),
        "visits_per_day": np.where(is_manager, 3, rng.integers(5, 9, count)),
        "minutes_per_day": np.where(is_manager, 240, 420 + 15 * rng.integers(0, 5, count)),
        "lat": (lat + rng.normal(0, 0.04, count)).round(5),
        "lon": (lon + rng.normal(0, 0.04, count)).round(5),
    })
