"""Assignments follow people who leave and entries that are merged, in the transaction of that act."""

from __future__ import annotations

from fugong.base.accounts.events import PersonLeft
from fugong.core.events import receiver
from fugong.core.viewer import service_viewer
from fugong.record.liaison.actions.assigning import end_all_of, move_to_kept
from fugong.record.liaison.actions.plans import move_plan_to_kept
from fugong.record.registry.events import EnterprisesMerged

_ACTOR = service_viewer("liaison")


@receiver(PersonLeft)
def end_assignments_of(event: PersonLeft) -> None:
    """Whoever leaves looks after nobody any more: the holes show on the coverage board."""
    end_all_of(actor=_ACTOR, user_id=event.user_id, reason="left")


@receiver(EnterprisesMerged)
def follow_merge(event: EnterprisesMerged) -> None:
    """Who looked after the dropped entry looks after the kept one; its plan goes along."""
    move_to_kept(actor=_ACTOR, kept_id=event.kept_id, dropped_id=event.dropped_id, reason="merged")
    move_plan_to_kept(actor=_ACTOR, kept_id=event.kept_id, dropped_id=event.dropped_id)
