"""Texts of findings about visits: cadences, travel times, and what could not be placed."""

from __future__ import annotations

MISSED_WORDS: dict[str, tuple[str, str]] = {
    "no_open_day": (
        "no day of the person on which the customer may be seen",
        "Look at the customers' weekdays, opens and closes, at visits_from and lunch under [visits], and at the "
        "person's absences.",
    ),
    "no_minutes": (
        "no minutes left on the days that suit",
        "Give more minutes a day, a slower cadence, or the customers to others.",
    ),
    "visits_cap": (
        "as many visits a day as allowed",
        "Raise visits_per_day, slow the cadence down, or give customers to others.",
    ),
    "kind_cap": (
        "as many visits a day to customers of its kind as allowed",
        "Raise the limit in [visits.per_day], or slow the cadence of that kind down.",
    ),
    "calls_cap": ("as many calls a day as allowed", "Raise calls_per_day, or slow the cadence of calls down."),
    "closed": (
        "the customer is closed while calls are made",
        "Calls are made in the morning: look at opens and closes, and at visits_from and lunch under [visits].",
    ),
    "spacing": (
        "too close to other visits of the customer",
        "Widen tolerance under [visits], or look at the days on which customer and person can meet.",
    ),
    "too_far": (
        "the visit and the way there and back take longer than the person's day",
        "Give the customers to somebody who lives nearer, or call them ([cadence.calls]). Where overnight_after allows "
        "nights away, a far town needs two visits in four weeks.",
    ),
    "hours": (
        "the customer's hours leave no time for the way there and back within working time",
        "Look at the customers' opens and closes, at visits_from and day under [visits], and at the person's minutes.",
    ),
    "too_dear": (
        "the way costs more than the visit is worth",
        "Raise missed for their class, allow nights away (overnight_after), or give the customers to somebody near.",
    ),
    "appointment": (
        "the fixed date overlaps another",
        "Move one of the dates, or make it shorter.",
    ),
    "day_off": ("the fixed date lies on a day off", "Move the date or the absence."),
    "outside_time": (
        "the fixed date lies outside of working time",
        "Widen day under [visits], or keep it without the plan.",
    ),
    "unreachable": (
        "the way to the fixed date, or home from it, takes longer than there is time",
        "Move the date, give the person more minutes, or look at what lies before and after it.",
    ),
}
"""Why contacts are missed, and what helps."""

VISIT_TEXTS: dict[str, tuple[str, str]] = {
    "cadence_missing": (
        "plan.toml does not say how often customers are to be seen.",
        "Write [cadence] with working days between two visits by class, such as VIP = 20, or everyone = 60.",
    ),
    "cadence_of_nobody": (
        "No customer is of a class {value}, which [cadence] or [visits.classes] names.",
        "Check the spelling, or the column class of the table customers.",
    ),
    "visits_missed": (
        "{visits} of the {kind}s needed are not planned ({customers} customers, such as {example}[; {places}]): {why}.",
        "{advice} `quotum show … --visits --missed` lists them.",
    ),
    "visits_without_place": (
        "{customers} customers, such as {example}, have no coordinates: their visits are planned as calls.",
        "Give lat and lon in the table customers.",
    ),
    "visits_without_person": (
        "{customers} customers, such as {example}, belong to nobody: they are not visited.",
        'Give them an owner, or write assign = "vacant" under [visits].',
    ),
    "visits_partly_without_person": (
        "{customers} customers, such as {example}, belong to nobody on some of these days: nobody sees them then.",
        "Give them an owner for that time in the table ownership.",
    ),
    "visits_without_home": (
        "{people} people, such as {example}, have no coordinates: their days begin in the middle of their customers.",
        "Give lat and lon in the table people.",
    ),
    "visits_break_rule": (
        "The visit plan breaks a rule and is not stored: {value} ({person} {customer} {date} {found}).",
        "This is a mistake of quotum: please report it.",
    ),
    "visits_outside_plan": (
        "The visits lie outside of the plan in {file}, which goes from {since} until {until}.",
        "Choose --since and --until within it, or leave --plan out.",
    ),
    "plan_without_visits": (
        "{file} has no visits.",
        "Plan them with `quotum plan-visits`, or write [cadence] and [visits] into plan.toml before planning.",
    ),
    "nothing_free": (
        "From {value} on no day is left to change before {until}.",
        "Freeze fewer days, or plan the time after it with `quotum plan-visits`.",
    ),
    "absent_syntax": (
        "`{value}` is no absence.",
        "Write --absent P03=2027-01-12/2027-01-14: until is the first day back.",
    ),
    "absent_outside": (
        "The absence {value} touches no day from {today} to {until}, and changes nothing.",
        "Check its dates; until is the first day back.",
    ),
    "customer_unknown": ("There is no customer {value}.", "Use a key of the table customers."),
    "visits_under": ("Visits are shown by person, not by {value}.", "Write --under person=KEY."),
    "person_unknown": ("Nobody is called {value}.", "Use a key of the table people."),
    "day_ends_first": ("{column} ends before it begins.", 'Write the first and the last time: ["08:30", "18:00"].'),
    "travel_twice": ("[travel] gives a file and a url.", "Keep one of them."),
    "travel_file_unreadable": ("The travel times in {file} cannot be read ({value}).", "Check the name and encoding."),
    "travel_file_columns": (
        "The travel times have the columns {value}; wanted: from, to, minutes.",
        "Write one line for each pair of customers.",
    ),
    "travel_file_minutes": ("`{value}` is no number of minutes.", "Write minutes of 0 or more, a week at most."),
    "travel_service_failed": (
        "The routing service {url} gave no travel times: {value}.",
        "Check the address and timeout_seconds under [travel], or leave url out: great circles need no service.",
    ),
}
