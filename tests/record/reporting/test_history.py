"""Books of another system are taken over whole or not at all, by who runs the server."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from psycopg import IntegrityError

from fugong.core.decision import Denied
from fugong.core.roles import Role
from fugong.core.viewer import Viewer, service_viewer
from fugong.record.reporting.actions.history import ReceivedReport, take_over_history
from fugong.record.reporting.models import DailyReport, SupersededReport
from tests import factories

DAY = date(2020, 3, 20)


def received(enterprise, **values):
    said = {
        "enterprise_id": enterprise.pk,
        "area_id": enterprise.managing_area_id,
        "day": DAY,
        "state": "open",
        "roster": 50,
        "on_post": 40,
        "channel": "phone",
        "reported_by_name": "阮清和",
        "submitted_at": datetime(2020, 3, 20, 1, 5, tzinfo=UTC),
    }
    return ReceivedReport(**said | values)


def test_a_report_keeps_the_hour_and_the_way_it_came_and_what_it_said_first(place):
    enterprise = factories.EnterpriseFactory(managing_area=place.city)
    first = datetime(2020, 3, 20, 0, 30, tzinfo=UTC)
    row = received(enterprise, extra={"quarantined": 2}, seconds_taken=21, first_on_post=35, first_at=first)
    assert take_over_history(actor=service_viewer("tests"), incident=place.incident, reports=[row], source="old") == 1
    report = DailyReport.objects.get()
    assert (report.on_post, report.revision, report.seconds_taken, report.extra) == (40, 2, 21, {"quarantined": 2})
    assert report.submitted_at == datetime(2020, 3, 20, 1, 5, tzinfo=UTC)
    before = SupersededReport.objects.get()
    assert (before.values["on_post"], before.revision, before.submitted_at) == (35, 1, first)


def test_a_day_that_stands_already_stops_the_whole(place):
    one, two = factories.EnterpriseFactory.create_batch(2, managing_area=place.city)
    actor = service_viewer("tests")
    take_over_history(actor=actor, incident=place.incident, reports=[received(two)], source="old")
    with pytest.raises(IntegrityError, match="report_once_per_day"):
        take_over_history(actor=actor, incident=place.incident, reports=[received(one), received(two)], source="old")


def test_nobody_at_a_screen_may_do_it(place):
    enterprise = factories.EnterpriseFactory(managing_area=place.city)
    clerk = Viewer(id=1, name="x", roles=frozenset(Role), covers_root=True)
    with pytest.raises(Denied):
        take_over_history(actor=clerk, incident=place.incident, reports=[received(enterprise)], source="old")
    assert not DailyReport.objects.exists()
