from __future__ import annotations

from datetime import date

from fugong.base.accounts.enums import BodyKind
from fugong.base.accounts.models import Body, Mandate, User
from fugong.base.areas.models import Area
from fugong.base.areas.selectors import area_ids_within
from fugong.core.roles import SEES_AREA
from fugong.core.viewer import ANONYMOUS, Viewer, grant_sources


def viewer_for(user: User, on: date) -> Viewer:
    """The viewer that this person is on a day. 2 queries for a whole-place mandate, 1 more per area otherwise."""
    mandates = list(Mandate.objects.held_on(on).filter(user=user).select_related("area", "body").order_by("pk"))
    grants: frozenset[tuple[str, int]] = frozenset()
    for source in grant_sources.values():
        grants |= source(user.pk, on)
    held = tuple((mandate.role, _reach(mandate.area)) for mandate in mandates)
    seen = [areas for role, areas in held if role in SEES_AREA]
    covers_root = None in seen
    return Viewer(
        id=user.pk,
        name=user.name,
        username=user.username,
        body_name=str(mandates[0].body) if mandates else "",
        body_ids=frozenset(mandate.body_id for mandate in mandates),
        roles=frozenset({mandate.role for mandate in mandates} | {capacity for capacity, _pk in grants}),
        area_ids=frozenset() if covers_root else frozenset().union(*(areas for areas in seen if areas)),
        covers_root=covers_root,
        mandates=held,
        grants=grants,
    )


def viewer_by_id(user_id: int, on: date) -> Viewer:
    """The viewer that the account of this id is, for jobs that act for a person; nobody if it is not active."""
    user = user_by_id(user_id)
    return viewer_for(user, on) if user is not None and user.is_active else ANONYMOUS


def _reach(area: Area) -> frozenset[int] | None:
    """Ids of all areas at or beneath an area; None for the root of the tree."""
    return None if area.parent_id is None else area_ids_within([area.path])


def user_by_id(pk: int) -> User | None:
    """The account of this id, whoever asks: for jobs that act for a person."""
    return User.objects.filter(pk=pk).first()


def user_named(username: str) -> User | None:
    """The account of this name, whoever asks: for the console and the demonstration loader."""
    return User.objects.filter(username=username).first()


def headquarters_of(area: Area) -> Body | None:
    """The headquarters set up for exactly this area, the oldest first. Names of bodies are public."""
    return Body.objects.filter(area=area, kind=BodyKind.HEADQUARTERS).order_by("pk").first()


def body_named(area: Area, name: str) -> Body | None:
    """The body of this name set up for exactly this area. Names of bodies are public."""
    return Body.objects.filter(area=area, name=name).first()
