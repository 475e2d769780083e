"""Eleven ways in which something of another area could come out, each held shut by a test of its own.

`script/plant leaks` weakens the guard behind each, one at a time, and this file must fail.
"""

from __future__ import annotations

from io import BytesIO

import pytest
from django.db import transaction
from django.urls import reverse
from openpyxl import load_workbook

from fugong.core import clock
from fugong.core.decision import Denied, OutOfScope
from fugong.core.registries import enterprise_panels
from fugong.record.registry.actions.register import register_enterprise
from fugong.record.registry.enums import EnterpriseKind
from fugong.record.registry.models import Enterprise
from tests import factories

pytestmark = pytest.mark.django_db
OUTSIDER = "bureau_clerk@outside"  # of the other county: `place.other` is theirs, `place.enterprise` is not


@pytest.fixture
def outsider(client_for):
    return client_for(OUTSIDER)


def text_of(response) -> str:
    return response.content.decode() + response.headers.get("Location", "")


def test_a_selector_keeps_to_the_scope(place, outsider):
    answer = outsider.get(reverse("registry:detail", args=[place.incident.slug, place.enterprise.pk]))
    assert answer.status_code == 404
    assert place.enterprise.name not in text_of(answer)


def test_the_id_of_another_area_in_a_post_is_refused(place, viewer_of):
    with pytest.raises(Denied), transaction.atomic():
        values = {
            "name": "越界登记有限公司",
            "uscc": "",
            "kind": EnterpriseKind.ENTERPRISE,
            "managing_area": place.county,
        }
        register_enterprise(actor=viewer_of(OUTSIDER), values=values)
    assert not Enterprise.objects.filter(name="越界登记有限公司").exists()


def test_an_export_holds_nothing_of_another_area(place, outsider):
    answer = outsider.post(reverse("registry:export", args=[place.incident.slug]))
    sheet = load_workbook(BytesIO(answer.content)).active
    names = [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert names == [place.other.name]


def test_the_api_answers_for_ones_own_enterprises_only(place, program_for):
    place.report()
    place.report(enterprise=place.other)
    answer = program_for("reporter@other", "reports:read").get(reverse("api:reports"))
    assert [report["enterprise"] for report in answer.json()["reports"]] == [place.other.code]


@pytest.mark.parametrize("name", list(enterprise_panels))
def test_a_panel_of_another_areas_enterprise_stays_shut(place, viewer_of, name):
    """The panel asks for itself: its page is not the only one that draws it."""
    place.report()
    panel = enterprise_panels[name]
    try:
        html = panel.render(viewer_of(OUTSIDER), place.enterprise.pk, place.incident.pk, clock.today())
    except (OutOfScope, Denied):
        html = ""
    assert html == ""


def test_a_file_is_open_to_the_one_who_asked_for_it(place, client_for):
    export = factories.written_export(place.person("bureau_clerk@in"))
    address = reverse("registry:export_file", args=[place.incident.slug, export.pk])
    for kind in (OUTSIDER, "township_cadre@in", "administrator@city"):
        assert client_for(kind).post(address).status_code == 404


def test_a_search_finds_nothing_of_another_area(place, outsider):
    address = reverse("registry:list", args=[place.incident.slug])
    for words in (place.enterprise.name[:4], place.enterprise.uscc, place.enterprise.name):
        page = text_of(outsider.get(address, {"q": words}))
        assert f"/enterprises/{place.enterprise.pk}/" not in page
    assert place.other.name in text_of(outsider.get(address, {"q": place.other.name[:4]}))


def test_what_is_offered_while_typing_is_ones_own(place, outsider):
    twin = factories.EnterpriseFactory(name=place.other.name + "分厂", managing_area=place.other_county)
    address = reverse("registry:merge", args=[place.incident.slug, place.other.pk])
    page = text_of(outsider.get(address, {"q": "有限公司"}))
    assert twin.name in page
    assert place.enterprise.name not in page


def test_an_error_names_nothing_of_another_area(place, outsider):
    answer = outsider.post(
        reverse("registry:new", args=[place.incident.slug]),
        {
            "name": "新来的有限公司", "uscc": place.enterprise.uscc, "kind": "enterprise",
            "managing_area": place.other_county.pk,
        },
    )  # fmt: skip
    assert answer.status_code == 422
    for told in (place.enterprise.name, place.township.name, f"/enterprises/{place.enterprise.pk}/"):
        assert told not in text_of(answer)


def test_a_redirect_leads_to_nothing_of_another_area(place, outsider):
    for words in (place.enterprise.uscc, place.enterprise.name):
        answer = outsider.get(reverse("registry:find", args=[place.incident.slug]), {"q": words})
        assert answer.status_code == 302
        assert f"/enterprises/{place.enterprise.pk}/" not in answer["Location"]


def test_an_officer_reads_only_whom_the_officer_looks_after(place, client_for):
    officer = client_for("liaison_officer@own")
    for name in ("field:today", "field:paper"):
        page = text_of(officer.get(reverse(name)))
        assert place.enterprise.name in page
        assert place.other.name not in page
    for name in ("field:enterprise", "field:visit", "field:ask", "field:plan", "field:plan_sheet"):
        answer = officer.get(reverse(name, args=[place.other.pk]))
        assert answer.status_code == 404
        assert place.other.name not in text_of(answer)
