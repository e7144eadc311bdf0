"""Plans are read ahead when the server starts; what is wrong with one does not keep the server from starting."""

import pytest
from planned_world import build_plan

from quotum.web.bridge import drafts
from quotum.web.records.models import Edit, PlanVersion
from quotum.web.services.warming import warm_up

pytestmark = pytest.mark.django_db


def test_the_newest_draft_is_read_and_not_changed(monkeypatch):
    monkeypatch.setattr("quotum.web.services.warming.connection.close", lambda: None)
    plan = build_plan()
    drafts._kept.clear()
    warm_up()
    assert (plan.address, ()) in drafts._kept
    assert not Edit.objects.exists()
    PlanVersion.objects.update(address="plans/gone")
    warm_up()
