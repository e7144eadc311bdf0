"""Classes for a plan that splits by class although the company's table has none."""

from __future__ import annotations

from dataclasses import replace

from quotum.engine.customers.purchases import gather_purchases
from quotum.engine.customers.years import list_classes, look_back
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import AcrossStep, Measure, PlanSettings


def fill_classes(company: Company, settings: PlanSettings) -> Company:
    """Return the company with the class of every customer computed, where a step asks for it and the table has none.

    Classes are those of the first classing at the end of ``as_of``, by money; who never bought is in the last one.
    """
    asked = any(isinstance(step, AcrossStep) and step.across == "class" for step in settings.steps)
    customers = company["customers"]
    if not asked or customers["class"].null_count() < customers.height:
        return company
    purchases, _ = gather_purchases(company, Measure("revenue"), settings.as_of)
    years = look_back(company, settings.customers, purchases, settings.as_of)
    first = settings.customers.classings[0]
    classes = list_classes(company, (first,), years, is_today=True)[0].to_series()
    classes = classes.fill_null(first.names[-1]) if first.names else classes
    return replace(company, tables={**company.tables, "customers": customers.with_columns(classes.alias("class"))})
