"""What is missed is told in words: why, where, and what helps; programs get the code."""

from __future__ import annotations

import pytest
from visit_worlds import crew, plan_visits, town, visits

from quotum.adapters.printing.issue_texts import describe
from quotum.adapters.printing.print_issues import issue_for_json
from quotum.adapters.printing.visit_texts import MISSED_WORDS
from quotum.engine.basics.issues import Issue
from quotum.engine.tables.visit_tables import REASONS


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_has_words_and_a_remedy(reason: str):
    details = (("visits", "3"), ("kind", "visit"), ("customers", "2"), ("example", "K01"), ("places", "Leith 2"))
    message, remedy = describe(Issue(rule="visits_missed", value=reason, details=details))
    assert "_" not in message
    assert MISSED_WORDS[reason][0] in message
    assert "Leith" in message
    assert remedy.startswith(MISSED_WORDS[reason][1])


def test_the_finding_names_the_areas_with_most_missed_visits():
    far = {"lat": 51.5, "lon": -0.12}
    rows = town(12, **{f"K{at:02d}": {**far, "city": "London"} for at in range(0, 12, 2)}, K01={"city": "Leith"})
    plan = plan_visits(crew(rows), visits(overnight_after=0))
    issue = next(issue for issue in plan.issues if issue.rule == "visits_missed")
    assert issue.value == "too_far"
    assert issue_for_json(issue)["value"] == "too_far"
    missed = sum(row["missed"] for row in plan["cadences"].iter_rows(named=True))
    assert dict(issue.details)["places"] == f"London {missed}"
    assert "longer than the person's day" in describe(issue)[0]
