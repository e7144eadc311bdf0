"""Addresses of approving and challenging a plan."""

from __future__ import annotations

from django.urls import path

from quotum.web.pages import approvals

urlpatterns = [
    path("<uuid:plan>/approval/", approvals.show, name="approval"),
    path("<uuid:plan>/propose/", approvals.propose, name="propose"),
    path("approvals/<int:approval>/", approvals.decide, name="approval_decide"),
    path("<uuid:plan>/challenge/", approvals.challenge, name="challenge"),
    path("<uuid:plan>/challenge/<int:challenge>/", approvals.answer, name="challenge_answer"),
    path("<uuid:plan>/challenge/take-in/", approvals.take_in, name="challenges_take_in"),
]
