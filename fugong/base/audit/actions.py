"""Writing the trail and sealing it. No permission is asked to write: the trail may refuse nobody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from fugong.base.audit import permissions
from fugong.base.audit.logic.seals import CANONICAL, FIRST, pack, seal_digest
from fugong.base.audit.models import AuditEntry, Seal
from fugong.core import clock
from fugong.core.bulk import insert_once
from fugong.core.origin import origin
from fugong.core.readonly import writes_permitted
from fugong.core.viewer import Viewer

# Any constant: transactions that hold it seal one after the other.
_SEALER = 0x5EA1
# A seal that closes more entries would be long to check in one piece.
MOST_ENTRIES = 5_000
_TAKE = """
DELETE FROM audit_unsealed WHERE ctid = ANY(ARRAY(SELECT ctid FROM audit_unsealed ORDER BY entry_id LIMIT %s))
RETURNING entry_id
"""
# Numbers as a list: joined to what was taken in one statement, the planner read the whole trail each second.
_DIGESTS = f"""
SELECT e.id, sha256(convert_to({CANONICAL}, 'UTF8')) FROM audit_auditentry e WHERE e.id = ANY(%s) ORDER BY e.id
"""  # noqa: S608 - a constant of ours


def record(
    *,
    actor: Viewer,
    verb: str,
    subject: str,
    area_id: int | None,
    detail: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Write one entry, in the transaction of the act itself.

    `verb`: `app.noun.past_participle`; `subject`: `app.noun:id`; `area_id`: the area that the act concerns, on the day
    of the act: its auditor sees the entry (None, for what has no area: only the auditor of the whole place does).
    `detail`: JSON without personal data beyond ids.
    """
    if not insert_once(_entry(actor, verb, subject, area_id, detail, reason)):
        # Only a number that is taken can be in the way (a sequence behind its table): no act without its entry.
        raise RuntimeError("the trail did not take an entry")


def record_access(
    *,
    actor: Viewer,
    verb: str,
    subject: str,
    area_id: int | None,
    detail: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Write that something was read; the only write that a reading request may make.

    Over a connection of its own: the entry stands also when the request fails after it.
    """
    with writes_permitted():
        _entry(actor, verb, subject, area_id, detail, reason).save(force_insert=True, using=settings.LEDGER)


def _entry(
    actor: Viewer, verb: str, subject: str, area_id: int | None, detail: Mapping[str, Any] | None, reason: str
) -> AuditEntry:
    return AuditEntry(
        at=clock.now(),
        actor_id=actor.id,
        actor_name=actor.name,
        area_id=area_id,
        verb=verb,
        subject=subject,
        detail=dict(detail or {}),
        reason=reason,
        origin=origin.get(),
    )


@transaction.atomic
def seal_waiting(*, actor: Viewer) -> Seal | None:
    """Close the committed entries that wait, at most `MOST_ENTRIES`, by one more seal.

    None when none waits, or when another process is sealing at this moment.
    """
    permissions.can_seal(actor).require()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SEALER])
        if not cursor.fetchone()[0]:
            return None
        cursor.execute(_TAKE, [MOST_ENTRIES])
        cursor.execute(_DIGESTS, [[number for (number,) in cursor.fetchall()]])
        found = [(number, bytes(digest)) for number, digest in cursor.fetchall()]
    if not found:
        return None
    last = Seal.objects.only("digest").order_by("-pk").first()
    sealed_at, previous, members = clock.now(), last.digest if last else FIRST, pack(found)
    return Seal.objects.create(
        sealed_at=sealed_at,
        entries=len(found),
        members=members,
        previous=previous,
        digest=seal_digest(previous=previous, sealed_at=sealed_at, members=members),
    )
