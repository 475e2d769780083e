"""A headquarters in the small place: the city's bodies are set up, the county has its own headquarters and people."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from fugong.base.accounts.enums import BodyKind
from fugong.base.accounts.selectors import headquarters_of, viewer_for
from fugong.command.headquarters.actions.bodies import set_up_bodies
from fugong.command.headquarters.actions.issuing import Order, issue_directive
from fugong.command.headquarters.models import Directive
from fugong.core import clock
from fugong.core.roles import Role
from fugong.core.viewer import service_viewer
from tests import factories

SETTING_UP = service_viewer("tests")


@pytest.fixture(autouse=True)
def english():
    """Sentences are asserted in the source language, whatever the catalogue says."""
    with translation.override("en"):
        yield


@pytest.fixture
def staffed(place):
    """`staffed(area, name, role, …)`: a person with a mandate in a body, as a viewer."""

    def serve(body, name: str, role: Role, **user):
        person = factories.UserFactory(name=name, **user)
        factories.MandateFactory(user=person, area=body.area, body=body, role=role)
        return viewer_for(person, clock.today())

    return serve


@pytest.fixture
def hq(place):
    """The headquarters of the city, with its office and groups."""
    set_up_bodies(actor=SETTING_UP, incident=place.incident, area=place.city)
    return headquarters_of(place.city)


@pytest.fixture
def county_hq(place):
    """The headquarters of the county of the enterprise."""
    set_up_bodies(actor=SETTING_UP, incident=place.incident, area=place.county)
    return headquarters_of(place.county)


@pytest.fixture
def duty(hq, staffed):
    """The duty officer of the city."""
    return staffed(hq, "宋晓岚", Role.DUTY_OFFICER)


@pytest.fixture
def commander(hq, staffed):
    return staffed(hq, "梁长河", Role.COMMANDER)


@pytest.fixture
def county_head(county_hq, staffed):
    """The commander of the county, with a telephone."""
    return staffed(county_hq, "夏志远", Role.COMMANDER, phone="13800000001")


@pytest.fixture
def neighbour(place, staffed):
    """The commander of the other county."""
    body = factories.BodyFactory(area=place.other_county, name="茌平区指挥部", kind=BodyKind.HEADQUARTERS)
    return staffed(body, "邻县", Role.COMMANDER)


@pytest.fixture
def issue(place, hq, county_hq, duty):
    """`issue(title, …)`: the city's duty officer gives the county a directive, due in two days."""

    def issued(
        title: str = "14家隔离宿舍今天落实", *, hours: float = 48, actor=None, parent=None, **order
    ) -> Directive:
        values = {"owner_body": county_hq, "due_at": clock.now() + timedelta(hours=hours)} | order
        return issue_directive(
            actor=actor or duty,
            incident=place.incident,
            area=place.city,
            issuer_body=hq,
            order=Order(title=title, **values),
            parent=parent,
        )

    return issued
