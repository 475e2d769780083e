"""The rights of liaison officers: they follow the assignments of the field book, which calls down."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from fugong.base.areas.selectors import area_tree
from fugong.base.audit.actions import record
from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.record.registry import permissions
from fugong.record.registry.enums import GrantCapacity
from fugong.record.registry.models import Enterprise, EnterpriseGrant

SOURCE = "assignment"
_CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class OfficerRight:
    """A person is to act as liaison officer for an enterprise on these days, both included (None: no end)."""

    user_id: int
    enterprise_id: int
    valid_from: date
    valid_to: date | None


@transaction.atomic
def set_officers(*, actor: Viewer, pairs: Collection[tuple[int, int]], rights: Iterable[OfficerRight]) -> None:
    """Let the grants of these pairs (user id, enterprise id) say from today on what `rights` say, and nothing else.

    A grant that says it already stays, whoever gave it; what is over stays as history; other pairs are left alone. One
    entry of the trail for all. The caller holds the assignments of these pairs, so that two callers take turns.
    """
    permissions.can_set_officers(actor).require()
    today = clock.today()
    wanted: dict[tuple[int, int], list[OfficerRight]] = defaultdict(list)
    for right in rights:
        wanted[right.user_id, right.enterprise_id].append(right)
    ended, given = [], []
    standing = _standing(pairs, today)
    for pair in sorted(set(pairs)):
        kept: set[tuple[date, date | None]] = set()
        for grant in standing.get(pair, []):
            if any(_says(grant, right, today) for right in wanted[pair]):
                kept.add((max(grant.valid_from, today), grant.valid_to))
            else:
                grant.revoked_on, grant.ended_by_name = today, actor.name
                grant.valid_to = max(today, grant.valid_from)
                ended.append(grant)
        for right in wanted[pair]:
            span = (max(right.valid_from, today), right.valid_to)
            if span not in kept and (right.valid_to is None or right.valid_to >= today):
                given.append(_grant(actor, pair, span))
    EnterpriseGrant.objects.bulk_update(ended, ["revoked_on", "ended_by_name", "valid_to"], batch_size=_CHUNK)
    EnterpriseGrant.objects.bulk_create(given, batch_size=_CHUNK)
    _put_on_record(actor, ended, given)


def _standing(pairs: Collection[tuple[int, int]], today: date) -> dict[tuple[int, int], list[EnterpriseGrant]]:
    wanted = set(pairs)
    rows = EnterpriseGrant.objects.open_on(today).filter(
        user_id__in={user for user, _pk in wanted},
        enterprise_id__in={pk for _user, pk in wanted},
        capacity=GrantCapacity.LIAISON_OFFICER,
    )
    found: dict[tuple[int, int], list[EnterpriseGrant]] = defaultdict(list)
    for grant in rows.order_by("pk").select_for_update():
        if (grant.user_id, grant.enterprise_id) in wanted:
            found[grant.user_id, grant.enterprise_id].append(grant)
    return found


def _says(grant: EnterpriseGrant, right: OfficerRight, today: date) -> bool:
    """From today on the grant holds on the very days of the right."""
    same_end = grant.valid_to == right.valid_to
    return same_end and max(grant.valid_from, today) == max(right.valid_from, today)


def _grant(actor: Viewer, pair: tuple[int, int], span: tuple[date, date | None]) -> EnterpriseGrant:
    return EnterpriseGrant(
        user_id=pair[0],
        enterprise_id=pair[1],
        capacity=GrantCapacity.LIAISON_OFFICER,
        valid_from=span[0],
        valid_to=span[1],
        source=SOURCE,
        given_by_name=actor.name,
    )


def _put_on_record(actor: Viewer, ended: list[EnterpriseGrant], given: list[EnterpriseGrant]) -> None:
    if not ended and not given:
        return
    enterprises = Enterprise.objects.filter(pk__in={grant.enterprise_id for grant in (*ended, *given)})
    areas = enterprises.order_by().values_list("managing_area_id", flat=True).distinct()
    record(
        actor=actor,
        verb="registry.officers.set",
        subject="registry.grant:officers",
        area_id=area_tree().smallest_over(areas),
        detail={
            "ended": len(ended),
            "given": len(given),
            "users": sorted({grant.user_id for grant in (*ended, *given)})[:50],
        },
    )
