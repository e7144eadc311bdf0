"""Scores in the web: a period scored, kept from others until released, opened down to its rows, objected to."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from planned_world import build_plan

from quotum.web.bridge.demo import demo_scheme
from quotum.web.queries.scores import (
    figures_behind,
    list_own,
    open_score,
    rank_scores,
    rows_behind,
    scores_within,
)
from quotum.web.records.models import (
    Appraisal,
    Change,
    Job,
    Objection,
    PlanVersion,
    Post,
    Scheme,
    Score,
    Unit,
    User,
)
from quotum.web.services.approvals import NotNow
from quotum.web.services.jobs import do_job
from quotum.web.services.scores import (
    SchemeRefused,
    answer_objection,
    ask_for_scores,
    keep_scheme,
    object_to,
    release,
)

pytestmark = pytest.mark.django_db
SCHEME = demo_scheme()


@pytest.fixture
def world(settings, tmp_path, django_capture_on_commit_callbacks):
    """Return the plan in force and an appraisal of a month of it, not released."""
    settings.TODAY = "2027-02-10"
    plan = build_plan()
    PlanVersion.objects.filter(pk=plan.pk).update(state="in_force")
    hr = User.objects.create(username="hr")
    Post.objects.create(user=hr, role="hr", unit=Unit.objects.get(unit="company"), since=date(2020, 1, 1))
    scheme, _findings = keep_scheme(hr, "sales", SCHEME)
    job = ask_for_scores(hr, plan, "2027-01", [scheme], "January")
    Job.objects.filter(pk=job.pk).update(state="running", attempts=1)
    job.refresh_from_db()
    do_job(job)
    job.refresh_from_db()
    assert job.state == "done", job.findings
    return plan


def who(name):
    return User.objects.get(username=name)


def test_a_period_is_scored_kept_and_on_record(world):
    appraisal = Appraisal.objects.get()
    assert (appraisal.period, appraisal.is_over) == ("2027-01", True)
    assert Score.objects.filter(person__isnull=False).count() == 4
    assert Change.objects.filter(table="appraisals", action="scored", reason="January").count() == 1
    again = ask_for_scores(who("hr"), world, "2027-02", list(Scheme.objects.all()))
    assert again.state == "waiting"  # February is not over: it is the score so far
    with pytest.raises(NotNow, match="period_unknown"):
        ask_for_scores(who("hr"), world, "2027-12", list(Scheme.objects.all()))


def test_only_who_appraises_sees_it_before_it_is_released(world):
    appraisal = Appraisal.objects.get()
    assert scores_within(who("hr")).count() == 4
    assert not scores_within(who("manager")).exists()
    assert list_own(who("rep")) == []
    with pytest.raises(PermissionDenied):
        release(who("manager"), appraisal)
    release(who("hr"), appraisal)
    with pytest.raises(NotNow, match="released"):
        release(who("hr"), appraisal)
    assert {score.person_id for score in scores_within(who("manager"))} == {"ann", "ben"}
    assert [score.person_id for score in list_own(who("rep"))] == ["ann"]
    assert [score.person_id for score in scores_within(who("rep"))] == ["ann"]


def test_a_score_opens_into_lines_that_add_up_and_rows_that_were_there(world):
    release(None, Appraisal.objects.get())
    score = list_own(who("rep"))[0]
    opened = open_score(who("rep"), score)
    assert sum(line.points_e2 for line in opened.sheet.lines) == score.score_e2
    assert opened.may_object
    line = next(line for line in opened.sheet.lines if line.indicator == "active_rate")
    counts = figures_behind(score, line)
    source = ("sales", "active_customers")
    rows = rows_behind(who("rep"), score, line, source, 0, 1000)
    assert len(rows.cells) == counts[source] > 40
    assert {row[rows.columns.index("person")] for row in rows.cells} == {"Ann"}
    unseen = rows_behind(who("hr"), score, line, source, 0, 5)  # HR sees no customers
    assert "customer" not in unseen.columns


def test_an_objection_is_answered_by_who_stands_above(world):
    release(None, Appraisal.objects.get())
    rep, manager = who("rep"), who("manager")
    score = list_own(rep)[0]
    with pytest.raises(PermissionDenied):
        object_to(manager, score, 0, "not mine")
    with pytest.raises(NotNow, match="reason_needed"):
        object_to(rep, score, 0, " ")
    made = object_to(rep, score, 0, "One order is missing")
    assert made.indicator == "sales_amount"
    with pytest.raises(NotNow, match="objection_open"):
        object_to(rep, score, 0, "again")
    with pytest.raises(PermissionDenied):
        answer_objection(rep, made, upheld=True, text="yes")
    answer_objection(manager, made, upheld=True, text="It is entered now")
    with pytest.raises(NotNow, match="decided"):
        answer_objection(manager, made, upheld=False, text="no")
    assert Objection.objects.get().state == "upheld"
    assert [c.action for c in Change.objects.filter(table="objections", unit="north")] == ["upheld", "objected"]
    assert score.score_e2 == Score.objects.get(pk=score.pk).score_e2  # it changes no figure


def test_a_wrong_scheme_is_refused_and_what_was_scored_keeps_its_rules(world):
    with pytest.raises(SchemeRefused) as refused:
        keep_scheme(who("hr"), "sales", "scheme = ")
    assert refused.value.findings
    with pytest.raises(PermissionDenied):
        keep_scheme(who("manager"), "sales", SCHEME)
    keep_scheme(who("hr"), "sales", SCHEME.replace("weight = 40", "weight = 40.0"))
    assert Appraisal.objects.get().schemes["sales"] == SCHEME


def test_the_pages_of_each_reader(world, django_assert_max_num_queries):
    release(None, Appraisal.objects.get())
    pages = {"rep": ("/scores/",), "manager": ("/scores/",),
             "hr": ("/scores/", "/scores/appraise/", "/scores/schemes/")}  # fmt: skip
    score = list_own(who("rep"))[0]
    for name, paths in pages.items():
        client = Client()
        client.force_login(who(name))
        for path in (*paths, f"/scores/{score.pk}/", f"/scores/{score.pk}/chart/", f"/scores/{score.pk}/lines/0/"):
            with django_assert_max_num_queries(16):
                assert client.get(path).status_code == 200, (name, path)
    foreign = Score.objects.get(person="cho")
    client = Client()
    client.force_login(who("manager"))
    assert client.get(f"/scores/{foreign.pk}/").status_code == 404
    assert rank_scores(who("manager"), "", "", "").scores.count() == 2
