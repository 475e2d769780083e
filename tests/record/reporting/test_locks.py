"""Due times by area, locks with their reason in words, exceptions with an end; a correction that races a lock."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from fugong.core import clock
from fugong.core.decision import Denied
from fugong.record.reporting.actions.locks import lock_day, open_lock, set_due_time
from fugong.record.reporting.actions.submit import ReportLocked, ReportRefused, Sending, submit_report
from fugong.record.reporting.enums import LockReason
from fugong.record.reporting.logic.checks import ReportValues
from fugong.record.reporting.models import DailyReport, DayLock, SupersededReport
from fugong.record.reporting.selectors.locks import quiet_on, times_on
from tests.tools import Race, entries

TODAY, EVE = date(2020, 3, 24), date(2020, 3, 23)
PLACE = ZoneInfo("Asia/Shanghai")


def at(hour, minute=0, day=TODAY):
    return datetime.combine(day, time(hour, minute), PLACE)


def said(on_post=80):
    return ReportValues("open", "", 100, on_post, Decimal(90), (), None, "", {})


@pytest.fixture
def send(place, viewer_of):
    def run(on_post=80, *, day=TODAY, kind="reporter", **sending):
        return submit_report(
            actor=viewer_of(kind),
            incident=place.incident,
            enterprise=place.enterprise,
            day=day,
            values=said(on_post),
            sending=Sending(**sending),
        )

    return run


@pytest.fixture
def lock(place, viewer_of):
    def run(area=None, *, day=TODAY, reason=LockReason.PERIOD_CLOSED, kind="duty_officer@city", note=""):
        return lock_day(
            actor=viewer_of(kind), incident=place.incident, area=area or place.city, day=day, reason=reason, note=note
        )

    return run


@pytest.fixture
def unlock(place, viewer_of):
    def run(*, day=TODAY, until=None, kind="duty_officer", **whom):
        whom = whom or {"enterprise": place.enterprise}
        until = until or clock.now() + timedelta(hours=2)
        return open_lock(
            actor=viewer_of(kind), incident=place.incident, day=day, until=until, reason="录入有误", **whom
        )

    return run


@pytest.fixture
def due(place, viewer_of):
    def run(area, hour, *, valid_from=TODAY, expires_hours=None, quiet_hours=None, kind="duty_officer@city"):
        return set_due_time(
            actor=viewer_of(kind),
            incident=place.incident,
            area=area,
            valid_from=valid_from,
            due_time=time(hour),
            expires_hours=expires_hours,
            quiet_hours=quiet_hours,
            source="指挥部第12号通知",
        )

    return run


class TestDueTime:
    def test_without_a_row_the_playbook_speaks(self, place):
        assert times_on(place.incident, place.township.pk, TODAY).due_at == at(10)
        assert times_on(place.incident, place.township.pk, TODAY).locks_at is None

    def test_the_nearest_area_speaks_from_its_day_on(self, place, due):
        due(place.city, 9, valid_from=date(2020, 3, 1))
        due(place.county, 12, expires_hours=2)
        assert times_on(place.incident, place.township.pk, EVE).due_at == at(9, day=EVE)
        assert times_on(place.incident, place.township.pk, TODAY).due_at == at(12)
        assert times_on(place.incident, place.township.pk, TODAY).locks_at == at(14)
        assert times_on(place.incident, place.other_county.pk, TODAY).due_at == at(9)

    def test_the_hours_without_a_reminder_are_those_of_the_row_in_force(self, place, due, set_clock):
        hours = lambda: quiet_on(place.incident, place.township.pk, TODAY) // timedelta(hours=1)  # noqa: E731
        assert hours() == 4
        due(place.city, 9, valid_from=EVE, quiet_hours=6)
        due(place.county, 9, valid_from=EVE, quiet_hours=24)
        assert hours() == 24
        due(place.county, 9)  # from today on nothing of its own: as the area above
        assert hours() == 6

    def test_days_gone_by_keep_their_time(self, place, due):
        due(place.city, 9, valid_from=date(2020, 3, 1))
        with pytest.raises(ValidationError, match="keep their time"):
            due(place.city, 11, valid_from=EVE)

    def test_it_is_set_in_one_s_own_area_and_on_record(self, place, due):
        with pytest.raises(Denied):
            due(place.city, 9, kind="duty_officer")
        with pytest.raises(Denied):
            due(place.county, 9, kind="bureau_clerk")
        due(place.county, 9)
        (entry,) = entries("reporting.due_time.set")
        assert entry.detail["due_time"] == "09:00"


class TestLate:
    def test_a_report_after_the_due_time_is_late_and_stays_so(self, place, send, set_clock):
        set_clock("2020-03-24T10:00:01+08:00")
        assert send().is_late
        assert send(70, correction_reason="mistyped").is_late

    def test_one_in_time_is_not_late_even_if_corrected_later(self, send, set_clock):
        assert not send().is_late
        set_clock("2020-03-24T12:00:00+08:00")
        assert not send(70, correction_reason="news").is_late

    def test_a_correction_after_the_due_time_asks_for_its_reason(self, send, set_clock):
        send()
        assert send(79).correction_reason == "", "before the due time nobody asks"
        set_clock("2020-03-24T12:00:00+08:00")
        for reason in ("", "because"):
            with pytest.raises(ReportRefused) as refused:
                send(70, correction_reason=reason)
            assert [finding.field for finding in refused.value.errors] == ["correction_reason"]
        report = send(70, correction_reason="news")
        assert (report.correction_reason, report.revision) == ("news", 3)
        assert [old.values["on_post"] for old in SupersededReport.objects.order_by("revision")] == [80, 79]


class TestLock:
    @pytest.mark.parametrize(
        ("reason", "words"),
        [
            (LockReason.PERIOD_CLOSED, "closed the day"),
            (LockReason.PUBLISHED, "the figures of the day are published"),
        ],
    )
    def test_a_locked_day_takes_nothing_and_says_why(self, settings, send, lock, reason, words):
        send()
        lock(reason=reason)
        with pytest.raises(ReportLocked) as locked:
            send(70)
        assert locked.value.locked.reason == reason
        from django.utils.translation import override

        with override("en"):
            assert words in locked.value.locked.words
            assert "The duty officer can open it" in locked.value.locked.words
        assert DailyReport.objects.get().on_post == 80

    def test_what_was_sent_before_and_comes_again_is_still_answered(self, send, lock):
        from uuid import uuid4

        key = uuid4()
        first = send(client_key=key)
        lock()
        assert send(client_key=key).pk == first.pk

    def test_it_holds_for_its_own_area_and_day(self, place, send, lock):
        lock(place.other_county)
        lock(place.zone)
        lock(place.city, day=EVE)
        assert send().revision == 1

    def test_the_time_itself_locks_without_any_worker(self, place, send, due, set_clock):
        due(place.county, 10, expires_hours=1)
        set_clock("2020-03-24T10:59:59+08:00")
        send()
        set_clock("2020-03-24T11:00:00+08:00")
        with pytest.raises(ReportLocked) as locked:
            send(70, correction_reason="news")
        assert (locked.value.locked.reason, locked.value.locked.since) == (LockReason.EXPIRED, at(11))

    def test_the_same_lock_again_changes_nothing(self, lock):
        first = lock(note="日报已定")
        assert lock(note="again").pk == first.pk
        assert DayLock.objects.get().note == "日报已定"
        assert len(entries("reporting.day.locked")) == 1

    @pytest.mark.parametrize("kind", ["reporter", "township_cadre", "auditor", "duty_officer@outside"])
    def test_others_lock_nothing(self, place, lock, kind):
        with pytest.raises(Denied):
            lock(place.county, kind=kind)

    def test_a_day_to_come_is_not_locked(self, lock):
        with pytest.raises(ValidationError):
            lock(day=date(2020, 3, 25))


class TestException:
    def test_it_opens_the_day_for_one_enterprise_until_its_end(self, place, send, lock, unlock, set_clock):
        send()
        lock()
        unlock(until=at(11))
        assert send(70).revision == 2
        set_clock("2020-03-24T11:00:00+08:00")
        with pytest.raises(ReportLocked):
            send(60, correction_reason="news")

    def test_it_opens_it_for_an_area(self, place, send, lock, unlock):
        lock()
        unlock(area=place.county)
        assert send().revision == 1

    def test_another_s_exception_opens_nothing(self, place, send, lock, unlock):
        lock()
        unlock(enterprise=place.other, kind="duty_officer@city")
        unlock(area=place.zone, kind="duty_officer@city")
        with pytest.raises(ReportLocked):
            send()

    def test_a_reporter_mends_yesterday_only_when_it_is_opened(self, place, send, unlock):
        with pytest.raises(Denied):
            send(day=EVE)
        unlock(day=EVE)
        assert send(day=EVE).is_late

    @pytest.mark.parametrize("kind", ["commander", "bureau_clerk", "duty_officer@outside", "reporter"])
    def test_only_the_duty_officer_of_the_area_opens(self, unlock, kind):
        with pytest.raises(Denied):
            unlock(kind=kind)

    def test_it_needs_an_end_to_come_and_one_whom_it_opens_for(self, place, unlock):
        with pytest.raises(ValidationError):
            unlock(until=clock.now() - timedelta(minutes=1))
        with pytest.raises(ValidationError):
            unlock(enterprise=place.enterprise, area=place.county)


@pytest.mark.django_db(transaction=True)
class TestRace:
    def act(self, actor, place, on_post):
        return lambda: submit_report(
            actor=actor,
            incident=place.incident,
            enterprise=place.enterprise,
            day=TODAY,
            values=said(on_post),
            sending=Sending(),
        )

    def lock(self, actor, place):
        return lambda: lock_day(
            actor=actor, incident=place.incident, area=place.city, day=TODAY, reason=LockReason.PUBLISHED
        )

    def test_a_correction_that_meets_a_lock_is_refused(self, place, viewer_of, send):
        send()
        officer, reporter = viewer_of("duty_officer@city"), viewer_of("reporter")
        locked, refused = Race().run(self.lock(officer, place), self.act(reporter, place, 70))
        assert isinstance(refused, ReportLocked), refused
        assert (DailyReport.objects.get().on_post, locked.reason) == (80, "published")

    def test_a_lock_waits_for_the_correction_that_is_being_made(self, place, viewer_of, send):
        send()
        officer, reporter = viewer_of("duty_officer@city"), viewer_of("reporter")
        report, locked = Race().run(self.act(reporter, place, 70), self.lock(officer, place))
        assert (report.on_post, report.revision) == (70, 2)
        assert locked.locked_at > report.submitted_at
        assert [old.values["on_post"] for old in SupersededReport.objects.all()] == [80]

    def test_reports_of_two_enterprises_do_not_wait_for_each_other(self, place, viewer_of):
        one, other = viewer_of("reporter@own"), viewer_of("reporter@other")
        act = lambda: submit_report(  # noqa: E731
            actor=other,
            incident=place.incident,
            enterprise=place.other,
            day=TODAY,
            values=said(),
            sending=Sending(),
        )
        first, second = Race().run(self.act(one, place, 70), act)
        assert first.pk != second.pk
        assert second.submitted_at is not None
