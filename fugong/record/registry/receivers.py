from __future__ import annotations

from fugong.base.accounts.events import PersonLeft
from fugong.core.events import receiver
from fugong.core.viewer import service_viewer
from fugong.record.registry.actions.grant_proposals import end_grants_of

_ACTOR = service_viewer("leaving")


@receiver(PersonLeft)
def end_grants(event: PersonLeft) -> None:
    """Whoever leaves acts for no enterprise any more."""
    end_grants_of(actor=_ACTOR, user_id=event.user_id)
