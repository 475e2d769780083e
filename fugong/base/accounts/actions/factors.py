from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, validate_totp_code
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fugong.base.accounts import permissions
from fugong.base.accounts.events import AccountChanged
from fugong.base.accounts.models import User
from fugong.base.accounts.selectors import area_of_person, open_mandate_areas
from fugong.base.audit.actions import record
from fugong.core.events import announce
from fugong.core.viewer import Viewer

_FACTOR_CHANGED = gettext_lazy(
    "Your second factor for Fugong was changed. If it was not you, call the office that gave you the account."
)


def _factors(user: User) -> QuerySet[Authenticator]:
    """What allauth keeps of a person's second factor, by way of the person."""
    held: QuerySet[Authenticator] = user.authenticator_set.all()  # type: ignore[attr-defined]  # allauth's own
    return held


@transaction.atomic
def activate_factor(*, actor: Viewer, user: User, seed: str, code: str) -> list[str]:
    """Set up an authenticator with this seed, once it shows a code that fits; returns the recovery codes.

    Raises `ValidationError` when the code does not fit.
    """
    permissions.can_change_own(actor, user).require()
    User.objects.select_for_update().get(pk=user.pk)
    if not validate_totp_code(seed, "".join(code.split())):
        raise ValidationError(_("This code does not fit. Is the phone's clock right? Type the code that is shown now."))
    _factors(user).delete()
    TOTP.activate(user, seed)
    announce(AccountChanged(user_id=user.pk, text=str(_FACTOR_CHANGED)))
    record(
        actor=actor, verb="accounts.factor.activated", subject=f"accounts.user:{user.pk}", area_id=area_of_person(user)
    )
    return list(RecoveryCodes.activate(user).generate_codes())


@transaction.atomic
def renew_recovery_codes(*, actor: Viewer, user: User) -> list[str]:
    """New recovery codes in the place of the old ones."""
    permissions.can_change_own(actor, user).require()
    _factors(user).filter(type=Authenticator.Type.RECOVERY_CODES).delete()
    record(
        actor=actor, verb="accounts.factor.renewed", subject=f"accounts.user:{user.pk}", area_id=area_of_person(user)
    )
    return list(RecoveryCodes.activate(user).generate_codes())


@transaction.atomic
def remove_factor(*, actor: Viewer, user: User) -> None:
    """Take the second factor off: one's own, or that of a person whom one looks after and who lost the phone."""
    if actor.id == user.pk:
        permissions.can_change_own(actor, user).require()
    else:
        permissions.can_look_after(actor, user, open_mandate_areas(actor, user)).require()
    if _factors(user).delete()[0]:
        announce(AccountChanged(user_id=user.pk, text=str(_FACTOR_CHANGED)))
        record(
            actor=actor,
            verb="accounts.factor.removed",
            subject=f"accounts.user:{user.pk}",
            area_id=area_of_person(user),
        )
