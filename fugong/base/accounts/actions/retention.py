from __future__ import annotations

from pathlib import Path

from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction

from fugong.base.accounts import permissions
from fugong.base.accounts.models import EntryCode, SignIn, Throttle
from fugong.base.audit.actions import record
from fugong.core import clock, retention
from fugong.core.viewer import Viewer

_DATA = Path(__file__).resolve().parent.parent / "data" / "entry_retention.csv"


@transaction.atomic
def forget_entries(*, actor: Viewer) -> int:
    """Delete sign-ins and codes older than the rule of today says, and sessions and counts that are over anyway.

    Returns how many sign-ins and codes. That somebody signed in or used a code stays in the trail.
    """
    permissions.can_forget(actor).require()
    now = clock.real_now()
    SessionStore.clear_expired()
    Throttle.objects.filter(ends_at__lt=now).delete()
    period = retention.kept_for(_DATA, clock.real_now().date())
    if period is None:
        return 0
    codes = EntryCode.objects.filter(expires_at__lt=now - period).delete()[0]
    sign_ins = SignIn.objects.filter(started_at__lt=now - period).delete()[0]
    if codes or sign_ins:
        record(
            actor=actor,
            verb="accounts.entries.forgotten",
            subject="accounts.entries:old",
            area_id=None,
            detail={"codes": codes, "sign_ins": sign_ins, "days": period.days},
        )
    return codes + sign_ins
