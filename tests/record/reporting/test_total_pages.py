"""Totals at the desk: stated, contradicted, corrected, shown with the true rate."""

from __future__ import annotations

import pytest
from django.urls import reverse

from fugong.record.reporting.models import AreaTotal
from tests.tools import in_english, words_of


@pytest.fixture
def clerk(client_for):
    return in_english(client_for("bureau_clerk"))


@pytest.fixture
def address(place):
    return f"{reverse('reports:state_total', args=[place.incident.slug])}?area=371502"


SAID = {"scope": "房建项目", "enterprises": "1869", "enterprises_open": "572", "source": "住建局3月24日报"}


def test_a_total_is_stated_and_listed(clerk, address, place):
    assert clerk.post(address, SAID | {"opening_rate": "30.6"}).status_code == 302
    total = AreaTotal.objects.get()
    assert (total.area, total.scope, total.enterprises_open, total.counts) == (place.county, "房建项目", 572, True)
    page = words_of(clerk.get(reverse("reports:totals", args=[place.incident.slug])))
    assert "572 / 1869" in page
    assert "30.6%" in page


def test_a_contradiction_is_asked_about_and_then_flagged(clerk, address, place):
    asked = clerk.post(address, SAID | {"opening_rate": "36.0"})
    assert asked.status_code == 422
    assert "36.0% was typed, the counts give 30.6%" in words_of(asked)
    assert not AreaTotal.objects.exists()
    assert clerk.post(address, SAID | {"opening_rate": "36.0", "remark": "照录原文"}).status_code == 302
    page = words_of(clerk.get(reverse("reports:totals", args=[place.incident.slug])))
    assert "36.0% was typed, the counts give 30.6%" in page


def test_what_stands_is_filled_in_and_corrected(clerk, address):
    clerk.post(address, SAID)
    page = clerk.get(f"{address}&part=房建项目")
    assert page.context["form"].initial["enterprises_open"] == 572
    clerk.post(f"{address}&part=房建项目", SAID | {"enterprises_open": "600"})
    total = AreaTotal.objects.get()
    assert (total.enterprises_open, total.revision) == (600, 2)


@pytest.mark.parametrize(
    "wrong",
    [
        {"enterprises_open": "2000"},
        {"source": ""},
        {"roster": "5"},
        {"enterprises": "x"},
        {"enterprises": "99999999999999"},
        {"return_rate": "近九成"},
        {"as_of": "25:99"},
    ],
)
def test_nonsense_is_named_and_nothing_is_stored(clerk, address, wrong):
    answer = clerk.post(address, SAID | wrong)
    assert answer.status_code == 422
    assert not AreaTotal.objects.exists()
