"""Words of scores: why a line got its points, how lines are scored, what the library's indicators are called."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WHY: dict[str, str | Promise] = {
    "free": _("as far as the target was met"), "floor": _("not below the floor"), "cap": _("not above the cap"),
    "step": _("by its step"), "no_step": _("in no step"), "missing": _("no data"),
    "reweighted": _("no data: others weigh more"), "passed": _("passed"), "failed": _("not passed"),
    "events": _("events deducted"), "no_events": _("no events"), "bonus": _("bonus"), "no_bonus": _("no bonus"),
    "given": _("as rated"), "limit": _("floor, cap or veto of the whole"),
}  # fmt: skip
HOW: dict[str, str | Promise] = {
    "proportional": _("in proportion to the target"), "steps": _("by steps"), "deduct": _("less for each event"),
    "bonus": _("bonus"), "pass": _("all or nothing"), "rated": _("as rated"),
}  # fmt: skip
EVERY: dict[str, str | Promise] = {
    "month": _("every month"), "quarter": _("every quarter"), "half": _("every half-year"), "year": _("every year"),
}  # fmt: skip
INDICATORS: dict[str, str | Promise] = {
    "sales_amount": _("Sales"), "sales_attainment": _("Sales against the plan"), "sales_growth": _("Growth of sales"),
    "gross_margin": _("Margin"), "margin_rate": _("Margin over sales"), "contract_amount": _("Worth of contracts"),
    "contracts": _("Contracts"), "win_rate": _("Projects won"), "sales_cycle": _("Days to a contract"),
    "market_share": _("Market share"), "weekly_orders": _("Orders a week"), "average_order": _("Average order"),
    "sales_units": _("Pieces sold"), "output_per_head": _("Sales a head"), "return_rate": _("Returns"),
    "collection": _("Money that came in"), "collection_rate": _("Collected of what was billed"),
    "receivables": _("Receivables"), "overdue_receivables": _("Overdue receivables"),
    "receivable_turnover": _("Turnover of receivables"), "customers_served_count": _("Customers served"),
    "new_customers": _("New customers"), "newly_developed_customers": _("Newly developed customers"),
    "new_customer_share": _("Sales to new customers"), "returning_rate": _("Returning customers"),
    "active_rate": _("Active customers"), "retention": _("Customers kept"), "lost_customers": _("Customers lost"),
    "customer_data_complete": _("Customer cards filled"), "customer_coverage": _("Customers seen or called"),
    "satisfaction": _("Satisfaction"), "complaints_resolved": _("Complaints settled"), "visits": _("Visits"),
    "existing_customer_visits": _("Visits to existing customers"), "new_customer_visits": _("Visits to new customers"),
    "phone_calls": _("Calls"), "visits_a_day": _("Visits a day"), "visit_success": _("Orders a visit"),
    "request_replies": _("Requests answered"), "plan_completion": _("Planned tasks done"),
    "plan_and_report_completion": _("Plans and reports"), "report_lateness": _("Late reports"),
    "expense_ratio": _("Costs over sales"), "expenses": _("Costs"), "transport_cost": _("Transport"),
    "travel_cost": _("Travel"), "cost_per_visit": _("Cost of a visit"), "contracts_filed": _("Contracts not filed"),
    "ledger_accuracy": _("Errors in the ledger"), "dealing_records": _("Records late or wrong"),
    "product_labels": _("Labels late"), "settlement": _("Settlements late or wrong"),
    "rule_breaches": _("Breaches of rules"), "praise": _("Praise"), "responsibility": _("Responsibility"),
    "service_sense": _("Service sense"), "efficiency": _("Efficiency"), "teamwork": _("Teamwork"),
    "skill": _("Skill"), "knowledge": _("Knowledge"), "attitude": _("Attitude"),
    "plan_quality": _("Quality of plans"), "conduct": _("Conduct"), "diligence": _("Diligence"),
    "ability": _("Ability at work"), "duties": _("Duties of the post"), "discipline": _("Discipline"),
    "test_result": _("Tests"),
}  # fmt: skip
TABLES: dict[str, str | Promise] = {
    "sales": _("Sales lines"), "invoices": _("Invoices"), "receipts": _("Receipts"),
    "activities": _("Visits and calls"), "costs": _("Costs"), "incidents": _("Events on record"),
    "ratings": _("Ratings"), "projects": _("Projects"), "customers": _("Customers"), "market": _("Market"),
    "surveys": _("Surveys"),
}  # fmt: skip
COLUMNS: dict[str, str | Promise] = {
    "row": _("Row"), "date": _("Date"), "order": _("Order"), "customer": _("Customer"), "product": _("Product"),
    "person": _("Person"), "unit": _("Unit"), "channel": _("Channel"), "quantity": _("Quantity"),
    "amount": _("Amount"), "cost": _("Cost"), "status": _("Status"), "invoice": _("Invoice"), "due": _("Due"),
    "kind": _("Kind"), "result": _("Result"), "minutes": _("Minutes"), "item": _("Item"),
    "severity": _("Severity"), "note": _("Note"), "indicator": _("Indicator"), "points": _("Points"),
    "rater": _("Rated by"), "name": _("Name"), "area": _("Area"), "city": _("City"), "class": _("Class"),
    "potential": _("Potential"), "project": _("Project"), "stage": _("Stage"), "since": _("Since"),
    "until": _("Until"), "close": _("Close"), "chance": _("Chance"), "currency": _("Currency"),
}  # fmt: skip
REFUSALS: dict[str, str | Promise] = {
    "name_needed": _("Give it a name, and no more text than fits."),
    "period_unknown": _("Choose a period of the plan that has begun."),
    "scheme_needed": _("Choose at least one scheme."),
    "released": _("Everybody sees it already."),
    "reason_needed": _("Give a reason."),
    "nothing_asked": _("This line is not there."),
    "objection_open": _("An objection to the same is open."),
    "decided": _("This was decided already."),
}  # fmt: skip
EFFECTS: dict[str, str | Promise] = {
    "pay": _("pay"), "bonus": _("bonus"), "prize": _("prize"), "grade": _("grade"), "promotion": _("promotion"),
    "award": _("award"), "score": _("score"),
}  # fmt: skip
GRADES: dict[str, str | Promise] = {
    "excellent": _("excellent"), "good": _("good"), "pass": _("pass"), "fail": _("fail"),
}  # fmt: skip
