"""What the acts of this room are called in the trail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from fugong.core.decision import OutOfScope
from fugong.core.oversight import (
    Named,
    PersonalField,
    PersonalValue,
    TrailSubject,
    personal_fields,
    trail_subjects,
    trail_verbs,
    watched_pages,
)
from fugong.core.viewer import Viewer
from fugong.record.registry.models import Contact, ExportRun
from fugong.record.registry.permissions import can_list_enterprises, can_open_contact
from fugong.record.registry.selectors.contacts import contact_for
from fugong.record.registry.selectors.oversight import area_of_enterprise, enterprise_ids_like, enterprises_named

_VERBS = {
    "registry.enterprise.registered": _("entered an enterprise"),
    "registry.enterprise.edited": _("changed an enterprise"),
    "registry.enterprise.closed": _("closed an enterprise for good"),
    "registry.enterprise.reopened": _("reopened an enterprise"),
    "registry.enterprise.moved": _("moved an enterprise to another area"),
    "registry.area.enterprise_moved": _("received an enterprise from another area"),
    "registry.enterprise.merged": _("merged two entries"),
    "registry.enterprise.code_given": _("gave an enterprise its credit code"),
    "registry.enterprise.imported": _("imported enterprises from a file"),
    "registry.fact.stated": _("stated a fact of an enterprise"),
    "registry.fact.withdrawn": _("withdrew facts of an import"),
    "registry.fact.imported": _("imported facts from a file"),
    "registry.scope.excluded": _("took an enterprise out of the count"),
    "registry.scope.included": _("counted an enterprise again"),
    "registry.contact.added": _("added a contact"),
    "registry.contact.called": _("opened the number of a contact to call"),
    "registry.contact.ended": _("ended a contact"),
    "registry.reporter.proposed": _("proposed a person to act for an enterprise"),
    "registry.reporter.confirmed": _("confirmed a proposed person"),
    "registry.reporter.refused": _("refused a proposed person"),
    "registry.reporter.withdrawn": _("withdrew a proposed person"),
    "registry.sheet.asked": _("asked for access sheets"),
    "registry.sheet.fetched": _("fetched access sheets"),
    "registry.sheet.revoked": _("revoked the codes of access sheets"),
    "registry.officers.set": _("let the rights of officers follow their assignments"),
    "registry.grant.ended": _("ended a person's right to act for an enterprise"),
    "registry.grant.given": _("let a person act for an enterprise"),
    "registry.change.proposed": _("proposed a change"),
    "registry.change.withdrawn": _("withdrew a proposal"),
    "registry.change.accepted": _("accepted a proposed change"),
    "registry.change.refused": _("refused a proposed change"),
    "registry.list.exported": _("exported the register"),
    "registry.export.asked": _("asked for an export"),
    "registry.export.written": _("wrote an export"),
    "registry.export.failed": _("an export failed"),
    "registry.export.fetched": _("fetched an export"),
}
for _verb, _words in _VERBS.items():
    trail_verbs.register(_verb, _words)


def _enterprises(viewer: Viewer, ids: list[str]) -> dict[str, Named]:
    return {str(pk): named for pk, named in enterprises_named(viewer, map(int, ids)).items()}


def _enterprise_ids(viewer: Viewer, text: str) -> list[str]:
    return [str(pk) for pk in enterprise_ids_like(viewer, text)]


def _exports(viewer: Viewer, ids: list[str]) -> dict[str, Named]:
    return {
        str(row.pk): Named(str(row.day), str(row.pk)) for row in ExportRun.objects.filter(pk__in=ids).order_by("pk")
    }


def _no_ids(viewer: Viewer, text: str) -> list[str]:
    return []


trail_subjects.register("registry.enterprise", TrailSubject(_("enterprise"), _enterprises, _enterprise_ids))
trail_subjects.register("registry.export", TrailSubject(_("exported file"), _exports, _no_ids))


def _contact(viewer: Viewer, pk: int) -> PersonalValue:
    """The number of a contact of an enterprise that the official sees. Raises `OutOfScope`."""
    enterprise_id = Contact.objects.filter(pk=pk).exclude(phone="").values_list("enterprise_id", flat=True).first()
    if enterprise_id is None or not can_list_enterprises(viewer):
        raise OutOfScope(f"contact {pk}")
    contact = contact_for(viewer, enterprise_id, pk)
    return PersonalValue(
        owner=f"{contact.enterprise.name} {contact.name}".strip(),
        value=contact.phone,
        subject=f"registry.enterprise:{enterprise_id}",
        area_id=contact.enterprise.managing_area_id,
        may=can_open_contact(viewer, contact.enterprise),
    )


personal_fields.register("contact", PersonalField(_("Telephone"), _contact))


def _enterprise_page(viewer: Viewer, given: Mapping[str, Any]) -> tuple[str, int | None]:
    return f"registry.enterprise:{given['pk']}", area_of_enterprise(viewer, given["pk"])


for _page in ("registry:detail", "registry:edit", "registry:merge_preview", "registry:invite"):
    watched_pages.register(_page, _enterprise_page)
