"""What leads a start page: customers now and a year earlier, profit; lines of people add up to the company."""

from small_reviews import review, with_sales

from small_company import USUAL, plan, sale, tea_house


def test_customers_came_and_stayed_away_and_profit_is_what_was_made():
    company = tea_house()
    made = plan(company, *USUAL, commit=20_000, stretch=24_000)
    told = review(with_sales(company, [sale("inn", 300, "2027-01-10", "green", quantity=3)]), made, "2027-02-15")
    figures = {row["figure"]: row for row in told["figures"].to_dicts() if row["person"] is None}
    customers = figures["customers"]
    assert customers["count"] == customers["before"] + customers["gained"] - customers["lost"] == 1
    assert "projects" not in figures
    assert 0 <= figures["share"]["amount"] <= 10_000
    assert figures["profit"]["amount"] == sum(
        row["amount"] for row in told["figures"].to_dicts() if row["person"] and row["figure"] == "profit")  # fmt: skip
