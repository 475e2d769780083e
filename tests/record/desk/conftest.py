"""A desk in the small place: a labour bureau of the city, routes, and the enterprise's request."""

from __future__ import annotations

import pytest

from fugong.base.accounts.enums import BodyKind
from fugong.core.roles import Role
from fugong.core.viewer import service_viewer
from fugong.record.desk.actions.opening import Asked, open_request
from fugong.record.desk.actions.routing import set_route
from tests import factories

DESK = service_viewer("desk")


@pytest.fixture
def labour(place):
    """The labour bureau of the county, its requests of category staff by a rule."""
    body = factories.BodyFactory(area=place.county, name="东昌府区人社局", kind=BodyKind.WORKING_GROUP)
    set_route(actor=DESK, incident=place.incident, area=place.county, body=body, category="staff")
    return body


@pytest.fixture
def clerk(place, labour):
    """A clerk of the labour bureau, as a viewer."""
    from fugong.base.accounts.selectors import viewer_for
    from fugong.core import clock

    user = factories.UserFactory(username="tang", name="汤怀远")
    factories.MandateFactory(user=user, area=place.county, body=labour, role=Role.BUREAU_CLERK)
    return viewer_for(user, clock.today())


@pytest.fixture
def colleague(place, labour):
    """Another clerk of the same bureau."""
    from fugong.base.accounts.selectors import viewer_for
    from fugong.core import clock

    user = factories.UserFactory(username="peng", name="彭雅")
    factories.MandateFactory(user=user, area=place.county, body=labour, role=Role.BUREAU_CLERK)
    return viewer_for(user, clock.today())


@pytest.fixture
def reporter(viewer_of):
    return viewer_of("reporter")


@pytest.fixture
def ask(place, reporter):
    """`ask("staff-shortage")`: the enterprise's reporter asks for something."""

    def asked(category="staff-shortage", title="缺磨工20人", **values):
        return open_request(
            actor=reporter,
            incident=place.incident,
            enterprise=place.enterprise,
            asked=Asked(category=category, title=title, **values),
        )

    return asked
