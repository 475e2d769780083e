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


class Means(TextChoices):
    """How an official who reports on behalf learnt what the enterprise says."""

    CALL = "call", _("telephone")
    VISIT = "visit", _("on site")
    MESSAGE = "message", _("message")
    PAPER = "paper", _("paper form")


# The channels by which an enterprise speaks for itself.
OWN_WORD = (Channel.PHONE, Channel.API)
# The states in which an enterprise counts as working.
WORKING = (ReportState.OPEN, ReportState.PARTIAL)


class ItemType(TextChoices):
    """What an item of a report asks for."""

    INTEGER = "integer", _("whole number")
    DECIMAL = "decimal", _("number")
    TEXT = "text", _("text")


class LockReason(TextChoices):
    """Why nothing may be reported or corrected for a day any more."""

    EXPIRED = "expired", _("its time has run out")
    PERIOD_CLOSED = "period_closed", _("the period is closed")
    PUBLISHED = "published", _("its figures are published")


class CorrectionReason(TextChoices):
    """Why a report is corrected after its time."""

    MISTYPED = "mistyped", _("mistyped")
    NEWS = "news", _("learnt it later")
    MISUNDERSTOOD = "misunderstood", _("misunderstood the item")
    CHECKED = "checked", _("a check on site found other numbers")
    OTHER = "other", _("other")
