from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class EnterpriseKind(TextChoices):
    """What a registered unit is; branches and public bodies are told apart so that counts are not inflated."""

    ENTERPRISE = "enterprise", _("enterprise")
    INDIVIDUAL = "individual", _("individual business")
    BRANCH = "branch", _("branch")
    PUBLIC_BODY = "public_body", _("public body")
    OTHER = "other", _("other organisation")


# Units that the size standard does not class: a branch counts with its enterprise, a public body is none.
NOT_CLASSED = frozenset({EnterpriseKind.BRANCH, EnterpriseKind.PUBLIC_BODY})


class GrantCapacity(TextChoices):
    """In which capacity a person acts for an enterprise; the values are role codes."""

    REPORTER = "reporter", _("enterprise reporter")
    LIAISON_OFFICER = "liaison_officer", _("liaison officer")


class ContactRole(TextChoices):
    """As what a person is called at an enterprise."""

    CONTACT = "contact", _("contact person")
    LEGAL = "legal", _("legal representative")
    HEAD = "head", _("person in charge")
    SAFETY = "safety", _("person in charge of safety")


class ClosingReason(TextChoices):
    """Why an enterprise is closed for good."""

    DEREGISTERED = "deregistered", _("struck off by itself")
    REVOKED = "revoked", _("licence revoked")
    BANKRUPT = "bankrupt", _("bankrupt")
    MOVED_AWAY = "moved_away", _("moved out of the city")
    ABSORBED = "absorbed", _("absorbed by another enterprise")
    OTHER = "other", _("other, see the evidence")


class ChangeKind(TextChoices):
    """What an enterprise may propose to change in the register."""

    NAME = "name", _("Our name changed")
    ADDRESS = "address", _("Our address changed")
    AREA = "area", _("Another area looks after us")
    NOT_OURS = "not_ours", _("Not our district")
    CLOSING = "closing", _("We close for good")


class ChangeState(TextChoices):
    """proposed → accepted | refused | withdrawn; the last three are final."""

    PROPOSED = "proposed", _("waiting for an answer")
    ACCEPTED = "accepted", _("accepted")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")


class FactKind(TextChoices):
    """What a dated fact is about. Money in yuan; `industry` a code of GB/T 4754-2017; `above_scale` yes or no."""

    HEADCOUNT = "headcount", _("headcount")
    REVENUE = "revenue", _("revenue of a year")
    ASSETS = "assets", _("total assets")
    INDUSTRY = "industry", _("industry")
    ABOVE_SCALE = "above_scale", _("above scale")
    TAG = "tag", _("tag")


class TraitKind(TextChoices):
    """By what lists are narrowed that follows from dated facts; `industry` by its section, `scale` is yes or no."""

    SIZE = "size", _("size class")
    INDUSTRY = "industry", _("industry")
    SCALE = "scale", _("above scale")
    TAG = "tag", _("tag")


NUMBER_KINDS = (FactKind.HEADCOUNT, FactKind.REVENUE, FactKind.ASSETS)


class SizeClass(TextChoices):
    """The four classes of the size standard of 2011."""

    LARGE = "large", _("large")
    MEDIUM = "medium", _("medium")
    SMALL = "small", _("small")
    MICRO = "micro", _("micro")


class SizeState(TextChoices):
    """To which class an enterprise of the list belongs on the day, or that its facts give none."""

    LARGE = "large", _("large")
    MEDIUM = "medium", _("medium")
    SMALL = "small", _("small")
    MICRO = "micro", _("micro")
    NONE = "none", _("without a size class")


class LifeState(TextChoices):
    """Whether an enterprise of the list is in business on the day."""

    ACTIVE = "active", _("in business")
    CLOSED = "closed", _("closed for good")


class ReporterState(TextChoices):
    """Whether somebody reports for an enterprise on the day."""

    NONE = "none", _("without a reporter")
    SOME = "some", _("with a reporter")


class ScaleState(TextChoices):
    """Whether an enterprise is on the statistical list of larger ones; the values are those of the dated fact."""

    YES = "yes", _("above scale")
    NO = "no", _("below scale")


class CodeState(TextChoices):
    """Whether an enterprise has its credit code."""

    NONE = "none", _("without a credit code")
    SOME = "some", _("with a credit code")


class ListOrder(TextChoices):
    """In which order the register is listed."""

    NAME = "name", _("by name")
    NAME_DOWN = "-name", _("by name, backwards")
    NEWEST = "-entered", _("entered last")
    OLDEST = "entered", _("entered first")


class ExportState(TextChoices):
    """How far the file of a long list is."""

    WAITING = "waiting", _("waiting to be written")
    WRITING = "writing", _("being written")
    WRITTEN = "written", _("written")
    FAILED = "failed", _("failed")


class GrantProposalState(TextChoices):
    """How far the wish is that somebody may report for an enterprise."""

    PROPOSED = "proposed", _("waiting for an answer")
    CONFIRMED = "confirmed", _("confirmed")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")


class ProposalWay(TextChoices):
    """How somebody came to be proposed as a reporter."""

    COLLEAGUE = "colleague", _("named by a reporter")
    CODE = "code", _("claimed with the code of the sheet")


class SheetState(TextChoices):
    """How far a printed sheet of one-time codes is."""

    WAITING = "waiting", _("waiting to be made")
    READY = "ready", _("ready to be printed")
    FAILED = "failed", _("failed")
    REVOKED = "revoked", _("taken back")
