from __future__ import annotations

from django.db import transaction

from fugong.base.audit.actions import record
from fugong.core.viewer import Viewer
from fugong.record.registry import permissions
from fugong.record.registry.models import Contact


@transaction.atomic
def call_contact(*, actor: Viewer, contact: Contact, reason: str) -> str:
    """The number of a contact, for the officer who calls; that it was opened, by whom and why is on record."""
    permissions.can_call_contact(actor, contact.enterprise).require()
    record(
        actor=actor,
        verb="registry.contact.called",
        subject=f"registry.enterprise:{contact.enterprise_id}",
        area_id=contact.enterprise.managing_area_id,
        detail={"contact": contact.pk},
        reason=reason,
    )
    return contact.phone
