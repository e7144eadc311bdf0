"""What codes that every company shares are called; a company's own words stay as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

MEASURES: dict[str, StrPromise] = {
    "revenue": _("Revenue"), "sales": _("Sales"), "units": _("Units sold"), "volume": _("Volume"),
    "quantity": _("Quantity"), "gross_profit": _("Gross profit"), "margin": _("Margin"),
    "margin_rate": _("Margin over sales"), "orders": _("Orders"), "customers": _("Customers"),
    "new_customers": _("New customers"), "visits": _("Visits"), "calls": _("Calls"), "contracts": _("Contracts"),
    "cash": _("Cash"), "market_share": _("Market share"),
}  # fmt: skip
DRIVERS: dict[str, StrPromise] = {
    "lost_customers": _("Customers lost"), "new_customers": _("New customers"), "won_back": _("Won back"),
    "not_planned": _("Not planned"), "returns": pgettext_lazy("driver", "Returns"), "activity": _("Calls and visits"),
    "conversion": _("Orders a contact"), "orders": _("Orders"), "order_size": _("Average order"), "mix": _("Mix"),
    "price": _("Price"), "margin": _("Margin a piece"), "unexplained": _("Unexplained"),
    "numerator": _("Numerator"), "denominator": _("Denominator"),
}  # fmt: skip
DRIVERS_TOLD: dict[str, StrPromise] = {
    "lost_customers": _("Customers who were counted on and have stopped buying."),
    "new_customers": _("Customers who bought for the first time since the plan began."),
    "won_back": _("Customers who had stopped buying before the plan and buy again."),
    "not_planned": _("Customers who buy though the plan has nothing for them."),
    "returns": _("Goods that came back."),
    "activity": _("More or fewer calls and visits than the plan counts on."),
    "conversion": _("More or fewer orders from each call or visit than the plan counts on."),
    "orders": _("Customers who stay ordered more or less often than the plan counts on."),
    "order_size": _("Orders were larger or smaller than the plan counts on."),
    "mix": _("Dearer or cheaper products were bought than the plan counts on."),
    "price": _("Prices were above or below those of the plan."),
    "margin": _("A piece earned more or less than the plan counts on."),
    "unexplained": _("What no other line explains."),
    "numerator": _("What is divided came out higher or lower than planned."),
    "denominator": _("What it is divided by came out higher or lower than planned."),
}  # fmt: skip
"""What each driver means, in a sentence."""
LEVELS: dict[str, StrPromise] = {"commit": _("Commit"), "stretch": _("Stretch")}
DIMENSIONS: dict[str, StrPromise] = {
    "company": _("Company"), "unit": _("Unit"), "person": _("Person"), "area": _("Area"), "channel": _("Channel"),
    "category": _("Category"), "product": _("Product"), "class": _("Class"), "customer": _("Customer"),
    "calendar": _("Calendar"),
}  # fmt: skip
KINDS: dict[str, StrPromise] = {
    "company": _("Company"), "region": _("Region"), "branch": _("Branch"), "office": _("Office"),
    "department": _("Department"), "area": _("Area"), "team": _("Team"),
    "promotion": _("Promotion"), "exhibition": _("Exhibition"), "fair": _("Fair"), "price_war": _("Price war"),
    "tender": _("Tender"), "new_product": _("New product"), "holiday": _("Holiday"), "festival": _("Festival"),
    "peak_season": _("Peak season"), "low_season": _("Low season"), "shortage": _("Shortage"),
    "training": _("Training"), "meeting": _("Meeting"), "sick": _("Sick leave"), "parental": _("Parental leave"),
    "call": _("Call"), "visit": _("Visit"), "appointment": _("Appointment"), "complaint": _("Complaint"),
    "praise": _("Praise"), "late_report": _("Late report"),
}  # fmt: skip
"""Of units, events, absences, activities and incidents."""
JOB_STATES: dict[str, StrPromise] = {
    "waiting": _("waiting"), "running": _("running"), "done": _("done"), "refused": pgettext_lazy("work", "refused"),
    "failed": _("failed"), "cancelled": _("stopped"),
}  # fmt: skip
JOB_STAGES: dict[str, StrPromise] = {
    "reading": _("reading"), "comparing": _("comparing with what is there"), "checking": _("checking"),
    "marking": _("marking cells"), "writing": _("writing"), "revising": _("revising"), "reviewing": _("reviewing"),
    "scoring": _("scoring"), "opening": _("opening"), "visits": _("planning visits"), "planning": _("planning"),
}  # fmt: skip
