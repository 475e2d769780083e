"""The small place of the tests: a city with two counties, a zone and townships, its people, two enterprises."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from fugong.base.accounts.enums import MANDATE_ROLES, BodyKind
from fugong.base.accounts.models import User
from fugong.base.areas.enums import AreaLevel
from fugong.base.areas.models import Area
from fugong.core.roles import BY_GRANT
from fugong.core.viewer import service_viewer
from fugong.record.incidents.actions import load_playbook
from fugong.record.incidents.logic.playbook import Playbook
from fugong.record.incidents.models import Incident, PlaybookVersion
from fugong.record.registry.models import Enterprise
from tests import factories

MANDATED = tuple(role for role, _label in MANDATE_ROLES)
# Where a viewer of the tests stands: officials over the county of the enterprise, over the other county, over the whole
# city; people with a grant for the enterprise or for the other one.
KINDS = (
    "anonymous",
    "nobody",
    *(f"{role}@{where}" for role in MANDATED for where in ("in", "outside", "city")),
    *(f"{role}@{which}" for role in sorted(BY_GRANT) for which in ("own", "other")),
)


@dataclass
class Place:
    """What the fixture `place` made. `enterprise` is managed in `county`, `other` in `other_county`."""

    city: Area
    county: Area
    other_county: Area
    zone: Area
    township: Area
    other_township: Area
    incident: Incident
    playbook: PlaybookVersion
    enterprise: Enterprise
    other: Enterprise
    _people: dict[str, User] = field(default_factory=dict)

    def person(self, kind: str) -> User:
        """The user of this kind (one of KINDS but `anonymous`; a role alone stands for `role@in` or `role@own`)."""
        role, _separator, where = kind.partition("@")
        where = where or ("own" if role in BY_GRANT else "in")
        key = role if role == "nobody" else f"{role}@{where}"
        assert key in KINDS, f"no such viewer: {kind}"
        if key not in self._people:
            self._people[key] = self._make(role, where)
        return self._people[key]

    def _make(self, role: str, where: str) -> User:
        user = factories.UserFactory(username=f"{role}-{where}".replace("@", "-").replace("_", "-"))
        if role in BY_GRANT:
            enterprise = {"own": self.enterprise, "other": self.other}[where]
            factories.GrantFactory(user=user, enterprise=enterprise, capacity=role)
        elif role != "nobody":
            area = {"in": self.county, "outside": self.other_county, "city": self.city}[where]
            factories.MandateFactory(user=user, area=area, body=area.bodies.get(kind=BodyKind.BUREAU), role=role)
        return user

    def report(self, enterprise: Enterprise | None = None, **values):
        """A stored report of the enterprise; of today unless `day` says otherwise."""
        return factories.ReportFactory(
            enterprise=enterprise or self.enterprise, incident=self.incident, playbook_version=self.playbook, **values
        )


def make_place(playbook: Playbook) -> Place:
    """Write the place into the database."""
    city = factories.AreaFactory(code="371500", name="聊城市", name_en="Liaocheng", level=AreaLevel.CITY)
    county = factories.AreaFactory(code="371502", name="东昌府区", parent=city)
    other_county = factories.AreaFactory(code="371503", name="茌平区", parent=city)
    zone = factories.AreaFactory(code="371500-JK", name="经开区", parent=city, level=AreaLevel.ZONE, is_local=True)
    township = factories.AreaFactory(code="371502001", name="古楼街道", parent=county, level=AreaLevel.TOWNSHIP)
    other_township = factories.AreaFactory(
        code="371503100", name="乐平铺镇", parent=other_county, level=AreaLevel.TOWNSHIP
    )
    for area in (city, county, other_county):
        factories.BodyFactory(area=area, name=f"{area.name}工业和信息化局")
    factories.BodyFactory(area=city, name="聊城市指挥部", kind=BodyKind.HEADQUARTERS)
    return Place(
        city=city,
        county=county,
        other_county=other_county,
        zone=zone,
        township=township,
        other_township=other_township,
        # Without its folder: its forms are loaded by the tests that fill them in.
        playbook=load_playbook(actor=service_viewer("tests"), playbook=replace(playbook, folder=None)),
        incident=factories.IncidentFactory(
            slug="covid-2020", name="新冠肺炎疫情", name_en="COVID-19", area=city, started_on=date(2020, 2, 10)
        ),
        enterprise=factories.EnterpriseFactory(name="东昌府纺织有限公司", managing_area=township),
        other=factories.EnterpriseFactory(name="茌平铝业有限公司", managing_area=other_county),
    )
