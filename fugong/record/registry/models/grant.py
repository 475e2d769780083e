from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fugong.base.accounts.models import User
from fugong.core import constraints
from fugong.record.registry.enums import GrantCapacity, GrantProposalState, ProposalWay
from fugong.record.registry.models.enterprise import Enterprise


class EnterpriseGrantQuerySet(models.QuerySet["EnterpriseGrant"]):
    def open_on(self, day: date) -> EnterpriseGrantQuerySet:
        """Those that hold on the day or will."""
        standing = Q(revoked_on__isnull=True) | Q(revoked_on__gt=day)
        return self.filter(standing, Q(valid_to__isnull=True) | Q(valid_to__gte=day))

    def held_on(self, day: date) -> EnterpriseGrantQuerySet:
        return self.open_on(day).filter(valid_from__lte=day)


class EnterpriseGrant(models.Model):
    """A person may act for an enterprise in a capacity, for a time (both days included).

    From `revoked_on` on it holds no longer, whatever its last day was to be.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="enterprise_grants")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="grants")
    capacity = models.TextField(_("capacity"), choices=GrantCapacity.choices)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    source = models.TextField(_("source"))
    given_by_name = models.TextField(_("given by"))
    revoked_on = models.DateField(_("taken away on"), null=True, blank=True)
    ended_by_name = models.TextField(_("ended by"), blank=True)

    objects = EnterpriseGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("enterprise grant")
        verbose_name_plural = _("enterprise grants")
        constraints = [
            constraints.one_of(
                "grant_capacity_known", "capacity", GrantCapacity.values, _("This capacity does not exist.")
            ),
            constraints.not_before(
                "grant_period_in_order", "valid_from", "valid_to", _("A grant cannot end before it begins.")
            ),
            constraints.unique(
                "grant_once_while_open",
                "user",
                "enterprise",
                "capacity",
                message=_("The person may act for this enterprise already."),
                while_=Q(valid_to__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.capacity} {self.enterprise_id}"


class GrantProposal(models.Model):
    """Somebody shall report for an enterprise: a colleague named by its reporter, or one who claims it by its code.

    proposed → confirmed (the grant is given), refused or withdrawn. `user` is the account that claims; a colleague has
    none yet.
    """

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="grant_proposals")
    way = models.TextField(_("way"), choices=ProposalWay.choices)
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="grant_claims")
    name = models.TextField(_("name"))
    phone = models.TextField(_("phone"), blank=True)
    state = models.TextField(_("state"), choices=GrantProposalState.choices, default=GrantProposalState.PROPOSED)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="grant_proposals")
    proposed_at = models.DateTimeField(_("proposed at"))
    decided_by_name = models.TextField(_("decided by"), blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)

    class Meta:
        verbose_name = _("proposed reporter")
        verbose_name_plural = _("proposed reporters")
        ordering = ["-pk"]
        constraints = [
            constraints.one_of(
                "grant_proposal_state_known", "state", GrantProposalState.values, _("This state does not exist.")
            ),
            constraints.one_of("grant_proposal_way_known", "way", ProposalWay.values, _("This way does not exist.")),
            constraints.check(
                "grant_proposal_claim_has_account",
                Q(way=ProposalWay.COLLEAGUE) | Q(user__isnull=False),
                _("Only somebody with an account claims an enterprise by its code."),
            ),
            constraints.unique(
                "grant_claimed_once",
                "enterprise",
                "user",
                message=_("You have asked for this enterprise already; its office answers."),
                while_=Q(state=GrantProposalState.PROPOSED, user__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"
