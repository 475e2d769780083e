from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fugong.base.areas.models import Area
from fugong.core import constraints
from fugong.record.registry.models.enterprise import Enterprise


class EnterpriseMove(models.Model):
    """An enterprise went from one managing area to another, from `moved_on` on.

    `held_since` is the day from which `from_area` had managed it, None for "since ever": a past day falls into one
    move's stay at most, or else into the present managing area.
    """

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="moves")
    from_area = models.ForeignKey(Area, models.PROTECT, related_name="enterprises_moved_out")
    to_area = models.ForeignKey(Area, models.PROTECT, related_name="enterprises_moved_in")
    held_since = models.DateField(_("managed there since"), null=True, blank=True)
    moved_on = models.DateField(_("moved on"))
    reason = models.TextField(_("reason"))
    decided_by_name = models.TextField(_("decided by"))
    decided_at = models.DateTimeField(_("decided at"))

    class Meta:
        verbose_name = _("move")
        verbose_name_plural = _("moves")
        ordering = ["-moved_on", "-pk"]
        constraints = [
            constraints.unique(
                "move_once_a_day",
                "enterprise",
                "moved_on",
                message=_("This enterprise was moved on that day already. Choose a later day."),
            ),
            constraints.check(
                "move_to_another_area",
                ~Q(from_area=F("to_area")),
                _("This area manages the enterprise already. Choose another one."),
            ),
            constraints.check(
                "move_in_order",
                Q(held_since__isnull=True) | Q(moved_on__gt=F("held_since")),
                _("It was moved later than that already. Choose a later day."),
            ),
            constraints.check("move_has_reason", ~Q(reason=""), _("Say why the enterprise is moved.")),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.moved_on}"
