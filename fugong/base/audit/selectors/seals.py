"""The state of the chain of seals, and whether it still holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from django.db import connection, transaction
from django.db.models import Count, Min
from django.utils import timezone

from fugong.base.audit.logic.seals import CANONICAL, FIRST, seal_digest, unpack
from fugong.base.audit.models import AuditEntry, Seal, Unsealed
from fugong.core.viewer import ANONYMOUS, Viewer

_BATCH = 500
_DIGESTS = f"""
SELECT e.id, sha256(convert_to({CANONICAL}, 'UTF8')) FROM audit_auditentry e WHERE e.id = ANY(%s)
"""  # noqa: S608 - a constant of ours


@dataclass(frozen=True, slots=True)
class SealState:
    """How far the trail is sealed. `oldest`: the moment of the oldest entry that waits."""

    last: Seal | None
    waiting: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Fault:
    """The first place where the chain does not hold. `entry` 0: the seal itself; `seal` 0: an entry in no seal."""

    kind: Literal["chain", "seal", "entry_changed", "entry_missing", "entry_unsealed", "day_seal"]
    seal: int
    sealed_at: datetime | None
    entry: int


@dataclass(frozen=True, slots=True)
class Verification:
    """What `verify_trail` found: seals and entries that hold, entries that wait for a seal, the first fault."""

    seals: int
    entries: int
    waiting: int
    last: str
    fault: Fault | None


def seal_state(viewer: Viewer) -> SealState:
    """The last seal and what waits for one, for whoever is signed in. 2 queries, 3 when something waits."""
    if viewer == ANONYMOUS:
        return SealState(None, 0, None)
    found = Unsealed.objects.aggregate(waiting=Count("pk"), oldest=Min("pk"))
    entry = AuditEntry.objects.filter(pk=found["oldest"]).first() if found["oldest"] else None
    last = Seal.objects.defer("members").order_by("-pk").first()
    return SealState(last, found["waiting"], entry.at if entry else None)


def waiting_among(viewer: Viewer, entries: list[int]) -> frozenset[int]:
    """Which of these entries wait for a seal. 1 query."""
    return frozenset(Unsealed.objects.filter(pk__in=entries).values_list("pk", flat=True))


def seal_of_day(viewer: Viewer, day: date) -> Seal | None:
    """The last seal up to the end of a day of the place: what its bulletin prints. Seals are public."""
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), datetime.min.time()))
    return Seal.objects.filter(sealed_at__lt=end).order_by("-sealed_at", "-pk").first()


def verify_trail(viewer: Viewer, printed: dict[str, str] | None = None) -> Verification:
    """Compute every seal again from the entries as they are now; at the first that differs, name it and the entry.

    `printed`: the seals that bulletins printed, day (2020-03-24) → at least the first 16 digits: whoever rewrites the
    whole chain cannot rewrite paper. Reads one state of the database, in batches.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return _verify(viewer, printed or {})


def _verify(viewer: Viewer, printed: dict[str, str]) -> Verification:
    seals, entries, previous, fault = 0, 0, FIRST, None
    for batch in _batches():
        found = _digests_of(batch)
        for seal in batch:
            fault = _fault_of(seal, previous, found)
            if fault:
                break
            seals, entries, previous = seals + 1, entries + seal.entries, seal.digest
        if fault:
            break
    waiting = Unsealed.objects.count()
    if fault is None:
        fault = _unsealed_stranger(entries + waiting) or _not_as_printed(viewer, printed)
    return Verification(seals, entries, waiting, previous if seals else "", fault)


def _batches() -> Iterator[list[Seal]]:
    last = 0
    while batch := list(Seal.objects.filter(pk__gt=last).order_by("pk")[:_BATCH]):
        yield batch
        last = batch[-1].pk


def _digests_of(batch: list[Seal]) -> dict[int, bytes]:
    numbers = [number for seal in batch for number, _digest in unpack(bytes(seal.members))]
    with connection.cursor() as cursor:
        cursor.execute(_DIGESTS, [numbers])
        return {number: bytes(digest) for number, digest in cursor.fetchall()}


def _fault_of(seal: Seal, previous: str, found: dict[int, bytes]) -> Fault | None:
    members = bytes(seal.members)
    if seal.previous != previous:
        return Fault("chain", seal.pk, seal.sealed_at, 0)
    if seal.digest != seal_digest(previous=previous, sealed_at=seal.sealed_at, members=members):
        return Fault("seal", seal.pk, seal.sealed_at, 0)
    for number, digest in unpack(members):
        if number not in found:
            return Fault("entry_missing", seal.pk, seal.sealed_at, number)
        if found[number] != digest:
            return Fault("entry_changed", seal.pk, seal.sealed_at, number)
    return None


def _unsealed_stranger(expected: int) -> Fault | None:
    """The first entry that no seal closes and that does not wait for one: slipped in past the trigger."""
    if AuditEntry.objects.count() == expected:
        return None
    known = set(Unsealed.objects.values_list("pk", flat=True))
    for batch in _batches():
        known.update(number for seal in batch for number, _digest in unpack(bytes(seal.members)))
    numbers = AuditEntry.objects.order_by("pk").values_list("pk", flat=True).iterator()
    stranger = next((number for number in numbers if number not in known), 0)
    return Fault("entry_unsealed", 0, None, stranger)


def _not_as_printed(viewer: Viewer, printed: dict[str, str]) -> Fault | None:
    for day, digits in sorted(printed.items()):
        seal = seal_of_day(viewer, date.fromisoformat(day))
        if not Seal.objects.filter(digest__startswith=digits.lower()).exists():
            return Fault("day_seal", seal.pk if seal else 0, seal.sealed_at if seal else None, 0)
    return None
