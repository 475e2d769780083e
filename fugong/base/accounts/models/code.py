from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fugong.base.accounts.enums import CodePurpose
from fugong.base.accounts.models.user import User
from fugong.core import constraints


class EntryCodeQuerySet(models.QuerySet["EntryCode"]):
    def alive(self, moment: datetime) -> EntryCodeQuerySet:
        """Neither used nor taken back nor too old."""
        return self.filter(used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=moment)


class EntryCode(models.Model):
    """A code that lets a person in once. Only its keyed hash is kept (`digest`); times are the machine's own.

    `user` is empty for a short message that went nowhere: an unknown number gets the same answer and the same work.
    `label` says on the page what it is for (an enterprise's name); `batch` which printed sheet it stands on, by value.
    """

    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="codes")
    purpose = models.TextField(_("purpose"), choices=CodePurpose.choices)
    digest = models.TextField(_("keyed hash"))
    label = models.TextField(_("label"), blank=True)
    batch = models.BigIntegerField(_("sheet"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    issued_by_name = models.TextField(_("issued by"))
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("expires at"))
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("taken back at"), null=True, blank=True)

    objects = EntryCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("one-time code")
        verbose_name_plural = _("one-time codes")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["digest"], name="code_by_digest")]
        constraints = [
            constraints.one_of(
                "code_purpose_known", "purpose", CodePurpose.values, _("This kind of code does not exist.")
            ),
            constraints.check(
                "code_ends_one_way",
                Q(used_at__isnull=True) | Q(revoked_at__isnull=True),
                _("A code that was used cannot be taken back any more."),
            ),
            constraints.check(
                "code_is_somebodys",
                Q(user__isnull=False) | Q(purpose=CodePurpose.MESSAGE),
                _("A code needs a person."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.purpose}"
