from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fugong.base.accounts.models import Body
from fugong.core import constraints
from fugong.record.incidents.models import Incident


class RootProblem(models.Model):
    """One upstream cause under which many requests wait; solving it answers all of them."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="root_problems")
    title = models.TextField(_("title"))
    body = models.ForeignKey(Body, models.PROTECT, related_name="root_problems")
    opened_at = models.DateTimeField(_("opened at"))
    opened_by_name = models.TextField(_("opened by"))
    solution = models.TextField(_("solution"), blank=True)
    solved_at = models.DateTimeField(_("solved at"), null=True, blank=True)

    class Meta:
        verbose_name = _("root problem")
        verbose_name_plural = _("root problems")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            constraints.check("root_has_title", ~Q(title=""), _("Say in a few words what blocks them all.")),
            constraints.check(
                "root_solved_with_words",
                Q(solved_at__isnull=True) | ~Q(solution=""),
                _("Say how the root problem was solved."),
            ),
        ]

    def __str__(self) -> str:
        return self.title
