from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Verdict(TextChoices):
    """What a rule says for an enterprise."""

    YES = "yes", _("entitled")
    UNKNOWN = "unknown", _("undecided")
    NO = "no", _("not eligible")


class Aspect(TextChoices):
    """What a measure helps with; the first four are the heads of the city's sixteen measures of 2020."""

    STAFF = "staff", _("steady staff")
    BURDEN = "burden", _("lighter burden")
    FINANCE = "finance", _("finance")
    EXECUTION = "execution", _("execution of policies")
    CARE = "care", _("care for entrepreneurs")


class TextState(TextChoices):
    """How much of the measure's text is known; of a title nothing is derived."""

    FULL = "full", _("text known")
    DIGEST = "digest", _("known from a report")
    TITLE = "title", _("title only, text not found")


class VersionState(TextChoices):
    """draft → published; then it is changed by the files it came from only, else a later version replaces it."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
