"""What kinds of assignments are made of, and how somebody comes: the words that `field.toml` may use."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Holder(TextChoices):
    """Who looks after somebody."""

    PERSON = "person", _("a person")
    BODY = "body", _("a body")


class Target(TextChoices):
    """What is looked after."""

    ENTERPRISE = "enterprise", _("an enterprise")
    AREA = "area", _("an area")


class Way(TextChoices):
    """How an enterprise is heard."""

    VISIT = "visit", _("visit")
    CALL = "call", _("call")


class Purpose(TextChoices):
    """What somebody comes or calls for."""

    ROUND = "round", _("regular round")
    SOLVE = "solve", _("solving a problem")
    POLICY = "policy", _("explaining policy")
    CHECK = "check", _("inspection")
    OTHER = "other", _("other purpose")
