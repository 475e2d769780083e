from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class EnterpriseKind(TextChoices):
    """What a registered unit is; branches and public bodies are told apart so that counts are not inflated."""

    ENTERPRISE = "enterprise", _("enterprise")
    INDIVIDUAL = "individual", _("individual business")
    BRANCH = "branch", _("branch")
    PUBLIC_BODY = "public_body", _("public body")
    OTHER = "other", _("other organisation")


class GrantCapacity(TextChoices):
    """In which capacity a person acts for an enterprise; the values are role codes."""

    REPORTER = "reporter", _("enterprise reporter")
    LIAISON_OFFICER = "liaison_officer", _("liaison officer")
