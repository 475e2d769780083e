"""Risk levels by incident, area and day: inherited downwards, dated, set by the headquarters of the area."""

from __future__ import annotations

import shutil
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from fugong.base.audit.models import AuditEntry
from fugong.core.decision import Denied
from fugong.core.roles import Role
from fugong.record.incidents.actions import set_area_risk
from fugong.record.incidents.logic.playbook import PlaybookError, read_playbook
from fugong.record.incidents.logic.risk import levels_of
from fugong.record.incidents.models import AreaRisk
from fugong.record.incidents.selectors import risk_on, risks_on
from tests import factories
from tests.conftest import PLAYBOOKS

DAY = date(2020, 3, 24)


def put(place, viewer, area, level, day=date(2020, 3, 1), source="指挥部公告第1号"):
    return set_area_risk(actor=viewer, incident=place.incident, area=area, level=level, valid_from=day, source=source)


@pytest.fixture
def commander(viewer_of):
    return viewer_of("commander@city")


def test_an_area_without_its_own_level_has_that_of_the_nearest_above(place, commander):
    put(place, commander, place.city, "low")
    put(place, commander, place.county, "high")
    found = {
        area: (risk.level.code, risk.area_id, risk.is_inherited)
        for area in (place.city, place.county, place.township, place.zone)
        if (risk := risk_on(place.incident, area, DAY))
    }
    assert found == {
        place.city: ("low", place.city.pk, False),
        place.county: ("high", place.county.pk, False),
        place.township: ("high", place.county.pk, True),
        place.zone: ("low", place.city.pk, True),
    }


def test_each_day_has_the_level_of_that_day(place, commander):
    put(place, commander, place.city, "medium", date(2020, 2, 10))
    put(place, commander, place.county, "high", date(2020, 3, 1))
    put(place, commander, place.county, "low", date(2020, 3, 20))
    put(place, commander, place.county, "", date(2020, 3, 23))
    days = {10: "high", 19: "high", 20: "low", 22: "low", 23: "medium"}
    assert {day: risk_on(place.incident, place.township, date(2020, 3, day)).level.code for day in days} == days
    assert risk_on(place.incident, place.township, date(2020, 2, 9)) is None


def test_the_same_day_again_corrects_and_the_trail_keeps_what_stood(place, commander):
    put(place, commander, place.county, "high")
    put(place, commander, place.county, "low", source="更正公告")
    assert AreaRisk.objects.get().level == "low"
    assert AuditEntry.objects.filter(verb="incidents.risk.set").order_by("id").last().detail["before"] == {
        "level": "high", "source": "指挥部公告第1号", "decided_by": commander.name,
    }  # fmt: skip


def test_another_incident_has_its_own_levels(place, commander):
    put(place, commander, place.city, "high")
    flood = factories.IncidentFactory(slug="flood", area=place.city, started_on=date(2020, 3, 1))
    assert risks_on(flood, DAY) == {}


@pytest.mark.parametrize("fault", ["unknown level", "before the incident", "no source", "outside"])
def test_a_level_that_cannot_be_is_refused(place, commander, fault):
    abroad = factories.AreaFactory(code="371400", parent=None, name="德州市", level="city")
    area, level, day, source = {
        "unknown level": (place.county, "purple", DAY, "公告"),
        "before the incident": (place.county, "high", date(2020, 2, 9), "公告"),
        "no source": (place.county, "high", DAY, " "),
        "outside": (abroad, "high", DAY, "公告"),
    }[fault]
    with pytest.raises(ValidationError):
        put(place, commander, area, level, day, source)
    assert not AreaRisk.objects.exists()


@pytest.mark.parametrize("kind", ["bureau_clerk", "administrator@city", "commander@outside", "duty_officer@outside"])
def test_who_may_not_set_a_level(place, viewer_of, kind):
    with pytest.raises(Denied):
        put(place, viewer_of(kind), place.county, "high")


def test_a_duty_officer_sets_the_level_of_a_township_of_its_area(place, viewer_of):
    put(place, viewer_of(Role.DUTY_OFFICER), place.township, "medium")
    with override("zh-hans"):
        assert risk_on(place.incident, place.township, DAY).level.label == "中风险"


def test_the_levels_are_the_playbooks(epidemic):
    levels = [(level.code, level.order) for level in levels_of(epidemic.content)]
    assert levels == [("low", 1), ("medium", 2), ("high", 3)]
    assert levels_of({}) == []


@pytest.mark.parametrize(("row", "key"), [("low,低,Low,one", "2"), ("low,低,Low,1\nhigh,高,High,1", "3")])
def test_a_faulty_order_is_refused_with_its_row(tmp_path, row, key):
    folder = shutil.copytree(PLAYBOOKS / "epidemic", tmp_path / "epidemic")
    (folder / "risk_levels.csv").write_text(f"code,zh,en,order\n{row}\n", encoding="utf-8")
    with pytest.raises(PlaybookError) as error:
        read_playbook(folder)
    assert (error.value.file, key in error.value.key) == ("risk_levels.csv", True)
