"""What the playbook says of the field book."""

from __future__ import annotations

from datetime import date

from fugong.core.memo import once_per_request
from fugong.record.incidents.models import Incident
from fugong.record.incidents.selectors import playbook_on
from fugong.record.liaison.logic.section import EMPTY, FieldSection


@once_per_request
def field_section(incident: Incident, day: date) -> FieldSection:
    """The kinds of assignments and the visit duties on a day; none where the playbook has no field book."""
    return FieldSection(playbook_on(incident, day).content.get("field") or EMPTY)
