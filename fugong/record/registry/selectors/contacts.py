"""Whom to call at an enterprise. The numbers leave the server masked; opening one is an act on the record."""

from __future__ import annotations

from fugong.core.decision import OutOfScope
from fugong.core.viewer import Viewer
from fugong.record.registry.models import Contact
from fugong.record.registry.selectors.enterprises import enterprise_for


def contacts_of(viewer: Viewer, enterprise_id: int) -> list[Contact]:
    """The people to call at an enterprise that the official sees, in the order of their roles."""
    enterprise = enterprise_for(viewer, enterprise_id)
    return list(
        Contact.objects.standing().filter(enterprise=enterprise).select_related("enterprise").order_by("role", "pk")
    )


def contact_for(viewer: Viewer, enterprise_id: int, pk: int) -> Contact:
    """One of them. Raises `OutOfScope` for one of another enterprise, or one outside the official's areas."""
    found = next((contact for contact in contacts_of(viewer, enterprise_id) if contact.pk == pk), None)
    if found is None:
        raise OutOfScope(f"contact {pk}")
    return found
