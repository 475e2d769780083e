"""The bodies of an incident and the duty roster."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from fugong.base.accounts.models import Body
from fugong.base.accounts.selectors import user_by_id
from fugong.command.headquarters.actions.bodies import enter_duty, remove_duty, set_up_bodies
from fugong.command.headquarters.models import DutyShift, IncidentBody
from fugong.command.headquarters.selectors.bodies import bodies_with_people, on_duty
from fugong.core import clock
from fugong.core.decision import Denied
from fugong.core.roles import Role


def test_the_playbook_gives_headquarters_office_and_ten_groups_and_twice_is_once(place, viewer_of):
    admin = viewer_of("administrator@city")

    added = set_up_bodies(actor=admin, incident=place.incident, area=place.city)
    assert [row.place for row in added] == ["headquarters", "office"] + ["group"] * 10
    # The headquarters that the city has already is taken, not doubled.
    assert added[0].body.name == "聊城市指挥部"
    assert set_up_bodies(actor=admin, incident=place.incident, area=place.city) == []
    assert IncidentBody.objects.count() == 12

    county = set_up_bodies(actor=admin, incident=place.incident, area=place.county)
    assert {row.body.name for row in county} >= {"东昌府区复工复产指挥部", "东昌府区复工复产指挥部办公室", "交通运输组"}
    assert Body.objects.filter(name="交通运输组").count() == 2


def test_only_the_administrator_of_the_area_sets_up(place, viewer_of):
    for kind in ("commander@city", "administrator@outside", "bureau_clerk@in"):
        with pytest.raises(Denied, match="administrator of the area"):
            set_up_bodies(actor=viewer_of(kind), incident=place.incident, area=place.county)


def test_who_is_on_duty_now_with_deputies_shown(place, hq, duty, staffed, set_clock):
    night = staffed(hq, "夜班", Role.DUTY_OFFICER)
    nine = clock.now().replace(minute=0, second=0, microsecond=0)
    for viewer, start, hours in ((duty, nine, 9), (night, nine + timedelta(hours=9), 12)):
        enter_duty(
            actor=duty,
            incident=place.incident,
            body=hq,
            user=user_by_id(viewer.id),
            starts_at=start,
            ends_at=start + timedelta(hours=hours),
        )

    names = lambda: [shift.user.name for shift in on_duty(duty, place.incident, [hq.pk], clock.now())]  # noqa: E731
    assert names() == ["宋晓岚"]
    set_clock("2020-03-24T18:00:00+08:00")
    assert names() == ["夜班"]  # at the hour of the change only the next one
    set_clock("2020-03-25T06:00:00+08:00")
    assert names() == []
    serving = bodies_with_people(duty, place.incident, place.city)
    assert {mandate.user.name for mandate in serving[0].mandates} == {"宋晓岚", "夜班"}


def test_a_roster_refuses_strangers_double_duty_and_the_past(place, hq, duty, county_head):
    now = clock.now()
    common = {"actor": duty, "incident": place.incident, "body": hq}
    me = user_by_id(duty.id)
    shift = enter_duty(**common, user=me, starts_at=now, ends_at=now + timedelta(hours=8))
    with pytest.raises(ValidationError, match="is on duty from 03-24 09:00 to 03-24 17:00 already"):
        enter_duty(**common, user=me, starts_at=now + timedelta(hours=4), ends_at=now + timedelta(hours=12))
    with pytest.raises(ValidationError, match="does not serve in this body"):
        enter_duty(**common, user=user_by_id(county_head.id), starts_at=now, ends_at=now + timedelta(hours=8))
    with pytest.raises(ValidationError, match="over already"):
        enter_duty(**common, user=me, starts_at=now - timedelta(hours=9), ends_at=now - timedelta(hours=1))
    with pytest.raises(ValidationError, match="ends after it begins"):
        enter_duty(**common, user=me, starts_at=now + timedelta(hours=9), ends_at=now + timedelta(hours=9))
    with pytest.raises(Denied):
        enter_duty(actor=county_head, incident=place.incident, body=hq, user=me, starts_at=now, ends_at=now)

    remove_duty(actor=duty, shift=shift)  # it began: it ends now and stays on record
    assert not DutyShift.objects.filter(ends_at__gt=clock.now()).exists()
