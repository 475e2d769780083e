"""What an act on many assignments would do: shown before it is done, and done as it was shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from fugong.base.accounts.models import User
from fugong.core import clock
from fugong.core.registries import Filter
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.liaison.logic.section import Kind
from fugong.record.liaison.models import Assignment
from fugong.record.registry.models import Enterprise
from fugong.record.registry.selectors.enterprises import enterprises_for
from fugong.record.registry.selectors.traits import fits, with_traits

MOST = 10_000
EVERYTHING = Filter()


@dataclass(frozen=True, slots=True)
class Rule:
    """Which enterprises are meant: those of these ids, or those that fit `which` (areas, industries, …).

    Neither: none. `without`: only those that nobody of this kind looks after ("" does not ask).
    """

    ids: frozenset[int] = frozenset()
    which: Filter = EVERYTHING
    without: str = ""


@dataclass(frozen=True, slots=True)
class Assigning:
    """What assigning one officer would do. `held`: somebody else has it and only one may; `same`: is so already."""

    new: list[Enterprise]
    same: list[Enterprise]
    held: list[tuple[Enterprise, str]]
    load_before: int

    @property
    def load_after(self) -> int:
        return self.load_before + len(self.new)


def meant(viewer: Viewer, incident: Incident, rule: Rule) -> list[Enterprise]:
    """The enterprises in business that a rule names, as far as the official sees them; at most `MOST`. One query."""
    if not rule.ids and rule.which.is_empty:
        return []
    today = clock.today()
    rows: QuerySet[Enterprise] = (
        enterprises_for(viewer).active_on(today).filter(managing_area__path__startswith=incident.area.path)
    )
    if rule.ids:
        rows = rows.filter(pk__in=rule.ids)
    if not rule.which.is_empty:
        rows = with_traits(rows, [rule.which], today).filter(fits(rule.which, today, "managing_area_id"))
    if rule.without:
        standing = Assignment.objects.open_on(today).filter(incident=incident, kind=rule.without)
        rows = rows.exclude(Exists(standing.filter(enterprise=OuterRef("pk"))))
    return list(rows[:MOST])


def loads(viewer: Viewer, incident: Incident, user_ids: Iterable[int]) -> Counter[int]:
    """How many enterprises each of these people looks after today, acting included. One query."""
    if viewer.is_anonymous:
        return Counter()
    held = Assignment.objects.held_on(clock.today()).filter(
        incident=incident, user_id__in=list(user_ids), enterprise__isnull=False
    )
    rows = held.order_by().values("user_id").annotate(number=Count("enterprise", distinct=True))
    return Counter({row["user_id"]: row["number"] for row in rows})


def assigning(viewer: Viewer, incident: Incident, kind: Kind, user: User, rule: Rule) -> Assigning:
    """What it would do to let a person look after the enterprises that a rule names. 4 queries."""
    enterprises = meant(viewer, incident, rule)
    standing = Assignment.objects.open_on(clock.today()).lasting().filter(incident=incident, kind=kind.code)
    rows = standing.filter(enterprise_id__in=[enterprise.pk for enterprise in enterprises])
    own: set[int] = set()
    others: dict[int, str] = {}
    for pk, user_id, name in rows.order_by("pk").values_list("enterprise_id", "user_id", "user__name"):
        if user_id == user.pk:
            own.add(pk or 0)
        elif kind.one:
            others[pk or 0] = name
    return Assigning(
        new=[e for e in enterprises if e.pk not in own and e.pk not in others],
        same=[e for e in enterprises if e.pk in own],
        held=[(e, others[e.pk]) for e in enterprises if e.pk in others and e.pk not in own],
        load_before=loads(viewer, incident, [user.pk])[user.pk],
    )


@dataclass(frozen=True, slots=True)
class Share:
    """What one receiver gets in a hand-over."""

    user: User
    load_before: int
    taken: list[Assignment]

    @property
    def load_after(self) -> int:
        return self.load_before + len({row.enterprise_id for row in self.taken})


@dataclass(frozen=True, slots=True)
class HandingOver:
    """Who gets what, and what stays because the receivers have it already (`doubled`) or it lies elsewhere."""

    shares: list[Share]
    doubled: list[Assignment]
    outside: int

    @property
    def moved(self) -> int:
        return sum(len(share.taken) for share in self.shares)


def held_by(viewer: Viewer, incident: Incident, user_id: int, day: date | None = None) -> list[Assignment]:
    """What a person looks after himself, as far as the official sees it; in the order of areas and names."""
    held = Assignment.objects.open_on(day or clock.today()).lasting()
    rows = held.filter(incident=incident, user_id=user_id, enterprise__isnull=False)
    if not viewer.covers_root:
        rows = rows.filter(enterprise__managing_area_id__in=viewer.area_ids)
    return list(
        rows.select_related("enterprise__managing_area", "user").order_by(
            "enterprise__managing_area__path", "enterprise__name", "pk"
        )
    )


def handing_over(
    viewer: Viewer, incident: Incident, user: User, receivers: list[User], ids: Collection[int] = ()
) -> HandingOver:
    """How a hand-over of all that a person looks after (or of these assignments) would be shared out. 3 queries.

    Neighbours stay together: each receiver gets a stretch of the list by area and name, the one with the least load
    the longest, so that the loads end as even as they can.
    """
    rows = held_by(viewer, incident, user.pk)
    wanted = [row for row in rows if not ids or row.pk in ids]
    before = loads(viewer, incident, [receiver.pk for receiver in receivers])
    mine = Q(incident=incident, user__in=receivers, enterprise__in=[row.enterprise_id for row in wanted])
    there = set(
        Assignment.objects.open_on(clock.today()).lasting().filter(mine).order_by().values_list("enterprise_id", "kind")
    )
    free = [row for row in wanted if (row.enterprise_id, row.kind) not in there]
    everything = Assignment.objects.open_on(clock.today()).lasting().filter(incident=incident, user=user)
    outside = 0 if ids else everything.filter(enterprise__isnull=False).count() - len(rows)
    return HandingOver(
        shares=_shared_out(free, receivers, before),
        doubled=[row for row in wanted if (row.enterprise_id, row.kind) in there],
        outside=outside,
    )


def _shared_out(rows: list[Assignment], receivers: list[User], before: Counter[int]) -> list[Share]:
    after = Counter({receiver.pk: before[receiver.pk] for receiver in receivers})
    numbers: Counter[int] = Counter()
    for _row in rows:
        least = min(receivers, key=lambda receiver: (after[receiver.pk], receiver.pk))
        after[least.pk] += 1
        numbers[least.pk] += 1
    shares, position = [], 0
    for receiver in receivers:
        taken = rows[position : position + numbers[receiver.pk]]
        position += numbers[receiver.pk]
        shares.append(Share(receiver, before[receiver.pk], taken))
    return shares
