from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from fugong.base.audit.models import AuditEntry
from fugong.core.decision import Denied
from fugong.core.events import receiver
from fugong.core.registries import Counting, Slice
from fugong.core.viewer import service_viewer
from fugong.record.registry.actions.scope import exclude_from_count, include_again
from fugong.record.registry.events import ScopeChanged
from fugong.record.registry.models import ScopeDecision
from fugong.record.registry.selectors.scope import decisions_of
from fugong.record.reporting.selectors.behind import opening_members
from fugong.record.reporting.selectors.counts import excluded_by_area, opening_cells, state_counts
from tests import factories

CONSOLE = service_viewer("tests")


def day(text: str) -> date:
    return date.fromisoformat(f"2020-{text}")


@pytest.fixture
def exclude(place):
    def decide(first, last=None, reason="moved_away", actor=CONSOLE, **more):
        return exclude_from_count(
            actor=actor,
            enterprise=place.enterprise,
            reason=reason,
            first_day=day(first),
            last_day=day(last) if last else None,
            **more,
        )

    return decide


@pytest.fixture
def expected(place):
    """How many enterprises are expected on a day, of the two of the place."""
    ids = frozenset({place.township.pk, place.other_county.pk})
    return lambda on: sum(state_counts(place.incident.pk, day(on), ids).values())


def test_an_excluded_enterprise_is_in_no_figure_of_those_days(place, exclude, expected):
    exclude("03-10", "03-12")
    assert [expected(on) for on in ("03-09", "03-10", "03-12", "03-13")] == [2, 1, 1, 2]
    place.report(day=day("03-11"))
    cells = opening_cells(Counting(place.incident.pk, day("03-11")))
    assert [(cell.area_id, cell.denominator) for cell in cells] == [(place.other_county.pk, 1)]
    assert (
        opening_members(Counting(place.incident.pk, day("03-11")).within(frozenset({place.township.pk})), Slice()) == []
    )
    assert excluded_by_area(place.incident.pk, day("03-11")) == {place.township.pk: {"moved_away": 1}}
    assert excluded_by_area(place.incident.pk, day("03-13")) == {}


def test_an_excluded_enterprise_that_is_not_in_business_is_named_nowhere(place, exclude):
    exclude("03-10")
    place.enterprise.closed_on = day("03-11")
    place.enterprise.save()
    assert excluded_by_area(place.incident.pk, day("03-12")) == {}


def test_counted_again_from_a_day_on(place, exclude, expected):
    decision = exclude("03-10")
    include_again(actor=CONSOLE, enterprise=place.enterprise, day=day("03-20"))
    decision.refresh_from_db()
    assert (decision.valid_to, decision.ended_by_name) == (day("03-19"), "tests")
    assert [expected(on) for on in ("03-19", "03-20")] == [1, 2]


def test_a_decision_that_had_not_begun_is_taken_back_and_kept(place, exclude, expected):
    exclude("03-10")
    include_again(actor=CONSOLE, enterprise=place.enterprise, day=day("03-10"))
    assert expected("03-10") == 2
    assert [decision.revoked_at is not None for decision in decisions_of(CONSOLE, place.enterprise.pk)] == [True]
    exclude("03-10")
    assert expected("03-10") == 1


def test_each_change_is_announced_with_the_days_it_touches(place, exclude):
    heard = []
    receiver(ScopeChanged)(heard.append)
    exclude("03-10", "03-20")
    include_again(actor=CONSOLE, enterprise=place.enterprise, day=day("03-15"))
    area = place.township.pk
    assert heard == [
        ScopeChanged(place.enterprise.pk, area, day("03-10"), day("03-20")),
        ScopeChanged(place.enterprise.pk, area, day("03-15"), day("03-20")),
    ]
    verbs = AuditEntry.objects.filter(subject=f"registry.enterprise:{place.enterprise.pk}").order_by("pk")
    assert [entry.verb for entry in verbs] == ["registry.scope.excluded", "registry.scope.included"]


@pytest.mark.parametrize(("first", "last"), [("03-12", None), ("03-01", None), ("03-01", "03-10"), ("03-20", "03-20")])
def test_two_decisions_never_cover_the_same_day(exclude, first, last):
    exclude("03-10", "03-20")
    with pytest.raises(ValidationError):
        exclude(first, last)
    exclude("03-21")
    exclude("02-10", "03-09")


def test_a_reason_is_one_of_the_list_and_other_says_which(exclude):
    with pytest.raises(ValidationError):
        exclude("03-10", reason="bad weather")
    with pytest.raises(ValidationError):
        exclude("03-10", reason="other", note="  ")
    assert exclude("03-10", reason="other", note="军工企业").note == "军工企业"


def test_nothing_to_take_back_is_said(place):
    with pytest.raises(ValidationError):
        include_again(actor=CONSOLE, enterprise=place.enterprise, day=day("03-10"))


@pytest.mark.parametrize("kind", ["bureau_clerk", "township_cadre", "administrator", "duty_officer", "commander@city"])
def test_who_may_decide(place, exclude, viewer_of, kind):
    assert exclude("03-10", actor=viewer_of(kind)).decided_by_name == place.person(kind).name


@pytest.mark.parametrize("kind", ["team_lead", "working_group_member", "auditor", "reporter", "commander@outside"])
def test_who_may_not_decide(place, exclude, viewer_of, kind):
    with pytest.raises(Denied):
        exclude("03-10", actor=viewer_of(kind))
    with pytest.raises(Denied):
        include_again(actor=viewer_of(kind), enterprise=place.enterprise, day=day("03-10"))
    assert not ScopeDecision.objects.exists()


def test_the_database_keeps_one_open_decision_and_periods_in_order(place):
    factories.ScopeDecisionFactory(enterprise=place.enterprise)
    for wrong in ({}, {"reason": "", "valid_to": day("02-20")}, {"valid_from": day("03-02"), "valid_to": day("03-01")}):
        with pytest.raises(IntegrityError), transaction.atomic():
            factories.ScopeDecisionFactory(enterprise=place.enterprise, **wrong)
