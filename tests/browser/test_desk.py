"""The desk as its people meet it: from “short of 40” in a report to moved, one that came back, the hotline."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from fugong.base.accounts.enums import BodyKind
from fugong.core.roles import Role
from fugong.core.viewer import service_viewer
from fugong.record.desk.actions.routing import set_route
from fugong.record.desk.enums import Channel, RequestEnd, RequestState
from fugong.record.desk.models import Request
from fugong.record.desk.tasks import run_clocks
from tests import factories
from tests.browser.test_thread import official
from tests.place import make_place

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "a-long-password"


def person(place, username: str, name: str, body, role: Role) -> tuple[str, str]:
    user = factories.UserFactory(username=username, name=name)
    factories.MandateFactory(user=user, area=body.area, body=body, role=role)
    user.set_password(PASSWORD)
    user.save()
    return username, PASSWORD


@pytest.fixture
def town(transactional_db, epidemic):
    """The county has a labour bureau that takes what is about staff, and a headquarters above it."""
    place = make_place(epidemic)
    place.labour = factories.BodyFactory(area=place.county, name="东昌府区人社局")
    place.command = factories.BodyFactory(area=place.county, name="东昌府区指挥部", kind=BodyKind.HEADQUARTERS)
    set_route(
        actor=service_viewer("desk"), incident=place.incident, area=place.county, body=place.labour, category="staff"
    )
    return place


def report(walker, place, on_post: int, *, obstacle: bool = False) -> None:
    """The reporter says on the phone how many are on post, and ticks what is in the way."""
    page = walker.page
    walker.open(f"/my/{place.enterprise.pk}/{place.incident.slug}/")
    page.check("[name=state][value=open]", force=True)
    page.fill("[name=roster]", "100")
    page.fill("[name=on_post]", str(on_post))
    if obstacle:
        page.check("[name=obstacles][value=labour]", force=True)
    elif page.locator("[name=obstacles][value=labour]").is_checked():
        page.uncheck("[name=obstacles][value=labour]", force=True)
    page.click(".fu-thumb button[type=submit]")
    page.wait_for_load_state()
    if page.locator(".fu-note.risk [name=warning_reason]").count():
        page.locator("[name=warning_reason]").first.check(force=True)
        page.click(".fu-thumb button[type=submit]")
    page.wait_for_url("**/receipt/")


def act(walker, name: str, **values: str) -> None:
    """One act of a request’s page: open its form, fill it in, send it."""
    page = walker.page
    form = page.locator(f"form[action$='/{name}/']")
    if values:
        page.locator(f"details:has(form[action$='/{name}/']) > summary").click()
    for field, value in values.items():
        if form.locator(f"[name={field}][type=radio]").count():
            form.locator(f"[name={field}][value={value}]").check(force=True)
        else:
            form.locator(f"[name={field}]").fill(value)
    form.locator("button[type=submit]").click()
    page.wait_for_selector(".fu-note.ok, [role=status]")


def work(clerk, place, number: str, look=lambda _name: None) -> None:
    """The clerk of the bureau takes the request, calls, plans, answers."""
    clerk.open(f"/i/{place.incident.slug}/desk/")
    look("desk-queue")
    clerk.page.click(f"a[href$='/desk/{number}/']")
    look("desk-request")
    act(clerk, "accept")
    act(clerk, "contact", reached="yes", text="电话")
    act(clerk, "plan", text="明天送去36人")
    act(clerk, "answer", text="36人已送到")


@pytest.mark.parametrize(("desk", "language"), [("desk", "zh-hans"), ("phone", "en")])
def test_short_of_forty_until_its_reports_moved(walker, town, set_clock, desk, language):
    phone = walker("phone", language)
    phone.sign_in(*official(town, "reporter"))
    report(phone, town, 60, obstacle=True)
    request = Request.objects.get()
    assert (request.people_waiting, request.owner_body) == (40, town.labour)
    phone.open("/my/requests/")
    phone.look("desk-inbox")
    phone.page.click(f"a[href$='{request.number}/']")
    clerk = walker(desk, language)
    clerk.sign_in(*person(town, "tang", "汤怀远", town.labour, Role.BUREAU_CLERK))
    work(clerk, town, request.number, clerk.look)
    phone.page.reload()
    act(phone, "confirm", text="人到了")
    phone.look("desk-own-watched")
    for day in ("25", "26"):
        set_clock(f"2020-03-{day}T08:00:00+08:00")
        report(phone, town, 96)
    request.refresh_from_db()
    assert (request.state, request.end) == (RequestState.ENDED, RequestEnd.SOLVED)
    phone.open(f"/my/requests/{request.number}/")
    phone.look("desk-own-moved")
    act(phone, "rate", was_contacted="yes", outcome="solved", text="")
    clerk.page.reload()
    clerk.look("desk-moved")


def test_what_did_not_move_comes_back_to_the_head_of_the_county(walker, town, set_clock):
    phone = walker("phone", "zh-hans")
    phone.sign_in(*official(town, "reporter"))
    report(phone, town, 60, obstacle=True)
    request = Request.objects.get()
    clerk = walker("desk", "zh-hans")
    clerk.sign_in(*person(town, "tang", "汤怀远", town.labour, Role.BUREAU_CLERK))
    work(clerk, town, request.number)
    phone.open(f"/my/requests/{request.number}/")
    act(phone, "confirm", text="")
    set_clock("2020-03-25T08:00:00+08:00")
    report(phone, town, 70)
    set_clock("2020-03-27T08:00:00+08:00")
    run_clocks()
    head = walker("phone", "zh-hans")
    head.sign_in(*person(town, "xia", "夏志远", town.command, Role.COMMANDER))
    head.open(f"/i/{town.incident.slug}/desk/")
    head.look("desk-head-queue")
    head.page.click(f"a[href$='/desk/{request.number}/']")
    head.look("desk-head-request")
    assert "未见效" in head.page.inner_text("main")
    phone.open(f"/my/requests/{request.number}/")
    phone.look("desk-own-back")
    assert "东昌府区指挥部" in phone.page.inner_text("main")


def test_the_hotline_by_keyboard_alone(walker, town):
    """A call is taken without the mouse; the hands never leave the keyboard."""
    town.report(on_post=62, obstacles=["labour"])
    hotline = factories.BodyFactory(area=town.city, name="聊城市12345热线")
    desk = walker("desk", "zh-hans")
    desk.sign_in(*person(town, "bu", "卜晓晴", hotline, Role.BUREAU_CLERK))
    desk.open(f"/i/{town.incident.slug}/desk/new/")
    keys = desk.page.keyboard
    keys.type("纺织")
    expect(desk.page.locator("#callers a")).to_have_count(1)
    desk.look("desk-hotline")
    keys.press("Tab")
    expect(desk.page.locator("#callers a")).to_be_focused()
    keys.press("Shift+Tab")
    keys.press("Enter")
    desk.page.wait_for_url("**/desk/new/*/")
    desk.look("desk-hotline-form")
    keys.press("ArrowDown")
    keys.press("Tab")
    keys.type("缺缝纫工15人")
    keys.press("Tab")
    keys.type("来电说本周订单翻倍。")
    keys.press("Control+Enter")
    desk.page.wait_for_url("**/desk/new/")
    desk.look("desk-hotline-next")
    request = Request.objects.get()
    assert (request.channel, request.title, request.category) == (Channel.HOTLINE, "缺缝纫工15人", "staff-shortage")
    assert (request.owner_body, request.offered_to) == (hotline, town.labour)
    expect(desk.page.locator("main [name=q]")).to_be_focused()
