from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base.audit.actions import record
from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.record.registry import permissions
from fugong.record.registry.models import Contact, Enterprise

BY_HAND = "hand"
MOST = 12


@transaction.atomic
def add_contact(*, actor: Viewer, enterprise: Enterprise, role: str, name: str, phone: str) -> Contact:
    """Enter a person to call. The trail names the entry, never the person or the number.

    Raises `ValidationError` with the sentence of the broken constraint.
    """
    permissions.can_keep_contacts(actor, enterprise).require()
    Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    if Contact.objects.standing().filter(enterprise=enterprise).count() >= MOST:
        raise ValidationError(_("An enterprise has at most %(most)d contacts. Remove one first.") % {"most": MOST})
    contact = Contact(
        enterprise=enterprise,
        role=role,
        name=name,
        phone=phone,
        source=BY_HAND,
        entered_by_name=actor.name,
        entered_at=clock.now(),
    )
    contact.full_clean()
    contact.save()
    _put_on_record(actor, "registry.contact.added", contact)
    return contact


@transaction.atomic
def end_contact(*, actor: Viewer, contact: Contact) -> None:
    """A person is no longer to be called; one who is not any more already stays so."""
    permissions.can_keep_contacts(actor, contact.enterprise).require()
    row = Contact.objects.select_for_update().get(pk=contact.pk)
    if row.ended_at is not None:
        return
    row.ended_at, row.ended_by_name = clock.now(), actor.name
    row.save()
    _put_on_record(actor, "registry.contact.ended", row)


def _put_on_record(actor: Viewer, verb: str, contact: Contact) -> None:
    record(
        actor=actor,
        verb=verb,
        subject=f"registry.enterprise:{contact.enterprise_id}",
        area_id=contact.enterprise.managing_area_id,
        detail={"contact": contact.pk, "role": contact.role},
    )
