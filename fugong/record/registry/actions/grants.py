from __future__ import annotations

import secrets
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base.accounts.actions.people import open_account
from fugong.base.accounts.models import User
from fugong.base.audit.actions import record
from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.record.registry import permissions
from fugong.record.registry.enums import GrantCapacity
from fugong.record.registry.models import Enterprise, EnterpriseGrant

# Without 0/O, 1/l/I: the password is read from paper and typed on a phone.
_LEGIBLE = "23456789abcdefghjkmnpqrstuvwxyz"


@transaction.atomic
def invite_reporter(
    *, actor: Viewer, enterprise: Enterprise, name: str, phone: str = "", key: UUID | None = None
) -> tuple[User, str]:
    """Open an account for a person who reports for the enterprise; returns the account and its first password.

    The password is shown once and kept nowhere. `key`: made with the form; a form sent twice opens one account and
    raises `ValidationError` the second time.
    """
    permissions.can_invite_reporter(actor, enterprise).require()
    Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    source = f"invitation {key}" if key else "invitation"
    if key and EnterpriseGrant.objects.filter(enterprise=enterprise, source=source).exists():
        raise ValidationError(_("This account was opened already and its password shown. If it is lost, open another."))
    number = EnterpriseGrant.objects.filter(enterprise=enterprise).count() + 1
    password = "".join(secrets.choice(_LEGIBLE) for _letter in range(10))
    user = open_account(actor=actor, username=f"e{enterprise.pk}-{number}", name=name, password=password, phone=phone)
    grant_enterprise(actor=actor, user=user, enterprise=enterprise, capacity=GrantCapacity.REPORTER, source=source)
    return user, password


@transaction.atomic
def grant_enterprise(
    *,
    actor: Viewer,
    user: User,
    enterprise: Enterprise,
    capacity: GrantCapacity,
    source: str,
    valid_from: date | None = None,
) -> EnterpriseGrant:
    """Let a person act for an enterprise, from today on unless said otherwise. `source`: by which way it came.

    Raises `ValidationError` with the sentence of the broken constraint, as for a grant that the person holds already.
    """
    permissions.can_invite_reporter(actor, enterprise).require()
    grant = EnterpriseGrant(
        user=user,
        enterprise=enterprise,
        capacity=capacity,
        valid_from=valid_from or clock.today(),
        source=source,
        given_by_name=actor.name,
    )
    grant.validate_constraints()
    grant.save()
    record(
        actor=actor,
        verb="registry.grant.given",
        subject=f"registry.enterprise:{enterprise.pk}",
        area_id=enterprise.managing_area_id,
        detail={"user": user.pk, "capacity": grant.capacity, "source": source},
    )
    return grant
