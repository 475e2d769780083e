from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fugong.base.accounts.models import Body, User
from fugong.core import constraints
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.registry.models import Enterprise


class EnterprisePlanQuerySet(models.QuerySet["EnterprisePlan"]):
    def managed_within(self, viewer: Viewer) -> EnterprisePlanQuerySet:
        """Those of enterprises in the areas of the viewer's mandates."""
        return self if viewer.covers_root else self.filter(enterprise__managing_area_id__in=viewer.area_ids)


class EnterprisePlan(models.Model):
    """The one plan of an enterprise in an incident (一企一策). Its first draft is made from facts.

    `agreed_at`: when an official said that it stands; what is written afterwards goes on under the same agreement.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="enterprise_plans")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="plans")
    drafted_at = models.DateTimeField(_("drafted at"))
    drafted_by_name = models.TextField(_("drafted by"))
    agreed_at = models.DateTimeField(_("agreed at"), null=True, blank=True)
    agreed_by_name = models.TextField(_("agreed by"), blank=True)

    objects = EnterprisePlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan of an enterprise")
        verbose_name_plural = _("plans of enterprises")
        ordering = ["enterprise", "pk"]
        constraints = [
            constraints.unique(
                "plan_once_per_enterprise", "enterprise", "incident", message=_("This enterprise has its plan already.")
            ),
            constraints.check(
                "plan_agreed_by_somebody",
                Q(agreed_at__isnull=True, agreed_by_name="") | Q(agreed_at__isnull=False) & ~Q(agreed_by_name=""),
                _("A plan that was agreed says by whom."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.incident_id}"


class PlanItem(models.Model):
    """Something to be done. `source` and `key`: the fact behind it, with `figures` as that stood; empty for one that
    people wrote. Its progress is read from the same facts, never typed; only what has no fact behind it is settled by
    a person (`settled_at`). `title` and `goal` in people's words stand in for those of the facts.

    `dropped_at`: taken out of the plan, or a fact that was not taken in, with the reason; it is not proposed again.
    """

    plan = models.ForeignKey(EnterprisePlan, models.PROTECT, related_name="items")
    source = models.TextField(_("source"), blank=True)
    key = models.TextField(_("fact"), blank=True)
    figures = models.JSONField(_("figures then"), default=dict, blank=True)
    title = models.TextField(_("what is to be done"), blank=True)
    goal = models.TextField(_("what counts as done"), blank=True)
    body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="plan_items")
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="plan_items")
    is_enterprises = models.BooleanField(_("the enterprise’s own"), default=False)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    added_at = models.DateTimeField(_("added at"))
    added_by_name = models.TextField(_("added by"))
    settled_at = models.DateTimeField(_("done at"), null=True, blank=True)
    settled_by_name = models.TextField(_("said done by"), blank=True)
    dropped_at = models.DateTimeField(_("taken out at"), null=True, blank=True)
    dropped_by_name = models.TextField(_("taken out by"), blank=True)
    dropped_reason = models.TextField(_("why it was taken out"), blank=True)

    class Meta:
        verbose_name = _("item of a plan")
        verbose_name_plural = _("items of plans")
        ordering = ["plan", "pk"]
        indexes = [models.Index(fields=["body", "due_on"], name="plan_item_by_body")]
        constraints = [
            constraints.unique(
                "plan_item_once_per_fact",
                "plan",
                "source",
                "key",
                message=_("This fact stands in the plan already."),
                while_=~Q(source=""),
            ),
            constraints.check("plan_item_has_title", ~Q(source="") | ~Q(title=""), _("Say what is to be done.")),
            constraints.check(
                "plan_item_fact_whole",
                Q(source="", key="") | ~Q(source="") & ~Q(key=""),
                _("A fact has a source and a key."),
            ),
            constraints.check(
                "plan_item_one_owner",
                Q(body__isnull=True, user__isnull=True)
                | Q(body__isnull=True, is_enterprises=False)
                | Q(user__isnull=True, is_enterprises=False),
                _("One body, one person or the enterprise itself sees to it."),
            ),
            constraints.check(
                "plan_item_settled_without_fact",
                Q(settled_at__isnull=True) | Q(source="") & ~Q(settled_by_name=""),
                _("What rests on a fact is done when the fact says so."),
            ),
            constraints.check(
                "plan_item_dropped_says_why",
                Q(dropped_at__isnull=True) | ~Q(dropped_reason="") & ~Q(dropped_by_name=""),
                _("Say why it is taken out."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.title or self.key}"
