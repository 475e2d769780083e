"""The interface: the same reports, rights and words as the screens, once per idempotency key."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fugong.base.audit.models import AuditEntry
from fugong.record.reporting.actions.locks import lock_day
from fugong.record.reporting.enums import LockReason
from fugong.record.reporting.models import AreaTotal, DailyReport
from tests import factories

REPORTS = "/api/v1/reports/"


@pytest.fixture
def program(program_for):
    return program_for("reporter", "reports:read", "reports:write")


def body(place, **values):
    named = {"incident": place.incident.slug, "enterprise": place.enterprise.uscc}
    return named | {"state": "open", "roster": 100, "on_post": 80} | values


def faults(response):
    return {fault["field"]: (fault["reason"], fault["mend"]) for fault in response.json()["errors"]}


def test_a_report_is_stored_with_its_channel(program, place):
    answer = program.post(REPORTS, body(place, capacity=85.5, obstacles=["labour"], remark=" 缺工 "))
    assert answer.status_code == 200, answer.content.decode()
    report = DailyReport.objects.get()
    assert (report.channel, report.on_post, str(report.capacity), report.remark) == ("api", 80, "85.5", "缺工")
    assert answer.json()["revision"] == 1
    assert AuditEntry.objects.get(verb="reporting.report.submitted").origin.startswith("api ")


def test_the_same_key_stores_once_and_answers_the_same(program, place):
    first = program.post(REPORTS, body(place), HTTP_IDEMPOTENCY_KEY="k1")
    again = program.post(REPORTS, body(place), HTTP_IDEMPOTENCY_KEY="k1")
    assert (first.status_code, again.status_code, first.json()) == (200, 200, again.json())
    other = program.post(REPORTS, body(place, on_post=70), HTTP_IDEMPOTENCY_KEY="k1")
    assert other.status_code == 409
    assert other["Content-Type"] == "application/problem+json"
    assert DailyReport.objects.get().on_post == 80
    assert AuditEntry.objects.filter(verb__startswith="reporting.report").count() == 1
    corrected = program.post(REPORTS, body(place, on_post=79), HTTP_IDEMPOTENCY_KEY="k2")
    assert corrected.json()["revision"] == 2
    late = program.post(REPORTS, body(place), HTTP_IDEMPOTENCY_KEY="k1")
    assert late.json() == first.json()
    assert DailyReport.objects.get().on_post == 79, "what was sent before and comes late takes nothing back"


def test_errors_name_field_reason_and_mend_in_the_asked_language(program, place):
    wrong = body(place, on_post=120)
    english = program.post(REPORTS, wrong, HTTP_ACCEPT_LANGUAGE="en")
    assert english.status_code == 422
    assert faults(english)["on_post"][0] == "120 is more than the 100 on the roster"
    chinese = program.post(REPORTS, wrong, HTTP_ACCEPT_LANGUAGE="zh-hans")
    assert "120" in faults(chinese)["on_post"][0]
    assert "roster" not in chinese.content.decode()
    assert not DailyReport.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"roster": None}, "roster"),
        ({"roster": "many"}, "roster"),
        ({"roster": -1}, "roster"),
        ({"roster": 10**12}, "roster"),
        ({"state": "sleeping"}, "state"),
        ({"day": "yesterday"}, "day"),
        ({"surprise": 1}, "surprise"),
        ({"obstacles": ["nonsense"]}, "obstacles"),
        ({"extra": {"nonsense": "1"}}, "extra.nonsense"),
        ({"warning_reason": "nonsense"}, "warning_reason"),
        ({"remark": "a\x00b"}, "remark"),
        ({"capacity": "NaN"}, "capacity"),
        ({"capacity": 1e300}, "capacity"),
        ({"client_key": "no"}, "client_key"),
    ],
)
def test_nonsense_is_named_by_its_field(program, place, values, field):
    answer = program.post(REPORTS, body(place, **values), HTTP_ACCEPT_LANGUAGE="en")
    assert answer.status_code == 422
    assert list(faults(answer)) == [field]
    assert all(faults(answer)[field])
    assert not DailyReport.objects.exists()


@pytest.mark.parametrize("sent", ["{", "[]", "null", "\x00", '{"incident": "' + "x" * 10_000, "[" * 5000])
def test_what_is_no_json_is_a_clear_refusal(program, sent):
    answer = program.post(REPORTS, sent)
    assert answer.status_code in (400, 422)
    assert answer["Content-Type"] == "application/problem+json"


def test_a_warning_asks_for_its_reason(program, place):
    place.report(day="2020-03-23", roster=100, on_post=80)
    asked = program.post(REPORTS, body(place, roster=1000, on_post=80), HTTP_ACCEPT_LANGUAGE="en")
    assert asked.status_code == 422
    assert "warning_reason" in faults(asked)["roster"][1]
    reason = program.get(f"{REPORTS}items?incident={place.incident.slug}").json()["warning_reasons"][0]["code"]
    given = program.post(REPORTS, body(place, roster=1000, on_post=80, warning_reason=reason))
    assert given.status_code == 200


def test_only_the_keys_enterprises_are_known(program, program_for, place, client):
    assert program.post(REPORTS, body(place, enterprise=place.other.uscc)).status_code == 404
    assert program.post(REPORTS, body(place, enterprise="no such")).status_code == 404
    assert program.post(REPORTS, body(place, incident="no-such")).status_code == 404
    assert program.post(REPORTS, body(place, day="2020-03-20")).status_code == 403
    reader = program_for("reporter", "reports:read")
    assert reader.post(REPORTS, body(place)).status_code == 403
    client.force_login(place.person("reporter"))
    assert client.get(REPORTS).status_code == 401, "a session's cookie opens no door here"
    slow = program_for("reporter", "reports:read", per_minute=1)
    assert [slow.get(REPORTS).status_code for _ in range(2)] == [200, 429]


def test_a_batch_says_of_each_line_what_became_of_it(program, place):
    lines = [body(place), body(place, enterprise=place.other.uscc), body(place, on_post=120), body(place, on_post=81)]
    answer = program.post(f"{REPORTS}batch", {"reports": lines}, HTTP_IDEMPOTENCY_KEY="b1")
    assert answer.status_code == 200, answer.content.decode()
    found = answer.json()
    assert (found["stored"], found["refused"]) == (2, 2)
    assert [line["status"] for line in found["lines"]] == ["stored", "refused", "refused", "stored"]
    assert found["lines"][1]["errors"][0]["field"] == "enterprise"
    assert DailyReport.objects.get().revision == 2
    assert program.post(f"{REPORTS}batch", {"reports": lines}, HTTP_IDEMPOTENCY_KEY="b1").json() == found
    assert program.post(f"{REPORTS}batch", {"reports": []}).status_code == 422
    assert program.post(f"{REPORTS}batch", {"reports": lines[:1] * 501}).status_code == 422


def test_own_reports_come_page_by_page(program, place):
    enterprise = factories.EnterpriseFactory(managing_area=place.county)
    place.report(enterprise)
    for day in range(1, 21):
        place.report(day=f"2020-03-{day:02d}")
        place.report(day=f"2020-02-{day:02d}")
    first = program.get(f"{REPORTS}?since=2020-03-01").json()
    assert {row["enterprise"] for row in first["reports"]} == {place.enterprise.uscc}
    assert len(first["reports"]) == 20
    last = first["reports"][4]["id"]
    assert program.get(f"{REPORTS}?since=2020-03-01&before={last}").json()["reports"] == first["reports"][5:]
    assert program.get(f"{REPORTS}?enterprise={enterprise.uscc}").status_code == 404


def test_what_is_due_and_what_was_sent(program, place):
    (due,) = program.get(f"{REPORTS}duties").json()["duties"]
    assert (due["enterprise"], due["incident"], due["report"]) == (place.enterprise.uscc, "covid-2020", None)
    program.post(REPORTS, body(place))
    (due,) = program.get(f"{REPORTS}duties").json()["duties"]
    assert due["report"]["on_post"] == 80


def test_a_body_states_its_total(program_for, place):
    clerk = program_for("bureau_clerk", "totals:read", "totals:write")
    sent = {"incident": place.incident.slug, "area": place.county.code, "day": "2020-03-24", "scope": "房建项目"}
    sent |= {"enterprises": 1869, "enterprises_open": 572, "opening_rate": "36.0", "source": "住建局"}
    refused = clerk.post("/api/v1/totals/", sent, HTTP_ACCEPT_LANGUAGE="en")
    assert refused.status_code == 422
    assert "30.6%" in faults(refused)["opening_rate"][0]
    stated = clerk.post("/api/v1/totals/", sent | {"remark": "照录"}).json()
    assert stated["opening_rate"] == {"verdict": "contradicts", "typed": "36.0", "true": "30.6"}
    listed = clerk.get("/api/v1/totals/?incident=covid-2020&day=2020-03-24").json()["totals"]
    assert [total["id"] for total in listed] == [stated["id"]]
    assert AreaTotal.objects.count() == 1


def test_the_description_is_whole_and_in_both_languages(client):
    schema = client.get("/api/v1/openapi.json", HTTP_ACCEPT_LANGUAGE="en").json()
    assert schema["openapi"].startswith("3.1")
    paths = {f"{method} {path}" for path, methods in schema["paths"].items() for method in methods}
    assert {"post /api/v1/reports/", "post /api/v1/reports/batch", "get /api/v1/totals/"} <= paths
    for operations in schema["paths"].values():
        for operation in operations.values():
            assert operation["description"]
            assert {"401", "403", "404", "422", "429"} <= set(operation["responses"])
    words = json.dumps(client.get("/api/v1/openapi.json", HTTP_ACCEPT_LANGUAGE="zh-hans").json(), ensure_ascii=False)
    assert "People on the roster" not in words
    page = client.get("/api/v1/docs", HTTP_ACCEPT_LANGUAGE="zh-hans").content.decode()
    assert "ReportIn" in page


@pytest.mark.parametrize(("key", "most"), [("", 8), ("k-1", 10)], ids=["without a key", "with an idempotency key"])
def test_a_report_takes_few_statements(program, place, key, most):
    place.report(day="2020-03-23")
    second = factories.EnterpriseFactory(managing_area=place.township)
    factories.GrantFactory(user=place.person("reporter"), enterprise=second)
    program.post(REPORTS, body(place))
    headers = {"HTTP_IDEMPOTENCY_KEY": key} if key else {}
    with CaptureQueriesContext(connection) as queries:
        assert program.post(REPORTS, body(place, enterprise=second.uscc), **headers).status_code == 200
    assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) == most


def test_a_lock_and_a_late_correction_say_what_is_asked(program, place, viewer_of, set_clock):
    assert program.post(REPORTS, body(place)).status_code == 200
    set_clock("2020-03-24T11:00:00+08:00")
    late = program.post(REPORTS, body(place, on_post=79))
    assert list(faults(late)) == ["correction_reason"]
    assert program.post(REPORTS, body(place, on_post=79, correction_reason="mistyped")).status_code == 200
    who = viewer_of("duty_officer@city")
    lock_day(
        actor=who, incident=place.incident, area=place.city, day=date(2020, 3, 24), reason=LockReason.PERIOD_CLOSED
    )
    locked = program.post(REPORTS, body(place, on_post=78, correction_reason="mistyped"))
    assert list(faults(locked)) == ["day"]
    assert DailyReport.objects.get().on_post == 79
