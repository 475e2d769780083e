from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base.audit.actions import record
from fugong.core import clock
from fugong.core.events import announce
from fugong.core.viewer import Viewer
from fugong.record.registry import permissions
from fugong.record.registry.actions.traits import renew_traits
from fugong.record.registry.enums import ChangeState, FactKind
from fugong.record.registry.events import EnterprisesMerged
from fugong.record.registry.models import ChangeRequest, Contact, Enterprise, EnterpriseFact, EnterpriseGrant

# What the enterprise that stays takes over where it knows nothing itself.
_FILLED = (
    "registered_area_id", "established_on", "registered_address", "business_scope", "capital_amount",
)  # fmt: skip


@transaction.atomic
def merge_enterprises(*, actor: Viewer, kept: Enterprise, dropped: Enterprise, reason: str) -> Enterprise:
    """Two entries are one enterprise: keep one; the other becomes a tombstone that leads to it.

    The one that stays takes over the credit code and the facts that it lacks, those who may act for the other, its
    contacts and open proposals, and, in the rooms above, its reports. Nothing is deleted: what is not taken over stays
    with the tombstone, which counts on no day. Raises `ValidationError`.
    """
    permissions.can_merge_enterprises(actor, kept, dropped).require()
    rows = {row.pk: row for row in Enterprise.objects.select_for_update().filter(pk__in=[kept.pk, dropped.pk])}
    stays, goes = rows[kept.pk], rows[dropped.pk]
    permissions.can_merge_enterprises(actor, stays, goes).require()
    if not reason.strip():
        raise ValidationError(_("Say how you know that both are the same enterprise."))
    filled = _fill(stays, goes)
    facts = _take_over_facts(actor, stays, goes)
    grants = _take_over_grants(actor, stays, goes)
    _take_over_contacts(actor, stays, goes)
    _take_over_proposals(actor, stays, goes)
    # Whatever was merged into the one that goes now leads to the one that stays.
    Enterprise.objects.filter(merged_into=goes).update(merged_into=stays)
    detail = {"kept": stays.pk, "dropped": goes.pk, "dropped_code": dropped.code, "filled": filled} | {
        "facts": facts,
        "grants": grants,
    }
    for row in (stays, goes):
        record(
            actor=actor,
            verb="registry.enterprise.merged",
            subject=f"registry.enterprise:{row.pk}",
            area_id=row.managing_area_id,
            detail=detail,
            reason=reason.strip(),
        )
    announce(EnterprisesMerged(actor, stays.pk, goes.pk))
    return stays


def _fill(stays: Enterprise, goes: Enterprise) -> list[str]:
    """The names of the fields in which the one that stays now says what the other said."""
    # A stated zero is said; only what nobody has told is filled.
    unsaid = (None, "")
    filled = [name for name in _FILLED if getattr(stays, name) in unsaid and getattr(goes, name) not in unsaid]
    for name in filled:
        setattr(stays, name, getattr(goes, name))
    if "capital_amount" in filled:
        stays.capital_currency = goes.capital_currency
    code = goes.uscc if stays.uscc is None else None
    if code is not None:
        filled.append("uscc")
        stays.uscc, goes.uscc = code, None
        goes.provisional_id = goes.provisional_id or f"M{goes.pk}"
    now = clock.now()
    goes.merged_into, goes.merged_at, goes.updated_at = stays, now, now
    goes.save()
    stays.updated_at = now
    stays.full_clean()
    stays.save()
    return filled


def _take_over_facts(actor: Viewer, stays: Enterprise, goes: Enterprise) -> int:
    """Dated facts of the kinds of which the one that stays has none, and the tags it lacks; returns how many.

    The history of one kind is never mixed from both: two enterprises' headcounts in turn would be nobody's.
    """
    known = {
        (fact.kind, fact.text if fact.kind == FactKind.TAG else "")
        for fact in EnterpriseFact.objects.standing().filter(enterprise=stays)
    }
    copies = []
    for fact in EnterpriseFact.objects.standing().filter(enterprise=goes).order_by("pk"):
        if (fact.kind, fact.text if fact.kind == FactKind.TAG else "") not in known:
            fact.pk, fact.enterprise, fact.source = None, stays, f"merge:{goes.pk}"
            fact.entered_by_name, fact.entered_at = actor.name, clock.now()
            copies.append(fact)
    added = len(EnterpriseFact.objects.bulk_create(copies))
    renew_traits(actor=actor, enterprise_ids=[stays.pk])
    return added


def _take_over_contacts(actor: Viewer, stays: Enterprise, goes: Enterprise) -> None:
    """Who was to be called at the one that goes is to be called at the one that stays, unless known there already."""
    known = set(Contact.objects.standing().filter(enterprise=stays).values_list("role", "name", "phone"))
    for contact in Contact.objects.standing().filter(enterprise=goes).order_by("pk"):
        if (contact.role, contact.name, contact.phone) not in known:
            contact.pk, contact.enterprise, contact.source = None, stays, f"merge:{goes.pk}"
            contact.entered_by_name, contact.entered_at = actor.name, clock.now()
            contact.save()


def _take_over_grants(actor: Viewer, stays: Enterprise, goes: Enterprise) -> int:
    """Who acts for the one that goes acts for the one that stays, from today on; returns how many were added."""
    today = clock.today()
    held = set(
        EnterpriseGrant.objects.filter(enterprise=stays, valid_to__isnull=True).values_list("user_id", "capacity")
    )
    added = 0
    for grant in EnterpriseGrant.objects.held_on(today).filter(enterprise=goes).order_by("pk"):
        if (grant.user_id, grant.capacity) not in held:
            EnterpriseGrant.objects.create(
                user_id=grant.user_id,
                enterprise=stays,
                capacity=grant.capacity,
                valid_from=today,
                valid_to=grant.valid_to,
                source="merge",
                given_by_name=actor.name,
            )
            added += 1
        grant.valid_to = today
        grant.save()
    return added


def _take_over_proposals(actor: Viewer, stays: Enterprise, goes: Enterprise) -> None:
    """Open proposals wait on with the one that stays; what it has proposed itself already counts there."""
    waiting = ChangeRequest.objects.select_for_update().filter(state=ChangeState.PROPOSED)
    own = set(waiting.filter(enterprise=stays).values_list("kind", flat=True))
    for request in waiting.filter(enterprise=goes):
        if request.kind in own:
            request.state = ChangeState.WITHDRAWN
            request.decided_by_name, request.decided_at = actor.name, clock.now()
            request.answer = _("The same change waits with the enterprise that it was merged into.")
        else:
            request.enterprise = stays
        request.save()
