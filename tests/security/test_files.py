"""Files in and out: what is sent under a false name, and what a spreadsheet program would take for a formula."""

from __future__ import annotations

import html
from io import BytesIO
from pathlib import PurePath
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from fugong.base.spreadsheets.enums import ImportState
from fugong.base.spreadsheets.logic.writer import SheetData, write_xlsx
from fugong.base.spreadsheets.models import ImportRun
from fugong.base.spreadsheets.tasks import check_import
from fugong.core import files
from tests import factories

pytestmark = pytest.mark.django_db
DANGEROUS = [
    "=1+1",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    '=HYPERLINK("http://evil.example")',
    "=cmd|' /C calc'!A0",
]


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_of_a_workbook_is_a_formula(text):
    target = BytesIO()
    write_xlsx(target, [SheetData(text[:20], [text], [[text]])])
    sheet = load_workbook(BytesIO(target.getvalue())).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s"}
    assert sheet["A2"].value.replace("_x000D_", "").strip() == text.strip()


@pytest.mark.parametrize("text", DANGEROUS[:4])
def test_what_a_stranger_named_a_firm_stays_text_in_the_export(place, client_for, text):
    factories.EnterpriseFactory(name=f"{text} 有限公司", managing_area=place.county)
    answer = client_for("bureau_clerk").post(reverse("registry:export", args=[place.incident.slug]))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    sheet = load_workbook(BytesIO(answer.content)).active
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}
    assert f"{text} 有限公司" in {row[0] for row in sheet.iter_rows(values_only=True)}


FALSE_NAMES = [
    ("register.xlsx", b"MZ\x90\x00" + b"\0" * 400),
    ("register.xlsx", b"\x89PNG\r\n\x1a\n" + b"\0" * 400),
    ("register.xlsx", b"%PDF-1.7\n%%EOF"),
    ("register.xlsx", b"PK\x03\x04" + b"\0" * 400),
    ("register.xls", b"<html><script>alert(1)</script></html>"),
    ("register.csv", b"\x7fELF" + bytes(range(256)) * 4),
    ("register.csv", b""),
    ("../../../../planted.csv", "名称\n".encode()),
    ("register.exe", "企业名称,统一社会信用代码\n".encode()),
    ("register.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
]


@pytest.mark.parametrize(("name", "content"), FALSE_NAMES)
def test_a_file_under_a_false_name_is_refused_in_words_and_never_served(place, client_for, name, content, settings):
    """Taken in as evidence; the job then says in words what is wrong, and the page shows none of it as code."""
    client = client_for("bureau_clerk")
    address = reverse("imports:start", args=[place.incident.slug, "enterprises"])
    answer = client.post(address, {"file": SimpleUploadedFile(name, content), "area": place.county.code})
    assert answer.status_code == 302, answer.content.decode()
    run = ImportRun.objects.get()
    check_import.func(SimpleNamespace(job=SimpleNamespace(attempts=0)), run.pk)
    run.refresh_from_db()
    assert (run.state, run.name) == (ImportState.FAILED, PurePath(name).name)
    page = client.get(answer["Location"])
    assert page.status_code == 200
    assert run.failure
    assert html.escape(run.failure) in page.content.decode()
    assert b"alert(1)" not in page.content
    assert not any("planted" in path.name for path in settings.FILES_ROOT.rglob("*"))


def test_kept_files_have_no_name_of_their_sender_and_are_closed(settings):
    kept = files.keep([b"content"])
    place = files.kept_path(kept.sha256)
    assert place.name == kept.sha256
    assert place.stat().st_mode & 0o077 == 0
    assert place.parent.stat().st_mode & 0o077 == 0
