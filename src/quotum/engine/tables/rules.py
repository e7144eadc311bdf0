"""Every rule that a company's tables must pass, in one place and in order."""

from __future__ import annotations

from quotum.engine.basics.issues import Issue
from quotum.engine.tables.cell_rules import check_cells
from quotum.engine.tables.company import Company
from quotum.engine.tables.date_rules import check_history, check_periods, check_plan_dates
from quotum.engine.tables.key_rules import check_keys, check_plan_measures
from quotum.engine.tables.money_rules import check_money, check_places
from quotum.engine.tables.opening_hours import check_hours
from quotum.engine.tables.people_rules import check_people
from quotum.engine.tables.plan_settings import PlanSettings
from quotum.engine.tables.tree_rules import check_trees


def check_company(company: Company, settings: PlanSettings | None = None) -> list[Issue]:
    """Return every finding about a company's tables, and, with settings, about how they fit the plan.

    Changes nothing and raises nothing; findings carry file and line where ``company.sources`` knows them.
    """
    issues = [
        *check_cells(company),
        *check_keys(company),
        *check_trees(company),
        *check_periods(company),
        *check_people(company),
        *check_places(company),
        *check_hours(company),
        *check_money(company),
    ]
    if settings is not None:
        issues += [*check_history(company, settings), *check_plan_dates(company, settings)]
        issues += check_plan_measures(company, settings) if settings.targets else []
    return issues
