"""Two weeks of work in the demonstration, and two that are planned; the same every time."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from quotum.web.bridge.visits import plan_days
from quotum.web.queries.clock import monday_of, today
from quotum.web.records.models import AgendaItem, Contact, Customer, LogEntry, OpenItem, PlanVersion, Remark, User
from quotum.web.services.visits import take_days

_RESULTS = ("order", "interest", "informed", "none", "offer", "interest", "absent", "informed", "payment")
_STEPS = ("Send the offer", "Bring samples of the new series", "Call about the order", "Confirm the delivery date")
_DROPPED = ("Closed for stocktaking", "Customer cancelled")
_PRICES, _RIVALS = ("2,380", "315 / pc", "-4 %"), ("海鸿照明", "Lumora", "佳美", "")


def fill_days(plan: PlanVersion, boss: User) -> None:
    """Plan the weeks around today for everybody and write down what was done in those that have passed."""
    since = monday_of(today()) - timedelta(days=14)
    until = since + timedelta(days=28)
    planned = plan_days(plan.settings_text, since, until, effort="quick")
    with transaction.atomic():
        take_days(None, plan, planned, since, until, reason="demo")
        _log_the_past(boss)
        _add_contacts()
        rep = User.objects.get(username="rep")
        Remark.objects.create(person_id=rep.person_id or "", date=monday_of(today()) - timedelta(days=7), grain="week",
                              text="Good week. What keeps the moved visits back?", by=boss)  # fmt: skip


def _log_the_past(by: User) -> None:
    """Mark most contacts of past days as done, some as moved or dropped; every seventh brings a next step."""
    past = AgendaItem.objects.filter(date__lt=today(), customer__isnull=False).order_by("person", "date", "position")
    entries, opened, changed = [], [], []
    turns: dict[str, int] = defaultdict(int)
    for item in past:
        turn = turns[item.person_id] = turns[item.person_id] + 1
        if turn % 11 == 0:
            item.state, item.state_reason = "dropped", _DROPPED[turn % len(_DROPPED)]
        elif turn % 13 == 0:
            item.state, item.moved_to, item.state_reason = "postponed", today() + timedelta(days=turn % 4), "Fair"
        elif turn % 17:
            item.state, item.started = "done", _at(item.date, item.start_minute)
            item.ended = _at(item.date, item.end_minute)
            entry = LogEntry(
                person_id=item.person_id, customer_id=item.customer_id, item=item, at=item.ended, kind=item.kind,
                result=_RESULTS[turn % len(_RESULTS)], minutes=item.end_minute - item.start_minute, by=by,
            )  # fmt: skip
            if turn % 5 == 0:
                entry.demand, entry.price = f"{turn * 3} pcs", _PRICES[turn % len(_PRICES)]
                entry.competitor = _RIVALS[turn % len(_RIVALS)]
            if turn % 7 == 0:
                entry.next_step, entry.next_date = _STEPS[turn % len(_STEPS)], item.date + timedelta(days=4 + turn % 9)
                opened.append(OpenItem(
                    person_id=item.person_id, customer_id=item.customer_id, text=entry.next_step, due=entry.next_date,
                    begins=item.date, promised=turn % 14 == 0, focus=turn % 21 == 0, log=entry,
                    done=entry.at + timedelta(days=3) if turn % 35 < 12 else None,
                ))  # fmt: skip
            entries.append(entry)
        changed.append(item)
    AgendaItem.objects.bulk_update(
        changed, ["state", "state_reason", "moved_to", "started", "ended"], batch_size=500
    )
    LogEntry.objects.bulk_create(entries, batch_size=500)
    OpenItem.objects.bulk_create(opened, batch_size=500)


def _add_contacts() -> None:
    """Give every third customer somebody to talk to."""
    names = (("王经理", "Purchasing", True), ("李女士", "Office", False), ("Sr. Ortega", "Owner", True))
    customers = list(Customer.objects.order_by("pk").values_list("pk", flat=True)[::3])
    Contact.objects.bulk_create(
        Contact(customer_id=key, name=name, title=title, decides=decides, phone=f"+86 21 5550 {number:04d}")
        for number, key in enumerate(customers) for name, title, decides in (names[number % len(names)],)
    )  # fmt: skip


def _at(day: date, minute: int) -> datetime:
    return datetime.combine(day, time(), timezone.get_current_timezone()) + timedelta(minutes=minute)
