"""What the playbook says of the headquarters of an incident."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from fugong.command.headquarters.logic.section import HeadquartersSection
from fugong.core.decision import Denied
from fugong.record.incidents.models import Incident
from fugong.record.incidents.selectors import playbook_on


class NoHeadquarters(Denied):
    """The incident's playbook says nothing about a headquarters; a newer version of it has to be loaded."""


def section_on(incident: Incident, day: date) -> HeadquartersSection:
    """What holds for the headquarters of an incident on a day. Raises `NoHeadquarters`."""
    content = playbook_on(incident, day).content.get("headquarters")
    if not content:
        raise NoHeadquarters(
            _("The playbook of this incident has no headquarters. Its administrator loads a newer version.")
        )
    return HeadquartersSection(content)
