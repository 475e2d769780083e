from __future__ import annotations

from django.db import transaction

from fugong.base.accounts import permissions
from fugong.base.accounts.enums import SecretKind
from fugong.base.accounts.logic.secrets import plain_phone
from fugong.base.accounts.models import Body, User
from fugong.base.accounts.selectors import area_of_person, open_mandate_areas
from fugong.base.areas.models import Area
from fugong.base.audit.actions import record
from fugong.core import clock
from fugong.core.viewer import Viewer


@transaction.atomic
def open_account(
    *,
    actor: Viewer,
    username: str,
    name: str,
    password: str = "",
    password_hash: str = "",
    phone: str = "",
    area: Area | None = None,
    secret_kind: SecretKind = SecretKind.PASSWORD,
    must_change: bool = False,
) -> User:
    """Make an account; it may do nothing until a mandate or grant is given. `area`: whose administrator looks after it.

    Without a password nobody can sign in until a one-time code is issued. `must_change`: the password was chosen for
    the person and must be replaced at the first sign-in. `password_hash`: made beforehand by `make_password`, where
    accounts of a demonstration share one known password. Raises `ValidationError` with the constraint's sentence.
    """
    permissions.can_open_account(actor, area.pk if area else None).require()
    user = User(
        username=username,
        name=name,
        phone=plain_phone(phone),
        area=area,
        secret_kind=secret_kind,
        must_change=must_change,
        created_at=clock.now(),
    )
    if password_hash:
        user.password = password_hash
    else:
        user.set_password(password or None)
    user.full_clean()
    user.save()
    record(
        actor=actor,
        verb="accounts.user.opened",
        subject=f"accounts.user:{user.pk}",
        area_id=area.pk if area else None,
        detail={"username": username},
    )
    return user


@transaction.atomic
def edit_person(*, actor: Viewer, user: User, name: str, phone: str) -> User:
    """Correct name and phone of a person."""
    permissions.can_look_after(actor, user, open_mandate_areas(actor, user)).require()
    before = (user.name, user.phone)
    user.name, user.phone = name, plain_phone(phone)
    user.full_clean()
    user.save(update_fields=["name", "phone"])
    changed = [
        field for field, old, new in zip(("name", "phone"), before, (user.name, user.phone), strict=True) if old != new
    ]
    if changed:
        record(
            actor=actor,
            verb="accounts.user.edited",
            subject=f"accounts.user:{user.pk}",
            area_id=area_of_person(user),
            detail={"changed": changed},
        )
    return user


@transaction.atomic
def found_body(
    *, actor: Viewer, name: str, kind: str, area: Area, short_name: str = "", parent: Body | None = None
) -> Body:
    """Set up a body within an area. Raises `ValidationError` when the area has one of this name."""
    permissions.can_found_body(actor, area.pk).require()
    body = Body(name=name, short_name=short_name, kind=kind, area=area, parent=parent)
    body.full_clean()
    body.save()
    record(
        actor=actor,
        verb="accounts.body.founded",
        subject=f"accounts.body:{body.pk}",
        area_id=area.pk,
        detail={"name": name},
    )
    return body


@transaction.atomic
def rename_body(*, actor: Viewer, body: Body, name: str, short_name: str) -> Body:
    """Give a body another name; its people and mandates stay."""
    permissions.can_found_body(actor, body.area_id).require()
    before = body.name
    body.name, body.short_name = name, short_name
    body.full_clean()
    body.save(update_fields=["name", "short_name"])
    record(
        actor=actor,
        verb="accounts.body.renamed",
        subject=f"accounts.body:{body.pk}",
        area_id=body.area_id,
        detail={"before": before, "name": name},
    )
    return body
