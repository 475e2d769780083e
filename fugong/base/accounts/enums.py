from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from fugong.core.roles import BY_GRANT, Role

# A mandate gives every role but those that an enterprise grant gives.
MANDATE_ROLES = [choice for choice in Role.choices if choice[0] not in BY_GRANT]

# In the session: this person has a second factor. Spares every request a query.
FACTOR_IN_SESSION = "fu_factor"


class BodyKind(TextChoices):
    """What kind of body people serve in."""

    BUREAU = "bureau", _("bureau")
    HEADQUARTERS = "headquarters", _("headquarters")
    WORKING_GROUP = "working_group", _("working group")
    SERVICE_TEAM = "service_team", _("service team")
    TOWNSHIP = "township", _("township or street office")
    VILLAGE = "village", _("village committee")


class SecretKind(TextChoices):
    """What a person types beside the account: officials a password, reporters of enterprises a PIN."""

    PASSWORD = "password", _("password")
    PIN = "pin", _("PIN")


class CodePurpose(TextChoices):
    """What a one-time code opens."""

    FIRST = "first", _("first sign-in")
    RESET = "reset", _("forgotten password or PIN")
    MESSAGE = "message", _("sign-in by short message")
