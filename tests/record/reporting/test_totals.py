"""Totals of areas: history, rights, and that a day counts by total or by single reports, never by both."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from fugong.base.audit.models import AuditEntry
from fugong.core.decision import Denied, OutOfScope
from fugong.record.reporting.actions.locks import lock_day
from fugong.record.reporting.actions.totals import Stated, TotalRefused, state_total
from fugong.record.reporting.enums import LockReason, PeopleUnit
from fugong.record.reporting.logic.totals import TotalValues
from fugong.record.reporting.models import AreaTotal
from fugong.record.reporting.selectors import totals as selectors

DAY = date(2020, 3, 24)
VALUES = TotalValues(enterprises=1869, enterprises_open=572, opening_rate="30.6")


@pytest.fixture
def state(place, viewer_of):
    def run(kind="bureau_clerk", area=None, day=DAY, values=VALUES, **stated):
        return state_total(
            actor=viewer_of(kind),
            incident=place.incident,
            area=area or place.county,
            day=day,
            values=values,
            stated=Stated(**{"source": "住建局日报"} | stated),
        )

    return run


def test_a_total_is_kept_with_its_history_and_the_trail(state):
    first = state(scope=" 房建  项目 ")
    assert (first.scope, first.revision, first.counts) == ("房建 项目", 1, True)
    assert state(scope="房建 项目").revision == 1
    second = state(scope="房建 项目", values=TotalValues(enterprises=1869, enterprises_open=600), remark="更正")
    assert (second.pk, second.revision, second.opening_rate) == (first.pk, 2, "")
    (old,) = second.superseded.all()
    assert (old.revision, old.values["enterprises_open"], old.values["opening_rate"]) == (1, 572, "30.6")
    verbs = AuditEntry.objects.filter(subject=f"reporting.areatotal:{first.pk}").order_by("id")
    assert [entry.verb for entry in verbs] == ["reporting.total.stated", "reporting.total.corrected"]


def test_a_typed_rate_that_contradicts_its_counts_asks_why(state):
    wrong = TotalValues(enterprises=1869, enterprises_open=572, opening_rate="36")
    with pytest.raises(TotalRefused) as refused:
        state(values=wrong)
    assert "31%" in refused.value.warnings[0].reason
    assert not AreaTotal.objects.exists()
    assert state(values=wrong, remark="照录原文").opening_rate == "36"
    assert state(values=wrong, scope="照录", is_read=True).opening_rate == "36"


def test_only_the_body_of_the_area_states_its_total(state, place):
    with pytest.raises(OutOfScope):
        state("bureau_clerk@outside")
    with pytest.raises(Denied):
        state("team_lead")
    with pytest.raises(Denied):
        state(day=date(2020, 3, 25))
    with pytest.raises(Denied):
        state(day=date(2020, 2, 9))
    with pytest.raises(TotalRefused):
        state(source=" ")
    assert state("township_cadre", area=place.township).area == place.township


def test_totals_that_lie_above_one_another_never_both_count(state, place):
    assert state(area=place.township).counts
    assert not state(area=place.county).counts
    with pytest.raises(TotalRefused) as refused:
        state(area=place.county, counts=True)
    assert place.township.name in str(refused.value)
    state(area=place.township, counts=False)
    assert state(area=place.county, counts=True).counts
    assert state(area=place.township, scope="别的").counts, "another scope is another question"


def test_a_day_counts_by_single_reports_or_by_the_total(state, place):
    place.report()
    beside = state()
    assert not beside.counts
    assert selectors.areas_counted_by_total(place.incident.pk, DAY) == frozenset()
    assert state(counts=True).counts
    assert selectors.areas_counted_by_total(place.incident.pk, DAY) == {place.county.pk, place.township.pk}
    place.report(day="2020-03-23")
    assert not state(day=date(2020, 3, 23)).counts


def test_the_choice_of_the_day_before_goes_on(state, place):
    state(day=date(2020, 3, 23), counts=True)
    place.report()
    assert state().counts


def test_people_and_person_times_are_never_added(state, place):
    state(area=place.county, values=TotalValues(roster=200, on_post=100, people_unit="people"))
    state(area=place.other_county, kind="bureau_clerk@city",
          values=TotalValues(roster=1000, on_post=900, people_unit="person_times"))  # fmt: skip
    people = selectors.total_return_cells(place.incident.pk, DAY)
    assert [(cell.area_id, cell.numerator, cell.denominator) for cell in people] == [(place.county.pk, 100, 200)]
    times = selectors.total_return_cells(place.incident.pk, DAY, unit=PeopleUnit.PERSON_TIMES)
    assert [(cell.area_id, cell.numerator) for cell in times] == [(place.other_county.pk, 900)]
    with pytest.raises(IntegrityError), transaction.atomic():
        AreaTotal.objects.update(people_unit="")


def test_an_official_sees_the_totals_of_the_own_areas(state, place, viewer_of):
    state()
    state(area=place.other_county, kind="bureau_clerk@city", scope="涉农")
    seen = selectors.totals_for(viewer_of("bureau_clerk"), place.incident, DAY)
    assert [total.area for total in seen] == [place.county]
    assert selectors.scopes_used(viewer_of("bureau_clerk"), place.incident) == []
    assert selectors.scopes_used(viewer_of("commander@city"), place.incident) == ["涉农"]


def test_a_locked_day_takes_no_total(state, place, viewer_of):
    lock_day(
        actor=viewer_of("duty_officer@city"),
        incident=place.incident,
        area=place.city,
        day=DAY,
        reason=LockReason.PERIOD_CLOSED,
    )
    with pytest.raises(TotalRefused) as refused:
        state()
    assert [finding.field for finding in refused.value.errors] == ["day"]
