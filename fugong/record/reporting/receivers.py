"""Merged enterprises have one row of reports: it is put together in the transaction of the merge."""

from __future__ import annotations

from fugong.core.events import receiver
from fugong.record.registry.events import EnterprisesMerged
from fugong.record.registry.selectors.enterprises import enterprise_for
from fugong.record.reporting.actions.merging import take_over_reports


@receiver(EnterprisesMerged)
def take_over(event: EnterprisesMerged) -> None:
    kept, dropped = (enterprise_for(event.actor, pk) for pk in (event.kept_id, event.dropped_id))
    # What a page has read before the merge is remembered while the request lasts.
    kept.refresh_from_db()
    dropped.refresh_from_db()
    take_over_reports(actor=event.actor, kept=kept, dropped=dropped)
