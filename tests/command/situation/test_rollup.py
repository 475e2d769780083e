"""The rollup: whatever happens in whatever order, once the marks are counted away it says what the facts say."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fugong.command.situation.actions.figures import Span, mark_figures, open_days, recount_marked, repair_figures
from fugong.command.situation.models import CountedDay, FigureCell, FigureMark, FigureVersion, Measure
from fugong.command.situation.selectors.figures import figures_on
from fugong.command.situation.selectors.rollup import stray_cells
from fugong.core import events
from fugong.core.decision import Denied
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.registry.actions.closing import close_enterprise, reopen_enterprise
from fugong.record.registry.actions.facts import state_fact
from fugong.record.registry.actions.imports import import_enterprises
from fugong.record.registry.actions.merging import merge_enterprises
from fugong.record.registry.actions.moving import move_enterprise
from fugong.record.registry.actions.register import edit_enterprise, register_enterprise
from fugong.record.registry.actions.scope import exclude_from_count, include_again
from fugong.record.registry.enums import FactKind
from fugong.record.registry.models import Enterprise
from fugong.record.reporting.actions.imports import import_reports
from fugong.record.reporting.actions.submit import ReportRefused, Sending, submit_report
from fugong.record.reporting.actions.totals import Stated, TotalRefused, state_total
from fugong.record.reporting.logic.checks import ReportValues
from fugong.record.reporting.logic.totals import TotalValues
from tests import factories
from tests.tools import REPORT_HEADER, entries, write_csv

TODAY = date(2020, 3, 24)
# A short incident, so that a storm touches every day of it.
FIRST = date(2020, 3, 21)
DAYS = [FIRST + timedelta(days=number) for number in range(4)]
# From before the incident on: a base headcount, and facts that hold since ever.
FACT_DAYS = [date(2020, 1, 1), *DAYS]
AREAS = ("county", "township", "other_county", "other_township", "zone", "city")

enterprises = st.integers(0, 5)
days = st.sampled_from(DAYS)
blows = st.one_of(
    st.tuples(
        st.just("report"), enterprises, st.sampled_from(["open", "partial", "closed"]), st.integers(0, 40),
        st.integers(0, 100), st.none() | st.integers(0, 300), st.none() | st.integers(5, 600),
    ),
    st.tuples(st.just("file"), enterprises, days, st.integers(0, 40), st.integers(0, 100)),
    st.tuples(st.just("move"), enterprises, days, st.sampled_from(AREAS)),
    st.tuples(st.just("close"), enterprises, days),
    st.tuples(st.just("reopen"), enterprises, days),
    st.tuples(st.just("headcount"), enterprises, st.sampled_from(FACT_DAYS), st.integers(0, 60)),
    st.tuples(st.just("above"), enterprises, st.sampled_from(FACT_DAYS), st.sampled_from(["yes", "no"])),
    st.tuples(st.just("exclude"), enterprises, days, st.none() | st.integers(0, 3)),
    st.tuples(st.just("include"), enterprises, days),
    st.tuples(st.just("merge"), enterprises, enterprises),
    st.tuples(st.just("enter"), st.sampled_from(AREAS), days),
    st.tuples(st.just("edit"), enterprises, days),
    st.tuples(st.just("register file"), enterprises, st.integers(0, 60)),
    st.tuples(st.just("total"), st.sampled_from(AREAS), days, st.integers(0, 9), st.booleans()),
    st.tuples(st.just("count")),
)  # fmt: skip
storms = st.lists(blows, min_size=1, max_size=14)


class Storm:
    """The acts of many people on six enterprises; what is refused changes nothing."""

    def __init__(self, place, actor):
        self.place, self.actor = place, actor
        Incident.objects.filter(pk=place.incident.pk).update(started_on=FIRST)
        place.incident.refresh_from_db()
        self.enterprises = [place.enterprise.pk, place.other.pk] + [
            factories.EnterpriseFactory(managing_area=getattr(place, AREAS[number])).pk for number in range(4)
        ]
        self.codes = itertools.count(1)

    def act(self, kind, *words):
        getattr(self, kind.replace(" ", "_"))(*words)

    def blow(self, kind, *words):
        try:
            with transaction.atomic():
                self.act(kind, *words)
        except (ValidationError, Denied, ReportRefused, TotalRefused):
            pass

    def one(self, number):
        return Enterprise.objects.get(pk=self.enterprises[number])

    def report(self, number, state, roster, share, capacity, seconds):
        """Of today: other days come in files."""
        values = ReportValues(
            state=state,
            closed_reason="orders" if state == "closed" else "",
            roster=roster,
            on_post=roster * share // 100,
            capacity=None if capacity is None else Decimal(capacity),
            obstacles=(),
            supply_days=None,
            remark="",
            extra={},
        )
        submit_report(
            actor=Viewer(name="李", grants=frozenset({("reporter", self.enterprises[number])})),
            incident=self.place.incident,
            enterprise=self.one(number),
            day=TODAY,
            values=values,
            sending=Sending(seconds=seconds, warning_reason="as it is"),
        )

    def file(self, number, day, roster, share):
        row = [self.one(number).uscc, day.isoformat(), "open", "", roster, roster * share // 100]
        with TemporaryDirectory() as folder:
            path = write_csv(Path(folder) / "日报.csv", REPORT_HEADER[: len(row)], [row])
            import_reports(actor=self.actor, incident=self.place.incident, path=path)

    def move(self, number, day, where):
        area = getattr(self.place, where)
        move_enterprise(actor=self.actor, enterprise=self.one(number), to_area=area, moved_on=day, reason="园区调整")

    def close(self, number, day):
        close_enterprise(
            actor=self.actor, enterprise=self.one(number), closed_on=day, reason="bankrupt", evidence="法院公告"
        )

    def reopen(self, number, day):
        reopen_enterprise(actor=self.actor, enterprise=self.one(number), reopened_on=day, because="恢复经营")

    def _fact(self, number, day, kind, value):
        enterprise = self.one(number)
        state_fact(actor=self.actor, enterprise=enterprise, kind=kind, value=value, day=day, source="台账")

    def headcount(self, number, day, people):
        self._fact(number, day, FactKind.HEADCOUNT, Decimal(people))

    def above(self, number, day, word):
        self._fact(number, day, FactKind.ABOVE_SCALE, word)

    def exclude(self, number, day, length):
        last = None if length is None else day + timedelta(days=length)
        exclude_from_count(
            actor=self.actor, enterprise=self.one(number), reason="moved_away", first_day=day, last_day=last
        )

    def include(self, number, day):
        include_again(actor=self.actor, enterprise=self.one(number), day=day)

    def merge(self, kept, dropped):
        if kept != dropped:
            merge_enterprises(actor=self.actor, kept=self.one(kept), dropped=self.one(dropped), reason="同一家企业")

    def _values(self, enterprise=None, **said):
        known = {
            "name": enterprise.name if enterprise else f"新登记{next(self.codes)}号有限公司",
            "uscc": enterprise.uscc if enterprise else None,
            "kind": "enterprise",
            "established_on": None,
            "registered_address": "",
        }
        return known | said

    def enter(self, where, day):
        values = self._values(established_on=day, managing_area=getattr(self.place, where))
        register_enterprise(actor=self.actor, values=values)

    def edit(self, number, day):
        enterprise = self.one(number)
        edit_enterprise(actor=self.actor, enterprise=enterprise, values=self._values(enterprise, established_on=day))

    def register_file(self, number, people):
        enterprise = self.one(number)
        head = ("企业名称", "统一社会信用代码", "职工人数", "数据日期")
        rows = [(f"{enterprise.name}改", enterprise.uscc, people, "2020-03-20")]
        with TemporaryDirectory() as folder:
            import_enterprises(actor=self.actor, path=write_csv(Path(folder) / "台账.csv", head, rows))

    def total(self, where, day, opened, counts):
        values = TotalValues(enterprises=9, enterprises_open=opened)
        state_total(
            actor=self.actor,
            incident=self.place.incident,
            area=getattr(self.place, where),
            day=day,
            values=values,
            stated=Stated(source="日报表", counts=counts),
        )

    def count(self):
        recount(self.actor, self.place.incident)


def recount(actor, incident):
    open_days(actor=actor, incident_id=incident.pk)
    while recount_marked(actor=actor, incident_id=incident.pk):
        pass


def count_everything(actor, place):
    """Every day of the incident stands in the rollup."""
    mark_figures(actor=actor, spans=[Span(place.incident.pk, None, place.incident.started_on, None)])
    recount(actor, place.incident)


def weather(place, console, storm):
    """Count everything, let the storm pass, count the marks away: the cells that the facts contradict."""
    acting = Storm(place, console)
    count_everything(console, place)
    for blow in storm:
        acting.blow(*blow)
    recount(console, place.incident)
    assert not FigureMark.objects.exists()
    return stray_cells(console, place.incident, FIRST, TODAY)


class Undone(Exception):
    """Takes a storm back, so that the next one finds the place as it was."""


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(storms)
def test_after_a_storm_the_rollup_is_what_the_facts_say(place, console, storm):
    with pytest.raises(Undone), transaction.atomic():
        assert weather(place, console, storm) == []
        raise Undone


SUPPRESSED = [
    ("report", 0, "open", 40, 50, 90, 60),
    ("file", 1, DAYS[2], 30, 50),
    ("move", 0, DAYS[1], "zone"),
    ("close", 0, DAYS[1]),
    ("headcount", 0, FACT_DAYS[0], 60),
    ("exclude", 0, DAYS[1], None),
    ("merge", 0, 1),
    ("enter", "zone", DAYS[1]),
    ("total", "zone", DAYS[1], 5, True),
]


@pytest.mark.parametrize("blow", SUPPRESSED, ids=lambda blow: blow[0])
def test_one_suppressed_mark_and_the_rollup_is_found_wrong(place, console, monkeypatch, blow):
    """The comparison sees what a missing mark leaves behind; with the mark the same act leaves nothing."""
    acting = Storm(place, console)
    count_everything(console, place)
    kept = dict(events._receivers)
    for event in list(events._receivers):
        here = [function for function in kept[event] if "situation" not in function.__module__]
        monkeypatch.setitem(events._receivers, event, here)
    acting.act(*blow)
    recount(console, place.incident)
    assert stray_cells(console, place.incident, FIRST, TODAY)
    assert repair_figures(actor=console, incident=place.incident, first_day=FIRST, last_day=TODAY)
    assert stray_cells(console, place.incident, FIRST, TODAY) == []
    (entry,) = entries("situation.figures.repaired")
    assert entry.detail["cells"] > 0


@pytest.mark.parametrize("blow", SUPPRESSED, ids=lambda blow: blow[0])
def test_with_its_mark_the_same_act_leaves_nothing_wrong(place, console, blow):
    assert weather(place, console, [blow]) == []


def test_a_report_leaves_its_mark_in_its_own_transaction(place, console):
    acting = Storm(place, console)
    with pytest.raises(Undone), transaction.atomic():
        acting.report(0, "open", 10, 50, None, None)
        assert FigureMark.objects.filter(area=place.township, first_day=TODAY).exists()
        raise Undone
    assert not FigureMark.objects.exists()


def test_a_new_count_raises_the_number_of_the_area_and_of_those_above_it_only(place, console):
    acting = Storm(place, console)
    count_everything(console, place)
    before = dict(FigureVersion.objects.values_list("area_id", "version"))
    acting.report(0, "open", 10, 50, None, None)
    recount(console, place.incident)
    after = dict(FigureVersion.objects.values_list("area_id", "version"))
    changed = {pk for pk in after if after[pk] != before[pk]}
    assert changed == {place.township.pk, place.county.pk, place.city.pk}


def test_figures_are_those_of_the_rollup_with_its_hour(place, console):
    acting = Storm(place, console)
    acting.report(0, "open", 10, 50, None, None)
    count_everything(console, place)
    CountedDay.objects.update(as_of="2020-03-24T01:00:00Z")
    FigureCell.objects.filter(day=TODAY, measure__metric="opening").update(denominator=77)
    figure = figures_on(console, place.incident, TODAY, place.city)[0]
    assert figure.ratio.denominator % 77 == 0
    assert figure.as_of.isoformat() == "2020-03-24T01:00:00+00:00"


def test_where_the_worker_is_late_a_small_city_counts_from_the_facts(place, console):
    acting = Storm(place, console)
    count_everything(console, place)
    FigureCell.objects.filter(day=TODAY, measure__metric="opening").update(denominator=77)
    acting.report(0, "open", 10, 50, None, None)
    FigureMark.objects.update(made_at="2020-01-01T00:00:00Z")
    assert figures_on(console, place.incident, TODAY, place.city)[0].ratio.denominator == 6


def test_a_part_is_never_more_than_its_whole_but_for_capacity(place, console):
    measure = Measure.objects.create(digest="x", metric="opening")
    values = {"incident": place.incident, "measure": measure, "area": place.city, "numerator": 3, "denominator": 2}
    with pytest.raises(IntegrityError, match="figure_cell_part_of_whole"), transaction.atomic():
        FigureCell.objects.create(day=TODAY, **values)
    FigureCell.objects.create(day=TODAY, is_bounded=False, **values)


def test_capacity_may_exceed_a_hundred_and_people_may_not(place, console):
    acting = Storm(place, console)
    acting.report(0, "open", 40, 100, 150, None)
    figures = {f.indicator.code: f for f in figures_on(console, place.incident, TODAY, place.city, parts=False)}
    assert figures["capacity"].value == Decimal("150.00")
    assert figures["return_rate"].value == Decimal("100.00")


def test_two_definitions_of_one_day_stand_side_by_side(place, console):
    acting = Storm(place, console)
    acting.headcount(0, FACT_DAYS[0], 50)
    acting.report(0, "open", 40, 100, None, None)
    count_everything(console, place)
    figures = {f.indicator.code: f for f in figures_on(console, place.incident, TODAY, place.city, parts=False)}
    assert (figures["return_rate"].value, figures["return_rate_normal"].value) == (Decimal("100.00"), Decimal("80.00"))
    assert figures["return_rate"].indicator.digest != figures["return_rate_normal"].indicator.digest
