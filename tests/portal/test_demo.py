"""The demonstration city: loaded once, never into somebody's data, a login for every role."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from fugong.base.accounts.models import Body, Mandate, User
from fugong.base.areas.models import Area
from fugong.base.audit.models import AuditEntry
from fugong.command.situation.selectors.board import board
from fugong.core.roles import Role
from fugong.core.viewer import service_viewer
from fugong.portal.demo import city, people
from fugong.portal.demo.load import SLUG, NotADemonstration, load, logins
from fugong.record.incidents.models import Incident
from fugong.record.registry.models import Enterprise, EnterpriseGrant
from fugong.record.reporting.models import DailyReport, SupersededReport
from tests import factories
from tests.strict import StrictClient

EVERYTHING = (
    Area, User, Body, Mandate, Incident, Enterprise, EnterpriseGrant, DailyReport, SupersededReport, AuditEntry,
)  # fmt: skip


def rows():
    return {model.__name__: model.objects.count() for model in EVERYTHING}


def run(*arguments):
    out, err = io.StringIO(), io.StringIO()
    call_command("load_demo", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def demo(db, set_clock):
    set_clock("2020-03-24T08:00:00+08:00")
    assert load() is True


class TestLoading:
    def test_a_second_time_changes_nothing(self, demo):
        before = rows()
        assert load() is False
        out, err = run()
        assert (out, rows()) == ("", before)
        assert f"is there already: user {before['User']}" in err

    def test_no_row_of_its_own_files_is_refused_or_doubtful(self, demo):
        imported = AuditEntry.objects.filter(verb__endswith=".imported").exclude(verb__startswith="areas.")
        details = {entry.verb: entry.detail for entry in imported}
        enterprises = Enterprise.objects.count()
        assert details["registry.enterprise.imported"]["new"] == enterprises == 11 * city.PER_AREA
        reports = details["reporting.report.imported"]
        assert reports["read"] == reports["new"] == DailyReport.objects.count()
        assert {detail.get("refused", 0) for detail in details.values()} == {0}

    def test_all_eleven_reporting_areas_have_their_enterprises_and_every_day_its_reports(self, demo):
        counted = Enterprise.objects.order_by("managing_area").values_list("managing_area__is_reporting", flat=True)
        assert set(counted) == {True}
        assert Enterprise.objects.order_by().values("managing_area").distinct().count() == 11
        days = set(DailyReport.objects.order_by().values_list("day", flat=True))
        assert (min(days), max(days), len(days)) == (city.FIRST_DAY, city.MORNING, 44)

    def test_at_eight_some_have_reported_and_some_not(self, demo):
        incident = Incident.objects.get(slug=SLUG)
        seen = board(service_viewer("tests"), incident, city.MORNING, incident.area)
        assert 0 < seen.reported < seen.expected == 330
        assert all(figure.value is not None for figure in seen.whole)
        assert [row.area is None for row in seen.rows] == [False] * 11

    def test_it_is_the_same_city_every_time(self):
        areas = [("371502", "东昌府区", "东昌府区"), ("371500-JK", "经济技术开发区", "经开区")]
        once, twice = city.enterprises(areas), city.enterprises(areas)
        assert list(city.report_rows(once)) == list(city.report_rows(twice))
        assert len({item.code for item in once}) == len(once) == 2 * city.PER_AREA

    def test_it_stays_out_of_a_database_with_other_people(self, db):
        factories.UserFactory()
        before = rows()
        with pytest.raises(NotADemonstration, match="other data"):
            load()
        with pytest.raises(CommandError, match="empty one"):
            run()
        assert rows() == before

    def test_it_stays_out_of_a_register_that_somebody_has_begun(self, db):
        factories.EnterpriseFactory()
        before = rows()
        with pytest.raises(NotADemonstration):
            load()
        assert rows() == before

    def test_areas_that_were_loaded_before_are_no_hindrance(self, db, set_clock):
        factories.AreaFactory(code="371500", name="聊城市", level="city")
        set_clock("2020-03-24T08:00:00+08:00")
        assert load() is True
        assert Area.objects.filter(code="371500").count() == 1

    def test_when_it_breaks_halfway_nothing_is_left_of_it(self, db, monkeypatch):
        def fail(**_values):
            raise RuntimeError("the power is gone")

        before = rows()
        monkeypatch.setattr("fugong.portal.demo.load.import_reports", fail)
        with pytest.raises(RuntimeError, match="power"):
            load()
        assert rows() == before


class TestLogins:
    def test_every_role_has_one_that_signs_in_and_finds_its_first_page(self, demo):
        listed = logins()
        assert {login.role for login in listed} == {str(role.label) for role in Role}
        for login in listed:
            client = StrictClient()
            answer = client.post(
                reverse("account_login"), {"login": login.username, "password": people.PASSWORD}, follow=True
            )
            assert (answer.status_code, login.name in answer.content.decode()) == (200, True), login.username

    def test_they_are_printed_with_their_password(self, demo):
        out, _err = run("--logins")
        lines = out.splitlines()
        assert len(lines) == len(logins())
        assert all(re.search(rf"\s{people.PASSWORD}\s", line) for line in lines)

    def test_without_the_city_there_are_none(self, db):
        assert logins() == []
        assert run("--logins") == ("", "")

    def test_the_reporter_owes_today_s_report_and_has_yesterday_s_to_start_from(self, demo):
        (enterprise,) = Enterprise.objects.filter(grants__user__username="reporter")
        reports = DailyReport.objects.filter(enterprise=enterprise)
        assert not reports.filter(day=city.MORNING).exists()
        assert reports.get(day=date(2020, 3, 23)).state == "open"

    def test_a_county_s_people_see_their_county_only(self, demo):
        client = StrictClient()
        assert client.login(username="county-clerk", password=people.PASSWORD)
        page = client.get(reverse("situation:board", args=[SLUG])).content.decode()
        assert "莘县" in page
        assert "临清" not in page
