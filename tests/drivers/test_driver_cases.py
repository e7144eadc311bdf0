"""Figures of the field: each driver tree gives what its source says, and both readings where it says two things."""

from datetime import date, timedelta

import pytest

from quotum.adapters.files.driver_templates import list_templates, read_template
from quotum.engine.drivers import check_capacity, list_norms, solve_driver
from small_company import firm
from small_drivers import by_period, plan_of, play_of, read, total

ADHESIVES, DEALERS, LAPTOPS, LIGHTING, HOTEL = map(
    read_template, ("adhesives", "dealers", "laptop_shop", "lighting", "hotel")
)


@pytest.mark.parametrize("name", list_templates())
def test_templates_fit_together(name):
    assert read(read_template(name))[1] == []


def test_case_1_the_three_parts_make_the_quota():
    play = play_of(ADHESIVES)
    assert [total(play, part) for part in ("stores", "key_accounts", "dealers")] == [1_800_000, 7_200_000, 1_920_000]
    assert total(play, "revenue") == 10_920_000


@pytest.mark.parametrize(
    ("months", "part", "quota"),
    [("store_months", "stores", 1_800_000), ("key_months", "key_accounts", 7_200_000),
     ("dealer_months", "dealers", 1_920_000)],
)  # fmt: skip
def test_case_1_needs_24_person_months_of_each(months, part, quota):
    assert solve_driver(play_of(ADHESIVES), months, part, quota).values == (24,)


def test_case_1_is_four_people_over_six_months_or_3_43_over_seven():
    assert solve_driver(play_of(ADHESIVES), "key_people", "key_accounts", 7_200_000).whole == ((4.0, 7_200_000.0),)
    seven = solve_driver(play_of(ADHESIVES, selling_months=7), "key_people", "key_accounts", 7_200_000)
    assert seven.value == pytest.approx(24 / 7)
    assert round(seven.value, 2) == 3.43
    assert seven.whole == ((3.0, 6_300_000.0), (4.0, 8_400_000.0))


def test_case_1_two_hundred_addresses_book_thirty_visits():
    play = play_of("booked = 'addresses * rate'\naddresses = 200\nrate = '15 %'")
    assert total(play, "booked") == 30


def test_case_5_norms_say_what_people_do_in_a_year():
    """20 visits a week for 1 M, 10 a week for 3 M: a visit of the second must be worth six times one of the first."""
    text = """
    [drivers]
    revenue = "visits * per_visit"
    visits = {{ value = {visits}, per = "week", each = "person" }}
    calls = {{ value = 30, per = "day", each = "person" }}
    per_visit = 1000
    [norms.rep]
    calls = "30 a day"
    visits = "{visits} a week"
    """
    company = firm({"ann": "N"}, people=[{"person": "ann", "role": "rep"}])
    first, second = (play_of(text.format(visits=visits), company) for visits in (20, 10))
    assert total(first, "calls") == 30 * 261
    assert total(first, "visits") == pytest.approx(20 * 365 / 7)
    worth = [solve_driver(play, "per_visit", "revenue", goal).value for play, goal in ((first, 1e6), (second, 3e6))]
    assert worth[0] == pytest.approx(1e6 / (20 * 365 / 7))
    assert worth[1] / worth[0] == pytest.approx(6)
    norms = read(text.format(visits=20))[0].norms
    needed = list_norms(first, norms, {"revenue": 1e6})
    assert needed.select("activity", "set", "per").rows() == [("calls", 30.0, "day"), ("visits", 20.0, "week")]
    assert needed["needed"][1] == pytest.approx(1e6 / 1000 / (365 / 7))


def test_case_5_hotel_two_three_four():
    company = firm({"ann": "N", "bo": "N"}, people=[{"person": who, "role": "sales"} for who in ("ann", "bo")])
    play = play_of(HOTEL, company, plan_of("2027-03-01", "2027-03-02"), grain="day")
    assert [total(play, name) for name in ("new_visits", "old_visits", "calls")] == [4, 6, 8]
    supplies = check_capacity(play, {"revenue": 100}).filter(kind="supply")
    assert supplies["have"].to_list() == [4, 6, 8]


def test_case_6_two_a_month_make_24_a_year_and_14_by_the_end_of_july():
    play = play_of(DEALERS)
    assert total(play, "new_customers") == pytest.approx(24)
    assert by_period(play, "in_hand")[6] == pytest.approx(14)


def test_case_6_counts_customers_from_their_first_order():
    """20 × 100 k are 2 M only with a full year of each: two a month bring 1.1 to 1.3 M."""
    with_own_month = play_of(DEALERS)
    later = play_of(DEALERS.replace('"in_hand * per', '"lag(in_hand, 1 month) * per'))
    assert total(with_own_month, "revenue") == pytest.approx(1_300_000)
    assert total(later, "revenue") == pytest.approx(1_100_000)
    assert total(play_of("revenue = 'customers * each'\ncustomers = 20\neach = 100_000"), "revenue") == 2_000_000


def test_case_6_two_million_need_more_than_three_a_month():
    found = solve_driver(play_of(DEALERS), "new_customers", "revenue", 2_000_000)
    assert found.value == pytest.approx(2_000_000 / (78 * 100_000 / 12))
    assert [whole for whole, _ in found.whole] == [3, 4]
    assert [reached for _, reached in found.whole] == pytest.approx([1_950_000, 2_600_000])


def test_case_7_all_business_machines_bring_10_4_k_or_9_6_k_in_28_days():
    assert total(play_of(LAPTOPS), "profit") == pytest.approx(10_400)
    assert total(play_of(LAPTOPS, weeks_a_year=48), "profit") == pytest.approx(9_600)


@pytest.mark.parametrize(("weeks", "readings"), [(52, [(6, 7_800), (7, 9_100)]), (48, [(6, 7_200), (7, 8_400)])])
def test_case_7_seven_of_eight_hold_the_lower_end_in_both_readings(weeks, readings):
    found = solve_driver(play_of(LAPTOPS, weeks_a_year=weeks), "business", "profit", 8_000)
    assert [(whole, round(reached, 6)) for whole, reached in found.whole] == readings
    assert found.answer == "one"


def test_case_7_the_upper_end_cannot_be_met_in_28_days():
    assert solve_driver(play_of(LAPTOPS), "business", "profit", 10_000).whole[-1][0] == 8
    short = solve_driver(play_of(LAPTOPS, weeks_a_year=48), "business", "profit", 10_000)
    assert short.answer == "none"
    assert short.outside == pytest.approx((10_000 / 1_200,))
    assert short.best[1] == pytest.approx(9_600)


SECOND_HALF = plan_of("2027-07-01", "2028-01-01")


def months_of(since: date, ramp=(0.25, 0.5, 0.75)) -> float:
    """Return the person-months one newcomer gives from July to December, day by working day."""
    edges = [since.replace(month=(since.month + k - 1) % 12 + 1, year=since.year + (since.month + k - 1) // 12)
             for k in range(len(ramp) + 1)]  # fmt: skip
    given = 0.0
    for month in range(7, 13):
        first = date(2027, month, 1)
        days = [first + timedelta(k) for k in range(31) if (first + timedelta(k)).month == month]
        worked = [day for day in days if day.weekday() < 5]
        parts = [0 if day < since else next((f for f, end in zip(ramp, edges[1:], strict=True) if day < end), 1)
                 for day in worked]  # fmt: skip
        given += sum(parts) / len(worked)
    return given


def test_case_8_two_people_on_board_and_seven_when_all_are_trained():
    two = play_of("sales = 'two * months * per_person'\ntwo = { people = 2 }\nper_person = 240_000", wanted=SECOND_HALF)
    assert total(two, "sales") == pytest.approx(2 * 6 * 240_000)
    seven = play_of("sales = 'team * months * each'\nteam = { people = 7 }\neach = 1", wanted=SECOND_HALF)
    assert solve_driver(seven, "each", "sales", 10_100_000).value == pytest.approx(10_100_000 / 42)


def test_case_8_with_ramp_and_with_the_office_a_month_late():
    """Five are hired: what seven sell from July is less than 7 × 6 months, and less again with a late office."""
    on_time = play_of(LIGHTING, wanted=SECOND_HALF)
    late = play_of(LIGHTING.replace("2027-06-10", "2027-07-10"), wanted=SECOND_HALF)
    hired, opened, opened_late = (months_of(date(2027, m, d)) for m, d in ((5, 25), (6, 10), (7, 10)))
    assert total(on_time, "sales") == pytest.approx(240_000 * (12 + hired + 4 * opened))
    assert total(late, "sales") == pytest.approx(240_000 * (12 + hired + 4 * opened_late))
    assert 2 * 6 * 240_000 < total(late, "sales") < total(on_time, "sales") < 7 * 6 * 240_000
    needed = [solve_driver(play, "per_person", "sales", 10_100_000).value for play in (on_time, late)]
    assert needed[0] == pytest.approx(10_100_000 / (12 + hired + 4 * opened))
    assert needed[1] > needed[0] > 10_100_000 / 42


def test_case_8_net_profit_asks_for_a_margin():
    play = play_of("net = 'sales * margin'\nsales = 10_100_000\nmargin = 0.1")
    assert solve_driver(play, "margin", "net", 1_500_000).value == pytest.approx(1.5 / 10.1)
