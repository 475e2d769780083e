"""The enterprises that a liaison officer looks after, by grant."""

from __future__ import annotations

from fugong.core.decision import OutOfScope
from fugong.core.viewer import Viewer
from fugong.record.registry.enums import GrantCapacity
from fugong.record.registry.models import Contact, Enterprise
from fugong.record.registry.models.enterprise import EnterpriseQuerySet


def looked_after(viewer: Viewer) -> EnterpriseQuerySet:
    """The enterprises that the viewer looks after, by name."""
    mine = Enterprise.objects.standing().granted_to(viewer, GrantCapacity.LIAISON_OFFICER)
    return mine.select_related("managing_area").order_by("name", "pk")


def contacts_looked_after(viewer: Viewer, enterprise_id: int) -> list[Contact]:
    """The people to call at an enterprise that the viewer looks after, in the order of their roles."""
    if enterprise_id not in viewer.enterprises(GrantCapacity.LIAISON_OFFICER):
        return []
    found = Contact.objects.standing().filter(enterprise=enterprise_id).exclude(phone="")
    return list(found.select_related("enterprise").order_by("role", "pk"))


def contact_looked_after(viewer: Viewer, enterprise_id: int, pk: int) -> Contact:
    """One of them. Raises `OutOfScope` for any other."""
    found = next((contact for contact in contacts_looked_after(viewer, enterprise_id) if contact.pk == pk), None)
    if found is None:
        raise OutOfScope(f"contact {pk}")
    return found
