from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base.areas.selectors import area_tree
from fugong.base.audit.actions import record
from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.record.registry import permissions
from fugong.record.registry.logic.uscc import check_code, explain
from fugong.record.registry.models import Enterprise

_DISTRICT = slice(2, 8)  # GB 32100-2015: after the two characters of the registering authority and the kind


@transaction.atomic
def give_code(*, actor: Viewer, enterprise: Enterprise, code: str) -> Enterprise:
    """Give an enterprise with a provisional id its credit code; the provisional id stays as what it was known by.

    The registered area follows the code. Raises `ValidationError`, also when another enterprise has the code: then the
    two are the same and are merged.
    """
    permissions.can_give_code(actor, enterprise).require()
    row = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    permissions.can_give_code(actor, row).require()
    checked = check_code(code)
    if checked.problem is not None:
        fault = explain(checked)
        raise ValidationError(f"{fault.reason} — {fault.mend}")
    if Enterprise.objects.filter(uscc=checked.code).exists():
        raise ValidationError(_("Another enterprise has this code already. If both are the same, merge them."))
    tree = area_tree()
    area = tree.by_code(checked.code[_DISTRICT])
    while area is not None and area.successor_id is not None:
        area = tree.areas[area.successor_id]
    row.uscc = checked.code
    row.registered_area = area or row.registered_area
    row.updated_at = clock.now()
    row.full_clean()
    row.save()
    record(
        actor=actor,
        verb="registry.enterprise.code_given",
        subject=f"registry.enterprise:{row.pk}",
        area_id=row.managing_area_id,
        detail={"code": checked.code, "provisional_id": row.provisional_id},
    )
    return row
