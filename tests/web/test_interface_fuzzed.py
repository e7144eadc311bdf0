"""The interface under requests that nobody would write: it never fails, and never answers what is not documented."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from web_world import account, build_world

from quotum.web.queries.permissions import may
from quotum.web.records.roles import MAY
from quotum.web.services.tokens import make_token
from quotum.web.site.wsgi import application

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
schema = schemathesis.openapi.from_wsgi("/api/openapi.json", application)


@pytest.fixture
def headers(db, monkeypatch):
    build_world()
    monkeypatch.setattr("quotum.web.queries.plans.cut_plan", lambda *_: ([], []))
    user = account("deputy")
    secret = make_token(user, "fuzz", [scope for scope in MAY["deputy"] if may(user, scope)])
    # The server ends a request by closing connections; here one belongs to the test's transaction.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield {"Authorization": f"Bearer {secret}"}
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_documented(case, headers):
    case.call_and_validate(headers=headers, checks=CHECKS)
