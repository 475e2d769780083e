from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fugong.base.accounts.models import User
from fugong.base.areas.models import Area
from fugong.core import constraints
from fugong.record.registry.enums import ChangeKind, ChangeState
from fugong.record.registry.models.enterprise import Enterprise


class ChangeRequest(models.Model):
    """What an enterprise proposes to change in the register, and what the clerk of its managing area answered."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="change_requests")
    kind = models.TextField(_("what changed"), choices=ChangeKind.choices)
    text = models.TextField(_("new name or address"), blank=True)
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="change_requests", verbose_name=_("area")
    )
    day = models.DateField(_("since when"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    state = models.TextField(_("state"), choices=ChangeState.choices, default=ChangeState.PROPOSED)
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="change_requests")
    proposed_by_name = models.TextField(_("proposed by"))
    proposed_at = models.DateTimeField(_("proposed at"))
    answer = models.TextField(_("answer"), blank=True)
    decided_by_name = models.TextField(_("decided by"), blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta:
        verbose_name = _("proposed change")
        verbose_name_plural = _("proposed changes")
        ordering = ["proposed_at", "pk"]
        constraints = [
            constraints.one_of(
                "change_kind_known", "kind", ChangeKind.values, _("This kind of change does not exist.")
            ),
            constraints.one_of("change_state_known", "state", ChangeState.values, _("This state does not exist.")),
            constraints.unique(
                "change_one_open_of_a_kind",
                "enterprise",
                "kind",
                message=_("The same change waits for its answer already. Withdraw it first."),
                while_=Q(state=ChangeState.PROPOSED),
            ),
            constraints.check(
                "change_says_what",
                Q(kind__in=[ChangeKind.NAME, ChangeKind.ADDRESS], text__gt="")
                | Q(kind=ChangeKind.AREA, area__isnull=False)
                | Q(kind=ChangeKind.CLOSING, day__isnull=False)
                | Q(kind=ChangeKind.NOT_OURS),
                _("Say what it is to become."),
            ),
            constraints.check(
                "change_refused_with_reason",
                ~Q(state=ChangeState.REFUSED) | ~Q(answer=""),
                _("Say why the change is refused."),
            ),
            constraints.check(
                "change_decided_by_somebody",
                Q(state=ChangeState.PROPOSED, decided_at__isnull=True)
                | (~Q(state=ChangeState.PROPOSED) & Q(decided_at__isnull=False) & ~Q(decided_by_name="")),
                _("An answer needs who gave it and when."),
            ),
        ]
        indexes = [models.Index(fields=["state", "proposed_at"], name="change_by_state")]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.kind} {self.state}"
