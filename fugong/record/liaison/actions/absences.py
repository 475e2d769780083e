from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from fugong.base.accounts.models import User
from fugong.base.areas.selectors import area_tree
from fugong.base.audit.actions import record
from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.record.liaison import permissions
from fugong.record.liaison.actions.rights import Book
from fugong.record.liaison.models import Absence
from fugong.record.liaison.selectors.officers import areas_looked_after


@transaction.atomic
def enter_absence(
    *, actor: Viewer, user: User, acting: User, first_on: date, last_on: date, reason: str = ""
) -> Absence:
    """A person is away; somebody else has the same enterprises from the first day to the last, and then no longer.

    What the person is given meanwhile goes there too. Raises `ValidationError` where nobody would be there.
    """
    book = Book()
    areas = areas_looked_after(actor, user.pk)
    permissions.can_enter_absence(actor, user.pk, areas).require()
    absence = Absence(
        user=user,
        acting=acting,
        first_on=first_on,
        last_on=last_on,
        reason=reason,
        entered_by_name=actor.name,
        entered_at=clock.now(),
    )
    absence.validate_constraints()
    _somebody_is_there(absence)
    absence.save()
    book.put_right({user.pk})
    _put_on_record(actor, "liaison.absence.entered", absence, areas)
    return absence


def _somebody_is_there(absence: Absence) -> None:
    if absence.last_on < clock.today():
        raise ValidationError(_("These days are over. Enter an absence that lasts or is to come."))
    if not absence.acting.is_active:
        raise ValidationError(_("%(name)s has left. Choose somebody else.") % {"name": absence.acting.name})
    same_days = Absence.objects.filter(
        revoked_at=None, first_on__lte=absence.last_on, last_on__gte=absence.first_on
    ).select_related("user")
    words = {"name": absence.acting.name}
    if same_days.filter(user=absence.acting).exists():
        raise ValidationError(_("%(name)s is away in these days too. Choose somebody else.") % words)
    if same_days.filter(user=absence.user).exists():
        raise ValidationError(_("An absence in these days is entered already. Take it back first."))
    first = same_days.filter(acting=absence.user).first()
    if first is not None:
        words = {"name": absence.user.name, "other": first.user.name}
        raise ValidationError(
            _("%(name)s acts for %(other)s in these days. Name somebody else for %(other)s first.") % words
        )


@transaction.atomic
def end_absence(*, actor: Viewer, absence: Absence) -> None:
    """The person is back, or does not go: nobody acts from today on. Twice is once."""
    book = Book()
    absence = Absence.objects.select_for_update(of=("self",)).select_related("user").get(pk=absence.pk)
    areas = areas_looked_after(actor, absence.user_id)
    permissions.can_enter_absence(actor, absence.user_id, areas).require()
    if absence.revoked_at is not None or absence.last_on < clock.today():
        return
    absence.revoked_at, absence.revoked_by_name = clock.now(), actor.name
    absence.save(update_fields=["revoked_at", "revoked_by_name"])
    book.put_right({absence.user_id})
    _put_on_record(actor, "liaison.absence.ended", absence, areas)


@transaction.atomic
def end_absences_with(*, actor: Viewer, user_id: int) -> set[int]:
    """A person has left: nobody acts for that person any more, nor that person for others.

    Returns the ids of those who were to be away. Their stand-ins and rights the caller puts right with its own rows.
    """
    permissions.can_follow_the_register(actor).require()
    rows = Absence.objects.open_on(clock.today()).filter(Q(user=user_id) | Q(acting=user_id))
    standing = list(rows.order_by("pk"))
    for absence in standing:
        absence.revoked_at, absence.revoked_by_name = clock.now(), actor.name
        absence.save(update_fields=["revoked_at", "revoked_by_name"])
        _put_on_record(actor, "liaison.absence.ended", absence, areas_looked_after(actor, absence.user_id))
    return {absence.user_id for absence in standing}


def _put_on_record(actor: Viewer, verb: str, absence: Absence, areas: list[int]) -> None:
    record(
        actor=actor,
        verb=verb,
        subject=f"liaison.absence:{absence.pk}",
        area_id=area_tree().smallest_over(areas),
        detail={"user": absence.user_id, "acting": absence.acting_id}
        | {"first": absence.first_on.isoformat(), "last": absence.last_on.isoformat()},
    )
