"""The offices' side of visits: planned ones of all bodies together, and the lists as workbooks."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from fugong.record.liaison.models import PlannedVisit
from tests.tools import in_english, words_of

pytestmark = pytest.mark.django_db


def sheet(client, place, name):
    answer = client.post(reverse("liaison:export", args=[place.incident.slug, name]))
    return list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))


def test_two_bodies_come_once_and_one_takes_it_back(place, client_for):
    slug, pk = place.incident.slug, place.enterprise.pk
    clerk, lead = (in_english(client_for(kind)) for kind in ("bureau_clerk@in", "team_lead@in"))
    url = reverse("liaison:plan_visit", args=[slug, pk])
    assert clerk.post(url, {"day": "2020-03-26", "at": "14:00", "purpose": "特种设备检查"}).status_code == 302
    assert clerk.post(url, {"day": "2020-03-01", "purpose": "x"}).status_code == 422
    first = PlannedVisit.objects.get()
    page = words_of(lead.get(reverse("liaison:planned", args=[slug])))
    assert "特种设备检查" in page
    assert "Come along" in page
    assert lead.post(f"{url}?join={first.pk}", {"day": "2020-03-30", "purpose": "讲政策"}).status_code == 302
    joined = PlannedVisit.objects.exclude(pk=first.pk).get()
    assert (joined.joins, joined.day) == (first, date(2020, 3, 26))
    cancel = reverse("liaison:plan_visit_cancel", args=[slug, pk, first.pk])
    assert lead.post(cancel).status_code == 403
    assert clerk.post(cancel).status_code == 302
    joined.refresh_from_db()
    assert joined.joins is None
    outside = client_for("team_lead@outside")
    assert place.enterprise.name not in words_of(outside.get(reverse("liaison:planned", args=[slug])))
    assert outside.get(url).status_code == 404


def test_the_lists_are_taken_along_of_ones_own_area(place, client_for, person, give):
    give(person("许志远"), [place.enterprise])
    client = in_english(client_for("team_lead@in"))
    coverage = sheet(client, place, "coverage")
    assert coverage[0][:3] == ("Area", "Enterprises", "With an officer")
    assert ("古楼街道", 1, 1, 0, 1) in [row[:5] for row in coverage]
    assert sheet(client, place, "uncovered")[1:] == []
    assert [row[0] for row in sheet(client, place, "officers")[1:]] == ["许志远"]
    assert len(sheet(client, place, "visits")) == 1
    outside = client_for("team_lead@outside")
    assert [row[0] for row in sheet(outside, place, "uncovered")[1:]] == [place.other.name]
    assert sheet(outside, place, "officers")[1:] == []
    assert client.post(reverse("liaison:export", args=[place.incident.slug, "people"])).status_code == 404
