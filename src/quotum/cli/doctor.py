"""``quotum doctor``: does this machine have what quotum needs?"""

from __future__ import annotations

import json
import sys

import click


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print the result for programs.")
def command(as_json: bool) -> None:
    """Tell whether this machine has what quotum needs, and what would make it better.

    Exit code 0: all is there. 1: something needed is missing.
    """
    checks = [*_check_python(), *_check_packages(), _check_kernels(), _check_memory(), _check_calendar()]
    if as_json:
        click.echo(json.dumps([dict(zip(("ok", "what", "found", "remedy"), check, strict=True)) for check in checks]))
    else:
        for ok, what, found, remedy in checks:
            click.echo(f"{'ok  ' if ok else 'MISS'} {what:<12} {found}{'' if ok else f'  -> {remedy}'}")
    raise SystemExit(0 if all(ok for ok, *_ in checks) else 1)


_Check = tuple[bool, str, str, str]


def _check_python() -> list[_Check]:
    found = ".".join(str(part) for part in sys.version_info[:3])
    return [(sys.version_info >= (3, 11), "python", found, "install Python 3.11 or newer")]


def _check_packages() -> list[_Check]:
    from importlib.metadata import PackageNotFoundError, version

    checks: list[_Check] = []
    for name in ("numpy", "polars", "numba", "holidays", "xlsxwriter", "fastexcel"):
        try:
            checks.append((True, name, version(name), ""))
        except PackageNotFoundError:
            checks.append((False, name, "missing", f"pip install {name}"))
    return checks


def _check_kernels() -> _Check:
    """Run the split kernel on three members; a compiler that does not work shows here."""
    try:
        import numpy as np

        from quotum.engine.kernels.splitting import round_whole, split_bounded

        starts, totals = np.array([0, 3], dtype=np.int64), np.array([100.0])
        real, _ = split_bounded(starts, totals, np.ones(3))
        whole = round_whole(starts, np.array([100], dtype=np.int64), real)
        return whole.tolist() == [34, 33, 33], "kernels", "compiled", "make setup"
    except (ImportError, OSError, RuntimeError) as error:
        return False, "kernels", type(error).__name__, "reinstall numba: pip install --force-reinstall numba"


def _check_memory() -> _Check:
    import os

    try:
        gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    except (ValueError, OSError, AttributeError):
        return True, "memory", "unknown", ""
    return gib >= 2, "memory", f"{gib:.0f} GiB", "plans of 200,000 customers want 4 GiB"


def _check_calendar() -> _Check:
    from datetime import date

    from quotum.adapters.calendars import list_days

    days, _ = list_days("CN", date(2026, 1, 1), date(2027, 1, 1))
    found = int((days["kind"] == "makeup").sum())
    return found > 0, "calendar", f"{found} make-up days in China 2026", "pip install --upgrade holidays"
