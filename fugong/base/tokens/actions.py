from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from fugong.base.accounts.selectors import user_by_id
from fugong.base.areas.models import Area
from fugong.base.audit.actions import record
from fugong.base.tokens import permissions
from fugong.base.tokens.models import ApiToken, KeptAnswer
from fugong.base.tokens.selectors import PREFIX, area_of, secret_hash
from fugong.core import clock
from fugong.core.viewer import Viewer

LONGEST_DAYS = 366
LONGEST_KEY = 200
_HINT = 7
KEPT_FOR = timedelta(days=2)
_TAKE = """
INSERT INTO tokens_keptanswer (token_id, key, fingerprint, kept_at) VALUES (%s, %s, %s, %s)
ON CONFLICT (token_id, key) DO NOTHING RETURNING id
"""


class KeyReused(ValueError):
    """An idempotency key came again with another request; nothing was done."""


@transaction.atomic
def make_token(
    *,
    actor: Viewer,
    name: str,
    scopes: frozenset[str],
    days: int,
    enterprise_ids: frozenset[int] | None = None,
    area: Area | None = None,
    per_minute: int | None = None,
) -> tuple[ApiToken, str]:
    """Make a key for the actor, valid for so many days; returns it with the secret, which is kept nowhere.

    `enterprise_ids` must be granted to the actor, `area` lie within the actor's mandates. Raises `ValidationError`.
    """
    permissions.can_make_token(actor, scopes).require()
    if enterprise_ids is not None and not enterprise_ids <= {pk for _capacity, pk in actor.grants}:
        raise ValidationError(_("You may not act for all of these enterprises."))
    if area is not None and not actor.covers(area.pk):
        raise ValidationError(_("The area lies outside your mandate."))
    if not 1 <= days <= LONGEST_DAYS:
        raise ValidationError(_("A key is valid for at most %(days)d days.") % {"days": LONGEST_DAYS})
    owner = user_by_id(actor.id) if actor.id is not None else None
    assert owner is not None
    secret = PREFIX + secrets.token_urlsafe(32)
    now = clock.real_now()
    token = ApiToken(
        owner=owner,
        name=name.strip(),
        secret_hash=secret_hash(secret),
        hint=secret[:_HINT],
        scopes=sorted(scopes),
        enterprise_ids=None if enterprise_ids is None else sorted(enterprise_ids),
        area=area,
        per_minute=per_minute or settings.API_PER_MINUTE,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    token.full_clean()
    token.save()
    detail = {"name": token.name, "scopes": token.scopes, "enterprises": token.enterprise_ids, "days": days}
    detail["area"] = area.code if area else None
    record(
        actor=actor,
        verb="tokens.token.made",
        subject=token.subject,
        area_id=area_of(token),
        detail=detail,
    )
    return token, secret


@transaction.atomic
def revoke_token(*, actor: Viewer, token: ApiToken, reason: str = "") -> None:
    """End a key at once; one that ended already stays as it is."""
    permissions.can_revoke_token(actor, token).require()
    token = ApiToken.objects.select_for_update(of=("self",)).get(pk=token.pk)
    if token.revoked_at is not None:
        return
    token.revoked_at, token.revoked_by_name = clock.real_now(), actor.name
    token.save(update_fields=["revoked_at", "revoked_by_name"])
    record(
        actor=actor,
        verb="tokens.token.revoked",
        subject=token.subject,
        area_id=area_of(token),
        reason=reason,
    )


def _fingerprint(what: str, content: Any) -> str:
    plain = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(f"{what}\n{plain}".encode()).hexdigest()


@transaction.atomic
def answer_once(*, actor: Viewer, key: str, what: str, content: Any, work: Callable[[], Any]) -> tuple[Any, bool]:
    """Do a piece of work once per idempotency key; returns its answer (JSON), and whether it had been done before.

    The key is kept in the transaction of the work: whoever dies in between has done nothing. Two at once wait for each
    other. An error keeps nothing, so that a mended request may come under the same key. Raises `KeyReused` when the key
    was used for another request, and `ValidationError` for one that is no key.
    """
    permissions.can_keep_answer(actor).require()
    if not key:
        return work(), False
    if len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise ValidationError(_("An idempotency key has at most %(limit)d plain characters.") % {"limit": LONGEST_KEY})
    fingerprint = _fingerprint(what, content)
    pk = _take(actor, key, fingerprint)
    if pk is None:
        kept = KeptAnswer.objects.get(token_id=actor.token_id, key=key)
        if kept.fingerprint != fingerprint:
            raise KeyReused(key)
        return kept.answer, True
    answer = work()
    KeptAnswer.objects.filter(pk=pk).update(answer=answer)
    return answer, False


def _take(actor: Viewer, key: str, fingerprint: str) -> int | None:
    """Take the key for this transaction; None when it was used. Waits for a transaction that holds it."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [actor.token_id, key, fingerprint, clock.real_now()])
        found = cursor.fetchone()
    return found[0] if found else None


@transaction.atomic
def forget_answers(*, actor: Viewer, before: datetime | None = None) -> int:
    """Delete answers that are older than two days (or than `before`); returns how many."""
    permissions.can_forget_answers(actor).require()
    deleted, _by_model = KeptAnswer.objects.filter(kept_at__lt=before or clock.real_now() - KEPT_FOR).delete()
    if deleted:
        record(
            actor=actor,
            verb="tokens.answers.forgotten",
            subject="tokens.answers:all",
            area_id=None,
            detail={"count": deleted},
        )
    return deleted
