"""The thread of the product, walked as its people walk it: a clerk at a desk, a reporter on a phone, a commander."""

from __future__ import annotations

import io

import pytest
from docx import Document

from fugong.command.situation.models import Bulletin, BulletinOutput
from tests import factories
from tests.place import make_place

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CODE = "91371502MA0000015B"


@pytest.fixture
def town(transactional_db, epidemic):
    return make_place(epidemic)


def official(place, kind: str) -> tuple[str, str]:
    user = place.person(kind)
    user.set_password("a-long-password")
    user.save()
    return user.username, "a-long-password"


def type_enterprise(walker, place, name: str, code: str) -> str:
    """The clerk types an enterprise and invites its reporter; returns the address with the one-time code."""
    page = walker.page
    walker.open(f"/i/{place.incident.slug}/enterprises/")
    walker.look("list")
    walker.open(f"/i/{place.incident.slug}/enterprises/new/")
    page.fill("[name=name]", name)
    page.fill("[name=uscc]", "9137150ZMA0000001X")
    page.select_option("[name=managing_area]", str(place.township.pk))
    page.click("main form button[type=submit].go")
    walker.look("enterprise-refused")
    assert page.locator(".fu-errors").is_visible()
    page.fill("[name=uscc]", code)
    page.click("main form button[type=submit].go")
    page.wait_for_url("**/enterprises/*/")
    walker.look("enterprise")
    page.click("a[href$='/reporters/new/']")
    page.fill("[name=name]", "方静宜")
    page.click("main form button[type=submit].go")
    walker.look("invited")
    return page.inner_text("#link")


def send_report(walker) -> None:
    """The reporter sends a first report, then mends it."""
    page = walker.page
    walker.look("home")
    page.click("main a.fu-btn.go")
    page.check("[name=state][value=partial]", force=True)
    page.fill("[name=roster]", "120")
    page.fill("[name=on_post]", "130")
    walker.look("report")
    page.click(".fu-thumb button[type=submit]")
    page.wait_for_selector(".fu-errors")
    page.wait_for_load_state()
    walker.look("report-refused")
    assert page.locator(".fu-errors").is_visible()
    page.fill("[name=on_post]", "90")
    page.fill("[name=capacity]", "110")
    page.click(".fu-thumb button[type=submit]")
    page.wait_for_url("**/receipt/")
    walker.look("receipt")
    assert "90 / 120" in page.inner_text("main")
    walker.open("/my/")
    walker.look("home-reported")


def see_figures(walker, place) -> bytes:
    """From the board to the enterprise in three taps, then the bulletin; returns the document."""
    page = walker.page
    walker.open("/")
    walker.look("board")
    board = page.inner_text("main")
    assert "33.33" in board and "1 / 3" in board, "the opening rate with its base"
    assert "75.00" in board and "90 / 120" in board, "the return rate with its base"
    page.click("a.fu-figure >> nth=3")
    walker.look("figure")
    assert "120" in page.inner_text(".fu-equation")
    page.click("main table a >> text=东昌府精工有限公司")
    page.wait_for_url("**/enterprises/*/")
    assert "90 / 120" in page.inner_text("main")
    walker.open(f"/i/{place.incident.slug}/situation/bulletins/")
    page.click("form[action*='/new/'] button.go")
    page.wait_for_url("**/bulletins/*/")
    factories.counted_bulletin(Bulletin.objects.get())
    page.wait_for_selector(".fu-a4")
    walker.look("bulletin")
    page.click("button[name=form][value=docx]")
    page.wait_for_url("**/files/*/")
    factories.made_output(BulletinOutput.objects.get())
    with page.expect_download() as download:
        page.click("form[action*='/files/'] button.go")
    return download.value.path().read_bytes()


@pytest.mark.parametrize(
    ("desk", "hand", "language"),
    [("desk", "phone", "zh-hans"), ("phone", "desk", "en")],
)
def test_from_a_typed_enterprise_to_the_bulletin(walker, town, desk, hand, language):
    clerk = walker(desk, language)
    clerk.sign_in(*official(town, "bureau_clerk@city"))
    link = type_enterprise(clerk, town, "东昌府精工有限公司", CODE)
    reporter = walker(hand, language)
    reporter.enter_by_code(link, "580417")
    send_report(reporter)
    content = see_figures(clerk, town)
    text = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs)
    assert "开工率33.33%" in text and "员工返岗率75.00%" in text and "草稿" in text


def test_pages_say_what_a_browser_may_load(client, client_for, place):
    """Strict policy on every surface: own scripts and styles only, nothing inline."""
    board = client_for("commander@city").get(f"/i/{place.incident.slug}/situation/")
    for page in (client.get("/accounts/login/"), board):
        policy = page.headers["Content-Security-Policy"]
        assert page.status_code == 200
        assert "script-src 'self'" in policy and "style-src 'self'" in policy and "default-src 'none'" in policy
        assert "unsafe" not in policy
