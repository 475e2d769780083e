from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from fugong.core import constraints
from fugong.record.registry.enums import SizeClass
from fugong.record.registry.models.enterprise import Enterprise


class EnterpriseSize(models.Model):
    """From which day to which an enterprise is of a size class; worked out from its facts, never typed.

    Kept so that a list of a million can be narrowed by it; a page of one enterprise works the class out anew, with its
    rule. Renewed in the transaction that states or takes back a fact, and checked each night.
    """

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="sizes")
    size = models.TextField(_("size class"), choices=SizeClass.choices)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("size class")
        verbose_name_plural = _("size classes")
        ordering = ["enterprise", "valid_from"]
        constraints = [
            constraints.one_of("size_known", "size", SizeClass.values, _("This size class does not exist.")),
            constraints.not_before(
                "size_period_in_order", "valid_from", "valid_to", _("A size class cannot end before it begins.")
            ),
            constraints.unique(
                "size_once_a_day",
                "enterprise",
                "valid_from",
                message=_("The enterprise has a size class from this day already."),
            ),
        ]
        indexes = [models.Index(fields=["size", "enterprise"], name="size_by_class")]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.size} {self.valid_from}"
