from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.core.cache import caches
from django.db.models import Q, QuerySet

from fugong.base.accounts.selectors import area_of_person, read_account
from fugong.base.areas.models import Area
from fugong.base.areas.selectors import area_tree
from fugong.base.audit.selectors import last_moments
from fugong.base.tokens.models import ApiToken
from fugong.core import clock
from fugong.core.bulk import Read, read_json, rows_from_json, together
from fugong.core.roles import Role
from fugong.core.viewer import Viewer

PREFIX = "fg_"
USED = "tokens.token.used"
_LONGEST = 100
# By hand, because every request with a key asks it, together with whose it is.
_STANDING = """
SELECT {what} FROM tokens_apitoken AS t
WHERE t.secret_hash = %(tokens_hash)s AND t.revoked_at IS NULL AND t.expires_at > %(tokens_now)s
"""


def secret_hash(secret: str) -> str:
    """What is stored of a key. It has 256 random bits: no salt and no slow hash are needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Presented:
    """A key as it came with a request: who acts, and whether the present minute has room for the request.

    `begins_an_hour`: nothing was heard of the key in this hour yet, as far as this process knows.
    """

    viewer: Viewer
    token: ApiToken
    is_within_rate: bool
    begins_an_hour: bool


def presented_token(secret: str) -> Presented | None:
    """The key that came with a request, counted; None for one that does not stand, whatever the reason. One query."""
    if not secret.startswith(PREFIX) or len(secret) > _LONGEST or not secret.isascii():
        return None
    now = clock.real_now()
    asked = {"tokens_hash": secret_hash(secret), "tokens_now": now}
    token, (account, owner) = together(
        Read(_STANDING.format(what="to_jsonb(t)"), asked, _token),
        read_account(_STANDING.format(what="t.owner_id"), asked, clock.today()),
    )
    if token is None or account is None or not account.is_active:
        return None
    token.owner = account
    viewer = replace(owner, token_id=token.pk, scopes=frozenset(token.scopes))
    narrowed = _narrowed(viewer, token.enterprise_ids, token.area_id)
    return Presented(narrowed, token, _counted(token, now) <= token.per_minute, _begins_an_hour(token, now))


def _token(found: Any) -> ApiToken | None:
    return next(iter(rows_from_json(ApiToken, [read_json(found)] if found else [])), None)


def _counted(token: ApiToken, now: datetime) -> int:
    """Requests of the key in this minute. In the cache, since a request that reads writes nothing: where each web
    process has a cache of its own, each counts for itself.
    """
    name = f"tokens.minute.{token.pk}.{now:%d%H%M}"
    caches["counts"].add(name, 0, 2 * 60)
    return caches["counts"].incr(name)


def _begins_an_hour(token: ApiToken, now: datetime) -> bool:
    return bool(caches["counts"].add(f"tokens.hour.{token.pk}.{now:%Y%m%d%H}", True, 60 * 60))


def _narrowed(viewer: Viewer, enterprise_ids: list[int] | None, area_id: int | None) -> Viewer:
    """The owner, with no more than the key gives: grants of its enterprises, or mandates within its area."""
    if enterprise_ids is not None:
        grants = frozenset(grant for grant in viewer.grants if grant[1] in enterprise_ids)
        roles = frozenset(capacity for capacity, _pk in grants)
        nowhere: frozenset[int] = frozenset()
        own = replace(viewer, grants=grants, roles=roles, mandates=())
        return replace(own, body_ids=nowhere, area_ids=nowhere, covers_root=False)
    if area_id is not None:
        tree = area_tree()
        within = tree.within(tree.areas[area_id])
        held = tuple((role, within if areas is None else areas & within) for role, areas in viewer.mandates)
        held = tuple((role, areas) for role, areas in held if areas)
        seen = within if viewer.covers_root else viewer.area_ids & within
        roles = frozenset(role for role, _areas in held)
        return replace(viewer, grants=frozenset(), mandates=held, roles=roles, area_ids=seen, covers_root=False)
    return viewer


def last_used(viewer: Viewer, tokens: Sequence[ApiToken]) -> dict[int, datetime]:
    """By id of the key: its first use in the last hour in which it was used, on the clock of the trail. 1 query."""
    found = last_moments(viewer, USED, [token.subject for token in tokens])
    return {token.pk: found[token.subject] for token in tokens if token.subject in found}


def area_of(token: ApiToken) -> int | None:
    """Whose matter a key is: the area it is cut down to, else that of its owner."""
    return token.area_id or area_of_person(token.owner)


def tokens_of(viewer: Viewer) -> QuerySet[ApiToken]:
    """The viewer's own keys, the newest first."""
    return ApiToken.objects.filter(owner_id=viewer.id).select_related("area").order_by("-created_at", "pk")


def tokens_overseen(viewer: Viewer) -> QuerySet[ApiToken]:
    """The keys of others that an administrator may revoke, the newest first."""
    rows = ApiToken.objects.exclude(owner_id=viewer.id).select_related("area", "owner").order_by("-created_at", "pk")
    if viewer.holds_everywhere(Role.ADMINISTRATOR):
        return rows
    areas: frozenset[int] = frozenset()
    for role, held in viewer.mandates:
        areas |= (held or frozenset()) if role == Role.ADMINISTRATOR else frozenset()
    if not areas:
        return rows.none()
    return rows.filter(Q(owner__mandates__area_id__in=areas)).distinct()


def token_for(viewer: Viewer, pk: int) -> ApiToken | None:
    """One of those keys; None for any other."""
    return tokens_of(viewer).filter(pk=pk).first() or tokens_overseen(viewer).filter(pk=pk).first()


def areas_to_limit(viewer: Viewer) -> list[Area]:
    """The areas to which a key of this person can be limited: those within the mandates, down to reporting areas."""
    tree = area_tree()
    seen = [area for pk, area in tree.areas.items() if viewer.covers(pk)]
    return [area for area in seen if area.is_reporting or area.parent_id not in {other.pk for other in seen}]
