"""The interface for programs: tokens open what their scopes say, errors have one shape, writes may be sent twice."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from web_world import account, build_world

from quotum.web.queries.permissions import may
from quotum.web.records.models import ApiToken, Change, Job, PlanVersion
from quotum.web.records.roles import MAY
from quotum.web.services.jobs import do_job
from quotum.web.services.tokens import find_token, make_token, revoke_token

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def world(db, monkeypatch):
    build_world()
    monkeypatch.setattr("quotum.web.queries.plans.cut_plan", lambda *_: ([], []))


def key_of(role, *scopes):
    user = account(role)
    scopes = scopes or [scope for scope in MAY[role] if may(user, scope)]
    return {"headers": {"Authorization": f"Bearer {make_token(user, 'test', scopes)}"}}


def test_a_token_is_shown_once_and_kept_as_a_digest():
    secret = make_token(account("rep"), "phone", ["see_customers"])
    assert secret not in json.dumps(list(ApiToken.objects.values("name", "digest")))
    assert find_token(secret).user.username == "rep"
    assert Change.objects.filter(table="tokens", action="created").count() == 1


@pytest.mark.parametrize("header", [None, "Bearer nonsense", "Basic YWRtaW46eA=="])
def test_without_a_valid_token_nothing_opens(client, header):
    answer = client.get("/api/people", headers={"Authorization": header} if header else {})
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "token_needed"


def test_a_revoked_token_opens_nothing(client):
    secret = make_token(account("rep"), "phone", ["see_people"])
    revoke_token(account("rep"), ApiToken.objects.get())
    assert client.get("/api/people", headers={"Authorization": f"Bearer {secret}"}).status_code == 401


def test_nobody_ends_somebody_elses_token():
    make_token(account("rep"), "phone", ["see_people"])
    with pytest.raises(PermissionDenied):
        revoke_token(account("hr"), ApiToken.objects.get())


def test_a_token_cannot_be_given_more_than_its_user_has():
    with pytest.raises(PermissionDenied):
        make_token(account("rep"), "too much", ["set_target"])


def test_a_token_does_not_reach_beyond_its_scopes_or_its_user(client):
    narrow = key_of("sales_director", "see_people")
    assert [row["person"] for row in client.get("/api/people", **narrow).json()] == ["ann", "ben", "cho"]
    refused = client.get("/api/customers", **narrow)
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "not_allowed")
    manager = key_of("area_manager")
    assert [row["person"] for row in client.get("/api/people", **manager).json()] == ["ann", "ben"]
    assert client.get("/api/customers/c-cho", **manager).status_code == 404
    assert client.get("/api/customers/c-ben", **manager).json()["person"] == "ben"


def test_lists_go_on_after_a_key(client):
    director = key_of("sales_director")
    first = client.get("/api/customers?limit=2", **director).json()
    rest = client.get(f"/api/customers?after={first[-1]['customer']}", **director).json()
    assert [row["customer"] for row in first + rest] == ["c-ann", "c-ben", "c-cho"]


def post_plan(client, key, body, **more):
    headers = {**key["headers"], **more}
    return client.post("/api/plans", json.dumps(body), content_type="application/json", headers=headers)


def test_the_same_write_again_is_answered_the_same_and_done_once(client):
    director = key_of("sales_director")
    first = post_plan(client, director, {"setup": "main"}, **{"Idempotency-Key": "k1"})
    again = post_plan(client, director, {"setup": "main"}, **{"Idempotency-Key": "k1"})
    assert first.status_code == again.status_code == 202
    assert first.json() == again.json()
    assert Job.objects.count() == 1
    other = post_plan(client, director, {"setup": "main", "reason": "x"}, **{"Idempotency-Key": "k1"})
    assert (other.status_code, other.json()["error"]["code"]) == (409, "key_used")


def test_a_refused_plan_tells_its_findings_and_leaves_nothing(client):
    director = key_of("sales_director")
    job = post_plan(client, director, {"setup": "main"}).json()["id"]
    Job.objects.filter(pk=job).update(state="running")
    do_job(Job.objects.get(pk=job))
    answer = client.get(f"/api/jobs/{job}", **director).json()
    assert answer["state"] == "refused"
    assert {finding["severity"] for finding in answer["findings"]} >= {"error"}
    assert PlanVersion.objects.count() == 1
    assert client.get(f"/api/jobs/{job}", **key_of("area_manager")).status_code == 404


def test_what_does_not_have_the_documented_shape_is_told_field_by_field(client):
    answer = post_plan(client, key_of("sales_director"), {"reason": 7})
    assert answer.status_code == 422
    columns = {finding["column"] for finding in answer.json()["error"]["findings"]}
    assert columns == {"body.asked.setup", "body.asked.reason"}


def test_the_companys_totals_are_for_those_who_see_the_company(client):
    PlanVersion.objects.update(totals=[{"measure": "revenue", "commit": 5, "stretch": 6, "decimals": 2}])
    assert client.get("/api/plans", **key_of("sales_director")).json()[0]["totals"] != []
    assert client.get("/api/plans", **key_of("area_manager")).json()[0]["totals"] == []
    for role, seen in (("finance", True), ("area_manager", False), ("rep", False)):
        client.force_login(account(role))
        assert ("0.06" in client.get("/plans/").content.decode()) is seen


def test_a_nul_is_refused_whatever_the_database(client):
    director = key_of("sales_director")
    assert client.get("/api/customers?q=%00", **director).status_code == 400
    assert client.get("/api/customers/%00", **director).status_code == 400
    assert post_plan(client, director, {"setup": "main\0"}).status_code in {404, 422}
    client.force_login(account("sales_director"))
    assert client.get("/customers/?q=%00").status_code == 400
