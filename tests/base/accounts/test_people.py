"""People and mandates by hand: given, lent to a deputy, ended; a leaver ends everywhere at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from fugong.base.accounts.actions.mandates import end_mandate, end_person, give_mandate, name_deputy, take_on
from fugong.base.accounts.actions.secrets import issue_code
from fugong.base.accounts.models import EntryCode, Mandate, User
from fugong.base.accounts.selectors import area_of_person, people_for, viewer_for
from fugong.base.audit.models import AuditEntry
from fugong.core import clock
from fugong.core.decision import Denied
from fugong.core.roles import Role
from fugong.core.viewer import service_viewer
from fugong.record.registry.models import EnterpriseGrant
from tests import factories
from tests.strict import StrictClient

TODAY = date(2020, 3, 24)


def roles_on(user, day):
    return viewer_for(user, day).roles


@pytest.fixture
def clerk(place):
    """A bureau clerk of the county, looked after there."""
    user = place.person("bureau_clerk@in")
    User.objects.filter(pk=user.pk).update(area=place.county)
    user.refresh_from_db()
    return user


def test_a_mandate_taken_away_ends_today_and_stays_for_yesterday(place, viewer_of, clerk):
    end_mandate(actor=viewer_of("administrator"), mandate=clerk.mandates.get(), reason="调离")
    assert roles_on(clerk, TODAY) == roles_on(clerk, TODAY + timedelta(days=1)) == frozenset()
    assert roles_on(clerk, TODAY - timedelta(days=1)) == {Role.BUREAU_CLERK}
    assert AuditEntry.objects.get(verb="accounts.mandate.ended").reason == "调离"
    area, body = place.county, place.county.bodies.get()
    give_mandate(
        actor=viewer_of("administrator"), user=clerk, body=body, role="bureau_clerk", area=area, valid_from=TODAY
    )
    assert roles_on(clerk, TODAY) == {Role.BUREAU_CLERK}, "and can be given again the same day"


def test_a_deputy_acts_for_a_time(place, viewer_of, clerk):
    deputy = place.person("duty_officer@in")
    days = {"valid_from": TODAY, "valid_to": TODAY + timedelta(days=3)}
    name_deputy(actor=viewer_of("administrator"), mandate=clerk.mandates.get(), user=deputy, **days)
    assert roles_on(deputy, TODAY) == {Role.DUTY_OFFICER, Role.BUREAU_CLERK}
    assert roles_on(deputy, TODAY + timedelta(days=4)) == {Role.DUTY_OFFICER}
    end_mandate(actor=viewer_of("administrator"), mandate=clerk.mandates.get(), reason="x")
    assert roles_on(deputy, TODAY) == {Role.DUTY_OFFICER}, "with the mandate its deputies end"


def test_the_person_in_office_names_the_deputy_and_the_deputy_nobody(place, viewer_of, clerk):
    days = {"valid_from": TODAY, "valid_to": TODAY}
    lent = name_deputy(
        actor=viewer_of("bureau_clerk@in"), mandate=clerk.mandates.get(), user=place.person("duty_officer@in"), **days
    )
    with pytest.raises(Denied):
        name_deputy(actor=viewer_of("duty_officer@in"), mandate=lent, user=place.person("commander@in"), **days)
    with pytest.raises(Denied):
        name_deputy(
            actor=viewer_of("commander@in"), mandate=clerk.mandates.get(), user=place.person("auditor@in"), **days
        )


@pytest.mark.parametrize("who", ["clerk", "nobody"])
def test_who_cannot_be_a_deputy(place, viewer_of, clerk, who):
    user = clerk if who == "clerk" else place.person("nobody")
    with pytest.raises(ValidationError):
        name_deputy(
            actor=viewer_of("administrator"), mandate=clerk.mandates.get(), user=user, valid_from=TODAY, valid_to=TODAY
        )


def test_the_database_wants_a_last_day_of_a_deputy(clerk):
    with pytest.raises(IntegrityError, match="mandate_deputy_for_a_time"), transaction.atomic():
        factories.MandateFactory(area=clerk.area, body=clerk.area.bodies.get(), deputy_for=clerk.mandates.get())


@pytest.mark.parametrize(
    ("begins", "expected"),
    [
        ([-9, -2, 5], "second"),
        ([-2, -9, 5], "first"),
        ([-2, -2, -9], "second"),
        ([9, 5, 7], "second"),
        ([3], "first"),
        ([], None),
    ],
)
@pytest.mark.parametrize("own", [True, False], ids=["area of the account", "mandates only"])
def test_whose_person_somebody_is_has_one_rule(place, own, begins, expected):
    """Days from today on which mandates begin in three areas; the viewer and the record of acts on a person agree."""
    areas = {"first": place.county, "second": place.other_county, "third": place.zone}
    user = factories.UserFactory(area=place.township if own else None)
    for days, area in zip(begins, areas.values(), strict=False):
        body = factories.BodyFactory(area=area)
        factories.MandateFactory(user=user, area=area, body=body, valid_from=TODAY + timedelta(days), valid_to=None)
    home = place.township.pk if own else areas[expected].pk if expected else None
    assert area_of_person(user) == viewer_for(user, TODAY).home_area_id == home


def test_a_leaver_ends_everywhere_at_once(place, viewer_of, clerk):
    factories.GrantFactory(user=clerk, enterprise=place.enterprise)
    factories.MandateFactory(user=clerk, area=place.township, body=place.county.bodies.get(), role=Role.DUTY_OFFICER)
    browser = StrictClient()
    browser.post("/accounts/login/", {"login": clerk.username, "password": "correct horse battery"})
    assert browser.get(reverse("account_me")).status_code == 200
    issue_code(actor=service_viewer("tests"), user=clerk)
    end_person(actor=viewer_of("administrator"), user=clerk, reason="退休")
    viewer = viewer_for(clerk, TODAY)
    assert (viewer.roles, viewer.grants, viewer.mandates) == (frozenset(), frozenset(), ())
    assert browser.get(reverse("account_me")).status_code == 302
    assert EntryCode.objects.get().revoked_at is not None
    assert EnterpriseGrant.objects.get(user=clerk).revoked_on == TODAY
    again = StrictClient()
    again.post("/accounts/login/", {"login": clerk.username, "password": "correct horse battery"})
    assert again.get(reverse("account_me")).status_code == 302
    end_person(actor=viewer_of("administrator"), user=clerk, reason="again")
    assert AuditEntry.objects.filter(verb="accounts.user.left").count() == 1
    with pytest.raises(ValidationError):
        give_mandate(
            actor=viewer_of("administrator"), user=clerk, body=place.county.bodies.get(), role="auditor",
            area=place.county, valid_from=TODAY,
        )  # fmt: skip


def test_a_failure_on_the_way_ends_nothing(place, viewer_of, clerk, monkeypatch):
    from fugong.base.accounts.actions import mandates

    monkeypatch.setattr(mandates, "announce", lambda event: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        end_person(actor=viewer_of("administrator"), user=clerk, reason="x")
    assert roles_on(clerk, TODAY) == {Role.BUREAU_CLERK}
    assert User.objects.get(pk=clerk.pk).is_active


def test_nobody_ends_oneself_nor_somebody_of_a_wider_area(place, viewer_of):
    for kind, actor in (("administrator@in", "administrator@in"), ("commander@city", "administrator@in")):
        user = place.person(kind)
        User.objects.filter(pk=user.pk).update(area=place.county)
        with pytest.raises((ValidationError, Denied)):
            end_person(actor=viewer_of(actor), user=user, reason="x")


def test_taken_on_in_one_act(place, viewer_of):
    body = place.county.bodies.get()
    user, code = take_on(
        actor=viewer_of("administrator"), name="王芳", phone="138 1234 5678", body=body, role="auditor",
        area=place.county, valid_from=TODAY,
    )  # fmt: skip
    assert (user.username, user.area, roles_on(user, TODAY)) == ("13812345678", place.county, {Role.AUDITOR})
    browser = StrictClient()
    browser.post("/accounts/code/", {"code": code})
    browser.post("/accounts/code/new/", {"secret": "three green boats", "again": "three green boats"})
    assert browser.get(reverse("account_me")).status_code == 200


def test_a_pin_is_not_enough_for_an_official(place, viewer_of):
    user = factories.UserFactory(secret_kind="pin", area=place.county)
    give_mandate(
        actor=viewer_of("administrator"), user=user, body=place.county.bodies.get(), role="auditor",
        area=place.county, valid_from=TODAY,
    )  # fmt: skip
    user.refresh_from_db()
    assert (user.secret_kind, user.must_change) == ("password", True)


def test_whom_an_administrator_sees(place, viewer_of, clerk):
    other = place.person("duty_officer@outside")
    assert clerk in people_for(viewer_of("administrator@in"))
    assert other not in people_for(viewer_of("administrator@in"))
    assert {clerk, other} <= set(people_for(viewer_of("administrator@city")))
    assert not people_for(viewer_of("bureau_clerk@in"))


def test_the_list_is_searched_paged_and_masked(place, client_for, clerk):
    for number in range(51):
        factories.UserFactory(
            username=f"x-{number:02d}", name=f"赵{number:02d}", area=place.county, phone="13812345678"
        )
    client = client_for("administrator@in")
    first = client.get(reverse("people:list"), {"q": "赵"})
    page = first.content.decode()
    assert "赵00" in page and "赵50" not in page and "13812345678" not in page
    assert "赵50" in client.get(first.context["next_url"]).content.decode()
    assert "赵07" in client.get(reverse("people:list"), {"q": "x-07"}).content.decode()


def test_a_person_walks_in_by_the_pages(place, client_for):
    client = client_for("administrator@in")
    values = {
        "name": "王芳", "phone": "", "username": "wangfang", "body": place.county.bodies.get().pk, "role": "auditor",
        "area": place.county.pk, "valid_from": "2020-03-24", "valid_to": "",
    }  # fmt: skip
    page = client.post(reverse("people:new"), values)
    assert page.status_code == 200 and "no-store" in page["Cache-Control"]
    assert client.post(reverse("people:new"), values).status_code == 422, "the account is taken"
    user = User.objects.get(username="wangfang")
    assert Mandate.objects.filter(user=user).count() == 1
    assert clock.today() == TODAY
    assert "王芳" in client.get(reverse("people:person", args=[user.pk])).content.decode()
    wrong = client.post(reverse("people:new"), values | {"username": "Wang Fang!", "area": place.other_county.pk})
    assert wrong.status_code == 422


def test_who_goes_away_names_a_deputy_on_the_own_page(place, client_for):
    clerk, cadre = place.person("bureau_clerk@in"), place.person("township_cadre@in")
    place.person("duty_officer@outside")
    client, own = client_for("bureau_clerk@in"), clerk.mandates.get()
    assert reverse("account_deputy", args=[own.pk]) in client.get(reverse("account_me")).content.decode()
    page = client.get(reverse("account_deputy", args=[own.pk]))
    assert set(page.context["form"].fields["user"].queryset) == {cadre}, "those who serve in the same area"
    days = {"valid_from": "2020-03-25", "valid_to": "2020-03-27"}
    stranger = place.person("duty_officer@outside").pk
    assert client.post(reverse("account_deputy", args=[own.pk]), days | {"user": stranger}).status_code == 422
    assert client.post(reverse("account_deputy", args=[own.pk]), days | {"user": cadre.pk}).status_code == 302
    (named,) = own.deputies.all()
    assert (named.user, named.role) == (cadre, own.role)
    # A deputy of a deputy: the door is there for nobody.
    deputy = client_for("township_cadre@in")
    assert deputy.get(reverse("account_deputy", args=[named.pk])).status_code == 403
    assert deputy.get(reverse("account_deputy", args=[own.pk])).status_code == 404
