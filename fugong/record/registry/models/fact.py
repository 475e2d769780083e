from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Floor
from django.utils.translation import gettext_lazy as _

from fugong.core import constraints
from fugong.record.registry.enums import NUMBER_KINDS, FactKind
from fugong.record.registry.models.enterprise import Enterprise

_IS_TAG = Q(kind=FactKind.TAG)
_STANDS = Q(withdrawn_at__isnull=True)


class EnterpriseFactQuerySet(models.QuerySet["EnterpriseFact"]):
    def standing(self) -> EnterpriseFactQuerySet:
        """What is held true now: neither corrected nor withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def known_on(self, day: date) -> EnterpriseFactQuerySet:
        """Of each kind the latest value that had begun by the day, and every tag that holds on it. One row each."""
        begun = self.standing().filter(~_IS_TAG | Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)
        # Only tags have their text as part of the key; that of other kinds is their value.
        keyed = begun.annotate(
            key=models.Case(
                models.When(_IS_TAG, then=F("text")), default=models.Value(""), output_field=models.TextField()
            )
        )
        return keyed.order_by("enterprise_id", "kind", "key", "-valid_from").distinct("enterprise_id", "kind", "key")


class EnterpriseFact(models.Model):
    """A fact of an enterprise from a day on, until a later one of the same kind; a tag until `valid_to`.

    `number`: people, or yuan; `text`: industry code, yes or no, or the tag. A correction for the same day keeps the row
    that it replaces, with the time it was withdrawn.
    """

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="facts")
    kind = models.TextField(_("kind of fact"), choices=FactKind.choices)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    number = models.DecimalField(_("number"), max_digits=20, decimal_places=2, null=True, blank=True)
    text = models.TextField(_("text"), blank=True)
    source = models.TextField(_("source"))
    entered_by_name = models.TextField(_("entered by"))
    entered_at = models.DateTimeField(_("entered at"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaced")

    objects = EnterpriseFactQuerySet.as_manager()

    class Meta:
        verbose_name = _("dated fact")
        verbose_name_plural = _("dated facts")
        ordering = ["enterprise", "kind", "-valid_from", "pk"]
        constraints = [
            constraints.one_of("fact_kind_known", "kind", FactKind.values, _("This kind of fact does not exist.")),
            constraints.check(
                "fact_value_fits_kind",
                Q(kind__in=NUMBER_KINDS, number__isnull=False, text="")
                | (~Q(kind__in=NUMBER_KINDS) & Q(number__isnull=True) & ~Q(text="")),
                _("Headcount, revenue and assets are numbers; every other fact is a text."),
            ),
            constraints.check(
                "fact_number_not_negative",
                Q(number__isnull=True) | Q(number__gte=Decimal(0)),
                _("A fact cannot be below zero."),
            ),
            constraints.check(
                "fact_headcount_whole",
                ~Q(kind=FactKind.HEADCOUNT) | Q(number=Floor(F("number"))),
                _("People are counted in whole numbers."),
            ),
            constraints.check(
                "fact_industry_form",
                ~Q(kind=FactKind.INDUSTRY) | Q(text__regex=r"^([A-T]|[0-9]{2,4})$"),
                _("An industry is a letter or 2 to 4 digits by GB/T 4754-2017."),
            ),
            constraints.check(
                "fact_above_scale_form",
                ~Q(kind=FactKind.ABOVE_SCALE) | Q(text__in=("yes", "no")),
                _("Above scale is yes or no."),
            ),
            constraints.check(
                "fact_only_tags_end",
                _IS_TAG | Q(valid_to__isnull=True),
                _("Only a tag has a last day; another fact holds until the next one."),
            ),
            constraints.not_before(
                "fact_period_in_order", "valid_from", "valid_to", _("A tag cannot end before it begins.")
            ),
            constraints.unique(
                "fact_once_a_day",
                "enterprise",
                "kind",
                "valid_from",
                message=_("This fact is stated for this day already."),
                while_=_STANDS & ~_IS_TAG,
            ),
            constraints.unique(
                "fact_tag_once_a_day",
                "enterprise",
                "text",
                "valid_from",
                message=_("The enterprise carries this tag from this day already."),
                while_=_STANDS & _IS_TAG,
            ),
        ]
        indexes = [
            models.Index(fields=["source"], name="fact_by_source"),
            models.Index(fields=["text", "enterprise"], name="fact_by_tag", condition=_IS_TAG & _STANDS),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.kind} {self.valid_from}"

    @property
    def value(self) -> Decimal | str:
        return self.text if self.number is None else self.number
