from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import openpyxl
import pytest
from django.urls import reverse

from fugong.base.audit.models import AuditEntry
from fugong.core import clock
from fugong.core.files import side_path
from fugong.record.registry.actions import exports
from fugong.record.registry.models import ExportRun
from fugong.record.registry.permissions import can_fetch_export
from fugong.record.registry.tasks import write_export
from tests import factories

EVIL = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x","y")']


def rows_of(content: bytes) -> list[tuple]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    return [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=2)]


@pytest.fixture
def listing(place):
    for number in range(7):
        factories.EnterpriseFactory(name=f"纺织{number}", managing_area=place.county, kind="branch")
    return place


def test_the_file_holds_what_the_list_shows(listing, client_for):
    client, slug = client_for("bureau_clerk"), listing.incident.slug
    query = "?q=纺织&kind=branch&sort=-name"
    shown = client.get(reverse("registry:list", args=[slug]) + query).context["page"]
    answer = client.post(reverse("registry:export", args=[slug]) + query)
    rows = rows_of(answer.content)
    assert [(row[0], row[1]) for row in rows] == [(row["name"], row["code"]) for row in shown]
    assert len(rows) == 7
    entry = AuditEntry.objects.get(verb="registry.list.exported")
    assert entry.detail == {
        "filter": {"q": "纺织", "kind": "branch", "sort": "-name"},
        "day": "2020-03-24",
        "rows": 7,
    } | {"phones": False}
    assert entry.actor_id == listing.person("bureau_clerk").pk


def test_the_file_ends_at_the_own_area(listing, client_for):
    url = reverse("registry:export", args=[listing.incident.slug])
    inside = {row[0] for row in rows_of(client_for("bureau_clerk@in").post(url).content)}
    whole = {row[0] for row in rows_of(client_for("bureau_clerk@city").post(url).content)}
    assert listing.other.name in whole - inside
    assert listing.enterprise.name in inside


def test_a_file_with_numbers_in_full_stays_behind_when_the_right_to_them_ends(place, viewer_of):
    export = factories.written_export(place.person("bureau_clerk@in"))
    assert can_fetch_export(viewer_of("bureau_clerk@in"), export)
    export.phones_for = "逐户电话核实复工时间"
    assert can_fetch_export(viewer_of("bureau_clerk@in"), export)
    # The same person, who answers for the county now and keeps its register no longer.
    commander = replace(viewer_of("commander@in"), id=export.actor_id)
    assert not can_fetch_export(commander, export)
    export.phones_for = ""
    assert can_fetch_export(commander, export)


def test_phone_numbers_go_along_for_a_reason_and_within_the_own_area(place, client_for):
    for enterprise in (place.enterprise, place.other):
        factories.ContactFactory(enterprise=enterprise, name="王芳", phone="13812345678")
    url = reverse("registry:export", args=[place.incident.slug])

    def told(role: str, **data) -> dict[str, str]:
        return {row[0]: row[-1] for row in rows_of(client_for(role).post(url, data).content)}

    for people in (told("bureau_clerk@in"), told("commander@city")):
        assert "王芳 138****5678" in people[place.enterprise.name]
        assert "13812345678" not in "".join(text or "" for text in people.values())
    in_full = told("bureau_clerk@in", phones_for="逐户电话核实复工时间")
    assert "王芳 13812345678" in in_full[place.enterprise.name]
    entry = AuditEntry.objects.filter(verb="registry.list.exported").latest("pk")
    assert (entry.reason, entry.detail["phones"]) == ("逐户电话核实复工时间", True)
    assert client_for("commander@city").post(url, {"phones_for": "看看"}).status_code == 403
    assert client_for("bureau_clerk@in").post(url, {"phones_for": "  "}).status_code == 302


def test_no_cell_becomes_a_formula(place, client_for):
    for name in EVIL:
        factories.EnterpriseFactory(name=name, managing_area=place.county, registered_address=name, business_scope=name)
    content = client_for("bureau_clerk").post(reverse("registry:export", args=[place.incident.slug])).content
    assert {row[0] for row in rows_of(content)} >= set(EVIL)


def test_a_long_list_is_written_by_a_job(listing, client_for, monkeypatch):
    deferred = []
    monkeypatch.setattr("fugong.record.registry.web.views.lists.AT_ONCE", 5)
    monkeypatch.setattr(exports, "defer", lambda name, **arguments: deferred.append((name, arguments)))
    client, slug = client_for("bureau_clerk"), listing.incident.slug
    answer = client.post(reverse("registry:export", args=[slug]) + "?kind=branch")
    run = ExportRun.objects.get()
    progress = reverse("registry:export_run", args=[slug, run.pk])
    assert answer["Location"] == progress
    assert deferred == [("registry.write_export", {"export_id": run.pk})]
    assert b'hx-trigger="every 2s"' in client.get(progress).content
    write_export(run.pk)
    run.refresh_from_db()
    assert (run.state, run.written) == ("written", 7)
    assert b"hx-trigger" not in client.get(progress, headers={"HX-Request": "true"}).content
    fetched = client.post(reverse("registry:export_file", args=[slug, run.pk]))
    assert len(rows_of(b"".join(fetched.streaming_content))) == 7
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"registry.export.asked", "registry.export.written", "registry.export.fetched"} <= verbs
    write_export(run.pk)  # a second time is harmless
    assert ExportRun.objects.get().written == 7


def test_a_job_reads_only_what_the_person_may_see_by_then(listing, viewer_of):
    run = exports.ask_for_export(actor=viewer_of("bureau_clerk@in"), wanted=exports.ListFilter(), day=clock.today())
    listing.person("bureau_clerk@in").mandates.update(area=listing.other_county)
    write_export(run.pk)
    assert [row[0] for row in rows_of(side_path(run.file_name).read_bytes())] == [listing.other.name]


def test_a_failure_is_said_and_leaves_no_file(listing, viewer_of, monkeypatch):
    run = exports.ask_for_export(actor=viewer_of("bureau_clerk@in"), wanted=exports.ListFilter(), day=clock.today())

    def full(*args):
        raise OSError("no space left")

    monkeypatch.setattr("fugong.record.registry.tasks.write_xlsx", full)
    with pytest.raises(OSError, match="no space"):
        write_export(run.pk)
    run.refresh_from_db()
    assert run.state == "failed"
    assert not side_path(run.file_name).exists()


def test_old_files_go(place, viewer_of):
    old = factories.written_export(place.person("bureau_clerk"))
    ExportRun.objects.update(asked_at=clock.now() - exports.KEPT - timedelta(hours=1))
    exports.ask_for_export(actor=viewer_of("bureau_clerk"), wanted=exports.ListFilter(), day=clock.today())
    assert not side_path(old.file_name).exists()
