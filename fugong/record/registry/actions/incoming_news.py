"""What the rows of a file say beside the columns of the register and it does not hold yet: dated facts, contacts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from fugong.core import clock
from fugong.core.bulk import all_rows, execute
from fugong.core.text import masked_phone
from fugong.record.registry.actions.facts import StatedFact
from fugong.record.registry.enums import ContactRole, FactKind
from fugong.record.registry.logic.fact_values import fact_words

# One line, kind and value for each fact that a row states; a cell that says nothing states none.
_STATED = """
incoming_enterprise AS i CROSS JOIN LATERAL (VALUES
    (1, 'headcount', i.headcount::numeric, ''), (2, 'revenue', i.revenue, ''), (3, 'assets', i.assets, ''),
    (4, 'industry', NULL, i.industry), (5, 'above_scale', NULL, i.above_scale)) AS v (place, kind, number, text)
"""
_FACTS = f"""
SELECT i.uscc, v.kind, COALESCE(i.as_of, %(today)s), v.number, v.text
FROM {_STATED} WHERE v.number IS NOT NULL OR v.text <> ''
"""  # noqa: S608
_ENTERED = """EXISTS (
    SELECT FROM registry_importedenterprise AS n
    WHERE n.run_id = %(run)s AND n.enterprise_pk = e.id AND n.before IS NULL
)"""
# Those that differ from what holds on their day (as `state_facts_in_bulk` judges it), of enterprises that were known.
_NEW_FACTS = f"""
CREATE TEMP TABLE incoming_fact ON COMMIT DROP AS
SELECT i.line, v.place, v.kind, known.number AS number_before, known.text AS text_before, v.number, v.text
FROM {_STATED}
JOIN registry_enterprise AS e ON e.uscc = i.uscc
LEFT JOIN LATERAL (
    SELECT f.number, f.text FROM registry_enterprisefact AS f
    WHERE f.enterprise_id = e.id AND f.kind = v.kind AND f.valid_from <= COALESCE(i.as_of, %(today)s)
        AND f.withdrawn_at IS NULL
    ORDER BY f.valid_from DESC LIMIT 1
) AS known ON true
WHERE (v.number IS NOT NULL OR v.text <> '')
    AND (known.text IS NULL OR (known.number, known.text) IS DISTINCT FROM (v.number, v.text))
    AND NOT {_ENTERED}
"""  # noqa: S608
# A contact that stands, or stood and was removed by hand, is not entered again by the same file; a name alone says
# nothing new of somebody who is known with a number.
_NEW_CONTACTS = f"""
CREATE TEMP TABLE incoming_contact ON COMMIT DROP AS
SELECT i.line, e.id AS enterprise_id, c.role, c.name, c.phone, {_ENTERED} AS entered
FROM incoming_enterprise AS i JOIN registry_enterprise AS e ON e.uscc = i.uscc
CROSS JOIN LATERAL jsonb_to_recordset(i.contacts) AS c (role text, name text, phone text)
WHERE NOT EXISTS (
    SELECT FROM registry_contact AS k WHERE k.enterprise_id = e.id AND k.role = c.role AND k.name = c.name
        AND (k.phone = c.phone OR c.phone = '')
)
"""  # noqa: S608
# Another number of the same person takes the place of the former.
_REPLACED = """
k.enterprise_id = s.enterprise_id AND k.role = s.role AND k.name = s.name AND s.name <> '' AND k.ended_at IS NULL
"""
_END_CONTACTS = f"""
UPDATE registry_contact AS k SET ended_at = %(now)s, ended_by_name = %(name)s
FROM incoming_contact AS s WHERE {_REPLACED}
"""  # noqa: S608
_ENTER_CONTACTS = """
INSERT INTO registry_contact (enterprise_id, role, name, phone, source, entered_by_name, entered_at, ended_by_name)
SELECT enterprise_id, role, name, phone, %(source)s, %(name)s, %(now)s, '' FROM incoming_contact
ON CONFLICT DO NOTHING
"""
# Lines of enterprises that were known; what the file itself enters is new and not changed.
_LINES = "SELECT line FROM incoming_fact UNION SELECT line FROM incoming_contact WHERE NOT entered"
_SHOWN_FACTS = f"""
SELECT i.line, i.uscc, i.name, f.kind, f.number_before, f.text_before, f.number, f.text
FROM incoming_fact AS f JOIN incoming_enterprise AS i ON i.line = f.line
WHERE f.line IN ({_LINES} ORDER BY line LIMIT %(limit)s) ORDER BY f.line, f.place
"""  # noqa: S608
_SHOWN_CONTACTS = f"""
SELECT i.line, i.uscc, i.name, s.role, k.name, k.phone, s.name, s.phone
FROM incoming_contact AS s JOIN incoming_enterprise AS i ON i.line = s.line
LEFT JOIN registry_contact AS k ON {_REPLACED}
WHERE s.line IN ({_LINES} ORDER BY line LIMIT %(limit)s) ORDER BY s.line, s.role
"""  # noqa: S608

Change = tuple[str, str, str]


class IncomingNews:
    """Facts and contacts of the rows in `incoming_enterprise`; opened when these are settled."""

    # The lines, for statements that ask whether a row brings news.
    LINES = _LINES

    def __init__(self, run_id: int) -> None:
        self._values = {"today": clock.today(), "run": run_id}
        execute(_NEW_FACTS, self._values)
        execute(_NEW_CONTACTS, self._values)
        execute("ANALYZE incoming_fact")
        execute("ANALYZE incoming_contact")

    def facts(self) -> Iterator[StatedFact]:
        """Every fact that the rows state."""
        for code, kind, day, number, text in all_rows(_FACTS, self._values):
            yield StatedFact(code, FactKind(kind), day, number=number, text=text)

    def enter_contacts(self, *, now: datetime, name: str, source: str) -> None:
        """Enter the contacts, in the place of those whose number changed."""
        values = {"now": now, "name": name, "source": source}
        execute(_END_CONTACTS, values)
        execute(_ENTER_CONTACTS, values)

    def changes(self, limit: int) -> Iterator[tuple[int, str, str, Change]]:
        """Line, code, name and change of the first rows with news; numbers of people as they are shown to everybody."""
        for line, code, name, kind, number_before, text_before, number, text in all_rows(
            _SHOWN_FACTS, {"limit": limit}
        ):
            before = _words(kind, number_before, text_before)
            yield line, code, name, (str(FactKind(kind).label), before, _words(kind, number, text))
        for line, code, name, role, *sides in all_rows(_SHOWN_CONTACTS, {"limit": limit}):
            old, new = _person(*sides[:2]), _person(*sides[2:])
            yield line, code, name, (str(ContactRole(role).label), old, new)

    def close(self) -> None:
        execute("DROP TABLE incoming_fact, incoming_contact")


def _words(kind: str, number: Decimal | None, text: str | None) -> str:
    return "" if text is None else fact_words(FactKind(kind), number, text)


def _person(name: str | None, phone: str | None) -> str:
    return " ".join(part for part in (name, masked_phone(phone) if phone else "") if part)
