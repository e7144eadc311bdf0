"""Every word of the workbook of a review, so that translations have one place to follow."""

from __future__ import annotations

WORDS = {
    "dashboard": "Dashboard", "people": "Standing", "warnings": "Warnings", "cash": "Cash",
    "sales": "Sales by month", "contacts": "Calls and visits", "on": "{name} on {as_of}",
    "about": "{since} to {until} · amounts in {unit} · attainment is never cut at 100 %",
    "of": "{sheet}: {measure}",
    "note_people": "Company, units and people. Due: what the plan says is due by now. Pace: actual ÷ due.",
    "note_warnings": "By kind, the largest first. Size in money: what is at stake.",
    "note_cash": "Billed and received on the plan's dates; open and overdue by the day of the review.",
    "note_sales": "What was sold in each month, credited by who held the customer on the day.",
    "note_contacts": "Calls and visits as written down; customers: how many different ones.",
    "who": "Who", "unit": "Unit", "target": "Commit", "due": "Due by now", "actual": "Actual", "pace": "Pace",
    "attained": "Of the target", "gap": "Gap", "last_year": "Same dates last year", "growth": "Growth",
    "outlook": "Outlook", "low": "Low", "high": "High", "chance": "Chance", "needed_week": "Needed a week",
    "company": "Company", "driver": "Why", "amount": "Amount", "month": "Month", "plan": "Plan", "to_date": "to date",
    "what": "What", "about_whom": "About", "since": "Since", "size": "Size", "found": "Found", "remedy": "What to do",
    "billed": "Billed", "received": "Received", "open": "Open", "overdue": "Overdue", "collected": "Collected",
    "days": "Days outstanding", "age": "Days since due", "invoices": "Invoices", "customer": "Customer",
    "kind": "Kind", "count": "Contacts", "customers": "Customers", "with_result": "With a result",
    "why_gap": "Why: the gap by what moved it", "by_month": "By month: plan and actual",
    "pace_by": "Pace, everybody", "made": "Made it", "lost": "Lost it", "all": "all", "not_due": "not due",
    "over_90": "over 90", "needed": "Needed from now on", "activity": "Activity", "for": "For", "a_day": "A day",
    "a_week": "A week", "there": "There", "lately": "Made lately",
    "note_needed": "What the rest of the plan takes to reach the commit. There: what people can do in a week; lately: "
    "a week of the last four.",
}  # fmt: skip
