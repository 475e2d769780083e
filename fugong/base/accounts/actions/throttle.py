from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F

from fugong.base.accounts import permissions
from fugong.base.accounts.models import Throttle
from fugong.core import clock
from fugong.core.viewer import Viewer

# One statement: two processes at once never count the same attempt twice, and none is lost.
_COUNT = """
INSERT INTO accounts_throttle AS t (key, count, ends_at) VALUES (%(key)s, 1, %(ends)s)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN t.ends_at <= %(now)s THEN 1 ELSE t.count + 1 END,
    ends_at = CASE WHEN t.ends_at <= %(now)s THEN excluded.ends_at ELSE t.ends_at END
RETURNING count, ends_at
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """So many attempts in a window that begins with the first of them."""

    most: int
    window: timedelta


@transaction.atomic
def count_attempt(*, actor: Viewer, key: str, limit: Limit) -> timedelta:
    """Count one attempt; returns how long to wait when there were too many, else zero. Counted before it is judged."""
    permissions.can_let_in(actor).require()
    now = clock.real_now()
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"key": key, "now": now, "ends": now + limit.window})
        count, ends_at = cursor.fetchone()
    return ends_at - now if count > limit.most else timedelta()


@transaction.atomic
def forget_attempts(*, actor: Viewer, keys: list[str]) -> int:
    """The right secret was given, or somebody unlocked the account. Windows that are over are swept as well."""
    permissions.can_let_in(actor).require()
    Throttle.objects.filter(ends_at__lt=clock.real_now() - timedelta(days=1)).delete()
    return Throttle.objects.filter(key__in=keys).delete()[0]


@transaction.atomic
def take_back_attempt(*, actor: Viewer, keys: list[str]) -> None:
    """One attempt under each key turned out to be right, and counts no more."""
    permissions.can_let_in(actor).require()
    Throttle.objects.filter(key__in=keys, count__gt=0).update(count=F("count") - 1)
