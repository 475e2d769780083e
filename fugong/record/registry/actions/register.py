from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from fugong.base.areas.models import Area
from fugong.base.areas.selectors import area_tree
from fugong.base.audit.actions import record
from fugong.core import clock
from fugong.core.events import announce
from fugong.core.viewer import Viewer
from fugong.record.registry import permissions
from fugong.record.registry.actions.traits import renew_traits
from fugong.record.registry.events import RegisterChanged
from fugong.record.registry.models import Enterprise

EDITABLE = ("name", "uscc", "kind", "established_on", "registered_address")


def _registered_area(code: str | None) -> Area | None:
    """The area of the code's district (characters 3 to 8), an abolished one followed to its successor."""
    tree = area_tree()
    area = tree.by_code(code[2:8]) if code else None
    while area is not None and area.successor_id is not None:
        area = tree.areas[area.successor_id]
    return area


def _save(enterprise: Enterprise) -> None:
    """Raises `ValidationError`, also when somebody has entered the same code in this very moment."""
    enterprise.full_clean()
    try:
        with transaction.atomic():
            enterprise.save()
    except IntegrityError:
        enterprise.validate_constraints()
        raise


@transaction.atomic
def register_enterprise(*, actor: Viewer, values: Mapping[str, Any], key: UUID | None = None) -> Enterprise:
    """Enter one enterprise by hand. `values`: `managing_area` and the fields of `EDITABLE`; without a code it gets a
    provisional id.

    `key`: made with the form; a form without a code that is sent twice enters one shop, and two shops of one name have
    two forms. Raises `ValidationError` with the sentence of the broken constraint.
    """
    area = values["managing_area"]
    permissions.can_register_enterprise(actor, area.pk).require()
    now = clock.now()
    said = {name: values[name] for name in EDITABLE}
    enterprise = Enterprise(**said, managing_area=area, created_at=now, updated_at=now)
    if not enterprise.uscc:
        enterprise.uscc = None
        number = key.hex[:8] if key else secrets.token_hex(4)
        enterprise.provisional_id = f"P{area.code}-{number.upper()}"
        entered = Enterprise.objects.filter(provisional_id=enterprise.provisional_id, name=enterprise.name).first()
        if entered is not None:
            return entered
    enterprise.registered_area = _registered_area(enterprise.uscc)
    _save(enterprise)
    record(
        actor=actor,
        verb="registry.enterprise.registered",
        subject=f"registry.enterprise:{enterprise.pk}",
        area_id=enterprise.managing_area_id,
        detail={"code": enterprise.code, "area": area.code},
    )
    announce(RegisterChanged(area_ids=frozenset({area.pk}), first_day=enterprise.established_on))
    return enterprise


@transaction.atomic
def edit_enterprise(*, actor: Viewer, enterprise: Enterprise, values: Mapping[str, Any]) -> list[str]:
    """Change what the register says of an enterprise; returns the names of the fields that changed.

    A move to another managing area and the first credit code are acts of their own. Raises `ValidationError`.
    """
    permissions.can_edit_enterprise(actor, enterprise).require()
    row = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    permissions.can_edit_enterprise(actor, row).require()
    wanted = {**values, "uscc": values.get("uscc") or row.uscc}
    if row.uscc is None:
        wanted["uscc"] = None
    before = {name: str(getattr(row, name) or "") for name in EDITABLE if getattr(row, name) != wanted[name]}
    if not before:
        return []
    for name in before:
        setattr(row, name, wanted[name])
    if "uscc" in before:
        row.registered_area = _registered_area(row.uscc)
    row.updated_at = clock.now()
    _save(row)
    if before.keys() & {"kind", "name"}:
        renew_traits(actor=actor, enterprise_ids=[row.pk])
    record(
        actor=actor,
        verb="registry.enterprise.edited",
        subject=f"registry.enterprise:{row.pk}",
        area_id=row.managing_area_id,
        detail={"before": before, "after": {name: str(getattr(row, name) or "") for name in before}},
    )
    announce(RegisterChanged(enterprise_ids=frozenset({row.pk})))
    return list(before)
