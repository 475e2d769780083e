"""Who is looking or acting, resolved once per request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from fugong.core.registries import Registry


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person or service on whose behalf code reads and writes.

    `mandates` are the roles held today, each with the ids of every area at or below its mandate's area (None: the
    whole tree), `body_ids` the bodies they are held in; `roles` the role codes of mandates and grants. `area_ids` are
    the areas that the person sees (mandates whose role sees its area); `covers_root` is true when that is the whole
    tree, so that scope filters can be skipped. `grants` are the enterprises the person may act for, by capacity. Role
    decides which of the two doors applies, never both in one OR. `home_area_id`: whose person
    it is, for the record of acts that concern no other area. `token_id` and `scopes` belong to a key of the interface
    that acts for the person, with no more than the key gives.

    What is seen is asked with `covers`; what may be done in an area with `holds`: a person may be clerk of one county
    and auditor of the city.
    """

    id: int | None = None
    name: str = ""
    username: str = ""
    body_name: str = ""
    home_area_id: int | None = None
    body_ids: frozenset[int] = frozenset()
    roles: frozenset[str] = frozenset()
    area_ids: frozenset[int] = frozenset()
    covers_root: bool = False
    mandates: tuple[tuple[str, frozenset[int] | None], ...] = ()
    grants: frozenset[tuple[str, int]] = field(default_factory=frozenset)
    service: str = ""
    token_id: int | None = None
    scopes: frozenset[str] = frozenset()

    @property
    def is_anonymous(self) -> bool:
        return self.id is None and not self.service

    @property
    def is_service(self) -> bool:
        """A named service actor: a command on the server's own console, or a job."""
        return bool(self.service)

    @property
    def _is_unbound(self) -> bool:
        """A service of its own accord; a job that acts for a person has that person's id and mandates."""
        return self.is_service and self.id is None

    def has(self, *roles: str) -> bool:
        """Holds at least one of the roles, wherever: for doors and menus. An act in an area asks `holds`."""
        return not self.roles.isdisjoint(roles)

    def holds(self, area_id: int | None, *roles: str) -> bool:
        """Holds at least one of the roles in this area by mandate; a service, unless it acts for somebody, does."""
        return self._is_unbound or any(
            role in roles and (areas is None or area_id in areas) for role, areas in self.mandates
        )

    def holds_everywhere(self, *roles: str) -> bool:
        """Holds at least one of the roles for the whole tree; a service, unless it acts for somebody, does."""
        return self._is_unbound or any(role in roles and areas is None for role, areas in self.mandates)

    def reach(self, *roles: str) -> frozenset[int] | None:
        """Ids of the areas in which one of the roles is held by mandate; None: everywhere."""
        held = [areas for role, areas in self.mandates if role in roles]
        if self.is_service or None in held:
            return None
        return frozenset().union(*(areas for areas in held if areas))

    def covers(self, area_id: int | None) -> bool:
        """The viewer sees what this area manages."""
        return self.covers_root or (area_id is not None and area_id in self.area_ids)

    def acts_for(self, enterprise_id: int, capacity: str) -> bool:
        """Holds a grant of this capacity for the enterprise."""
        return (capacity, enterprise_id) in self.grants

    def enterprises(self, capacity: str) -> frozenset[int]:
        """Ids of the enterprises that a grant of this capacity opens."""
        return frozenset(pk for held, pk in self.grants if held == capacity)


ANONYMOUS = Viewer()


def service_viewer(name: str) -> Viewer:
    """A named service actor; audit stores its name. It covers everything, so it is made on the server only."""
    return Viewer(name=name, service=name, covers_root=True)


def viewer_named(pk: int, name: str) -> Viewer:
    """A person without any right: for what is done before signing in has ended, so that the trail names who it was."""
    return Viewer(id=pk, name=name)


# Filled by upper rooms (registry): SQL of the rows (capacity, enterprise_id) that the account u.id holds on %(on)s. It
# is asked within the statement that reads the account, because every request asks it.
grant_sources: Registry[str] = Registry("grant_sources")

ViewerSource = Callable[[int, date], Viewer]

# Filled by accounts, for rooms beneath it and for jobs that act for a person: (user id, day) -> who that is.
viewer_sources: Registry[ViewerSource] = Registry("viewer_sources")


def viewer_of(user_id: int, on: date) -> Viewer:
    """The person of this id as a viewer on a day; `ANONYMOUS` for an account that is gone or no longer active."""
    found = (source(user_id, on) for source in viewer_sources.values())
    return next((viewer for viewer in found if not viewer.is_anonymous), ANONYMOUS)
