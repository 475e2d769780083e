"""Whom to call: by hand, from a file, taken back with it; never with the whole number on a page or in the trail."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import ValidationError

from fugong.base.audit.models import AuditEntry
from fugong.base.spreadsheets.logic.issues import BadValue
from fugong.core.decision import Denied, OutOfScope
from fugong.record.registry.actions.contacts import MOST, add_contact, end_contact
from fugong.record.registry.actions.imports import import_enterprises
from fugong.record.registry.actions.merging import merge_enterprises
from fugong.record.registry.logic.phones import read_phone
from fugong.record.registry.models import Contact
from fugong.record.registry.selectors.contacts import contact_for, contacts_of
from tests.factories import ContactFactory, EnterpriseFactory
from tests.tools import write_csv

HEADER = ["企业名称", "统一社会信用代码", "联系人", "联系电话", "法定代表人"]
PHONE = "13812345678"


@pytest.fixture
def clerk(viewer_of):
    return viewer_of("bureau_clerk@in")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("138 1234 5678", PHONE),
        ("１３８１２３４５６７８", PHONE),
        ("13812345678.0", PHONE),
        ("13812345678、13900001111", PHONE),
        ("13812345678/0635-8200000", PHONE),
        ("（0635）8200000", "06358200000"),
        ("0635-8200000", "0635-8200000"),
        ("+86 138-1234-5678", "+86138-1234-5678"),
    ],
)
def test_a_number_is_read_as_people_write_it(text, number):
    assert read_phone(text) == number


@pytest.mark.parametrize("text", ["王芳", "1.38E+10", "12", "x" * 40, "138123456789012345678901"])
def test_what_is_no_number_says_how_to_mend_it(text):
    with pytest.raises(BadValue) as caught:
        read_phone(text)
    assert caught.value.fault.mend


def test_by_hand_with_the_trail_and_without_the_number_in_it(place, clerk):
    contact = add_contact(actor=clerk, enterprise=place.enterprise, role="head", name="王芳", phone=PHONE)
    assert [person.masked for person in contacts_of(clerk, place.enterprise.pk)] == ["138****5678"]
    end_contact(actor=clerk, contact=contact)
    end_contact(actor=clerk, contact=contact)
    assert contacts_of(clerk, place.enterprise.pk) == []
    entries = AuditEntry.objects.filter(verb__startswith="registry.contact.")
    assert [entry.verb for entry in entries.order_by("pk")] == ["registry.contact.added", "registry.contact.ended"]
    assert not any(PHONE in json.dumps(entry.detail) or "王芳" in json.dumps(entry.detail) for entry in entries)


def test_who_may_and_what_is_refused(place, clerk, viewer_of):
    with pytest.raises(Denied):
        add_contact(actor=viewer_of("commander@city"), enterprise=place.enterprise, role="head", name="王", phone="")
    for values in (
        {"name": "", "phone": ""},
        {"name": "王芳", "phone": "abc"},
        {"name": "王", "phone": "", "role": "x"},
    ):
        with pytest.raises(ValidationError):
            add_contact(actor=clerk, enterprise=place.enterprise, **({"role": "head"} | values))
    for number in range(MOST):
        ContactFactory(enterprise=place.enterprise, name=f"联系人{number}")
    with pytest.raises(ValidationError):
        add_contact(actor=clerk, enterprise=place.enterprise, role="head", name="多", phone="")
    theirs = ContactFactory(enterprise=place.other)
    with pytest.raises(OutOfScope):
        contact_for(clerk, place.other.pk, theirs.pk)
    with pytest.raises(OutOfScope):
        contact_for(clerk, place.enterprise.pk, theirs.pk)


def test_from_a_file_once_and_another_number_takes_its_place(place, clerk, tmp_path):
    code = place.enterprise.uscc

    def bring(*cells: str):
        path = write_csv(tmp_path / "台账.csv", HEADER, [[place.enterprise.name, code, *cells]])
        return import_enterprises(actor=clerk, path=path, default_area="371502")

    for _ in range(2):
        assert bring("王芳", "138 1234 5678", "李强").accepted == 1
    told = [(person.role, person.name, person.phone) for person in contacts_of(clerk, place.enterprise.pk)]
    assert told == [("contact", "王芳", PHONE), ("legal", "李强", "")]
    bring("王芳", "13900001111", "")
    assert [person.phone for person in contacts_of(clerk, place.enterprise.pk)] == ["13900001111", ""]
    end_contact(actor=clerk, contact=contacts_of(clerk, place.enterprise.pk)[0])
    bring("王芳", "13900001111", "李强")
    assert [person.name for person in contacts_of(clerk, place.enterprise.pk)] == ["李强"]
    outcome = bring("王芳", "不详的号", "李强")
    assert [(issue.column, issue.value) for issue in outcome.warnings] == [("联系电话", "不详的号")]


def test_the_panel_shows_the_number_masked_and_the_file_it_came_from(place, clerk, client_for, tmp_path):
    row = [place.enterprise.name, place.enterprise.uscc, "王芳", PHONE, ""]
    path = write_csv(tmp_path / "东昌台账.csv", HEADER, [row])
    import_enterprises(actor=clerk, path=path, default_area="371502")
    url = f"/i/{place.incident.slug}/enterprises/{place.enterprise.pk}/panels/registry.contacts/"
    page = client_for("bureau_clerk@in").get(url).content.decode()
    assert "138****5678" in page
    assert PHONE not in page
    assert "东昌台账.csv" in page
    assert clerk.name in page


def test_a_merge_takes_the_contacts_over(place, clerk):
    ContactFactory(enterprise=place.enterprise, name="王芳")
    twin = EnterpriseFactory(managing_area=place.county)
    ContactFactory(enterprise=twin, name="王芳")
    ContactFactory(enterprise=twin, name="赵六", phone="")
    merge_enterprises(actor=clerk, kept=place.enterprise, dropped=twin, reason="同一家")
    assert [person.name for person in contacts_of(clerk, place.enterprise.pk)] == ["王芳", "赵六"]
    assert Contact.objects.filter(enterprise=twin).count() == 2
