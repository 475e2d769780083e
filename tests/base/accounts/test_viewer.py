"""Mandates and grants become the viewer of a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fugong.base.accounts.models import Mandate
from fugong.base.accounts.selectors import headquarters_of, user_named, viewer_for
from fugong.core import clock
from fugong.core.roles import Role
from fugong.record.registry.models import EnterpriseGrant
from tests.factories import GrantFactory, MandateFactory, UserFactory

DAY = date(2020, 3, 24)


@pytest.fixture
def user(place):
    return UserFactory(username="wang", name="王芳")


def hold(user, area, role=Role.BUREAU_CLERK, **period):
    return MandateFactory(user=user, area=area, body=area.bodies.filter(kind="bureau").get(), role=role, **period)


def test_a_mandate_covers_its_area_and_everything_beneath(place, user):
    hold(user, place.county)
    viewer = viewer_for(user, DAY)
    assert viewer.area_ids == {place.county.pk, place.township.pk}
    assert viewer.covers(place.township.pk)
    assert not viewer.covers(place.city.pk)
    assert not viewer.covers(place.other_county.pk)
    assert not viewer.covers_root
    assert viewer.roles == {"bureau_clerk"}
    assert (viewer.id, viewer.name, viewer.username) == (user.pk, "王芳", "wang")
    assert viewer.body_name == "东昌府区工业和信息化局"


def test_a_mandate_over_the_root_covers_everything_without_a_list(place, user):
    hold(user, place.city)
    viewer = viewer_for(user, DAY)
    assert viewer.covers_root
    assert viewer.area_ids == frozenset()
    assert viewer.covers(place.other_township.pk)


def test_a_wide_mandate_beside_a_narrow_one_covers_the_root(place, user):
    hold(user, place.county)
    hold(user, place.city, role=Role.DUTY_OFFICER)
    viewer = viewer_for(user, DAY)
    assert viewer.covers_root
    assert viewer.roles == {"bureau_clerk", "duty_officer"}


def test_two_mandates_add_up(place, user):
    hold(user, place.county)
    hold(user, place.other_county, role=Role.COMMANDER)
    viewer = viewer_for(user, DAY)
    assert viewer.area_ids == {place.county.pk, place.township.pk, place.other_county.pk, place.other_township.pk}


def test_a_clerk_of_a_county_who_audits_the_city_is_clerk_of_the_county_only(place, user):
    hold(user, place.county)
    hold(user, place.city, role=Role.AUDITOR)
    viewer = viewer_for(user, DAY)
    assert viewer.roles == {"bureau_clerk", "auditor"}
    assert viewer.holds(place.township.pk, Role.BUREAU_CLERK)
    assert not viewer.holds(place.other_county.pk, Role.BUREAU_CLERK)
    assert viewer.holds(place.other_county.pk, Role.AUDITOR)
    assert viewer.area_ids == {place.county.pk, place.township.pk}
    assert not viewer.covers_root


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "held"),
    [
        (DAY, None, True),
        (DAY, DAY, True),
        (DAY - timedelta(days=9), DAY, True),
        (DAY + timedelta(days=1), None, False),
        (DAY - timedelta(days=9), DAY - timedelta(days=1), False),
    ],
)
def test_a_mandate_holds_on_both_its_end_days_and_no_other(place, user, valid_from, valid_to, held):
    hold(user, place.county, valid_from=valid_from, valid_to=valid_to)
    viewer = viewer_for(user, DAY)
    assert viewer.has(Role.BUREAU_CLERK) is held
    assert viewer.covers(place.county.pk) is held
    assert bool(viewer.body_name) is held


def test_a_grant_gives_its_role_and_no_area(place, user):
    GrantFactory(user=user, enterprise=place.enterprise)
    viewer = viewer_for(user, DAY)
    assert viewer.roles == {"reporter"}
    assert viewer.grants == {("reporter", place.enterprise.pk)}
    assert viewer.area_ids == frozenset()


def test_a_grant_that_ended_gives_nothing(place, user):
    GrantFactory(user=user, enterprise=place.enterprise, valid_to=DAY - timedelta(days=1))
    viewer = viewer_for(user, DAY)
    assert (viewer.roles, viewer.grants) == (frozenset(), frozenset())


def test_somebody_without_mandate_is_known_but_may_nothing(user):
    viewer = viewer_for(user, DAY)
    assert not viewer.is_anonymous
    assert (viewer.roles, viewer.area_ids, viewer.covers_root) == (frozenset(), frozenset(), False)


def test_it_takes_one_query_for_the_whole_place_and_one_more_for_an_area(place, user, django_assert_num_queries):
    mandate = hold(user, place.city)
    GrantFactory(user=user, enterprise=place.enterprise)
    with django_assert_num_queries(1):
        viewer_for(user, DAY)
    mandate.delete()
    hold(user, place.county)
    with django_assert_num_queries(2):
        viewer_for(user, DAY)


@pytest.mark.parametrize("valid_to", [-1, 0, 1, None])
@pytest.mark.parametrize("revoked_on", [-1, 0, 1, None])
@pytest.mark.parametrize("valid_from", [-1, 0, 1])
def test_the_statement_by_hand_holds_what_the_rows_say(place, user, valid_from, valid_to, revoked_on):
    """`held_on` of mandates and grants, and the statement that every request asks, are two ways of saying one thing."""
    if valid_to is not None and valid_to < valid_from:
        return
    span = {"valid_from": valid_from, "valid_to": valid_to, "revoked_on": revoked_on}
    days = {name: None if by is None else DAY + timedelta(days=by) for name, by in span.items()}
    mandate = hold(user, place.city)
    Mandate.objects.filter(pk=mandate.pk).update(**days)
    GrantFactory(user=user, enterprise=place.enterprise, **days)
    viewer = viewer_for(user, DAY)
    assert len(viewer.mandates) == Mandate.objects.held_on(DAY).filter(user=user).count()
    assert len(viewer.grants) == EnterpriseGrant.objects.held_on(DAY).filter(user=user).count()


def test_the_request_takes_the_day_of_the_clock(place, client_for, set_clock):
    client = client_for("bureau_clerk")
    mandate = place.person("bureau_clerk").mandates.get()
    mandate.valid_to = clock.today()
    mandate.save()
    address = f"/i/{place.incident.slug}/enterprises/"
    assert client.get(address).status_code == 200
    set_clock("2020-03-25T00:00:01+08:00")
    assert client.get(address).status_code == 404


def test_the_headquarters_of_exactly_this_area(place):
    assert headquarters_of(place.city).name == "聊城市指挥部"
    assert headquarters_of(place.county) is None


def test_accounts_are_found_by_name(user):
    assert user_named("wang") == user
    assert user_named("li") is None
