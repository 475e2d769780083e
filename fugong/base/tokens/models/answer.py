from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from fugong.base.tokens.models.token import ApiToken
from fugong.core import constraints


class KeptAnswer(models.Model):
    """What a writing request with an idempotency key was answered: the same request again gets the same answer."""

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="kept_answers")
    key = models.TextField(_("idempotency key"))
    fingerprint = models.TextField(_("hash of the request"))
    answer = models.JSONField(_("answer"), null=True)
    kept_at = models.DateTimeField(_("kept at"))

    class Meta:
        verbose_name = _("kept answer")
        verbose_name_plural = _("kept answers")
        ordering = ["pk"]
        constraints = [
            constraints.unique("kept_answer_once", "token", "key", message=_("This idempotency key was used before.")),
        ]
        indexes = [models.Index(fields=["kept_at"], name="kept_answer_by_age")]

    def __str__(self) -> str:
        return self.key
