"""Addresses of the working day: today, the log, the week, boards, customers, calendars."""

from __future__ import annotations

from django.urls import path

from quotum.web.pages import calendar_feed, customers, day, week
from quotum.web.pages.kept_pages import keep_page

urlpatterns = [
    path("today/", keep_page(day.show_today), name="today"),
    path("days/<str:day>/<path:person>/", day.show_day, name="day"),
    path("agenda/add/", day.add, name="item-add"),
    path("agenda/<int:item>/start/", day.start, name="item-start"),
    path("agenda/<int:item>/postpone/", day.postpone, name="item-postpone"),
    path("agenda/<int:item>/drop/", day.drop, name="item-drop"),
    path("agenda/<int:item>/swap/", day.swap, name="item-swap"),
    path("log/", day.log, name="log"),
    path("open-items/add/", day.add_open, name="open-add"),
    path("open-items/<int:item>/", day.change_open, name="open-item"),
    path("remarks/<str:day>/<path:person>/", day.remark, name="remark"),
    path("week/", week.show_own_week, name="my-week"),
    path("weeks/<str:day>/<path:person>/", week.show_week, name="week"),
    path("boards/week/<str:day>/<path:person>/", week.show_week_board, name="week-board"),
    path("boards/month/<str:day>/<path:person>/", week.show_month_board, name="month-board"),
    path("monday/", week.show_monday, name="monday"),
    path("visits/plan/", week.plan_visits, name="visits-plan"),
    path("customers/", customers.search, name="customers"),
    path("customers/contacts/<int:contact>/", customers.change_contact, name="customer-contact"),
    path("customers/edit/<path:customer>/", customers.edit, name="customer-edit"),
    path("customers/add-contact/<path:customer>/", customers.add_contact, name="customer-add-contact"),
    path("customers/card/<path:customer>/", customers.show, name="customer"),
    path("calendar/", calendar_feed.manage, name="calendar"),
    path("calendar/<str:secret>.ics", calendar_feed.send, name="calendar-feed"),
]
