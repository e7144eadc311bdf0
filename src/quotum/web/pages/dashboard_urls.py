"""Addresses of the dashboard."""

from __future__ import annotations

from django.urls import path

from quotum.web.pages import dashboard

urlpatterns = [
    path("standing/", dashboard.show, name="dashboard"),
    path("standing/chart/<str:chart>/", dashboard.send_chart, name="chart"),
    path("standing/renew/", dashboard.renew, name="review_renew"),
]
