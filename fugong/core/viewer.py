"""Who is looking or acting, resolved once per request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from fugong.core.registries import Registry


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person or service on whose behalf code reads and writes.

    `roles` are the role codes held today; `area_ids` every area at or below the areas of the mandates; `covers_root`
    is true when a mandate holds for the whole tree, so that scope filters can be skipped; `grants` the enterprises the
    person may act for, by capacity. Role decides which of the two doors applies, never both in one OR.
    """

    id: int | None = None
    name: str = ""
    username: str = ""
    body_name: str = ""
    roles: frozenset[str] = frozenset()
    area_ids: frozenset[int] = frozenset()
    covers_root: bool = False
    grants: frozenset[tuple[str, int]] = field(default_factory=frozenset)
    service: str = ""

    @property
    def is_anonymous(self) -> bool:
        return self.id is None and not self.service

    @property
    def is_service(self) -> bool:
        """A named service actor: a command on the server's own console, or a job."""
        return bool(self.service)

    def has(self, *roles: str) -> bool:
        """Holds at least one of the roles."""
        return not self.roles.isdisjoint(roles)

    def covers(self, area_id: int | None) -> bool:
        """The area lies within the viewer's mandates."""
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


GrantSource = Callable[[int, date], frozenset[tuple[str, int]]]

# Filled by upper rooms (registry): (user id, day) -> {(capacity, enterprise id)}.
grant_sources: Registry[GrantSource] = Registry("grant_sources")
