from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fugong.core import constraints
from fugong.record.registry.enums import SizeClass, TraitKind
from fugong.record.registry.models.enterprise import Enterprise


class EnterpriseTraitQuerySet(models.QuerySet["EnterpriseTrait"]):
    def held_on(self, day: date) -> EnterpriseTraitQuerySet:
        """The traits that hold on the day."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)


class EnterpriseTrait(models.Model):
    """From which day to which an enterprise is of a size class, of an industry section, above scale, or has a tag.

    Worked out from its facts, never typed, and kept with its name, so that a list of a million narrowed by a trait is
    read in its order. Renewed in the transaction that changes a fact, the kind or the name; checked each night. A page
    of one enterprise reads the facts.
    """

    # The constraint below begins with the enterprise: an index of its own would be a second one.
    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="traits", db_index=False)
    kind = models.TextField(_("kind of trait"), choices=TraitKind.choices)
    value = models.TextField(_("value"))
    name = models.TextField(_("name"))
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = EnterpriseTraitQuerySet.as_manager()

    class Meta:
        verbose_name = _("trait")
        verbose_name_plural = _("traits")
        ordering = ["enterprise", "kind", "value", "valid_from"]
        constraints = [
            constraints.one_of("trait_kind_known", "kind", TraitKind.values, _("This kind of trait does not exist.")),
            constraints.check(
                "trait_size_known",
                ~Q(kind=TraitKind.SIZE) | Q(value__in=SizeClass.values),
                _("This size class does not exist."),
            ),
            constraints.not_before(
                "trait_period_in_order", "valid_from", "valid_to", _("A trait cannot end before it begins.")
            ),
            constraints.unique(
                "trait_once_a_day",
                "enterprise",
                "kind",
                "value",
                "valid_from",
                message=_("The enterprise has this trait from this day already."),
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "value", "name", "enterprise"], name="trait_by_name"),
            models.Index(fields=["kind", "value", "enterprise"], name="trait_by_entry"),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.kind} {self.value} {self.valid_from}"
