from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """One act. `verb` is `app.noun.past_participle`; `subject` names the object as `app.noun:id`; `area_id` is the area
    that it concerned on the day of the act, by value.

    Rows are inserted plain and never change: a trigger refuses UPDATE, DELETE and TRUNCATE.
    """

    at = models.DateTimeField(_("at"))
    actor_id = models.BigIntegerField(_("actor"), null=True)
    actor_name = models.CharField(_("actor's name"), max_length=150)
    area_id = models.BigIntegerField(_("area"), null=True)
    verb = models.CharField(_("verb"), max_length=80)
    subject = models.CharField(_("subject"), max_length=120)
    detail = models.JSONField(_("detail"), default=dict)
    reason = models.TextField(_("reason"), blank=True)
    origin = models.CharField(_("origin"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        indexes = [
            models.Index(fields=["subject", "id"], name="audit_by_subject"),
            models.Index(fields=["actor_id", "id"], name="audit_by_actor"),
            models.Index(fields=["area_id", "id"], name="audit_by_area"),
            models.Index(fields=["verb", "id"], name="audit_by_verb"),
            # Entries come in the order of their moments, so a summary of blocks is enough and costs a write nothing.
            BrinIndex(fields=["at"], name="audit_by_moment"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"
