from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ReportState(TextChoices):
    """Whether the enterprise works today."""

    OPEN = "open", _("open")
    PARTIAL = "partial", _("partly open")
    CLOSED = "closed", _("closed")


class Channel(TextChoices):
    """By which door a report came in."""

    PHONE = "phone", _("phone page")
    ON_BEHALF = "on_behalf", _("official on behalf")
    IMPORT = "import", _("file")
    API = "api", _("interface")


class PeopleUnit(TextChoices):
    """What a body's count of people counts. The two are never added, and a rate has both its counts in one unit."""

    NONE = "", _("no people stated")
    PEOPLE = "people", _("people")
    PERSON_TIMES = "person_times", _("person-times")


# The states in which an enterprise counts as working.
WORKING = (ReportState.OPEN, ReportState.PARTIAL)
