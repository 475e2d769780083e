"""The demonstration city: loaded once, never into somebody's data, a login for every role."""

from __future__ import annotations

import io
import os
import re
import time
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from django.urls import reverse

from fugong.base.accounts.models import Body, Mandate, User
from fugong.base.areas.models import Area
from fugong.base.audit.models import AuditEntry
from fugong.command.headquarters.models import Meeting
from fugong.command.situation.selectors.board import board
from fugong.core import clock
from fugong.core.roles import Role
from fugong.core.viewer import service_viewer
from fugong.portal.demo import days, people
from fugong.portal.demo.check import compared
from fugong.portal.demo.city import Place, enterprises, settle
from fugong.portal.demo.load import SLUG, NotADemonstration, load, logins
from fugong.portal.demo.plan import CITY, FIRST_DAY, MORNING
from fugong.record.desk.enums import PartState, RequestEnd, RequestState
from fugong.record.desk.models import Entry, Part, Request, RootProblem
from fugong.record.incidents.models import Incident
from fugong.record.registry.models import Enterprise, EnterpriseGrant
from fugong.record.reporting.models import DailyReport, SupersededReport
from tests import factories
from tests.strict import StrictClient

EVERYTHING = (
    Area, User, Body, Mandate, Incident, Enterprise, EnterpriseGrant, DailyReport, SupersededReport, AuditEntry,
)  # fmt: skip


SMALL, TOWN = CITY.scaled(60), CITY.scaled(18)
EIGHT = "2020-03-24T08:00:00+08:00"


def rows():
    return {model.__name__: model.objects.count() for model in EVERYTHING}


def run(*arguments):
    out, err = io.StringIO(), io.StringIO()
    call_command("load_demo", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.fixture(scope="class")
def loaded(django_db_setup, django_db_blocker, tmp_path_factory):
    """The small city, made once for all tests of a class and taken back after them."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setenv("FUGONG_CLOCK", f"{EIGHT}@{time.time()}")
        patch.setattr("fugong.core.snapshot._begin", lambda: None)
        with override_settings(FILES_ROOT=tmp_path_factory.mktemp("demo")):
            assert load(TOWN) is True
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(loaded, db, set_clock):
    set_clock(EIGHT)


class TestCity:
    def test_a_second_time_changes_nothing(self, demo):
        before = rows()
        assert load(TOWN) is False
        out, err = run()
        assert (out, rows()) == ("", before)
        assert f"is there already: user {before['User']}" in err

    def test_its_headquarters_has_targets(self, demo):
        incident = Incident.objects.get()
        seen = board(service_viewer("demo"), incident, MORNING, incident.area)
        targets = {code for code, area_id in seen.targets if area_id == incident.area_id}
        assert targets == {"opening_rate", "return_rate"}

    def test_no_row_of_its_own_files_is_refused_or_doubtful(self, demo):
        imported = AuditEntry.objects.filter(verb__endswith=".imported").exclude(verb__startswith="areas.")
        details = {entry.verb: entry.detail for entry in imported}
        enterprises_in = details["registry.enterprise.imported"]
        assert enterprises_in["new"] == enterprises_in["read"] == Enterprise.objects.count()
        taken = AuditEntry.objects.get(verb="reporting.report.history_taken_over").detail
        assert (taken["new"], taken["corrections"]) == (DailyReport.objects.count(), SupersededReport.objects.count())
        assert len(taken["sha256"]) == 64
        assert {detail.get("refused", 0) for detail in details.values()} == {0}

    def test_what_was_published_is_what_the_product_counts_by_its_own_rules(self, demo):
        lines = compared(SLUG, TOWN)
        assert len(lines) == 8
        assert [line for line in lines if not line.agrees] == []

    def test_all_eleven_reporting_areas_have_their_enterprises_and_every_day_its_reports(self, demo):
        incident = Incident.objects.get(slug=SLUG)
        counted = board(service_viewer("tests"), incident, MORNING, incident.area)
        assert [row.area is None for row in counted.rows] == [False] * 11
        on_days = set(DailyReport.objects.order_by().values_list("day", flat=True))
        assert (min(on_days), max(on_days), len(on_days)) == (FIRST_DAY, MORNING, 44)

    def test_the_city_got_back_to_work_bit_by_bit(self, demo):
        incident = Incident.objects.get(slug=SLUG)
        viewer = service_viewer("tests")
        seen = [
            board(viewer, incident, day, incident.area).whole[0].ratio.numerator
            for day in (FIRST_DAY, date(2020, 2, 24), date(2020, 3, 9))
        ]
        assert seen == sorted(seen)
        assert seen[0] < seen[-1] / 4

    def test_at_eight_some_have_reported_and_some_not(self, demo):
        incident = Incident.objects.get(slug=SLUG)
        seen = board(service_viewer("tests"), incident, MORNING, incident.area)
        assert seen.reported.denominator - seen.reported.numerator == TOWN.missing > 0
        assert all(figure.value is not None for figure in seen.whole)

    def test_nothing_was_received_after_the_hour_of_the_clock(self, demo):
        latest = DailyReport.objects.order_by("-submitted_at").values_list("submitted_at", flat=True)[0]
        assert latest.isoformat() < "2020-03-24T00:00:00+00:00"
        assert all(
            one.submitted_at < one.report.submitted_at for one in SupersededReport.objects.select_related("report")
        )

    def test_some_moved_some_closed_and_some_are_left_out(self, demo):
        moved = Enterprise.objects.filter(moves__isnull=False)
        assert {item.moves.get().to_area_id == item.managing_area_id for item in moved} == {True}
        assert (moved.count(), Enterprise.objects.filter(closed_on__isnull=False).count()) == (TOWN.moved, TOWN.gone)
        for enterprise in moved:
            (move,) = enterprise.moves.all()
            before = enterprise.reports.filter(day__lt=move.moved_on).values_list("managing_area", flat=True)
            assert set(before) == {move.from_area_id}

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

    def test_the_reporter_owes_today_s_report_and_has_yesterday_s_to_start_from(self, demo):
        (enterprise,) = Enterprise.objects.filter(grants__user__username="reporter")
        reports = DailyReport.objects.filter(enterprise=enterprise)
        assert not reports.filter(day=MORNING).exists()
        assert reports.get(day=date(2020, 3, 23)).state == "open"

    def test_what_it_shows_is_printed_beside_what_was_published(self, demo):
        # The command compares with the whole city, of which this is a small copy.
        out, _err = run("--figures")
        assert "reporting areas" in out
        assert "11  as published" in out
        assert "published 5853" in out

    def test_a_county_s_people_see_their_county_only(self, demo):
        client = StrictClient()
        assert client.login(username="county-clerk", password=people.PASSWORD)
        page = client.get(reverse("situation:board", args=[SLUG])).content.decode()
        assert "莘县" in page
        assert "临清" not in page

    def test_requests_of_every_state_and_end_are_told_by_their_people_at_their_hours(self, demo):
        assert set(Request.objects.values_list("state", flat=True)) == set(RequestState.values)
        assert set(Request.objects.exclude(end="").values_list("end", flat=True)) == set(RequestEnd.values)
        assert Request.objects.filter(level__gt=0, state=RequestState.RECEIVED).exists()  # did not move, came back
        assert Request.objects.exclude(green_reason="").filter(pauses__ended_at__isnull=True).exists()
        assert {PartState.IN_WORK, PartState.DONE} <= set(Part.objects.values_list("state", flat=True))
        assert RootProblem.objects.get().requests.count() == 60
        entries = Entry.objects.exclude(actor_name="desk")
        assert not entries.filter(at__gt=clock.now()).exists()
        assert {"姚可欣", "温立群", "祁若兰", "卜晓晴"} <= set(entries.values_list("actor_name", flat=True))
        assert os.environ["FUGONG_CLOCK"].startswith("2020-03-24T08:00:00")

    def test_its_headquarters_has_met_for_a_fortnight_and_todays_agenda_waits(self, demo):
        meetings = Meeting.objects.order_by("day")
        assert [meeting.state for meeting in meetings] == ["closed"] * 13 + ["prepared"]
        assert meetings.last().items.filter(source="hand").exists()


class TestLoading:
    def test_the_whole_plan_adds_up_to_the_published_figures(self):
        assert (CITY.open, CITY.above, CITY.in_zone, len(CITY.areas)) == (5853, 1176, 466, 11)
        assert (CITY.on_post, f"{CITY.on_post * 100 / CITY.roster:.2f}") == (277_400, "85.89")
        assert all(area.closed == area.missing == 0 for area in CITY.areas if area.code == CITY.zone)

    def test_it_is_the_same_city_every_time(self):
        places = [Place(area.code, f"{area.code}区", f"{area.code}区") for area in SMALL.areas]
        once, twice = enterprises(SMALL, places), enterprises(SMALL, places)
        assert [list(map(repr, day)) for day in days.reports(once, SMALL)] == [
            list(map(repr, day)) for day in days.reports(twice, SMALL)
        ]
        assert len({item.code for item in once}) == len({item.name for item in once}) == len(once)

    def test_people_are_settled_to_a_total_within_their_bounds(self):
        assert settle([1, 5, 9], 20, [0, 0, 0], [4, 8, 10]) == [4, 7, 9]
        assert settle([4, 8, 10], 1, [0, 0, 1], [4, 8, 10]) == [0, 0, 1]
        assert settle([3, 3], 6, [0, 0], [9, 9]) == [3, 3]
        with pytest.raises(ValueError, match="no way"):
            settle([1], 7, [0], [4])

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
            load(SMALL)
        assert rows() == before

    def test_areas_that_were_loaded_before_are_no_hindrance(self, db, set_clock):
        factories.AreaFactory(code="371500", name="聊城市", level="city")
        set_clock(EIGHT)
        assert load(SMALL) is True
        assert Area.objects.filter(code="371500").count() == 1

    def test_when_it_breaks_halfway_nothing_is_left_of_it(self, db, monkeypatch):
        def fail(**_values):
            raise RuntimeError("the power is gone")

        before = rows()
        monkeypatch.setattr("fugong.portal.demo.load.take_over_history", fail)
        with pytest.raises(RuntimeError, match="power"):
            load(SMALL)
        assert rows() == before

    def test_without_the_city_there_are_none(self, db):
        assert logins() == []
        assert run("--logins") == ("", "")
