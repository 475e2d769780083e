from __future__ import annotations

from django.db import transaction

from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.record.registry.models import Enterprise
from fugong.services.policies import permissions
from fugong.services.policies.models import Standing
from fugong.services.policies.selectors.offers import offers_for


@transaction.atomic
def note_opened(*, actor: Viewer, enterprise: Enterprise, code: str) -> bool:
    """Count that the enterprise has read a measure: its first time only. Returns whether this was it.

    A step of the funnel, not an act on anybody: the trail has no entry of it. Raises `OutOfScope` for a measure that
    does not bind where the enterprise is.
    """
    permissions.can_answer(actor, enterprise).require()
    offer = offers_for(actor, enterprise, clock.today()).of(code)
    first = Standing.objects.filter(version=offer.version, enterprise=enterprise, opened_at__isnull=True)
    return first.update(opened_at=clock.now()) == 1
