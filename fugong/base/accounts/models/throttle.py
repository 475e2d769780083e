from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Throttle(models.Model):
    """How often something was tried within a window, for all processes. `key` is a keyed hash, never a name."""

    key = models.TextField(_("key"), primary_key=True)
    count = models.PositiveIntegerField(_("attempts"), default=0)
    ends_at = models.DateTimeField(_("window ends at"))

    class Meta:
        verbose_name = _("throttle")
        verbose_name_plural = _("throttles")
        ordering = ["key"]
        indexes = [models.Index(fields=["ends_at"], name="throttle_by_end")]

    def __str__(self) -> str:
        return self.key
