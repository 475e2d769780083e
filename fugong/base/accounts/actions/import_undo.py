from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.deletion import ProtectedError
from django.utils.translation import gettext as _

from fugong.base.accounts import permissions
from fugong.base.accounts.models import Body, EntryCode, ImportedMandate, Mandate, SignIn, User
from fugong.base.spreadsheets.logic.kinds import Written
from fugong.core.decision import Denied
from fugong.core.viewer import Viewer

_NAMED = 5


@transaction.atomic
def undo_accounts(*, actor: Viewer, written: Written) -> dict[str, Any]:
    """Remove the mandates, people and bodies that an import entered; returns how many of each.

    Raises `Denied` with the reason where somebody has signed in since, a mandate was ended or deputised, or something
    else stands on what was entered.
    """
    permissions.can_import_accounts(actor).require()
    entered = ImportedMandate.objects.filter(run_id=written.run_id)
    mandates = Mandate.objects.filter(pk__in=list(entered.values_list("mandate_id", flat=True)))
    people = User.objects.filter(pk__in=list(_new(entered, "person_is_new").values_list("mandate__user_id", flat=True)))
    bodies = Body.objects.filter(pk__in=list(_new(entered, "body_is_new").values_list("mandate__body_id", flat=True)))
    _refuse_what_was_used(people, mandates)
    counts = {"mandates": mandates.count(), "people": people.count()}
    try:
        entered.delete()
        mandates.delete()
        EntryCode.objects.filter(user__in=people).delete()
        people.delete()
        # One in which others serve by now stays, and is not counted.
        removed = bodies.filter(mandates__isnull=True).delete()[1]
    except ProtectedError as error:
        raise Denied(_("Something else stands on these people or bodies by now, so the import stays.")) from error
    return counts | {"bodies": removed.get(Body._meta.label, 0)}


def _new(entered: Any, what: str) -> Any:
    return entered.filter(**{what: True})


def _refuse_what_was_used(people: Any, mandates: Any) -> None:
    used = people.filter(Exists(SignIn.objects.filter(user=OuterRef("pk"))) | Q(left_at__isnull=False))
    touched = mandates.filter(Q(revoked_on__isnull=False) | Q(deputies__isnull=False))
    others = Mandate.objects.filter(user=OuterRef("pk")).exclude(pk__in=list(mandates.values_list("pk", flat=True)))
    further = people.filter(Exists(others))
    for rows, words in (
        (used.order_by("pk"), _("These people have signed in or left since, so the import stays: %(names)s.")),
        (further.order_by("pk"), _("These people were given further mandates since, so the import stays: %(names)s.")),
    ):
        names = list(rows.values_list("name", flat=True)[:_NAMED])
        if names:
            raise Denied(words % {"names": "、".join(names)})
    names = list(touched.order_by("pk").values_list("user__name", flat=True)[:_NAMED])
    if names:
        raise Denied(
            _("Mandates of these people were ended or deputised since: %(names)s.") % {"names": "、".join(names)}
        )
