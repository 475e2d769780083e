from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base.accounts.models import Body, User
from fugong.base.audit.actions import record
from fugong.core import clock
from fugong.core.plans import PlanFact
from fugong.core.turns import held
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.liaison import permissions
from fugong.record.liaison.models import EnterprisePlan, PlanItem
from fugong.record.liaison.selectors.plans import facts_of
from fugong.record.registry.models import Enterprise

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """What people write of an item. At most one of body, user and `is_enterprises` sees to it."""

    title: str = ""
    goal: str = ""
    body: Body | None = None
    user: User | None = None
    is_enterprises: bool = False
    due_on: date | None = None
    note: str = ""


@transaction.atomic
def draft_plans(*, actor: Viewer, incident: Incident, enterprises: Sequence[Enterprise]) -> int:
    """Make the first draft, from the facts of today, of each enterprise that has no plan. Returns how many it made."""
    for enterprise in enterprises:
        permissions.can_write_plan(actor, enterprise).require()
    made = 0
    for start in range(0, len(enterprises), _CHUNK):
        made += _draft(actor, incident, enterprises[start : start + _CHUNK])
    return made


def _draft(actor: Viewer, incident: Incident, enterprises: Sequence[Enterprise]) -> int:
    now = clock.now()
    plans = [
        EnterprisePlan(incident=incident, enterprise=enterprise, drafted_at=now, drafted_by_name=actor.name)
        for enterprise in enterprises
    ]
    known = EnterprisePlan.objects.filter(incident=incident, enterprise__in=[plan.enterprise_id for plan in plans])
    there = set(known.values_list("enterprise_id", flat=True))
    # Two who draft at once: whoever comes second finds the plan of the first, and adds nothing to it.
    EnterprisePlan.objects.bulk_create(
        [plan for plan in plans if plan.enterprise_id not in there], ignore_conflicts=True
    )
    wanted = {plan.enterprise_id for plan in plans} - there
    mine = EnterprisePlan.objects.filter(incident=incident, enterprise__in=wanted, items=None)
    rows = {plan.enterprise_id: plan for plan in mine.select_for_update(of=("self",)).order_by("pk")}
    items = [
        _item(rows[fact.enterprise_id], name, fact, actor)
        for name, fact in facts_of(actor, incident, [one for one in enterprises if one.pk in rows], clock.today())
        if fact.enterprise_id in rows
    ]
    PlanItem.objects.bulk_create(items, ignore_conflicts=True)
    areas = {enterprise.pk: enterprise.managing_area_id for enterprise in enterprises}
    for pk, plan in rows.items():
        _put_on_record(actor, "liaison.plan.drafted", plan, areas[pk], {})
    return len(rows)


def _item(plan: EnterprisePlan, source: str, fact: PlanFact, actor: Viewer) -> PlanItem:
    return PlanItem(
        plan=plan,
        source=source,
        key=fact.key,
        figures=fact.figures,
        body_id=fact.body_id,
        user_id=fact.user_id,
        due_on=fact.due_on,
        added_at=clock.now(),
        added_by_name=actor.name,
    )


def _put_on_record(actor: Viewer, verb: str, plan: EnterprisePlan, area_id: int, detail: Mapping[str, object]) -> None:
    record(
        actor=actor,
        verb=verb,
        subject=f"registry.enterprise:{plan.enterprise_id}",
        area_id=area_id,
        detail={"plan": plan.pk, **detail},
    )


def _opened(actor: Viewer, plan: EnterprisePlan) -> EnterprisePlan:
    """The plan, locked, for somebody who may write in it."""
    plan = held(EnterprisePlan.objects.select_related("enterprise"), plan.pk)
    permissions.can_write_plan(actor, plan.enterprise).require()
    return plan


@transaction.atomic
def take_in_facts(*, actor: Viewer, plan: EnterprisePlan, facts: Collection[tuple[str, str]] | None = None) -> int:
    """Add what the facts newly ask for (pairs of source and key; None: whatever is new). What stands in the plan, or
    was left out, stays as people wrote it. Returns how many it added.
    """
    permissions.can_write_plan(actor, plan.enterprise).require()
    plan = _opened(actor, plan)
    known = set(plan.items.values_list("source", "key"))
    new = [
        _item(plan, name, fact, actor)
        for name, fact in facts_of(actor, plan.incident, [plan.enterprise], clock.today())
        if (name, fact.key) not in known and (facts is None or (name, fact.key) in facts)
    ]
    PlanItem.objects.bulk_create(new)
    if new:
        detail = {"facts": [f"{item.source}:{item.key}" for item in new]}
        _put_on_record(actor, "liaison.plan_item.added", plan, plan.enterprise.managing_area_id, detail)
    return len(new)


@transaction.atomic
def leave_out_fact(*, actor: Viewer, plan: EnterprisePlan, source: str, key: str, reason: str) -> None:
    """Say why a fact needs nothing to be done; it is not proposed again. Raises `ValidationError`."""
    permissions.can_write_plan(actor, plan.enterprise).require()
    plan = _opened(actor, plan)
    found = facts_of(actor, plan.incident, [plan.enterprise], clock.today())
    fact = next((fact for name, fact in found if (name, fact.key) == (source, key)), None)
    if fact is None or plan.items.filter(source=source, key=key).exists():
        raise ValidationError(_("This is not proposed any more. Look at the plan again."))
    item = _item(plan, source, fact, actor)
    item.dropped_at, item.dropped_by_name, item.dropped_reason = clock.now(), actor.name, reason.strip()
    item.validate_constraints()
    item.save()
    detail = {"fact": f"{source}:{key}"}
    _put_on_record(actor, "liaison.plan_item.declined", plan, plan.enterprise.managing_area_id, detail)


def _written(item: PlanItem, wanted: Wanted) -> None:
    item.title = wanted.title.strip()
    item.goal = wanted.goal.strip()
    item.body, item.user, item.is_enterprises = wanted.body, wanted.user, wanted.is_enterprises
    item.due_on = wanted.due_on
    item.note = wanted.note.strip()
    item.validate_constraints()


@transaction.atomic
def add_item(*, actor: Viewer, plan: EnterprisePlan, wanted: Wanted) -> PlanItem:
    """Write something into the plan that no fact asks for. Raises `ValidationError`."""
    permissions.can_write_plan(actor, plan.enterprise).require()
    plan = _opened(actor, plan)
    item = PlanItem(plan=plan, added_at=clock.now(), added_by_name=actor.name)
    _written(item, wanted)
    item.save()
    detail = {"item": item.pk}
    _put_on_record(actor, "liaison.plan_item.added", plan, plan.enterprise.managing_area_id, detail)
    return item


def _standing(item: PlanItem) -> PlanItem:
    """The item, locked. Raises `ValidationError` when somebody has taken it out."""
    found = PlanItem.objects.select_for_update(of=("self",)).filter(pk=item.pk, dropped_at=None).first()
    if found is None:
        raise ValidationError(_("Somebody has taken this out of the plan meanwhile."))
    return found


@transaction.atomic
def change_item(*, actor: Viewer, item: PlanItem, wanted: Wanted) -> PlanItem:
    """Say who sees to an item until when, or put it into other words; the facts and the progress stay theirs."""
    permissions.can_write_plan(actor, item.plan.enterprise).require()
    plan = _opened(actor, item.plan)
    item = _standing(item)
    _written(item, wanted)
    item.save()
    detail = {"item": item.pk}
    _put_on_record(actor, "liaison.plan_item.changed", plan, plan.enterprise.managing_area_id, detail)
    return item


@transaction.atomic
def settle_item(*, actor: Viewer, item: PlanItem) -> None:
    """Say that something is done that no fact can tell. Raises `ValidationError` where a fact does. Twice is once."""
    permissions.can_write_plan(actor, item.plan.enterprise).require()
    plan = _opened(actor, item.plan)
    item = _standing(item)
    if item.settled_at is not None:
        return
    item.settled_at, item.settled_by_name = clock.now(), actor.name
    item.validate_constraints()
    item.save(update_fields=["settled_at", "settled_by_name"])
    detail = {"item": item.pk}
    _put_on_record(actor, "liaison.plan_item.settled", plan, plan.enterprise.managing_area_id, detail)


@transaction.atomic
def drop_item(*, actor: Viewer, item: PlanItem, reason: str) -> None:
    """Take an item out of the plan, and say why; it stays readable, and is not proposed again."""
    permissions.can_write_plan(actor, item.plan.enterprise).require()
    plan = _opened(actor, item.plan)
    item = _standing(item)
    item.dropped_at, item.dropped_by_name, item.dropped_reason = clock.now(), actor.name, reason.strip()
    item.validate_constraints()
    item.save(update_fields=["dropped_at", "dropped_by_name", "dropped_reason"])
    detail = {"item": item.pk}
    _put_on_record(actor, "liaison.plan_item.dropped", plan, plan.enterprise.managing_area_id, detail)


@transaction.atomic
def agree_to_plan(*, actor: Viewer, plan: EnterprisePlan) -> None:
    """Say that the plan stands: it is no longer a draft. Twice is once. Raises `ValidationError` for an empty one."""
    permissions.can_write_plan(actor, plan.enterprise).require()
    plan = _opened(actor, plan)
    if plan.agreed_at is not None:
        return
    if not plan.items.filter(dropped_at=None).exists():
        raise ValidationError(_("Nothing stands in the plan yet. Add what is to be done first."))
    plan.agreed_at, plan.agreed_by_name = clock.now(), actor.name
    plan.save(update_fields=["agreed_at", "agreed_by_name"])
    _put_on_record(actor, "liaison.plan.agreed", plan, plan.enterprise.managing_area_id, {})


@transaction.atomic
def move_plan_to_kept(*, actor: Viewer, kept_id: int, dropped_id: int) -> None:
    """Two entries were one enterprise: the plan of the dropped one goes on at the kept one, where that has none."""
    permissions.can_follow_the_register(actor).require()
    taken = EnterprisePlan.objects.filter(enterprise_id=kept_id).values("incident")
    rows = EnterprisePlan.objects.select_for_update(of=("self",)).select_related("enterprise")
    for plan in rows.filter(enterprise_id=dropped_id).exclude(incident__in=taken).order_by("pk"):
        area_id = plan.enterprise.managing_area_id
        plan.enterprise_id = kept_id
        plan.save(update_fields=["enterprise"])
        _put_on_record(actor, "liaison.plan.moved", plan, area_id, {"dropped": dropped_id})


@transaction.atomic
def take_plan(*, actor: Viewer, plan: EnterprisePlan, form: str) -> None:
    """Put on record that somebody took the plan along as a file (`form`: docx or pdf)."""
    permissions.can_see_plan(actor, plan.enterprise).require()
    _put_on_record(actor, "liaison.plan.taken", plan, plan.enterprise.managing_area_id, {"form": form})
