"""How fast customers are found as one types: ``python -m benchmarks.web_search [--customers 200000]``.

Fills an empty database (SQLite in a folder of its own, or the one that DATABASE_URL names) with made-up customers in
three scripts, and searches as a director, who sees all of them, and as a rep with 200 of them, with the texts people
type on the way to a name. Prints the median, the 95th percentile and the slowest of all searches, beside them the
time of a plain ``select 1``, and the 95th percentile of this process's own seconds, which others on the machine do not
stretch as much (on SQLite the search itself runs in them).
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from statistics import median

FIRST = ("Juniper", "Cobalt", "Ferretería", "Comercial", "Willow", "Orchard", "济南", "上海", "青岛", "恒光", "Almacén")
SECOND = ("Living", "Wholesale", "Mirador", "Olivo", "Supplies", "东升", "百顺", "安居", "盛世", "Naranjo", "Lights")
LAST = ("Ltd", "S.L.", "商贸有限公司", "电器行", "家居馆", "Store", "& Sons", "五金店")
CITIES = ("上海", "济南", "Madrid", "Bogotá", "Leeds", "Qingdao", "青岛", "Hull")
TYPED = (
    "j", "ju", "juniper", "juniper liv", "济南", "济南 东升", "五金", "c0123", "c012345", "ferr", "olivo mad",
    "安居 青岛", "zzz", "没有", "0531 77", "store leeds lights", "& sons", "a", "c", "almacén bog",
)  # fmt: skip


def main() -> None:
    """Fill, search, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=10)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["QUOTUM_DATA_DIR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "quotum.web.site.settings"
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        fill(asked.customers)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
        print(f"{asked.customers:,} customers, {connection.vendor}, {asked.rounds} rounds of {len(TYPED)} texts")
        from quotum.web.queries.customers import search_customers
        from quotum.web.queries.permissions import Reach

        def nothing(_: str) -> None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")

        tell("select 1", asked.rounds, nothing)
        tell("director", asked.rounds, lambda text: search_customers(Reach(everywhere=True), text))
        tell("manager", asked.rounds, lambda text: search_customers(Reach(paths=("top\nu1\n",)), text))
        tell("rep", asked.rounds, lambda text: search_customers(Reach(person="p7"), text))
        connection.close()


def fill(count: int) -> None:
    """Write customers of 1,000 people in ten units."""
    from django.db import transaction

    from quotum.web.records.models import Customer, Person, Unit
    from quotum.web.services.company_tables import search_text_of

    chance = random.Random(7)
    with transaction.atomic():
        Unit.objects.create(unit="top", path="top\n")
        Unit.objects.bulk_create(Unit(unit=f"u{n}", parent_id="top", path=f"top\nu{n}\n") for n in range(10))
        people = (Person(person=f"p{n}", name=f"Person {n}", unit_id=f"u{n % 10}") for n in range(1_000))
        Person.objects.bulk_create(people)
        batch = []
        for number in range(count):
            name = f"{chance.choice(FIRST)} {chance.choice(SECOND)} {chance.choice(LAST)} {number % 977}"
            city, phone = chance.choice(CITIES), f"0531 {chance.randrange(10**7):07d}"
            customer = Customer(
                customer=f"C{number:06d}", name=name, person_id=f"p{number % 1_000}", city=city, phone=phone, lat=36.0,
                lon=117.0, channel="shop", opens="08:00", closes="18:00",
            )  # fmt: skip
            customer.search_text = search_text_of(customer)
            batch.append(customer)
        Customer.objects.bulk_create(batch, batch_size=1_000)


def tell(who: str, rounds: int, search: Callable[[str], object]) -> None:
    """Print how long somebody's searches take."""
    seconds: list[tuple[float, str]] = []
    own: list[float] = []
    for _ in range(rounds):
        for text in TYPED:
            begun, worked = time.perf_counter(), time.process_time()
            search(text)
            own.append(time.process_time() - worked)
            seconds.append((time.perf_counter() - begun, text))
    seconds.sort()
    middle, late = median(s for s, _ in seconds), seconds[round(len(seconds) * 0.95) - 1][0]
    slowest, text = seconds[-1]
    busy = sorted(own)[round(len(own) * 0.95) - 1]
    words = f"median {middle * 1e3:6.1f} ms   p95 {late * 1e3:6.1f} ms   slowest {slowest * 1e3:6.1f} ms ({text!r})"
    print(f"{who:10} own p95 {busy * 1e3:6.1f} ms   {words}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
