"""An administrator sets a county up from a file and prints the sheets; an enterprise gets in by its card on a phone, an
officer with a second factor; a leaver ends."""

from __future__ import annotations

import re
import subprocess
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.management import call_command

from fugong.base.accounts.models import User
from fugong.record.registry.models import AccessSheet
from fugong.record.registry.tasks import make_sheet

FILE = "姓名,账号,单位,单位类型,区域代码,角色\n李雷,lilei,东昌府区指挥部,指挥部,371502,指挥长\n"
PASSWORD = "three green boats"


def read(pdf) -> str:
    return subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True).stdout


def official(place, kind: str) -> str:
    user = place.person(kind)
    user.area = place.county if kind.endswith("@in") else place.city
    user.set_password(PASSWORD)
    user.save()
    return user.username


@pytest.fixture
def county(db, place, tmp_path):
    path = tmp_path / "officials.csv"
    path.write_text(FILE, encoding="utf-8")
    call_command("import_accounts", str(path), "--json")
    return place


def print_sheet(walker, place) -> str:
    """Ask for the sheet of a county, let the job make it, fetch the PDF; returns the one-time code on its card."""
    page = walker.page
    walker.open(f"/i/{place.incident.slug}/enterprises/sheets/")
    page.select_option("[name=area]", place.county.code)
    walker.look("sheets")
    page.click("main form button.go")
    page.wait_for_load_state()
    make_sheet.func(sheet_id=AccessSheet.objects.get().pk)
    walker.open(f"/i/{place.incident.slug}/enterprises/sheets/")
    walker.look("sheets-ready")
    with page.expect_download() as download:
        page.click("main form[action$='/file/'] button")
    words = read(download.value.path())
    assert place.enterprise.name in words
    return re.search(r"[2-9a-hjkmnp-z]{4}(?:-[2-9a-hjkmnp-z]{4}){2}", words)[0]


def test_a_county_gets_in(walker, county):
    place = county
    admin = walker("desk", "zh-hans")
    admin.sign_in(official(place, "administrator@city"), PASSWORD)
    admin.open("/people/")
    admin.look("people")
    assert "李雷" in admin.page.inner_text("main")
    code = print_sheet(admin, place)

    clerk = walker("phone", "zh-hans")
    clerk.enter_by_code(f"{clerk.base}/accounts/code/?c={code}", "580417")
    clerk.look("in")
    assert place.enterprise.name in clerk.page.inner_text("body")
    clerk.page.click(".fu-whoami button")
    clerk.page.wait_for_load_state()
    clerk.open("/accounts/login/?for=enterprise")
    account = User.objects.get(secret_kind="pin").username
    clerk.page.fill("[name=login]", account)
    clerk.page.fill("[name=password]", "580417")
    clerk.look("sign-in-enterprise")
    clerk.page.click("main button[type=submit].go")
    clerk.page.wait_for_url("**/my/")

    officer = walker("phone", "en")
    officer.sign_in(official(place, "commander@in"), PASSWORD)
    officer.open("/accounts/me/factor/")
    seed = officer.page.inner_text("main p.fu-wrap").strip()
    officer.look("factor")
    officer.page.fill("[name=code]", format_hotp_value(hotp_value(seed, int(time.time()) // 30)))
    officer.page.click("main form button.go")
    officer.look("recovery-codes")
    officer.open("/accounts/me/")
    officer.look("me")
    officer.page.click("main form[action$='/logout/'] button")
    officer.page.wait_for_load_state()
    officer.sign_in(place.person("commander@in").username, PASSWORD)
    officer.page.fill("[name=code]", format_hotp_value(hotp_value(seed, int(time.time()) // 30 + 1)))
    officer.page.click("main form button.go")
    officer.page.wait_for_url("**/situation/**")

    leaver = User.objects.get(username="lilei")
    admin.open(f"/people/{leaver.pk}/")
    admin.look("person")
    admin.page.click("a[href$='/leave/']")
    admin.page.fill("[name=reason]", "调离")
    admin.page.click("main form button.go")
    admin.page.wait_for_load_state()
    admin.look("left")
    leaver.refresh_from_db()
    assert leaver.left_at and not leaver.is_active
    found_by_the_auditor(walker("desk", "zh-hans"), place, account)


def found_by_the_auditor(auditor, place, account: str) -> None:
    """The county's own auditor finds the enterprise's first entry and the officer's second factor."""
    auditor.sign_in(official(place, "auditor@in"), PASSWORD)
    for person, acts in (
        (account, ("使用一次性码", "登录")),
        (place.person("commander@in").username, ("启用二次验证", "登录")),
    ):
        auditor.open(f"/trail/?person={person}")
        table = auditor.page.inner_text("main table")
        assert all(act in table for act in acts), table
        auditor.look(f"trail-{person}")
    auditor.page.fill("[name=reason]", "季度抽查登录情况")
    with auditor.page.expect_download() as download:
        auditor.page.click("main form[action*='export'] button")
    assert download.value.suggested_filename.endswith(".xlsx")
