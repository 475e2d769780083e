from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from fugong.base.accounts.models import Mandate, SignIn, User
from fugong.core import clock
from fugong.core.roles import Role


def mandate_row(mandate: Mandate) -> dict[str, Any]:
    """A mandate as lists draw it."""
    chip, words = _state(mandate)
    return {
        "pk": mandate.pk,
        "role": Role(mandate.role).label,
        "body": mandate.body.name,
        "area": str(mandate.area),
        "valid_from": mandate.valid_from,
        "valid_to": mandate.valid_to,
        "given_by": mandate.given_by_name,
        "deputy_for": mandate.deputy_for.user.name if mandate.deputy_for else "",
        "chip": chip,
        "state": words,
        "is_open": chip in ("ok", "idle"),
    }


def _state(mandate: Mandate) -> tuple[str, str]:
    today = clock.today()
    if mandate.revoked_on is not None and mandate.revoked_on <= today:
        return "none", _("taken away on %(day)s") % {"day": mandate.revoked_on.isoformat()}
    if mandate.valid_to is not None and mandate.valid_to < today:
        return "none", _("over")
    if mandate.valid_from > today:
        return "idle", _("not begun")
    return "ok", _("in office")


def sign_in_row(sign_in: SignIn, here: str) -> dict[str, Any]:
    """A device that is signed in."""
    return {
        "pk": sign_in.pk,
        "device": sign_in.device or _("unknown browser"),
        "address": sign_in.address,
        "since": sign_in.started_at,
        "is_here": sign_in.session_key == here,
    }


def person_row(user: User) -> dict[str, Any]:
    """An official as the list draws it; `mandates` were fetched with the page."""
    mandates = [mandate_row(mandate) for mandate in user.mandates.all()]
    return {
        "pk": user.pk,
        "name": user.name,
        "username": user.username,
        "phone": user.phone,
        "area": str(user.area) if user.area else "",
        "mandates": mandates,
        "left_at": user.left_at,
    }
