"""Addresses of targets, steps and the making of plans."""

from __future__ import annotations

from django.urls import path

from quotum.web.pages import setups

urlpatterns = [
    path("setups/", setups.list_setups, name="setups"),
    path("setups/new/", setups.add_target, name="setup_new"),
    path("setups/<int:setup>/target/", setups.set_target, name="setup_target"),
    path("setups/<int:setup>/target/try/", setups.try_target, name="setup_try"),
    path("setups/<int:setup>/steps/", setups.set_steps, name="setup_steps"),
    path("setups/<int:setup>/copy/", setups.copy, name="setup_copy"),
    path("setups/<int:setup>/plan/", setups.make_plan, name="setup_plan"),
    path("jobs/<uuid:job>/cancel/", setups.cancel, name="job_cancel"),
    path("plans/<uuid:plan>/force/", setups.force, name="plan_force"),
    path("plans/<uuid:plan>/force/directly/", setups.force_directly, name="plan_force_directly"),
]
