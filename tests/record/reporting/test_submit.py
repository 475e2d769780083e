"""The report of a day, sent by whoever reports for the enterprise: stored once, corrected with its history."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from fugong.base.accounts.selectors import viewer_for
from fugong.core import clock, events
from fugong.core.decision import Denied
from fugong.core.viewer import service_viewer
from fugong.record.registry.models import Enterprise, EnterpriseGrant
from fugong.record.reporting.actions.imports import import_reports
from fugong.record.reporting.actions.submit import FIELDS, ReportRefused, Sending, submit_report
from fugong.record.reporting.events import ReportSubmitted
from fugong.record.reporting.logic.checks import ReportValues
from fugong.record.reporting.models import DailyReport, SupersededReport
from tests import factories
from tests.tools import entries, write_csv

TODAY = date(2020, 3, 24)
SAID = ReportValues(
    "open", "", 100, 80, Decimal(90), ("labour", "money"), Decimal("3.5"), "招工中", {"quarantined": "2"}
)
CLOSED = ReportValues("closed", "orders", 100, 0, None, (), None, "", {})


@pytest.fixture
def send(place, viewer_of):
    """`send(SAID)`: the enterprise's reporter sends these values for today."""

    def run(values=SAID, *, kind="reporter", actor=None, day=TODAY, enterprise=None, incident=None, **sending):
        return submit_report(
            actor=actor or viewer_of(kind),
            incident=incident or place.incident,
            enterprise=enterprise or place.enterprise,
            day=day,
            values=values,
            sending=Sending(**sending),
        )

    return run


def history(report):
    return list(SupersededReport.objects.filter(report=report).order_by("revision"))


class TestFirstReport:
    def test_it_is_stored_as_it_was_said(self, place, send):
        key = uuid4()
        report = DailyReport.objects.get(pk=send(seconds=21, client_key=key).pk)
        assert report.said() == SAID
        assert (report.incident, report.enterprise, report.day) == (place.incident, place.enterprise, TODAY)
        assert (report.managing_area, report.playbook_version) == (place.township, place.playbook)
        assert (report.channel, report.seconds_taken, report.client_key, report.revision) == ("phone", 21, key, 1)
        assert (report.reported_by, report.reported_by_name) == (
            place.person("reporter"),
            place.person("reporter").name,
        )
        assert clock.now() >= report.submitted_at
        assert history(report) == []

    def test_it_is_on_record_without_what_was_said(self, place, send):
        report = send()
        (entry,) = entries("reporting.report.submitted")
        assert entry.actor_id == place.person("reporter").pk
        assert (entry.subject, entry.detail) == (
            f"reporting.report:{report.pk}",
            {"enterprise": place.enterprise.pk, "day": "2020-03-24", "revision": 1},
        )

    def test_the_books_above_are_told_in_the_same_transaction(self, place, send, monkeypatch):
        told = []
        monkeypatch.setitem(events._receivers, ReportSubmitted, [told.append])
        report = send()
        assert told == [
            ReportSubmitted(
                report.pk,
                place.incident.pk,
                place.enterprise.pk,
                TODAY,
                frozenset({place.enterprise.managing_area_id}),
                tuple(report.obstacles),
            )
        ]

    def test_a_book_that_cannot_be_kept_takes_the_report_back(self, place, send, monkeypatch):
        def fail(_event):
            raise RuntimeError("no book")

        monkeypatch.setitem(events._receivers, ReportSubmitted, [fail])
        with pytest.raises(RuntimeError, match="no book"):
            send()
        assert not DailyReport.objects.exists()
        assert not entries("reporting.report.submitted")

    def test_the_version_of_the_playbook_is_that_of_the_day(self, place, send):
        place.playbook.pk, place.playbook.version = None, "2020.2"
        place.playbook.effective_from = TODAY
        place.playbook.save()
        assert send().playbook_version.version == "2020.2"

    def test_each_day_has_a_report_of_its_own(self, place, send, set_clock):
        first = send()
        set_clock("2020-03-25T08:00:00+08:00")
        second = send(day=date(2020, 3, 25))
        assert first.pk != second.pk
        assert [first.revision, second.revision] == [1, 1]

    def test_two_incidents_on_one_day_have_a_report_each(self, place, send):
        flood = factories.IncidentFactory(area=place.city)
        assert send().pk != send(incident=flood).pk

    def test_capacity_may_exceed_a_hundred(self, place, send):
        assert send(replace(SAID, capacity=Decimal("130.5"))).capacity == Decimal("130.5")


class TestTheSameAgain:
    def test_the_same_key_stores_nothing_twice(self, place, send):
        key = uuid4()
        first = send(client_key=key)
        again = send(client_key=key)
        assert (again.pk, again.on_post, again.revision) == (first.pk, 80, 1)
        assert len(entries("reporting.report.submitted")) == 1
        assert not entries("reporting.report.corrected")

    def test_other_values_under_the_same_key_are_a_correction(self, place, send):
        """Somebody went back to the page, mended a number and sent it; a retry of the first sending changes nothing."""
        key = uuid4()
        send(client_key=key)
        mended = send(replace(SAID, on_post=70), client_key=key)
        assert (mended.on_post, mended.revision) == (70, 2)
        late = send(client_key=key)
        assert (late.on_post, late.revision) == (70, 2)

    def test_the_same_values_under_another_key_change_nothing(self, place, send, set_clock):
        first = send(client_key=uuid4())
        set_clock("2020-03-24T11:00:00+08:00")
        again = send(client_key=uuid4())
        stored = DailyReport.objects.get(pk=first.pk)
        assert (again.revision, stored.submitted_at, stored.client_key) == (1, first.submitted_at, first.client_key)
        assert history(first) == []

    def test_numbers_that_are_only_written_otherwise_are_the_same(self, place, send):
        send(replace(SAID, capacity=Decimal("90.0"), supply_days=Decimal("3.50")))
        assert send(SAID).revision == 1

    def test_a_first_sending_that_arrives_late_does_not_undo_the_correction(self, place, send):
        """The phone sends again what it believes lost, after the reporter has corrected it on another phone."""
        lost = uuid4()
        send(SAID, client_key=lost)
        send(replace(SAID, on_post=70), client_key=uuid4())
        late = send(SAID, client_key=lost)
        assert (late.on_post, late.revision) == (70, 2)
        assert len(entries("reporting.report.corrected")) == 1

    def test_nor_does_one_that_a_file_has_corrected_since(self, place, send, tmp_path):
        lost = uuid4()
        send(SAID, client_key=lost)
        row = (place.enterprise.uscc, TODAY, "open", 100, 60)
        path = write_csv(tmp_path / "日报.csv", ("uscc", "day", "state", "roster", "on_post"), [row])
        import_reports(actor=service_viewer("console"), incident=place.incident, path=path)
        assert send(SAID, client_key=lost).on_post == 60

    def test_no_key_is_no_key(self, place, send):
        send(SAID)
        assert send(replace(SAID, on_post=70)).revision == 2


class TestCorrection:
    def test_what_stood_before_is_kept_word_for_word(self, place, send, set_clock):
        key = UUID(int=7)
        first = send(client_key=key)
        set_clock("2020-03-24T11:00:00+08:00")
        second = send(CLOSED, seconds=9, client_key=UUID(int=8), correction_reason="news")
        stored = DailyReport.objects.get(pk=first.pk)
        assert (second.pk, stored.revision) == (first.pk, 2)
        assert stored.said() == CLOSED
        assert (stored.seconds_taken, stored.client_key) == (9, UUID(int=8))
        assert stored.submitted_at > first.submitted_at
        (old,) = history(stored)
        assert (old.revision, old.channel, old.reported_by_id, old.reported_by_name) == (
            1,
            "phone",
            place.person("reporter").pk,
            place.person("reporter").name,
        )
        assert old.submitted_at == first.submitted_at
        said = {name: value for name, value in old.values.items() if name in FIELDS}
        assert said == {
            "state": "open", "closed_reason": "", "roster": 100, "on_post": 80, "capacity": "90.0",
            "obstacles": ["labour", "money"], "supply_days": "3.5", "remark": "招工中", "extra": {"quarantined": "2"},
        }  # fmt: skip

    def test_revisions_count_on_and_the_history_has_no_gap(self, place, send):
        for on_post in (80, 75, 70, 65):
            report = send(replace(SAID, on_post=on_post))
        assert report.revision == 4
        assert [(old.revision, old.values["on_post"]) for old in history(report)] == [(1, 80), (2, 75), (3, 70)]
        details = [entry.detail["revision"] for entry in entries("reporting.report.corrected")]
        assert details == [2, 3, 4]

    def test_going_back_to_the_first_word_is_a_correction_too(self, place, send):
        send(SAID)
        send(replace(SAID, on_post=75))
        report = send(SAID)
        assert (report.revision, report.on_post, len(history(report))) == (3, 80, 2)

    def test_another_person_corrects_under_their_own_name(self, place, send):
        colleague = factories.GrantFactory(enterprise=place.enterprise).user
        send(SAID)
        report = send(replace(SAID, on_post=75), actor=viewer_for(colleague, TODAY))
        assert (report.reported_by, history(report)[0].reported_by_id) == (colleague, place.person("reporter").pk)

    def test_a_report_that_came_as_a_file_is_corrected_with_its_channel_kept(self, place, send):
        stored = place.report(channel="import", on_post=60)
        report = send(SAID)
        assert (report.pk, report.revision, report.channel) == (stored.pk, 2, "phone")
        assert (history(report)[0].channel, history(report)[0].values["on_post"]) == ("import", 60)

    def test_the_area_stays_that_of_the_day_s_first_report_after_a_move(self, place, send, set_clock):
        send(SAID)
        Enterprise.objects.filter(pk=place.enterprise.pk).update(managing_area=place.other_county)
        moved = Enterprise.objects.get(pk=place.enterprise.pk)
        assert send(replace(SAID, on_post=75), enterprise=moved).managing_area == place.township
        set_clock("2020-03-25T08:00:00+08:00")
        assert send(SAID, enterprise=moved, day=date(2020, 3, 25)).managing_area == place.other_county


class TestChecks:
    @pytest.mark.parametrize(
        ("changes", "field", "words"),
        [
            ({"on_post": 101}, "on_post", "101 is more than the 100 on the roster"),
            ({"roster": -1, "on_post": 0}, "roster", "People cannot be negative"),
            ({"state": "closed", "on_post": 0}, "closed_reason", "A closed enterprise gives the reason"),
            ({"state": "closed", "on_post": 0, "closed_reason": "laziness"}, "closed_reason", "not in the list"),
            ({"state": "asleep"}, "state", "no state"),
            ({"capacity": Decimal("1000.1")}, "capacity", "more than 1000"),
            ({"supply_days": Decimal(-1)}, "supply_days", "below zero"),
            ({"obstacles": ("labour", "weather")}, "obstacles", "“weather” is not in the list"),
        ],
        ids=str,
    )
    def test_errors_refuse_even_with_a_reason(self, place, send, changes, field, words):
        with pytest.raises(ReportRefused, match=words) as refused:
            send(replace(SAID, **changes), warning_reason="other")
        assert [finding.field for finding in refused.value.errors] == [field]
        assert not DailyReport.objects.exists()
        assert not entries("reporting.report.submitted")

    def test_an_error_leaves_what_stands(self, place, send):
        report = send(SAID)
        with pytest.raises(ReportRefused):
            send(replace(SAID, on_post=101))
        assert DailyReport.objects.get(pk=report.pk).said() == SAID
        assert history(report) == []

    def test_what_jumps_against_the_day_before_asks_for_the_reason(self, place, send):
        place.report(day=date(2020, 3, 23), roster=100, on_post=80)
        jump = replace(SAID, roster=140)
        with pytest.raises(ReportRefused, match="The roster was 100 yesterday and is 140 today") as refused:
            send(jump)
        assert refused.value.errors == ()
        assert [finding.field for finding in refused.value.warnings] == ["roster"]
        assert not DailyReport.objects.filter(day=TODAY).exists()
        report = send(jump, warning_reason="hired")
        assert (report.roster, report.warning_reason) == (140, "hired")

    def test_the_reason_goes_into_the_history_with_its_report(self, place, send):
        place.report(day=date(2020, 3, 23), roster=100, on_post=80)
        send(replace(SAID, roster=140), warning_reason="hired")
        report = send(SAID)
        assert (report.warning_reason, history(report)[0].values["warning_reason"]) == ("", "hired")

    def test_another_reason_for_the_same_numbers_is_a_correction(self, place, send):
        place.report(day=date(2020, 3, 23), roster=100, on_post=80)
        jump = replace(SAID, roster=140)
        send(jump, warning_reason="hired")
        assert send(jump, warning_reason="hired").revision == 1
        assert send(jump, warning_reason="recount").revision == 2

    def test_what_contradicts_itself_asks_too_without_a_day_before(self, place, send):
        with pytest.raises(ReportRefused, match="Closed, with 3 people on post"):
            send(replace(CLOSED, on_post=3))
        assert send(replace(CLOSED, on_post=3), warning_reason="repair").on_post == 3

    def test_the_day_s_own_report_is_not_its_day_before(self, place, send):
        send(SAID)
        assert send(replace(SAID, roster=200, on_post=80)).revision == 2

    def test_another_incident_s_report_is_not_the_day_before(self, place, send):
        flood = factories.IncidentFactory(area=place.city)
        factories.ReportFactory(
            incident=flood,
            enterprise=place.enterprise,
            playbook_version=place.playbook,
            day=date(2020, 3, 23),
            roster=10,
            on_post=5,
        )
        assert send(SAID).revision == 1


class TestWhoAndWhen:
    @pytest.mark.parametrize(
        "kind", ["reporter@other", "liaison_officer", "bureau_clerk", "administrator@city", "nobody", "anonymous"]
    )
    def test_only_its_own_reporter_reports_for_an_enterprise(self, place, send, kind):
        with pytest.raises(Denied, match="do not report for this enterprise"):
            send(kind=kind)
        assert not DailyReport.objects.exists()

    def test_the_right_ends_with_its_last_day(self, place, send):
        grant = factories.GrantFactory(enterprise=place.enterprise, valid_to=TODAY)
        assert send(actor=viewer_for(grant.user, TODAY)).pk
        EnterpriseGrant.objects.filter(pk=grant.pk).update(valid_to=date(2020, 3, 23))
        with pytest.raises(Denied):
            send(replace(SAID, on_post=70), actor=viewer_for(grant.user, TODAY))

    @pytest.mark.parametrize("day", [date(2020, 3, 23), date(2020, 3, 25), date(2019, 3, 24)])
    def test_only_today_is_reported(self, place, send, day):
        with pytest.raises(Denied, match=r"(?i)today"):
            send(day=day)

    @pytest.mark.parametrize(
        ("moment", "allowed"),
        [
            ("2020-03-24T00:00:00+08:00", True),
            ("2020-03-24T23:59:00+08:00", True),
            ("2020-03-23T23:59:00+08:00", False),
        ],
    )
    def test_today_is_the_day_of_the_place_and_not_of_greenwich(self, place, send, set_clock, moment, allowed):
        set_clock(moment)
        if allowed:
            assert send().day == TODAY
        else:
            with pytest.raises(Denied):
                send()

    @pytest.mark.parametrize(("ended_on", "allowed"), [(TODAY, True), (date(2020, 3, 23), False)])
    def test_an_incident_takes_reports_to_the_end_of_its_last_day(self, place, send, ended_on, allowed):
        place.incident.ended_on = ended_on
        place.incident.save()
        if allowed:
            assert send().pk
        else:
            with pytest.raises(Denied, match="incident has ended"):
                send()

    @pytest.mark.parametrize(
        ("closed_on", "allowed"), [(date(2020, 3, 23), False), (TODAY, False), (date(2020, 3, 25), True)]
    )
    def test_an_enterprise_reports_until_it_is_closed_for_good(self, place, send, closed_on, allowed):
        place.enterprise.closed_on = closed_on
        place.enterprise.save()
        if allowed:
            assert send().pk
        else:
            with pytest.raises(Denied, match="closed for good"):
                send()


class TestTheTableItself:
    """Whatever door a report comes by, what cannot be is not stored."""

    @pytest.mark.parametrize(
        ("values", "constraint"),
        [
            ({"on_post": 101}, "report_on_post_within_roster"),
            ({"on_post": -1}, "report_on_post_not_negative"),
            ({"state": "asleep"}, "report_state_known"),
            ({"state": "closed", "closed_reason": ""}, "report_closed_needs_reason"),
            ({"capacity": Decimal("1000.1")}, "report_capacity_plausible"),
            ({"supply_days": Decimal("-0.1")}, "report_supply_days_not_negative"),
            ({"channel": "fax"}, "report_channel_known"),
            ({"revision": 0}, "report_revision_positive"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_refuses(self, place, values, constraint):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            place.report(**values)

    def test_refuses_a_second_report_of_the_day(self, place):
        place.report()
        with pytest.raises(IntegrityError, match="report_once_per_day"), transaction.atomic():
            place.report()

    def test_refuses_the_same_revision_twice_in_the_history(self, place, send):
        send(SAID)
        report = send(CLOSED)
        old = history(report)[0]
        old.pk = None
        with pytest.raises(IntegrityError, match="superseded_once"), transaction.atomic():
            old.save()
