"""Several doors at once for one enterprise's day: one row, each word kept, nobody locked out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from fugong.base.accounts.selectors import viewer_for
from fugong.base.spreadsheets.logic.outcome import ImportOutcome
from fugong.core.viewer import service_viewer
from fugong.record.reporting.actions import incoming
from fugong.record.reporting.actions.imports import import_reports
from fugong.record.reporting.actions.submit import Sending, submit_report
from fugong.record.reporting.logic.checks import ReportValues
from fugong.record.reporting.models import DailyReport, SupersededReport
from tests import factories
from tests.tools import Race, at_once, entries, write_csv

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date(2020, 3, 24)
CONSOLE = service_viewer("console")


def said(on_post, capacity=90):
    return ReportValues("open", "", 100, on_post, Decimal(capacity), (), None, "", {})


@pytest.fixture
def send(place):
    """`send(80)`: an act by which a reporter of the enterprise says how many are on post; each call another person."""

    def prepare(on_post, capacity=90, **sending):
        user = factories.UserFactory(name=f"填报员{on_post}")
        factories.GrantFactory(user=user, enterprise=place.enterprise)
        actor = viewer_for(user, TODAY)
        return lambda: submit_report(
            actor=actor,
            incident=place.incident,
            enterprise=place.enterprise,
            day=TODAY,
            values=said(on_post, capacity),
            sending=Sending(**sending),
        )

    return prepare


@pytest.fixture
def bring_in(place, tmp_path):
    """`bring_in(70)`: an act that imports a file with this one row, or with the rows given."""

    def prepare(on_post=None, rows=(), columns=6):
        path = tmp_path / f"{uuid4()}.csv"
        rows = rows or [(place.enterprise.uscc, TODAY, "open", 100, on_post, 90)]
        header = ("uscc", "day", "state", "roster", "on_post", "capacity")
        write_csv(path, header[:columns], [row[:columns] for row in rows])
        return lambda: import_reports(actor=CONSOLE, incident=place.incident, path=path)

    return prepare


def counts(outcome):
    assert isinstance(outcome, ImportOutcome), outcome
    return outcome.new, outcome.changed, outcome.same


def story(place):
    """What was said of the day in turn, the last word last: (people on post, by whom, channel)."""
    report = DailyReport.objects.get(incident=place.incident, enterprise=place.enterprise, day=TODAY)
    before = list(SupersededReport.objects.filter(report=report).order_by("revision"))
    assert [old.revision for old in before] == list(range(1, report.revision))
    said_before = [(old.values["on_post"], old.reported_by_name, old.channel) for old in before]
    return [*said_before, (report.on_post, report.reported_by_name, report.channel)]


def test_two_people_who_report_at_once_are_both_heard(place, send):
    first, second = Race().run(send(80), send(70))
    assert first.pk == second.pk
    assert story(place) == [(80, "填报员80", "phone"), (70, "填报员70", "phone")]
    assert len(entries("reporting.report.submitted")) == len(entries("reporting.report.corrected")) == 1


def test_two_people_who_say_the_same_are_one_report(place, send):
    first, second = Race().run(send(80), send(80))
    assert (first.pk, first.reported_by_id) == (second.pk, second.reported_by_id)
    assert story(place) == [(80, "填报员80", "phone")]


def test_a_button_tapped_twice_is_one_report(place, send):
    key = uuid4()
    first, second = Race().run(send(80, client_key=key), send(80, client_key=key))
    assert first.pk == second.pk
    assert story(place) == [(80, "填报员80", "phone")]
    assert len(entries("reporting.report.submitted")) == 1


def test_a_report_waits_for_the_file_that_brings_the_same_day_and_corrects_it(place, send, bring_in):
    outcome, report = Race().run(bring_in(70), send(80))
    assert counts(outcome) == (1, 0, 0)
    assert report.revision == 2
    assert story(place) == [(70, "console", "import"), (80, "填报员80", "phone")]


def test_a_file_waits_for_the_report_of_the_same_day_and_corrects_it(place, send, bring_in):
    _report, outcome = Race().run(send(80), bring_in(70))
    assert counts(outcome) == (0, 1, 0)
    assert story(place) == [(80, "填报员80", "phone"), (70, "console", "import")]


def test_a_file_that_says_what_was_just_reported_leaves_it_alone(place, send, bring_in):
    _report, outcome = Race().run(send(80), bring_in(80))
    assert counts(outcome) == (0, 0, 1)
    assert story(place) == [(80, "填报员80", "phone")]


@pytest.mark.parametrize(("later", "expected"), [(60, (0, 1, 0)), (75, (0, 0, 1))], ids=["differs", "says the same"])
def test_a_file_meets_a_correction_that_is_being_made(place, send, bring_in, later, expected):
    send(80)()
    _report, outcome = Race().run(send(75), bring_in(later))
    assert counts(outcome) == expected
    assert [on_post for on_post, _name, _channel in story(place)] == [80, 75, *([60] if later == 60 else [])]


@pytest.mark.parametrize("step", ["_keep_unasked", "execute"])
def test_a_file_without_a_column_never_undoes_a_correction_in_it(place, send, bring_in, monkeypatch, step):
    """The correction comes in the middle of the import: before or after it read what to keep, it must not be lost."""
    send(80, capacity=90)()
    home = incoming.IncomingReports if step == "_keep_unasked" else incoming
    correct, run, running = send(80, capacity=95), getattr(home, step), []

    def run_and_meet(*arguments):
        outcome = run(*arguments)
        if not running and (step != "execute" or "INSERT INTO reporting_dailyreport" in arguments[0]):
            running.append(Race().meet(correct))
        return outcome

    monkeypatch.setattr(home, step, run_and_meet)
    outcome = bring_in(60, columns=5)()
    assert counts(outcome) == (0, 1, 0)
    running[0].result(Race.LONGEST)
    assert sorted(on_post for on_post, _by, _channel in story(place)) == [60, 80, 80]
    assert DailyReport.objects.get().capacity == 95


def test_a_correction_meets_a_file_that_is_correcting(place, send, bring_in):
    send(80)()
    outcome, report = Race().run(bring_in(75), send(60))
    assert (counts(outcome), report.revision) == ((0, 1, 0), 3)
    assert [on_post for on_post, _name, _channel in story(place)] == [80, 75, 60]


def test_the_same_file_twice_at_once_comes_in_once(place, bring_in):
    first, second = Race().run(bring_in(70), bring_in(70))
    assert (counts(first), counts(second)) == ((1, 0, 0), (0, 0, 1))
    assert story(place) == [(70, "console", "import")]


@pytest.mark.parametrize("known", [False, True], ids=["new rows", "known rows"])
def test_files_in_opposite_order_do_not_lock_each_other_out(place, bring_in, known):
    enterprises = [factories.EnterpriseFactory(managing_area=place.county) for _ in range(300)]

    def rows(on_post):
        return [(enterprise.uscc, TODAY, "open", 100, on_post, "") for enterprise in enterprises]

    if known:
        bring_in(rows=rows(50))()
    outcomes = at_once(
        bring_in(rows=rows(60)),
        bring_in(rows=rows(70)[::-1]),
        bring_in(rows=rows(80)[::2] + rows(80)[1::2]),
        bring_in(rows=rows(90)[150:] + rows(90)[:150]),
    )
    assert sum(counts(outcome)[0] for outcome in outcomes) == (0 if known else 300)
    reports = DailyReport.objects.filter(enterprise__in=enterprises)
    assert set(reports.values_list("revision", flat=True)) == {5 if known else 4}
    assert len(set(reports.values_list("on_post", flat=True))) == 1
    assert SupersededReport.objects.filter(report__in=reports).count() == 300 * (4 if known else 3)


def test_whatever_the_order_of_a_file_its_rows_are_written_in_one_order(place, bring_in):
    """Two files whose rows wait for each other in different orders end in a deadlock, once in a while."""
    enterprises = [factories.EnterpriseFactory(managing_area=place.county) for _ in range(30)]
    days = [date(2020, 3, 22), date(2020, 3, 23)]
    bring_in(rows=[(e.uscc, day, "open", 10, 5, "") for day in days[::-1] for e in enterprises[::-1]])()
    written = DailyReport.objects.order_by("pk").values_list("enterprise_id", "day")
    assert list(written) == sorted((enterprise.pk, day) for enterprise in enterprises for day in days)


def test_a_reporter_passes_by_a_file_of_other_enterprises(place, send, bring_in):
    others = [factories.EnterpriseFactory(managing_area=place.county) for _ in range(5)]
    rows = [(enterprise.uscc, TODAY, "open", 10, 5, "") for enterprise in others]
    outcome, report = Race().run(bring_in(rows=rows), send(80))
    assert (counts(outcome), report.revision) == ((5, 0, 0), 1)
