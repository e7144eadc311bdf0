"""What plan.toml says of warnings: from where on something is told to somebody."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WarningSettings:
    """Thresholds of the warnings of a review. Amounts are in major units of the first target's measure."""

    behind: float = 0.9  # actual ÷ plan to date below it
    fading: float = 0.7  # contacts of the last four weeks ÷ those of the four weeks before
    silent: float = 2.0  # days since the last order ÷ the customer's own rhythm
    overdue_days: int = 30  # days since an invoice was due
    tender_days: int = 14  # days before a project closes
    margin: float | None = None  # margin ÷ sales of a category below it; None: not looked at
    least: float = 0.0  # smaller sizes are not told
