from __future__ import annotations

from datetime import date

from django.db import transaction

from fugong.base.accounts import permissions
from fugong.base.accounts.models import Body, Mandate, User
from fugong.base.areas.models import Area
from fugong.base.audit.actions import record
from fugong.core import clock
from fugong.core.viewer import Viewer


@transaction.atomic
def open_account(*, actor: Viewer, username: str, name: str, password: str, phone: str = "") -> User:
    """Make an account that can sign in with the password; it may do nothing until a mandate or grant is given.

    Raises `ValidationError` with the sentence of the broken constraint.
    """
    permissions.can_open_account(actor).require()
    user = User(username=username, name=name, phone=phone, created_at=clock.now())
    user.set_password(password)
    user.full_clean()
    user.save()
    record(actor=actor, verb="accounts.user.opened", subject=f"accounts.user:{user.pk}", detail={"username": username})
    return user


@transaction.atomic
def found_body(
    *, actor: Viewer, name: str, kind: str, area: Area, short_name: str = "", parent: Body | None = None
) -> Body:
    """Set up a body within an area."""
    permissions.can_found_body(actor, area.pk).require()
    body = Body.objects.create(name=name, short_name=short_name, kind=kind, area=area, parent=parent)
    record(actor=actor, verb="accounts.body.founded", subject=f"accounts.body:{body.pk}", detail={"name": name})
    return body


@transaction.atomic
def give_mandate(
    *, actor: Viewer, user: User, body: Body, role: str, area: Area, valid_from: date, valid_to: date | None = None
) -> Mandate:
    """Give a person a role in a body within an area, both days included."""
    permissions.can_give_mandate(actor, area.pk).require()
    mandate = Mandate.objects.create(
        user=user, body=body, role=role, area=area, valid_from=valid_from, valid_to=valid_to
    )
    record(
        actor=actor,
        verb="accounts.mandate.given",
        subject=f"accounts.user:{user.pk}",
        detail={"role": role, "body": body.pk, "area": area.code},
    )
    return mandate
