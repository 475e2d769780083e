from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from django.utils.translation import gettext as _

from fugong.base.areas.selectors import AreaTree, area_tree
from fugong.base.spreadsheets.logic.writer import Cell, SheetData
from fugong.core.decision import OutOfScope
from fugong.core.viewer import Viewer
from fugong.record.registry.logic.list_filter import ListFilter
from fugong.record.registry.models import Contact, Enterprise, ExportRun
from fugong.record.registry.permissions import can_export_phones
from fugong.record.registry.selectors.lists import every_enterprise


def _header() -> list[str]:
    return [
        _("Name"), _("Unified social credit code"), _("Provisional id"), _("Kind"), _("Managing area"),
        _("Registered area"), _("Established on"), _("Closed on"), _("Registered address"), _("Business scope"),
        _("Registered capital"), _("Currency"), _("Whom to call"),
    ]  # fmt: skip


def _people(contacts: Iterable[Contact], *, in_full: bool) -> str:
    """Everybody to call there, in one cell: as what, name, number."""
    return "；".join(
        " ".join(part for part in (str(one.get_role_display()), one.name, one.phone if in_full else one.masked) if part)
        for one in contacts
    )


def _cells(enterprise: Enterprise, tree: AreaTree, people: str) -> list[Cell]:
    registered = tree.areas.get(enterprise.registered_area_id or 0)
    return [
        enterprise.name,
        enterprise.uscc,
        enterprise.provisional_id,
        enterprise.get_kind_display(),
        str(tree.areas[enterprise.managing_area_id]),
        str(registered or ""),
        enterprise.established_on,
        enterprise.closed_on,
        enterprise.registered_address,
        enterprise.business_scope,
        enterprise.capital_amount,
        enterprise.capital_currency,
        people,
    ]


def list_sheet(
    viewer: Viewer, wanted: ListFilter, day: date, each: Callable[[int], None], *, phones: bool = False
) -> SheetData:
    """The list as a sheet, its rows read while they are written. `each` is told how many so far, after each batch.

    `phones`: numbers in full where the viewer keeps the register, masked elsewhere. A second query for each batch.
    """

    def rows() -> Iterator[list[Cell]]:
        tree, done = area_tree(), 0
        for batch in every_enterprise(viewer, wanted, day):
            people: dict[int, list[Contact]] = {}
            standing = Contact.objects.standing().filter(enterprise_id__in=[one.pk for one in batch])
            for contact in standing.order_by("enterprise_id", "role", "pk"):
                people.setdefault(contact.enterprise_id, []).append(contact)
            for one in batch:
                in_full = phones and bool(can_export_phones(viewer, one.managing_area_id))
                yield _cells(one, tree, _people(people.get(one.pk, ()), in_full=in_full))
            done += len(batch)
            each(done)

    return SheetData(_("Enterprises"), _header(), rows())


def export_for(viewer: Viewer, pk: int) -> ExportRun:
    """An export that the viewer asked for. Raises `OutOfScope` for anybody else's."""
    run = ExportRun.objects.filter(pk=pk, actor_id=viewer.id).select_related("actor").first()
    if run is None:
        raise OutOfScope(f"export {pk}")
    return run
