"""Open311 GeoReport v2 over HTTP, read by the client that its users have."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.dateparse import parse_datetime

from fugong.record.desk.actions import working
from tests import factories
from tests.record.desk.conftest import DESK

pytestmark = pytest.mark.django_db
BASE = "/open311/v2/"
NAMES = ("service_code", "service_name", "description", "metadata", "type", "keywords", "group")


@pytest.fixture(autouse=True)
def opened(settings):
    settings.OPEN311 = True


@pytest.fixture
def get(client):
    return lambda path, **query: client.get(BASE + path, query)


def test_it_is_closed_unless_the_site_opens_it(place, get, settings):
    settings.OPEN311 = False
    assert get("services.json").status_code == get("requests.xml").status_code == 404


def test_services_as_both_forms(place, get):
    listed = get("services.json").json()
    assert all(tuple(row) == NAMES for row in listed)
    shortage = next(row for row in listed if row["service_code"] == "staff-shortage")
    assert (shortage["service_name"], shortage["group"], shortage["metadata"]) == ("用工 · 缺工", "用工", False)
    top = ElementTree.fromstring(get("services.xml").content)
    assert [child.findtext("service_code") for child in top] == [row["service_code"] for row in listed]


def test_the_details_of_a_kind(place, get):
    found = get("services/goods.json").json()
    assert [(item["code"], item["datatype"]) for item in found["attributes"]] == [
        ("item", "string"), ("quantity", "number"), ("unit", "string"),
    ]  # fmt: skip
    assert get("services/nothing.json").status_code == 404


def test_requests_show_dates_of_the_place_and_nothing_of_the_enterprise(place, get, ask):
    request = ask()
    (row,) = get("requests.json").json()
    assert row["service_request_id"] == request.number
    assert row["status"] == "open"
    assert row["requested_datetime"] == "2020-03-24T09:00:00+08:00"
    assert parse_datetime(row["expected_datetime"]) == request.close_due_at.replace(microsecond=0)
    assert row["agency_responsible"] == str(request.owner_body)
    told = json.dumps(row, ensure_ascii=False)
    for secret in (place.enterprise.name, place.enterprise.uscc, request.asked_by_name, request.title):
        assert secret
        assert secret not in told


def test_one_request_and_its_end(place, get, ask):
    request = ask()
    working.accept_request(actor=DESK, request=request)
    (row,) = get(f"requests/{request.number}.json").json()
    assert row["status_notes"] == "在办"
    assert get("requests/20200324-9999.json").status_code == 404
    assert get("requests.json", status="closed").json() == []
    assert len(get("requests.json", status="open", service_code=request.category).json()) == 1


@pytest.mark.parametrize(
    "query",
    [
        {"start_date": "yesterday"},
        {"start_date": "2020-03-24"},
        {"start_date": "2020-01-01T00:00:00Z", "end_date": "2020-06-01T00:00:00Z"},
        {"start_date": "2020-03-02T00:00:00Z", "end_date": "2020-03-01T00:00:00Z"},
        {"status": "sleeping"},
    ],
)
def test_nonsense_is_refused_in_the_form_of_the_standard(place, get, query):
    answer = get("requests.json", **query)
    assert answer.status_code == 400
    assert [set(error) for error in answer.json()] == [{"code", "description"}]


def test_the_jurisdiction(place, get):
    assert get("services.json", jurisdiction_id="nowhere").status_code == 404
    assert get("services.json", jurisdiction_id=place.incident.slug).status_code == 200
    other = factories.IncidentFactory(area=place.city)
    assert get("services.json").status_code == 400
    other.is_drill = True
    other.save()
    assert get("services.json").status_code == 200
    assert get("services.json", jurisdiction_id=other.slug).status_code == 404


def test_most_is_bounded_whatever_the_number_of_statements_stays(place, get, ask, monkeypatch):
    monkeypatch.setattr("fugong.record.desk.selectors.open311.MOST", 2)
    counts = []
    for expected in (1, 2, 2):
        ask()
        get("requests.json")
        with CaptureQueriesContext(connection) as queries:
            assert len(get("requests.json").json()) == expected
        counts.append(len(queries))
    assert len(set(counts)) == 1
