from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fugong.base.accounts.models import User
from fugong.base.areas.models import Area
from fugong.core import constraints


class ApiToken(models.Model):
    """A key with which a system acts for its owner. Of the key itself only the SHA-256 is stored.

    `scopes` are names of `core.registries.api_scopes`. `enterprise_ids` (by value) narrows it to the owner's grants for
    these enterprises, `area` to the owner's mandates within it; neither: all that the owner may do. Of its requests in
    a minute `per_minute` are answered. Times are real ones, as those of sessions are.
    """

    owner = models.ForeignKey(User, models.PROTECT, related_name="api_tokens")
    name = models.TextField(_("name of the key"))
    secret_hash = models.TextField(_("hash of the key"), unique=True)
    hint = models.TextField(_("first characters"))
    scopes = ArrayField(models.TextField(), verbose_name=_("what it may do"))
    enterprise_ids = ArrayField(
        models.BigIntegerField(), verbose_name=_("only these enterprises"), null=True, blank=True
    )
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="api_tokens", verbose_name=_("only this area")
    )
    per_minute = models.IntegerField(_("requests a minute"))
    created_at = models.DateTimeField(_("made at"))
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoked_by_name = models.TextField(_("revoked by"), blank=True)

    class Meta:
        verbose_name = _("key of the interface")
        verbose_name_plural = _("keys of the interface")
        ordering = ["-created_at", "pk"]
        constraints = [
            constraints.check("token_has_name", ~Q(name=""), _("Give the key a name.")),
            constraints.check("token_may_something", ~Q(scopes=[]), _("Choose what the key may do.")),
            constraints.check(
                "token_limited_one_way",
                Q(enterprise_ids__isnull=True) | Q(area__isnull=True),
                _("A key is limited to enterprises or to an area, not to both."),
            ),
            constraints.check("token_rate_positive", Q(per_minute__gte=1), _("At least one request a minute.")),
            constraints.check(
                "token_expires_later", Q(expires_at__gt=F("created_at")), _("A key cannot expire before it is made.")
            ),
            constraints.check(
                "token_revoked_by_somebody",
                Q(revoked_at__isnull=True, revoked_by_name="") | (Q(revoked_at__isnull=False) & ~Q(revoked_by_name="")),
                _("A revoked key names who revoked it."),
            ),
        ]
        indexes = [models.Index(fields=["owner", "-created_at"], name="token_by_owner")]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """The key in the trail."""
        return f"tokens.token:{self.pk}"

    def stands_at(self, moment: datetime) -> bool:
        """Neither expired nor revoked."""
        return self.revoked_at is None and self.expires_at > moment
