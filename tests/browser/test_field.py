"""The field book as its people meet it: the officer at the gate without a network, the team lead with a sick officer.

The kept pages are asked of the service worker, so the phone reaches the server over a wire that can be cut.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from fugong.base.accounts.enums import BodyKind
from fugong.core import clock
from fugong.core.viewer import service_viewer
from fugong.record.desk.models import Request
from fugong.record.liaison.actions.assigning import assign_body, assign_officer
from fugong.record.liaison.models import Assignment, Visit, VisitPhoto
from fugong.record.liaison.selectors.planning import Rule
from tests import factories
from tests.browser.test_thread import official
from tests.browser.walk_offline import kept
from tests.browser.wire import Wire
from tests.place import make_place
from tests.tools import picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FIELD = service_viewer("tests")


@pytest.fixture
def town(transactional_db, epidemic):
    return make_place(epidemic)


def give(place, user, enterprises):
    rule = Rule(ids=frozenset(one.pk for one in enterprises))
    assign_officer(actor=FIELD, incident=place.incident, kind="resident", user=user, rule=rule)


@pytest.fixture
def hand(walker, live_server):
    """A phone whose wire to the server can be cut: `phone.wire`."""
    wire = Wire(live_server.url)
    phone = walker("phone", "zh-hans")
    phone.wire, phone.base = wire, wire.url
    yield phone
    wire.cut()


def test_a_morning_without_a_network_arrives_once_and_in_order(hand, town):
    """Six visits with a photo each and two requests, told without a network."""
    account = official(town, "liaison_officer")
    officer = town.person("liaison_officer")
    shops = [
        factories.EnterpriseFactory(managing_area=town.township, name=f"古楼第{n}商店", registered_address="工业路88号")
        for n in range(1, 7)
    ]
    give(town, officer, [town.enterprise, *shops])
    factories.ContactFactory(enterprise=town.enterprise)
    town.report(town.enterprise, supply_days=2)
    page = hand.page
    hand.sign_in(*account)
    page.wait_for_url("**/my/field/")
    page.click(f"a[href='/my/field/{town.enterprise.pk}/']")
    hand.look("field-enterprise")
    hand.open("/my/field/")
    for one in shops:
        kept(page, f"/my/field/{one.pk}/visit/")
    for one in shops[:2]:
        kept(page, f"/my/field/{one.pk}/ask/")
    kept(page, "/my/outbox/")
    hand.wire.cut()
    for number, one in enumerate(shops):
        page.goto(f"{hand.base}/my/field/{one.pk}/visit/")
        page.wait_for_selector("[data-off]:not([hidden])")
        page.fill("[name=findings]", f"{one.name}一切正常")
        photo = {"name": "gate.jpg", "mimeType": "image/jpeg", "buffer": picture((2000, 900 + number))}
        page.set_input_files("[data-photos]", photo)
        if number == 0:
            hand.look("field-visit-offline")
        page.click(".fu-thumb button[type=submit]")
        page.wait_for_url("**/my/outbox/")
    for one in shops[:2]:
        page.goto(f"{hand.base}/my/field/{one.pk}/ask/")
        page.wait_for_selector("[data-off]:not([hidden])")
        page.select_option("[name=category]", "policy")
        page.fill("[name=title]", f"{one.name}怎么申请补贴")
        page.click(".fu-thumb button[type=submit]")
        page.wait_for_url("**/my/outbox/")
    expect(page.locator("[data-outbox] .fu-panel")).to_have_count(14)
    assert Visit.objects.count() == 0
    hand.look("field-outbox")
    hand.wire.mend()
    hand.open("/my/outbox/")
    expect(page.locator("[data-outbox] .fu-panel")).to_have_count(0, timeout=60_000)
    told = Visit.objects.order_by("happened_at", "pk").values_list("findings", flat=True)
    assert list(told) == [f"{one.name}一切正常" for one in shops]
    photos = VisitPhoto.objects.select_related("attachment", "visit__enterprise")
    assert sorted(photo.visit.enterprise.name for photo in photos) == [one.name for one in shops]
    assert {photo.attachment.width for photo in photos} == {1600}
    assert sorted(Request.objects.values_list("title", flat=True)) == [f"{one.name}怎么申请补贴" for one in shops[:2]]
    hand.open(f"/my/field/{shops[0].pk}/")
    hand.look("field-enterprise-after")
    hand.open("/my/field/")
    hand.look("day-sheet-after")


def test_a_team_lead_reassigns_a_sick_officer(walker, town):
    """The holes of the county first, then forty enterprises shared out among two."""
    account = official(town, "team_lead")
    sick, one, two = (factories.UserFactory(name=name, area=town.county) for name in ("许志远", "乔颖", "骆正平"))
    give(town, sick, factories.EnterpriseFactory.create_batch(40, managing_area=town.township))
    give(town, one, factories.EnterpriseFactory.create_batch(4, managing_area=town.township))
    give(town, two, factories.EnterpriseFactory.create_batch(2, managing_area=town.township))
    team = factories.BodyFactory(area=town.city, name="复工复产第十服务队", kind=BodyKind.SERVICE_TEAM)
    for area in (town.county, town.zone):
        assign_body(actor=FIELD, incident=town.incident, kind="team", body=team, area=area)
    desk = walker("desk", "en")
    page = desk.page
    desk.sign_in(*account)
    desk.open(f"/i/{town.incident.slug}/field/")
    desk.look("coverage")
    desk.open(f"/i/{town.incident.slug}/field/uncovered/")
    desk.look("uncovered")
    desk.open(f"/i/{town.incident.slug}/field/officers/")
    desk.look("officers")
    page.click(f"a[href$='/officers/{sick.pk}/']")
    desk.look("officer")
    page.click("a[href$='/hand-over/']")
    for receiver in (one, two):
        page.check(f"[name=to][value='{receiver.pk}']")
    page.click("main form[method=get] button[type=submit]")
    page.fill("[name=reason]", "住院隔离")
    desk.look("hand-over")
    page.click("main form[method=post] button.go")
    page.wait_for_url(f"**/officers/{sick.pk}/")
    held = Assignment.objects.held_on(clock.today())
    assert [held.filter(user=user).count() for user in (sick, one, two)] == [0, 23, 23]
    desk.open(f"/i/{town.incident.slug}/field/assign/?rule_area={town.township.code}&open=on&officer={one.pk}")
    desk.look("assign")
    desk.open(f"/i/{town.incident.slug}/field/visits/")
    desk.look("visits")
