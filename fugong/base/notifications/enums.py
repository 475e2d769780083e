from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MessageState(TextChoices):
    """How far a message is."""

    QUEUED = "queued", _("waiting to be sent")
    SENT = "sent", _("handed to the gateway")
    KEPT = "kept", _("kept in the outbox")
    SUPPRESSED = "suppressed", _("not repeated")
    FAILED = "failed", _("not delivered")
