"""Which enterprises count on a day."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Subquery

from fugong.core.viewer import Viewer
from fugong.record.registry.models import ScopeDecision
from fugong.record.registry.selectors.enterprises import enterprise_for


def not_counted(day: date) -> Exists:
    """Condition on enterprises: a decision in force on the day leaves them out of every figure."""
    return Exists(ScopeDecision.objects.in_force_on(day).filter(enterprise=OuterRef("pk")))


def why_not_counted(day: date) -> Subquery:
    """The code of the reason why an enterprise does not count on the day."""
    decisions = ScopeDecision.objects.in_force_on(day).filter(enterprise=OuterRef("pk")).order_by("-valid_from", "-pk")
    return Subquery(decisions.values("reason")[:1])


def decisions_of(viewer: Viewer, enterprise_id: int) -> list[ScopeDecision]:
    """The decisions on an enterprise that the official sees, newest first, with those taken back."""
    enterprise = enterprise_for(viewer, enterprise_id)
    return list(ScopeDecision.objects.filter(enterprise=enterprise).order_by("-valid_from", "-pk"))
