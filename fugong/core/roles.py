"""The roles of the field. A mandate gives one within an area for a time; a grant gives reporter or liaison officer."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    REPORTER = "reporter", _("enterprise reporter")
    LIAISON_OFFICER = "liaison_officer", _("liaison officer")
    TEAM_LEAD = "team_lead", _("team lead")
    BUREAU_CLERK = "bureau_clerk", _("bureau clerk")
    WORKING_GROUP_MEMBER = "working_group_member", _("working group member")
    DUTY_OFFICER = "duty_officer", _("duty officer")
    COMMANDER = "commander", _("commander")
    TOWNSHIP_CADRE = "township_cadre", _("township cadre")
    AUDITOR = "auditor", _("auditor")
    ADMINISTRATOR = "administrator", _("administrator")


# Held through an EnterpriseGrant; every other role is held through a mandate within an area.
BY_GRANT = frozenset({Role.REPORTER, Role.LIAISON_OFFICER})
# Roles that see the enterprises and figures of their area.
SEES_AREA = frozenset(set(Role) - BY_GRANT - {Role.AUDITOR})
