from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class BulletinKind(TextChoices):
    """What a bulletin reports on: a day, a week, or a span of days for a special reason."""

    DAILY = "daily", _("daily report")
    WEEKLY = "weekly", _("weekly report")
    SPECIAL = "special", _("special report")


class BulletinState(TextChoices):
    """draft → submitted → published; submitted → draft when it is sent back. Published is final."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("waiting for approval")
    PUBLISHED = "published", _("published")


class OutputForm(TextChoices):
    """What a job makes of a bulletin: a file, or the list of later corrections."""

    DOCX = "docx", "Word"
    PDF = "pdf", "PDF"
    XLSX = "xlsx", "Excel"
    CHANGES = "changes", _("later corrections")


class OutputState(TextChoices):
    """waiting → ready or failed; both are final."""

    WAITING = "waiting", _("waiting")
    READY = "ready", _("ready")
    FAILED = "failed", _("failed")


# How official documents, always in Chinese, name the kinds.
KIND_TITLES = {
    BulletinKind.DAILY: "复工复产情况通报",
    BulletinKind.WEEKLY: "复工复产情况周报",
    BulletinKind.SPECIAL: "复工复产情况专报",
}
