"""The working day: whom to see, what was done, what is promised, what managers say."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

AGENDA_STATES = {
    "planned": _("planned"), "started": _("started"), "done": _("done"), "postponed": _("postponed"),
    "dropped": _("dropped"),
}  # fmt: skip

RESULTS = {
    "order": _("Order"), "offer": _("Wants an offer"), "interest": _("Interested"), "informed": _("Informed"),
    "payment": _("Payment"), "none": _("Nothing now"), "absent": _("Not there"), "declined": _("Declined"),
    "complaint": _("Complaint"), "done": _("Done"),
}  # fmt: skip
"""What came of a call, a visit or another job; words of the table activities where they are the same."""


class AgendaItem(models.Model):
    """One entry of somebody's day. Minutes count from midnight; ``travel_minutes`` is the way to it."""

    person = models.ForeignKey("Person", models.CASCADE, related_name="agenda")
    date = models.DateField()
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20)  # start, call, visit, appointment, lunch, end, hotel
    customer = models.ForeignKey("Customer", models.CASCADE, null=True, related_name="agenda")
    start_minute = models.PositiveSmallIntegerField()
    end_minute = models.PositiveSmallIntegerField()
    travel_minutes = models.PositiveSmallIntegerField(default=0)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    why = models.CharField(max_length=40, blank=True)
    detail = models.CharField(max_length=200, blank=True)
    plan = models.ForeignKey("PlanVersion", models.SET_NULL, null=True)  # null: added by hand
    state = models.CharField(max_length=12, choices=list(AGENDA_STATES.items()), default="planned")
    started = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)
    moved_to = models.DateField(null=True)
    state_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        """In the order of the day."""

        ordering = ("date", "position", "id")
        indexes = (models.Index(fields=("person", "date")),)


class LogEntry(models.Model):
    """A call or visit that was made, or another job done."""

    person = models.ForeignKey("Person", models.PROTECT, related_name="log")
    customer = models.ForeignKey("Customer", models.PROTECT, null=True, blank=True, related_name="log")
    item = models.ForeignKey(AgendaItem, models.SET_NULL, null=True, blank=True, related_name="log")
    at = models.DateTimeField()
    kind = models.CharField(max_length=20)  # call, visit, job
    inbound = models.BooleanField(default=False)
    cold = models.BooleanField(default=False)  # the first contact with this customer
    result = models.CharField(max_length=40)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    next_step = models.CharField(max_length=200, blank=True)
    next_date = models.DateField(null=True, blank=True)
    demand = models.CharField(max_length=200, blank=True)
    price = models.CharField(max_length=100, blank=True)
    competitor = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    by = models.ForeignKey("User", models.PROTECT)

    class Meta:
        """The newest first."""

        ordering = ("-at", "-id")
        indexes = (models.Index(fields=("person", "-at")), models.Index(fields=("customer", "-at")))


class OpenItem(models.Model):
    """Something to be done by a date; carried over until it is."""

    person = models.ForeignKey("Person", models.CASCADE, related_name="open_items")
    customer = models.ForeignKey("Customer", models.CASCADE, null=True, blank=True, related_name="open_items")
    text = models.CharField(max_length=300)
    begins = models.DateField(null=True, blank=True)  # work that spans days or weeks; null: at its due day
    due = models.DateField()
    promised = models.BooleanField(default=False)  # to the customer
    focus = models.BooleanField(default=False)  # stands on top of the boards
    created = models.DateTimeField(auto_now_add=True)
    done = models.DateTimeField(null=True, blank=True)
    log = models.ForeignKey(LogEntry, models.SET_NULL, null=True, blank=True, related_name="open_items")

    class Meta:
        """What is due first comes first."""

        ordering = ("due", "id")
        indexes = (models.Index(fields=("person", "done", "due")),)


class Contact(models.Model):
    """A person at a customer's."""

    customer = models.ForeignKey("Customer", models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=200)
    title = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    email = models.EmailField(blank=True)
    decides = models.BooleanField(default=False)
    interests = models.CharField(max_length=300, blank=True)


class Remark(models.Model):
    """What a manager says about somebody's day or week."""

    person = models.ForeignKey("Person", models.CASCADE, related_name="remarks")
    date = models.DateField()
    grain = models.CharField(max_length=5, default="day")  # day, week
    text = models.TextField()
    by = models.ForeignKey("User", models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """The newest first."""

        ordering = ("-date", "-at")


class CalendarFeed(models.Model):
    """The secret address at which a person's calendar may be read; only its digest is kept, a new one ends the old."""

    person = models.OneToOneField("Person", models.CASCADE, related_name="feed")
    digest = models.CharField(max_length=64, unique=True)
    made = models.DateTimeField()
