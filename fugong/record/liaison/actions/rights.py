"""What follows from assignments: who stands in during absences, and the rights of officers in the register."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from fugong.core import clock
from fugong.core.turns import take_turns
from fugong.core.viewer import service_viewer
from fugong.record.liaison.logic.spans import common, united
from fugong.record.liaison.models import Absence, Assignment
from fugong.record.registry.actions.officers import OfficerRight, set_officers

ABSENCE = "absence"
_LIAISON = service_viewer("liaison")
_CHUNK = 2_000

Pair = tuple[int, int]


class Book:
    """The assignments in one hand: made at the beginning of an act that writes some, it waits for whoever does too."""

    def __init__(self) -> None:
        take_turns(alone="liaison.assignments")

    def put_right(self, users: Collection[int], pairs: Iterable[Pair] = ()) -> None:
        """After assignments of these people changed: let stand-ins and rights follow.

        `pairs` (user id, enterprise id): whose rights may have changed by the act itself.
        """
        touched, waiting = set(pairs), set(users)
        while waiting:  # ends: nobody who is away himself acts for another (actions/absences.py)
            changed, waiting = _stand_ins(waiting)
            touched |= changed
        _rights(touched)


def _stand_ins(users: Collection[int]) -> tuple[set[Pair], set[int]]:
    """Let those who act for these people have exactly what they have on the days away.

    Returns whose rights changed, and the acting people for whom somebody may act in turn.
    """
    today = clock.today()
    absences = list(Absence.objects.filter(user_id__in=users, last_on__gte=today).order_by("pk"))
    if not absences:
        return set(), set()
    held: dict[int, list[Assignment]] = defaultdict(list)
    rows = Assignment.objects.open_on(today).filter(user_id__in=users, enterprise__isnull=False)
    for row in rows.order_by("pk"):
        held[row.user_id or 0].append(row)
    standing: dict[tuple[int, int], Assignment] = {
        (row.absence_id or 0, row.acting_for_id or 0): row
        for row in Assignment.objects.filter(absence__in=absences, revoked_on__isnull=True).order_by("pk")
    }
    made: list[Assignment] = []
    for absence in absences:
        if absence.revoked_at is None:
            made += _missing(absence, held[absence.user_id], standing)
    surplus = list(standing.values())
    for row in surplus:
        row.revoked_on = max(today, row.valid_from)
        row.ended_by_name = _LIAISON.name
    Assignment.objects.bulk_update(surplus, ["revoked_on", "ended_by_name"], batch_size=_CHUNK)
    Assignment.objects.bulk_create(made, batch_size=_CHUNK)
    changed = [*surplus, *made]
    return {(row.user_id or 0, row.enterprise_id or 0) for row in changed}, {row.user_id or 0 for row in changed}


def _missing(absence: Absence, held: list[Assignment], standing: dict[tuple[int, int], Assignment]) -> list[Assignment]:
    """What the acting officer lacks; what is there and right is taken out of `standing`."""
    made = []
    for row in held:
        span = common(row.span, (absence.first_on, absence.last_on)) if row.span else None
        if span is None or span[1] is None or row.user_id == absence.acting_id:
            continue
        there = standing.get((absence.pk, row.pk))
        if there is not None and there.valid_from == span[0] and there.valid_to == span[1]:
            del standing[absence.pk, row.pk]
            continue
        made.append(_acting(absence, row, span[0], span[1]))
    return made


def _acting(absence: Absence, row: Assignment, first: date, last: date) -> Assignment:
    return Assignment(
        incident_id=row.incident_id,
        kind=row.kind,
        user_id=absence.acting_id,
        enterprise_id=row.enterprise_id,
        valid_from=first,
        valid_to=last,
        absence=absence,
        acting_for=row,
        source=ABSENCE,
        given_by_name=absence.entered_by_name,
        given_at=clock.now(),
    )


def _rights(pairs: Collection[Pair]) -> None:
    """The grants of these pairs, as all their assignments together give them."""
    if not pairs:
        return
    spans: dict[Pair, list[tuple[date, date | None]]] = defaultdict(list)
    rows = Assignment.objects.open_on(clock.today()).filter(
        user_id__in={user for user, _pk in pairs}, enterprise_id__in={pk for _user, pk in pairs}
    )
    for row in rows.order_by("pk"):
        pair = (row.user_id or 0, row.enterprise_id or 0)
        if pair in pairs and row.span is not None:
            spans[pair].append(row.span)
    rights = [OfficerRight(*pair, first, last) for pair, found in spans.items() for first, last in united(found)]
    set_officers(actor=_LIAISON, pairs=pairs, rights=rights)
