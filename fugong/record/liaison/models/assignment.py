from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fugong.base.accounts.models import Body, User
from fugong.base.areas.models import Area
from fugong.core import constraints
from fugong.record.incidents.models import Incident
from fugong.record.liaison.logic.spans import Span, lasting
from fugong.record.liaison.models.absence import Absence
from fugong.record.registry.models import Enterprise


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def open_on(self, day: date) -> AssignmentQuerySet:
        """Those that hold on the day or will."""
        standing = Q(revoked_on__isnull=True) | Q(revoked_on__gt=day)
        return self.filter(standing, Q(valid_to__isnull=True) | Q(valid_to__gte=day))

    def held_on(self, day: date) -> AssignmentQuerySet:
        return self.open_on(day).filter(valid_from__lte=day)

    def lasting(self) -> AssignmentQuerySet:
        """Not those of an acting officer, which come and go with an absence."""
        return self.filter(absence__isnull=True)


class Assignment(models.Model):
    """A person or a body looks after an enterprise or an area, for a time (both days included).

    `kind` is a code of the playbook. From `revoked_on` on it holds no longer. `absence`, `acting_for`: it repeats
    another assignment while its holder is away. `source`: by hand, by a rule, a hand-over, an import (`import:7`).
    `is_sole`: nobody of this kind beside it on the same target, as the playbook said when it was given.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="assignments")
    kind = models.TextField(_("as"))
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="assignments")
    body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="assignments")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, blank=True, related_name="assignments")
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="assignments")
    is_sole = models.BooleanField(_("one at a time"), default=False)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    revoked_on = models.DateField(_("taken away on"), null=True, blank=True)
    absence = models.ForeignKey(Absence, models.PROTECT, null=True, blank=True, related_name="assignments")
    acting_for = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="stand_ins")
    source = models.TextField(_("source"))
    given_by_name = models.TextField(_("given by"))
    given_at = models.DateTimeField(_("given at"))
    ended_by_name = models.TextField(_("ended by"), blank=True)
    end_reason = models.TextField(_("why it ended"), blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["user", "enterprise"], name="assignment_by_user"),
            models.Index(fields=["enterprise", "kind"], name="assignment_by_enterprise"),
            models.Index(fields=["source"], name="assignment_by_source"),
        ]
        constraints = [
            constraints.check(
                "assignment_one_holder",
                Q(user__isnull=False, body__isnull=True) | Q(user__isnull=True, body__isnull=False),
                _("Name the person or the body that looks after it."),
            ),
            constraints.check(
                "assignment_one_target",
                Q(enterprise__isnull=False, area__isnull=True) | Q(enterprise__isnull=True, area__isnull=False),
                _("Name the enterprise or the area that is looked after."),
            ),
            constraints.not_before(
                "assignment_in_order", "valid_from", "valid_to", _("An assignment cannot end before it begins.")
            ),
            constraints.check(
                "assignment_acting_for_a_time",
                Q(absence__isnull=True, acting_for__isnull=True)
                | Q(absence__isnull=False, acting_for__isnull=False, valid_to__isnull=False),
                _("Who acts for somebody does so for a time."),
            ),
            constraints.unique(
                "assignment_person_once",
                "incident",
                "kind",
                "user",
                "enterprise",
                message=_("This person looks after the enterprise already."),
                while_=Q(revoked_on__isnull=True, valid_to__isnull=True, enterprise__isnull=False),
            ),
            constraints.unique(
                "assignment_body_once",
                "incident",
                "kind",
                "body",
                "area",
                message=_("This body looks after the area already."),
                while_=Q(revoked_on__isnull=True, valid_to__isnull=True, area__isnull=False),
            ),
            constraints.unique(
                "assignment_one_of_its_kind",
                "incident",
                "kind",
                "enterprise",
                message=_("Somebody looks after this enterprise already."),
                while_=Q(is_sole=True, revoked_on__isnull=True, valid_to__isnull=True, enterprise__isnull=False),
            ),
            constraints.unique(
                "assignment_one_stand_in",
                "absence",
                "acting_for",
                message=_("Somebody stands in already."),
                while_=Q(revoked_on__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.user_id or self.body_id} -> {self.enterprise_id or self.area_id}"

    @property
    def span(self) -> Span | None:
        """The days on which it holds; None when it was taken away before it began."""
        return lasting(self.valid_from, self.valid_to, self.revoked_on)
