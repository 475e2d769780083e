"""Checklists as their people meet them: the officer at the gate without a network, the office that loads a version."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from fugong.base.questionnaires.actions.forms import load_form
from fugong.base.questionnaires.logic.xlsform import read_form
from fugong.base.questionnaires.models import FormVersion, Response
from fugong.base.spreadsheets.logic.writer import SheetData, write_xlsx
from fugong.core.viewer import service_viewer
from tests.browser.test_field import give
from tests.browser.test_thread import official
from tests.browser.walk_offline import kept
from tests.browser.wire import Wire
from tests.house import PACKAGE
from tests.place import make_place

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FORMS = sorted(PACKAGE.glob("playbooks/epidemic/form-*.xlsx"))


@pytest.fixture
def town(transactional_db, epidemic):
    place = make_place(epidemic)
    for path in FORMS:
        load_form(actor=service_viewer("tests"), definition=read_form(path), path=path, file_name=path.name)
    return place


@pytest.fixture
def hand(walker, live_server):
    """A phone whose wire to the server can be cut: `phone.wire`."""
    wire = Wire(live_server.url)
    phone = walker("phone", "zh-hans")
    phone.wire, phone.base = wire, wire.url
    yield phone
    wire.cut()


def test_a_checklist_is_filled_in_without_a_network(hand, town):
    account = official(town, "liaison_officer")
    give(town, town.person("liaison_officer"), [town.enterprise])
    page, path = hand.page, f"/my/field/{town.enterprise.pk}/visit/"
    hand.sign_in(*account)
    page.wait_for_url("**/my/field/")
    hand.open(path)
    kept(page, "/my/outbox/")
    hand.open("/my/field/")
    kept(page, path)
    hand.wire.cut()
    page.goto(hand.base + path)
    page.wait_for_selector("[data-off]:not([hidden])")

    def tick(name, value="yes"):
        page.check(f"[name='check.reopening-prevention.{name}'][value={value}]", force=True)

    def write(name, value):
        page.fill(f"[name='check.reopening-prevention.{name}']", value)

    # On a regular round one list is asked, not the other.
    expect(page.locator("details.fu-fold:visible")).to_have_count(1)
    page.click("details.fu-fold:visible > summary")
    isolated = page.locator("[data-question=isolated]")
    expect(isolated).to_be_hidden()
    for name in ("plan", "closed", "files", "measured", "masks", "disinfected"):
        tick(name)
    write("on_site", "58")
    write("from_risk", "60")
    expect(page.locator("[data-question=from_risk] [data-wrong]")).to_be_visible()
    expect(isolated).to_be_visible()
    write("from_risk", "2")
    tick("isolated")
    write("mask_days", "2")
    expect(page.locator("[data-question=mask_days] [data-failed]")).to_be_visible()
    write("rooms", "1")
    tick("canteen")
    tick("apart", "no")
    tick("evidence", "record")
    hand.look("field-checklist")
    page.click(".fu-thumb button[type=submit]")
    # What is missing is said here, while one stands at the gate; nothing has left the page.
    expect(page.locator("[data-code=reopening-prevention] [data-question=seen] [data-wrong]")).to_be_visible()
    expect(page.locator("[data-question=limit] [data-wrong]")).to_be_visible()
    write("limit", "37.3")
    write("seen", "二号食堂每桌4人，未隔开")
    page.click(".fu-thumb button[type=submit]")
    page.wait_for_url("**/my/outbox/")
    assert not Response.objects.exists()
    hand.wire.mend()
    hand.open("/my/outbox/")
    page.wait_for_selector("[data-received]:not([hidden])", timeout=60_000)
    response = Response.objects.get()
    assert [one["name"] for one in response.failed] == ["mask_days", "apart"]
    assert response.answers["seen"] == "二号食堂每桌4人，未隔开"
    hand.open(f"/my/field/{town.enterprise.pk}/")
    hand.look("field-enterprise-checked")


def test_an_office_loads_a_version_and_reads_the_answers(walker, town, tmp_path):
    account = official(town, "commander@city")
    desk = walker("desk", "en")
    page = desk.page
    desk.sign_in(*account)
    desk.open("/forms/")
    page.click("text=On-site safety after standing idle")
    page.click("text=Try it")
    expect(page.locator("[data-question=special_checked]")).to_be_hidden()
    page.check("[name='check.restart-safety.special'][value=yes]", force=True)
    expect(page.locator("[data-question=special_checked]")).to_be_visible()
    desk.look("form-try")
    broken = tmp_path / "broken.xlsx"
    rows = [("select_one missing", "z", "有没有"), ("integer", "n", "几间")]
    settings = SheetData("settings", ("form_id", "form_title"), [("dormitory", "宿舍核查表")])
    write_xlsx(broken, [SheetData("survey", ("type", "name", "label::中文 (zh)"), rows), settings])
    desk.open("/forms/load/")
    page.set_input_files("[name=file]", broken)
    page.click("main button.go")
    expect(page.locator("main td", has_text="missing").first).to_be_visible()
    desk.look("form-refused")
    write_xlsx(broken, [SheetData("survey", ("type", "name", "label::中文 (zh)"), rows[1:]), settings])
    page.set_input_files("[name=file]", broken)
    page.click("main button.go")
    desk.look("form-preview")
    page.click(".fu-head button.go")
    page.wait_for_url("**/forms/dormitory/")
    assert FormVersion.objects.get(form__code="dormitory").number == 1
    desk.look("form")
