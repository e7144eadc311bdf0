"""A small company in the database with an account for every role, for tests of who may do what.

Units: company > north, south. People: ann and ben in the north, cho in the south, each with one customer. Accounts are
called after their roles; area_manager, store_manager and department_manager sit in the north, rep is ann.
"""

from datetime import date

from quotum.web.records.models import Area, Category, Customer, Person, PlanVersion, Post, Product, Setup, Unit, User
from quotum.web.records.roles import ROLES

IN_THE_NORTH = {"area_manager", "store_manager", "department_manager", "rep", "promoter", "dealer", "customer_service",
                "technical", "trainer"}  # fmt: skip
IS_ANN = {"rep"}


def build_world():
    """Fill the empty database; return nothing, as tests ask the records."""
    Unit.objects.bulk_create([
        Unit(unit="company", name="Company", path="company\n"),
        Unit(unit="north", parent_id="company", name="North", path="company\nnorth\n"),
        Unit(unit="south", parent_id="company", name="South", path="company\nsouth\n"),
    ])  # fmt: skip
    Area.objects.create(area="land", name="Land")
    Category.objects.create(category="tools", name="Tools")
    Product.objects.create(product="saw", category_id="tools", name="Saw", price_e4=100_0000)
    for key, unit in (("ann", "north"), ("ben", "north"), ("cho", "south")):
        Person.objects.create(person=key, name=key.title(), unit_id=unit)
        Customer.objects.create(customer=f"c-{key}", name=f"Customer of {key.title()}", person_id=key, area_id="land")
    for role in ROLES:
        user = User.objects.create(username=role, person_id="ann" if role in IS_ANN else None)
        unit = None if role == "administrator" else "north" if role in IN_THE_NORTH else "company"
        Post.objects.create(user=user, role=role, unit_id=unit, since=date(2026, 1, 1))
    setup = Setup.objects.create(name="main", text="")
    PlanVersion.objects.create(name="Plan", setup=setup, settings_text="", address="plans/none", digest="0" * 64,
                               since=date(2026, 1, 1), until=date(2027, 1, 1))  # fmt: skip


def account(role):
    """Return the account of a role, fresh from the database."""
    return User.objects.get(username=role)
