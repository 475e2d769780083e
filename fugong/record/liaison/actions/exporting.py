"""The lists of the field book as workbooks: they hold no phone number, and the asking is on record."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base.areas.models import Area
from fugong.base.audit.actions import record
from fugong.base.spreadsheets.logic.writer import Cell, SheetData, write_xlsx
from fugong.core import clock
from fugong.core.text import listed
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.liaison import permissions
from fugong.record.liaison.selectors.coverage import coverage_of, uncovered_for
from fugong.record.liaison.selectors.officers import officers_for
from fugong.record.liaison.selectors.section import field_section
from fugong.record.liaison.selectors.visits import latest_visits

MOST = 20_000
Rows = list[tuple[Cell, ...]]


def _coverage(viewer: Viewer, incident: Incident, area: Area) -> SheetData:
    rows: Rows = [
        (
            str(row.area),
            row.enterprises,
            row.covered,
            row.open,
            row.officers,
            listed(duty.name for duty in row.teams or ()),
            listed(sorted({other for duty in row.teams or () for other in duty.others})),
        )
        for row in coverage_of(viewer, incident, area).rows
    ]
    head = (
        _("Area"),
        _("Enterprises"),
        _("With an officer"),
        _("Without an officer"),
        _("Officers"),
        _("Teams"),
        _("which also have"),
    )
    return SheetData(_("Coverage"), head, rows)


def _uncovered(viewer: Viewer, incident: Incident, area: Area) -> SheetData:
    page = uncovered_for(viewer, incident, area, size=MOST)
    rows: Rows = [(row.name, row.code, str(row.managing_area)) for row in page.rows]
    return SheetData(_("Without an officer"), (_("Enterprise"), _("Credit code"), _("Area")), rows)


def _officers(viewer: Viewer, incident: Incident, area: Area) -> SheetData:
    section = field_section(incident, clock.today())
    rows: Rows = [
        (
            one.name,
            one.username,
            listed(section.label(kind) for kind in one.kinds),
            one.load,
            one.acting,
            one.away_until.isoformat() if one.away_until else "",
            one.acting_name,
        )
        for one in officers_for(viewer, incident, size=MOST).rows
    ]
    head = (
        _("Officer"),
        _("Account"),
        _("As"),
        _("Enterprises"),
        _("of them for others"),
        _("Away until"),
        _("Acting officer"),
    )
    return SheetData(_("Officers"), head, rows)


def _visits(viewer: Viewer, incident: Incident, area: Area) -> SheetData:
    rows: Rows = [
        (
            f"{clock.local(visit.happened_at):%Y-%m-%d %H:%M}",
            visit.enterprise.name,
            visit.enterprise.code,
            str(visit.get_way_display()),
            str(visit.get_purpose_display()),
            visit.user_name,
            visit.seen_people,
            visit.reported_people,
            _("contradicted") if visit.contradicts else "",
            visit.findings,
        )
        for visit in latest_visits(viewer, incident, area, MOST)
    ]
    head = (
        _("When"),
        _("Enterprise"),
        _("Credit code"),
        _("How"),
        _("Purpose"),
        _("By"),
        _("People seen at work"),
        _("People reported"),
        _("Evidence"),
        _("What was found"),
    )
    return SheetData(_("Visits"), head, rows)


LISTS: dict[str, Callable[[Viewer, Incident, Area], SheetData]] = {
    "coverage": _coverage,
    "uncovered": _uncovered,
    "officers": _officers,
    "visits": _visits,
}


@transaction.atomic
def export_field_list(*, actor: Viewer, incident: Incident, area: Area, name: str) -> bytes:
    """One of `LISTS` of an area as a workbook, 20,000 rows at most. Raises `KeyError` for another name."""
    permissions.can_see_field(actor).require()
    sheet = LISTS[name](actor, incident, area)
    record(
        actor=actor,
        verb="liaison.list.exported",
        subject=f"incidents.incident:{incident.pk}",
        area_id=area.pk,
        detail={"list": name, "rows": len(list(sheet.rows))},
    )
    file = BytesIO()
    write_xlsx(file, [sheet])
    return file.getvalue()
