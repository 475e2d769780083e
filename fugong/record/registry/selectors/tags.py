from __future__ import annotations

from fugong.core.bulk import all_rows
from fugong.core.viewer import Viewer
from fugong.record.registry.permissions import can_list_enterprises

_MOST = 200
# From one tag to the next by the index on them: a million tagged enterprises are not read for their dozen tags.
_TAGS = """
SELECT text FROM (WITH RECURSIVE tag (text) AS (
    (SELECT value FROM registry_enterprisetrait WHERE kind = 'tag' ORDER BY value LIMIT 1)
    UNION ALL
    SELECT (
        SELECT t.value FROM registry_enterprisetrait AS t
        WHERE t.kind = 'tag' AND t.value > tag.text ORDER BY t.value LIMIT 1
    )
    FROM tag WHERE tag.text IS NOT NULL
) SELECT text FROM tag) AS tag
WHERE text IS NOT NULL AND (%(everywhere)s OR EXISTS (
    SELECT FROM registry_enterprisetrait AS t JOIN registry_enterprise AS e ON e.id = t.enterprise_id
    WHERE t.kind = 'tag' AND t.value = tag.text AND e.managing_area_id = ANY(%(mine)s)
))
LIMIT %(most)s
"""


def tags_in_use(viewer: Viewer) -> list[str]:
    """The tags that enterprises in the viewer's areas carry or carried, up to 200. 1 query."""
    can_list_enterprises(viewer).require()
    values = {"everywhere": viewer.covers_root, "mine": list(viewer.area_ids), "most": _MOST}
    return [text for (text,) in all_rows(_TAGS, values)]
