"""The field book in the small place: officers, and enterprises of the township."""

from __future__ import annotations

import pytest

from fugong.base.accounts.selectors import viewer_for
from fugong.core import clock
from fugong.record.liaison.actions.assigning import assign_officer
from fugong.record.liaison.selectors.planning import Rule
from tests import factories


@pytest.fixture
def lead(viewer_of):
    """The team lead of the county."""
    return viewer_of("team_lead")


@pytest.fixture
def person(place):
    """`person("许志远")`: somebody with an account of the county and nothing else."""

    def make(name: str, area=None):
        return factories.UserFactory(name=name, area=area or place.county)

    return make


@pytest.fixture
def viewer_of_user():
    """The viewer that a person is today."""
    return lambda user: viewer_for(user, clock.today())


@pytest.fixture
def several(place):
    """`several(40)`: further enterprises of the township."""

    def make(number: int):
        return factories.EnterpriseFactory.create_batch(number, managing_area=place.township)

    return make


@pytest.fixture
def give(place, lead):
    """`give(user, enterprises)`: the lead gives them to a resident officer."""

    def given(user, enterprises, *, kind="resident", by=None):
        rule = Rule(ids=frozenset(one.pk for one in enterprises))
        return assign_officer(actor=by or lead, incident=place.incident, kind=kind, user=user, rule=rule)

    return given


def has(user) -> frozenset[int]:
    """The enterprises that somebody may act for today as an officer."""
    return viewer_for(user, clock.today()).enterprises("liaison_officer")
