from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Place(TextChoices):
    """What a body is within an incident."""

    HEADQUARTERS = "headquarters", _("headquarters")
    OFFICE = "office", _("office of the headquarters")
    GROUP = "group", _("working group")


class DirectiveState(TextChoices):
    """issued → acknowledged → claimed → closed; claimed → acknowledged: sent back; withdrawn from any open one."""

    ISSUED = "issued", _("issued")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    CLAIMED = "claimed", _("claimed done")
    CLOSED = "closed", _("closed")
    WITHDRAWN = "withdrawn", _("withdrawn")


# The owner has to do something; the clock runs.
RUNNING = (DirectiveState.ISSUED, DirectiveState.ACKNOWLEDGED)
OPEN = (*RUNNING, DirectiveState.CLAIMED)


class Matter(TextChoices):
    """On what exactly a directive is: one thing of the graph, or words alone."""

    TEXT = "text", _("in words")
    ENTERPRISE = "enterprise", _("an enterprise")
    REQUEST = "request", _("a request")
    AREA = "area", _("an area")
    FIGURE = "figure", _("a figure")


class StepKind(TextChoices):
    """What happened to a directive."""

    ISSUED = "issued", _("issued")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    PROGRESSED = "progressed", _("progress")
    CLAIMED = "claimed", _("claimed done")
    SENT_BACK = "sent_back", _("sent back")
    EXTENDED = "extended", _("new due time")
    SUPERVISED = "supervised", _("supervision note")
    PART_GIVEN = "part_given", _("part given")
    PART_DONE = "part_done", _("part done")
    PASSED_DOWN = "passed_down", _("passed down")
    REMINDED = "reminded", _("reminded")
    CLOSED = "closed", _("closed")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Reminder(TextChoices):
    """Of what the owner was told last, so that each is said once."""

    NONE = "", "—"
    ACKNOWLEDGE = "acknowledge", _("not acknowledged in time")
    SOON = "soon", _("due soon")
    OVERDUE = "overdue", _("overdue")


class MeetingKind(TextChoices):
    """The two that a headquarters holds each day: figures and orders, and cases to decide."""

    DISPATCH = "dispatch", _("daily dispatch")
    CONSULTATION = "consultation", _("daily consultation")


class MeetingState(TextChoices):
    """prepared → running → closed. Closed is final: its minutes are what stands."""

    PREPARED = "prepared", _("prepared")
    RUNNING = "running", _("running")
    CLOSED = "closed", _("closed")


class ItemState(TextChoices):
    """open → decided (directives), consulted, noted; carried over to the next meeting when it is closed unfinished."""

    OPEN = "open", _("open")
    DECIDED = "decided", _("decided")
    CONSULTED = "consulted", _("agreed")
    NOTED = "noted", _("noted")
    CARRIED = "carried", _("carried over")


# Items that did not come from a registered source.
CARRIED_SOURCE, HAND_SOURCE = "carried", "hand"
