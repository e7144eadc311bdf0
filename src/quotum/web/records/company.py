"""The company's tables that people edit, with the columns of a company folder; amounts are ten-thousandths.

Tables that programs fill (sales, invoices …) are not here: they lie as files, see ``FactTable``.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

KEY_LENGTH = 120


def _key() -> models.CharField[str, str]:
    return models.CharField(max_length=KEY_LENGTH, primary_key=True)


def _text(length: int = 200) -> models.CharField[str, str]:
    return models.CharField(max_length=length, blank=True)


class Unit(models.Model):
    """A node of the organisation. ``path``: keys from the top down, each ended by a line feed; kept by services."""

    unit = _key()
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    kind = _text()
    name = _text()
    path = models.TextField(default="", db_index=True, editable=False)

    def __str__(self) -> str:
        return self.name or str(self.unit)


class Area(models.Model):
    """A node of the territory."""

    area = _key()
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    name = _text()

    def __str__(self) -> str:
        return self.name or str(self.area)


class Category(models.Model):
    """A node of the products' categories."""

    category = _key()
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    name = _text()

    def __str__(self) -> str:
        return self.name or str(self.category)


class Product(models.Model):
    """Something that is sold."""

    product = _key()
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="products")
    name = _text()
    price_e4 = models.BigIntegerField(_("price"), null=True, blank=True)
    cost_e4 = models.BigIntegerField(_("cost"), null=True, blank=True)
    currency = _text(3)

    def __str__(self) -> str:
        return self.name or str(self.product)


class Person(models.Model):
    """Somebody who carries a quota."""

    person = _key()
    name = _text()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="people")
    role = _text()
    hired = models.DateField(null=True, blank=True)
    left = models.DateField(null=True, blank=True)
    ability = models.FloatField(null=True, blank=True)
    calls_per_day = models.FloatField(null=True, blank=True)
    visits_per_day = models.FloatField(null=True, blank=True)
    minutes_per_day = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    end_lat = models.FloatField(null=True, blank=True)
    end_lon = models.FloatField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name or str(self.person)


class Move(models.Model):
    """A person who will belong to another unit from a day on; gone when the day has come."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="move")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    since = models.DateField(db_index=True)

    class Meta:
        """The next first."""

        ordering = ("since", "person_id")


class Customer(models.Model):
    """Somebody who buys, or should; ``search_text`` is what the search looks into, kept by services."""

    customer = _key()
    name = _text()
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="customers")
    channel = _text(KEY_LENGTH)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="customers")
    city = _text()
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    class_name = models.CharField(_("class"), max_length=KEY_LENGTH, blank=True, db_column="class")
    potential = models.FloatField(null=True, blank=True)
    monthly_demand = models.FloatField(null=True, blank=True)
    days_to_order = models.FloatField(null=True, blank=True)
    opens = _text(60)
    closes = _text(60)
    minutes = models.FloatField(null=True, blank=True)
    currency = _text(3)
    weekdays = _text(40)
    address = _text()
    phone = _text(60)
    main_business = _text()
    current_supplier = _text()
    price_level = _text()
    needs = _text(400)
    discounts = _text()
    credit = _text()
    card_changed = models.DateTimeField(null=True, blank=True, editable=False)
    note = models.TextField(blank=True)
    search_text = models.TextField(default="", editable=False)

    class Meta:
        """The search reads this index from end to end instead of the wide table."""

        indexes = (models.Index(fields=("search_text", "customer"), name="customer_search"),)

    def __str__(self) -> str:
        return self.name or str(self.customer)


class Ownership(models.Model):
    """Who owns a customer from when to when (half open)."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="owners")
    person = models.ForeignKey(Person, models.PROTECT, related_name="owned")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    share = models.FloatField(null=True, blank=True)

    class Meta:
        """By date."""

        ordering = ("customer_id", "since", "person_id")


class Event(models.Model):
    """What moves sales for some days; the effect is a factor on the day."""

    since = models.DateField()
    until = models.DateField()
    kind = _text()
    scope = _text()
    effect = models.FloatField()
    note = _text()

    class Meta:
        """By date."""

        ordering = ("since", "id")
