from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from fugong.base.audit.models import AuditEntry
from fugong.core.decision import Denied
from fugong.core.viewer import service_viewer
from fugong.record.incidents.actions import open_incident
from fugong.record.incidents.models import Incident, PlaybookVersion
from fugong.record.incidents.selectors import NoSuchIncident, incidents_for, operational_incident, playbook_on
from tests.factories import IncidentFactory, PlaybookVersionFactory

CONSOLE = service_viewer("console")


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


class TestWhichIncident:
    def test_the_one_open_incident_that_is_no_drill_goes_without_saying(self, place):
        IncidentFactory(area=place.city, slug="drill", is_drill=True)
        IncidentFactory(area=place.city, slug="flood-2018", ended_on=date(2020, 3, 23))
        IncidentFactory(area=place.city, slug="next-year", started_on=date(2021, 1, 1))
        assert operational_incident(CONSOLE, None) == place.incident

    def test_an_incident_ends_with_the_end_of_its_last_day(self, place):
        place.incident.ended_on = date(2020, 3, 24)
        place.incident.save()
        assert operational_incident(CONSOLE, None) == place.incident

    def test_two_open_ones_are_listed(self, place):
        IncidentFactory(area=place.city, slug="flood-2020")
        with pytest.raises(NoSuchIncident) as refusal:
            operational_incident(CONSOLE, None)
        assert str(refusal.value).startswith("2 incidents are open")
        assert "--incident" in str(refusal.value)
        assert {"flood-2020", place.incident.slug} <= set(str(refusal.value).replace(",", " ").split())

    def test_none_is_said(self, db):
        with pytest.raises(NoSuchIncident, match=r"0 incidents are open.* —"):
            operational_incident(CONSOLE, None)

    def test_one_that_is_named_is_taken_even_if_it_is_a_drill_or_over(self, place):
        drill = IncidentFactory(area=place.city, slug="drill", is_drill=True, ended_on=date(2020, 2, 20))
        assert operational_incident(CONSOLE, "drill") == drill

    def test_an_unknown_name_is_answered_with_those_there_are(self, place):
        with pytest.raises(NoSuchIncident, match=r"“flood”.*covid-2020"):
            operational_incident(CONSOLE, "flood")

    def test_others_than_officials_see_none(self, place, viewer_of):
        for kind in ("reporter", "auditor@city", "nobody", "anonymous"):
            assert list(incidents_for(viewer_of(kind))) == []
        assert list(incidents_for(viewer_of("team_lead"))) == [place.incident]


class TestOpening:
    def opened(self, actor, place, **values):
        given = {"slug": "flood-2020", "name": "洪水", "area": place.county, "playbook_code": "epidemic"}
        return open_incident(actor=actor, started_on=date(2020, 3, 24), **{**given, **values})

    @pytest.mark.parametrize(
        ("kind", "allowed"),
        [
            ("commander", True),
            ("administrator@city", True),
            ("commander@outside", False),
            ("bureau_clerk", False),
            ("nobody", False),
        ],
    )
    def test_the_commander_or_the_administrator_of_the_area_may(self, place, viewer_of, kind, allowed):
        actor = viewer_of(kind)
        if allowed:
            incident = self.opened(actor, place)
            assert AuditEntry.objects.get(verb="incidents.incident.opened").subject.endswith(f":{incident.pk}")
        else:
            with pytest.raises(Denied):
                self.opened(actor, place)
            assert not Incident.objects.filter(slug="flood-2020").exists()

    def test_a_playbook_that_is_not_loaded_is_refused(self, place):
        with pytest.raises(PlaybookVersion.DoesNotExist, match="flood"):
            self.opened(CONSOLE, place, playbook_code="flood")

    def test_it_cannot_end_before_it_starts(self, place):
        place.incident.ended_on = date(2020, 2, 9)
        with pytest.raises(IntegrityError, match="incident_period_in_order"), transaction.atomic():
            place.incident.save()


class TestPlaybookOfTheDay:
    def test_the_latest_version_in_effect(self, place):
        later = PlaybookVersionFactory(effective_from=date(2020, 3, 1))
        PlaybookVersionFactory(code="flood", effective_from=date(2020, 3, 2))
        assert playbook_on(place.incident, date(2020, 2, 29)) == place.playbook
        assert playbook_on(place.incident, date(2020, 3, 1)) == later
        assert playbook_on(place.incident, date(2020, 12, 31)) == later

    def test_before_the_first_one_the_first(self, place):
        assert playbook_on(place.incident, date(2019, 1, 1)) == place.playbook

    def test_never_loaded(self, place):
        place.incident.playbook_code = "flood"
        with pytest.raises(PlaybookVersion.DoesNotExist):
            playbook_on(place.incident, date(2020, 3, 1))
