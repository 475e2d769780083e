from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from fugong.base.areas.models import Area
from fugong.core import constraints
from fugong.record.incidents.models import Incident


class BulletinMembers(models.Model):
    """The enterprises behind the figures of a bulletin, as they stood at one moment. Never changed (a trigger refuses).

    `content` is a compressed csv, `sha256` the hash of it before compression; `figures` all that its text may say. No
    personal data: codes, areas, states, counts.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    taken_at = models.DateTimeField(_("figures taken at"))
    sha256 = models.TextField(_("hash"))
    count = models.IntegerField(_("enterprises"))
    content = models.BinaryField(_("content"))
    figures = models.JSONField(_("figures"))

    class Meta:
        verbose_name = _("members of a bulletin")
        verbose_name_plural = _("members of bulletins")
        ordering = ["pk"]
        constraints = [
            constraints.not_before(
                "bulletin_members_days_in_order", "first_day", "last_day", _("The last day lies before the first.")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.last_day} {self.sha256[:12]}"
