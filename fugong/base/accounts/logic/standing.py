"""Who somebody is on a day, as one statement reads it: account, mandates, grants."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

# By hand, because every request asks it first of all. The mandates are those of `MandateQuerySet.open_on`.
STANDING = """
SELECT jsonb_build_array(to_jsonb(u),
    (SELECT jsonb_agg(
            jsonb_build_array(
                m.id, m.role, m.valid_from, m.area_id, a.path, a.parent_id, m.body_id, b.short_name, b.name)
            ORDER BY m.id)
        FROM accounts_mandate AS m JOIN areas_area AS a ON a.id = m.area_id JOIN accounts_body AS b ON b.id = m.body_id
        WHERE m.user_id = u.id AND (m.valid_to IS NULL OR m.valid_to >= %(on)s)
            AND (m.revoked_on IS NULL OR m.revoked_on > %(on)s)),
    (SELECT jsonb_agg(jsonb_build_array(g.capacity, g.enterprise_id)) FROM ({grants}) AS g))
FROM accounts_user AS u WHERE u.id = ({account})
"""
NO_GRANTS = "SELECT NULL AS capacity, NULL AS enterprise_id WHERE FALSE"


class Open(NamedTuple):
    """A mandate as `STANDING` reads it, that holds on the day or will."""

    pk: int
    role: str
    valid_from: date
    area_id: int
    path: str
    parent_id: int | None
    body_id: int
    short_name: str
    body_name: str
