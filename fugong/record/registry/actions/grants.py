from __future__ import annotations

from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base.accounts.actions.people import open_account
from fugong.base.accounts.actions.secrets import issue_code
from fugong.base.accounts.enums import CodePurpose, SecretKind
from fugong.base.accounts.models import User
from fugong.base.accounts.selectors import reporter_with_phone
from fugong.base.audit.actions import record
from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.record.registry import permissions
from fugong.record.registry.enums import GrantCapacity
from fugong.record.registry.models import Enterprise, EnterpriseGrant


@transaction.atomic
def invite_reporter(
    *, actor: Viewer, enterprise: Enterprise, name: str, phone: str = "", key: UUID | None = None
) -> tuple[User, str]:
    """Let a person report for the enterprise; returns the account and a one-time code for the first sign-in.

    Whoever reports for another enterprise under the same name and number keeps that account, and gets no code ("").
    The code is shown once and kept nowhere. `key`: made with the form; a form sent twice opens one account and raises
    `ValidationError` the second time.
    """
    permissions.can_invite_reporter(actor, enterprise).require()
    Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    source = f"invitation {key}" if key else "invitation"
    if key and EnterpriseGrant.objects.filter(enterprise=enterprise, source=source).exists():
        raise ValidationError(_("This account was opened already and its code shown. If it is lost, give a new code."))
    user = reporter_with_phone(actor, phone, name)
    known = user is not None and user.has_usable_password()
    if user is None:
        number = EnterpriseGrant.objects.filter(enterprise=enterprise).count() + 1
        user = open_account(
            actor=actor,
            username=f"e{enterprise.pk}-{number}",
            name=name,
            phone=phone,
            area=enterprise.managing_area,
            secret_kind=SecretKind.PIN,
        )
    grant_enterprise(actor=actor, user=user, enterprise=enterprise, capacity=GrantCapacity.REPORTER, source=source)
    return user, "" if known else issue_code(actor=actor, user=user, label=enterprise.name)


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


@transaction.atomic
def end_grant(*, actor: Viewer, grant: EnterpriseGrant, reason: str = "") -> None:
    """Take a grant away at once. Twice is once."""
    grant = EnterpriseGrant.objects.select_for_update().select_related("enterprise").get(pk=grant.pk)
    permissions.can_end_grant(actor, grant.enterprise).require()
    today = clock.today()
    if grant.revoked_on is not None or (grant.valid_to is not None and grant.valid_to < today):
        return
    grant.revoked_on, grant.ended_by_name = today, actor.name
    grant.valid_to = max(today, grant.valid_from)
    grant.save(update_fields=["revoked_on", "ended_by_name", "valid_to"])
    record(
        actor=actor,
        verb="registry.grant.ended",
        subject=f"registry.enterprise:{grant.enterprise_id}",
        area_id=grant.enterprise.managing_area_id,
        detail={"user": grant.user_id, "capacity": grant.capacity},
        reason=reason,
    )


@transaction.atomic
def give_new_code(*, actor: Viewer, grant: EnterpriseGrant) -> str:
    """A new one-time code for a reporter who lost the sheet, the phone or the PIN; the earlier ones are void."""
    permissions.can_invite_reporter(actor, grant.enterprise).require()
    return issue_code(actor=actor, user=grant.user, purpose=CodePurpose.RESET, label=grant.enterprise.name)
