"""Every word of the workbook, so that translations have one place to follow."""

from __future__ import annotations

WORDS = {
    # sheets
    "summary": "Summary", "unit_sheet": "Regions", "area_sheet": "Areas", "people_sheet": "People by month",
    "rows_sheet": "By month", "products_sheet": "Products", "customers_sheet": "Customers", "reasons_sheet": "Reasons",
    "findings_sheet": "Findings", "forecast_sheet": "Forecast", "customer_groups_sheet": "Customer groups",
    "drivers_sheet": "Drivers", "handovers_sheet": "Hand-overs",
    # columns
    "driver": "Driver", "in_plan": "In the plan", "needed_for": "Needed for {level}", "how": "How",
    "commit": "Commit", "stretch": "Stretch", "last_year": "Last year", "growth": "Growth", "share": "Share",
    "measure": "Measure", "level": "Level", "unit": "Unit", "area": "Area", "person": "Person", "channel": "Channel",
    "category": "Category", "product": "Product", "class": "Class", "customer": "Customer",
    "name": "Name", "month": "Month", "owner": "Owner", "key": "Key", "step": "Step", "parent": "Split of",
    "member": "Member", "weight": "Weight: {basis}", "floor": "Floor", "cap": "Cap", "extra_floor": "Floor of extra",
    "extra_cap": "Cap of extra", "extra": "Extra", "why": "Why", "why_extra": "Why extra", "severity": "Severity",
    "message": "What was found", "remedy": "What to do", "table": "Table", "file": "File", "line": "Line",
    "column": "Column", "value": "Value", "more": "More of these", "rule": "Rule", "count": "Number",
    "state": "State", "account": "Account", "rate": "Rate", "year_before": "Year before",
    "change_of_share": "Change", "last_twelve": "Last twelve months",
    # feasibility
    "feasibility_sheet": "Feasibility", "can_we": "Can we? {measure}", "whose": "Of", "company": "Company",
    "likely": "Likely", "low": "Low", "high": "High", "chance": "Chance", "target_from": "Target from",
    "least_likely": "The {count} least likely of {all:,}", "market": "The market of {year}, {measure} a year",
    "market_cell": "Area, category", "whole_market": "All of it", "capacity": "Capacity", "own": "Own",
    "competitors": "Competitors", "share_now": "Share now", "share_commit": "Share for commit",
    "share_stretch": "Share for stretch", "implied_share": "Share of the market: now, and what the targets ask for",
    "sold": "Sold", "spread": "High less low",
    # texts
    "forecast_note": "What comes if things go on as they do; most simulated months lie between low and high.",
    "total": "Total", "target": "Target", "not_split": "Not split further",
    "not_in_tree": "In none of them", "further": "{count:,} further ones, together",
    "period": "{since} to {until} · history to {as_of}", "amounts_in": "amounts in {unit}",
    "title": "{sheet}: {measure}", "by_month": "Month by month: {measure}", "top": "{dimension}: {measure}",
    "targets": "Targets", "plan_holds": "The plan in numbers", "findings": "Findings",
    "no_findings": "Nothing was found.",
    "summary_note": "Last year: the same dates a year earlier, rounded line by line. Growth: commit over last year.",
    "tree_note": "Every line holds all that is below it; the total adds the lines of level 1.",
    "people_note": "Commit by month. Stretch and last year are for the whole plan.",
    "products_note": "Largest commit first within a category.",
    "customers_note": "The largest {count:,} of {all:,} customers; all others stand together above the total.",
    "all_customers_note": "Largest commit first.",
    "reasons_note": "Each split takes its parent's amount by weight, within floor and cap; whole units are given last.",
    "reasons_cut": "Only the first {count:,} of {all:,} lines; quotum explain tells the others.",
    "findings_note": "What was found in the data while planning.",
    "customer_groups_note": "The twelve months up to {as_of} beside the twelve before.",
    "composition_by": "Sales by {dimension}", "customer_measures": "Customers kept, won and lost",
    "page": "Page &P of &N",
    "drivers_note": "What a number takes: parts stand below what they make. Needed: what this alone would have to be.",
    "handovers_note": "What passed to somebody else when the rest of the year was planned anew; amounts of customers "
                      "are quota they take along.",
    "from_person": "From", "to_person": "To", "since": "Since", "what": "What", "amount": "Amount",
    # counts
    "people": "People with a target", "vacancies": "Vacancies", "units": "Units", "customers": "Customers",
    "products": "Products",
    # severities
    "error": "Error", "conflict": "Conflict", "warning": "Warning", "note": "Note",
}  # fmt: skip
