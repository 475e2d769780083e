"""Printed sheets of one-time codes: a card for each enterprise that nobody signs in for, codes in the PDF alone."""

from __future__ import annotations

import re
import subprocess

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from fugong.base.accounts.actions.secrets import issue_code
from fugong.base.accounts.models import EntryCode, User
from fugong.base.accounts.selectors import area_of_person
from fugong.core.decision import Denied
from fugong.core.files import side_path
from fugong.record.registry.actions.grant_proposals import answer_proposal, claim_enterprise, propose_colleague
from fugong.record.registry.actions.grants import end_grant, invite_reporter
from fugong.record.registry.actions.sheets import ask_for_sheet, fetch_sheet, revoke_sheet
from fugong.record.registry.models import AccessSheet, EnterpriseGrant, GrantProposal
from fugong.record.registry.tasks import make_sheet
from tests import factories
from tests.strict import StrictClient
from tests.tools import entries

BASE = "https://fugong.example.cn/accounts/code/"
CODE = re.compile(r"[2-9a-hjkmnp-z]{4}(?:-[2-9a-hjkmnp-z]{4}){2}")


def ask(actor, area, **values):
    return ask_for_sheet(actor=actor, area=area, base_url=BASE, **values)


def text_of(path) -> str:
    return subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True).stdout


def test_a_sheet_from_asking_to_getting_in(place, viewer_of):
    clerk = viewer_of("bureau_clerk")
    second = factories.EnterpriseFactory(name="东昌府面粉有限公司", managing_area=place.county)
    place.person("reporter")  # somebody with a password reports for the first one already
    sheet = ask(clerk, place.county)
    make_sheet.func(sheet_id=sheet.pk)
    sheet.refresh_from_db()
    assert (sheet.state, sheet.cards) == ("ready", 1)
    words = text_of(fetch_sheet(actor=clerk, sheet=sheet))
    assert second.name in words and second.uscc in words and place.enterprise.name not in words
    (code,) = CODE.findall(words)
    assert code.replace("-", "") not in str(list(EntryCode.objects.order_by("pk").values()))
    browser = StrictClient()
    assert second.name in browser.post("/accounts/code/", {"code": code}, follow=True).content.decode()
    browser.post("/accounts/code/new/", {"secret": "580417", "again": "580417"})
    assert second.name in browser.get("/my/").content.decode()
    with pytest.raises(ValidationError):
        ask(clerk, place.county)


def test_made_twice_is_made_once_and_a_failure_leaves_nothing(place, viewer_of, monkeypatch):
    from fugong.record.registry import tasks

    sheet = ask(viewer_of("bureau_clerk"), place.county)
    accounts = User.objects.count()
    monkeypatch.setattr(tasks, "_drawn", lambda sheet, cards: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        make_sheet.func(sheet_id=sheet.pk)
    assert (User.objects.count(), EntryCode.objects.count()) == (accounts, 0)
    assert AccessSheet.objects.get().state == "failed"
    monkeypatch.setattr(tasks, "_drawn", lambda sheet, cards: b"%PDF")
    again = ask(viewer_of("bureau_clerk"), place.county)
    for _time in range(2):
        make_sheet.func(sheet_id=again.pk)
    assert EntryCode.objects.count() == 1


def test_a_lost_sheet_is_taken_back(place, viewer_of):
    clerk = viewer_of("bureau_clerk")
    sheet = ask(clerk, place.county)
    make_sheet.func(sheet_id=sheet.pk)
    sheet.refresh_from_db()
    code = CODE.findall(text_of(side_path(sheet.file_name)))[0]
    assert revoke_sheet(actor=clerk, sheet=sheet) == 1
    assert not side_path(sheet.file_name).exists()
    assert StrictClient().post("/accounts/code/", {"code": code}).status_code == 422


def test_a_sheet_is_for_ones_own_area_and_for_the_one_who_asked(place, viewer_of):
    with pytest.raises(Denied):
        ask(viewer_of("bureau_clerk@outside"), place.county)
    sheet = ask(viewer_of("bureau_clerk"), place.county)
    make_sheet.func(sheet_id=sheet.pk)
    sheet.refresh_from_db()
    with pytest.raises(Denied):
        fetch_sheet(actor=viewer_of("township_cadre"), sheet=sheet)


def test_rights_that_ended_meanwhile_make_no_sheet(place, viewer_of):
    sheet = ask(viewer_of("bureau_clerk"), place.county)
    place.person("bureau_clerk@in").mandates.update(revoked_on="2020-03-24")
    with pytest.raises(Denied):
        make_sheet.func(sheet_id=sheet.pk)
    assert EntryCode.objects.count() == 0


# --- Who reports: proposed, confirmed, ended ------------------------------------------------------------------------


def test_a_reporter_names_a_colleague_and_the_keeper_confirms(place, viewer_of):
    proposal = propose_colleague(
        actor=viewer_of("reporter"), enterprise=place.enterprise, name="王小明", phone="138 1234 5678"
    )
    assert not EnterpriseGrant.objects.filter(user__name="王小明").exists(), "not before it is confirmed"
    with pytest.raises(ValidationError):
        propose_colleague(actor=viewer_of("reporter"), enterprise=place.enterprise, name="王", phone="13812345678")
    with pytest.raises(Denied):
        answer_proposal(actor=viewer_of("bureau_clerk@outside"), proposal=proposal, confirm=True)
    code = answer_proposal(actor=viewer_of("bureau_clerk"), proposal=proposal, confirm=True)
    assert CODE.fullmatch(code)
    grant = EnterpriseGrant.objects.get(user__name="王小明")
    assert grant.given_by_name == viewer_of("bureau_clerk").name
    with pytest.raises(ValidationError):
        answer_proposal(actor=viewer_of("bureau_clerk"), proposal=proposal, confirm=False)


def test_a_keeper_sees_whom_every_enterprise_of_the_area_names_on_one_page(place, viewer_of, client_for):
    propose_colleague(actor=viewer_of("reporter"), enterprise=place.enterprise, name="王小明", phone="13812345678")
    address = reverse("registry:proposals", args=[place.incident.slug])
    page = client_for("bureau_clerk@in").get(address).content.decode()
    assert "王小明" in page
    assert "13812345678" not in page
    assert reverse("registry:people", args=[place.incident.slug, place.enterprise.pk]) in page
    assert "王小明" not in client_for("bureau_clerk@outside").get(address).content.decode()


def test_an_accountant_claims_another_enterprise_by_its_code(place, viewer_of):
    _user, code = invite_reporter(actor=viewer_of("bureau_clerk@outside"), enterprise=place.other, name="李")
    proposal = claim_enterprise(actor=viewer_of("reporter@own"), text=code)
    assert (proposal.enterprise, proposal.user) == (place.other, place.person("reporter@own"))
    with pytest.raises(ValidationError):
        claim_enterprise(actor=viewer_of("reporter@own"), text=code)
    with pytest.raises(Denied):
        answer_proposal(actor=viewer_of("bureau_clerk"), proposal=proposal, confirm=True)
    assert answer_proposal(actor=viewer_of("bureau_clerk@outside"), proposal=proposal, confirm=True) == ""
    assert viewer_of("reporter@own").enterprises("reporter") == {place.enterprise.pk, place.other.pk}


def test_who_guesses_codes_of_enterprises_is_stopped_and_on_record(place, client_for):
    client, address = client_for("reporter@own"), reverse("registry_my:enterprises")
    said = [client.post(address, {"code": f"AAAA-BBBB-{number:04d}"}).context["form"].errors for number in range(22)]
    assert said[0] == said[19]
    assert said[19] != said[20] == said[21]
    wrong = entries("accounts.code.refused")
    assert len(wrong) == 20
    person = place.person("reporter@own")
    assert {(one.actor_id, one.subject, one.area_id) for one in wrong} == {
        (person.pk, f"accounts.user:{person.pk}", area_of_person(person))
    }
    assert "AAAA" not in str([(one.detail, one.reason) for one in wrong])


def test_refused_gives_nothing(place, viewer_of):
    proposal = factories.GrantProposalFactory(enterprise=place.enterprise)
    answer_proposal(actor=viewer_of("bureau_clerk"), proposal=proposal, confirm=False, answer="不是本企业职工")
    assert GrantProposal.objects.get().state == "refused"
    assert not EnterpriseGrant.objects.filter(enterprise=place.enterprise).exists()


def test_an_ended_grant_holds_no_longer(place, viewer_of):
    grant = factories.GrantFactory(user=place.person("nobody"), enterprise=place.enterprise)
    assert viewer_of("nobody").grants
    with pytest.raises(Denied):
        end_grant(actor=viewer_of("reporter"), grant=grant)
    for _time in range(2):
        end_grant(actor=viewer_of("bureau_clerk"), grant=grant)
    assert not viewer_of("nobody").grants
    grant.refresh_from_db()
    assert grant.ended_by_name == viewer_of("bureau_clerk").name


@pytest.mark.parametrize("code", ["", "x" * 40, "k7mp-3xwz-9hqd"])
def test_a_code_that_opens_nothing_is_refused_in_words(place, viewer_of, code):
    with pytest.raises(ValidationError):
        claim_enterprise(actor=viewer_of("reporter"), text=code)


def test_a_code_never_opens_an_enterprise_of_another_county(place, viewer_of, client_for):
    """Who has a person's code acts for all that this person acts for: an accountant's enterprises elsewhere too."""
    keeper = viewer_of("bureau_clerk")
    accountant, _code = invite_reporter(actor=keeper, enterprise=place.enterprise, name="祁若兰", phone="13800001234")
    issue_code(actor=keeper, user=accountant)
    factories.GrantFactory(user=accountant, enterprise=place.other)
    with pytest.raises(Denied):
        issue_code(actor=keeper, user=accountant)
    assert issue_code(actor=viewer_of("administrator@city"), user=accountant)
    # A sheet gives the enterprise a card of its own and leaves the accountant's code alone.
    sheet = ask(keeper, place.county, everybody=True)
    make_sheet.func(sheet_id=sheet.pk)
    sheet.refresh_from_db()
    assert sheet.state == "ready"
    assert EntryCode.objects.filter(user=accountant, batch=sheet.pk).count() == 0
    assert EntryCode.objects.filter(batch=sheet.pk).count() == sheet.cards > 0
