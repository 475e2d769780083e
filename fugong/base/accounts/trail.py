"""What the acts of this room are called in the trail."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fugong.base.accounts.models import Body, Mandate, User
from fugong.base.accounts.permissions import can_open_phone
from fugong.core.decision import OutOfScope
from fugong.core.oversight import (
    Named,
    PersonalField,
    PersonalValue,
    TrailSubject,
    personal_fields,
    trail_subjects,
    trail_verbs,
)
from fugong.core.viewer import Viewer

_MOST = 200
_VERBS = {
    "accounts.user.opened": _("opened an account"),
    "accounts.user.edited": _("changed an account"),
    "accounts.user.left": _("ended all rights of a leaver"),
    "accounts.user.signed_in": _("signed in"),
    "accounts.user.refused": _("failed to sign in"),
    "accounts.message.refused": _("typed a wrong code of a short message"),
    "accounts.factor.refused": _("gave a wrong second factor"),
    "accounts.code.refused": _("typed a one-time code that is void"),
    "accounts.user.unlocked": _("unlocked an account"),
    "accounts.session.ended": _("ended a session"),
    "accounts.session.all_ended": _("ended all sessions"),
    "accounts.secret.changed": _("changed the password or PIN"),
    "accounts.code.issued": _("issued a one-time code"),
    "accounts.code.revoked": _("revoked a one-time code"),
    "accounts.code.claimed": _("claimed an enterprise by its code"),
    "accounts.code.used": _("used a one-time code"),
    "accounts.factor.activated": _("set up the second factor"),
    "accounts.factor.renewed": _("renewed the recovery codes"),
    "accounts.factor.removed": _("removed the second factor"),
    "accounts.entries.forgotten": _("deleted old sign-ins and codes"),
    "accounts.body.renamed": _("renamed a body"),
    "accounts.body.founded": _("set up a body"),
    "accounts.mandate.ended": _("ended a mandate"),
    "accounts.mandate.given": _("gave a mandate"),
}
for _verb, _words in _VERBS.items():
    trail_verbs.register(_verb, _words)


def _people(viewer: Viewer, ids: list[str]) -> dict[str, Named]:
    return {str(row.pk): Named(row.name, row.username) for row in User.objects.filter(pk__in=ids).order_by("pk")}


def _people_ids(viewer: Viewer, text: str) -> list[str]:
    named = User.objects.filter(Q(name__icontains=text) | Q(username__icontains=text)).order_by("pk")
    return [str(pk) for pk in named.values_list("pk", flat=True)[:_MOST]]


def _bodies(viewer: Viewer, ids: list[str]) -> dict[str, Named]:
    return {str(row.pk): Named(row.name) for row in Body.objects.filter(pk__in=ids).order_by("pk")}


def _body_ids(viewer: Viewer, text: str) -> list[str]:
    named = Body.objects.filter(name__icontains=text).order_by("pk")
    return [str(pk) for pk in named.values_list("pk", flat=True)[:50]]


def _phone(viewer: Viewer, pk: int) -> PersonalValue:
    """The number of a person whose area the viewer sees, or one's own. Raises `OutOfScope`."""
    user = User.objects.filter(pk=pk).exclude(phone="").first()
    if user is None:
        raise OutOfScope(f"user {pk}")
    serving = Mandate.objects.filter(user=user).order_by("-valid_from", "pk").values_list("area_id", flat=True)
    area_id = next((area for area in [user.area_id, *serving] if area and viewer.covers(area)), None)
    if area_id is None and pk != viewer.id:
        raise OutOfScope(f"user {pk}")
    return PersonalValue(
        owner=user.name,
        value=user.phone,
        subject=f"accounts.user:{pk}",
        area_id=area_id,
        may=can_open_phone(viewer, pk, area_id),
    )


trail_subjects.register("accounts.user", TrailSubject(_("person"), _people, _people_ids))
trail_subjects.register("accounts.body", TrailSubject(_("body"), _bodies, _body_ids))
personal_fields.register("phone", PersonalField(_("Telephone"), _phone))
