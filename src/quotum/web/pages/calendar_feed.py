"""The calendar feed: a page to renew its address, and the calendar itself for other programs."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar, Event

from quotum.web.pages.doors import PageRequest, behind
from quotum.web.pages.templatetags.day_words import kind_word, why_word
from quotum.web.queries.calendars import Feed, find_feed, made_on
from quotum.web.records.models import AgendaItem
from quotum.web.services.calendar_feeds import end_feed, make_feed
from quotum.web.services.day import own_person


@behind("log_work")
def manage(request: PageRequest) -> HttpResponse:
    """Show whether there is an address; make it anew (it is shown once) or end it."""
    address = ""
    if request.method == "POST" and request.POST.get("do") == "end":
        end_feed(request.user)
    elif request.method == "POST":
        address = request.build_absolute_uri(reverse("calendar-feed", args=[make_feed(request.user)]))
    feed = made_on(own_person(request.user).pk)
    response = render(request, "pages/calendar.html", {"feed": feed, "address": address})
    response.headers["Cache-Control"] = "no-store"
    return response


def send(request: HttpRequest, secret: str) -> HttpResponse:  # noqa: ARG001
    """Send the calendar behind a secret address."""
    feed = find_feed(secret)
    if feed is None:
        raise Http404
    answer = HttpResponse(write_calendar(feed), content_type="text/calendar; charset=utf-8")
    answer.headers["Cache-Control"] = "private, max-age=300"
    return answer


def write_calendar(feed: Feed) -> bytes:
    """Return contacts as events with their times, open items as whole days (RFC 5545)."""
    calendar = Calendar()
    calendar.add("prodid", "-//quotum//calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", str(feed.person))
    stamp = datetime.now(UTC)
    for item in feed.items:
        event = _event(f"item-{item.pk}", f"{kind_word(item.kind)}: {item.customer or item.detail}", stamp)
        event.add("dtstart", _moment(item.date, item.start_minute))
        event.add("dtend", _moment(item.date, item.end_minute))
        _tell_place(event, item)
        calendar.add_component(event)
    for opened in feed.open_items:
        what = f"{opened.text} ({opened.customer})" if opened.customer else opened.text
        event = _event(f"open-{opened.pk}", what, stamp)
        event.add("dtstart", opened.due)
        event.add("dtend", opened.due + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _event(uid: str, summary: str, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", f"{uid}@quotum")
    event.add("dtstamp", stamp)
    event.add("summary", summary)
    return event


def _tell_place(event: Event, item: AgendaItem) -> None:
    if item.customer is not None and (place := item.customer.address or item.customer.city):
        event.add("location", place)
    if item.lat is not None and item.lon is not None:
        event.add("geo", (item.lat, item.lon))
    if item.why:
        event.add("description", why_word(item.why))
    if item.state == "done":
        event.add("transp", "TRANSPARENT")


def _moment(day: date, minute: int) -> datetime:
    begin = datetime.combine(day, time(), timezone.get_current_timezone())
    return (begin + timedelta(minutes=minute)).astimezone(UTC)
