from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fugong.base.areas.models import Area
from fugong.command.situation.enums import BulletinKind
from fugong.core import constraints
from fugong.record.incidents.models import Incident


class BulletinTemplate(models.Model):
    """The text that a bulletin of a kind begins with in an area, with fields for figures. A change is a new version."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="bulletin_templates")
    area = models.ForeignKey(Area, models.PROTECT, related_name="bulletin_templates")
    kind = models.TextField(_("kind"), choices=BulletinKind.choices)
    version = models.IntegerField(_("version"))
    title = models.TextField(_("title"))
    text = models.TextField(_("text"))
    made_by_name = models.TextField(_("made by"))
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("template of a bulletin")
        verbose_name_plural = _("templates of bulletins")
        ordering = ["incident", "area", "kind", "-version"]
        constraints = [
            constraints.one_of(
                "bulletin_template_kind_known", "kind", BulletinKind.values, _("This kind of bulletin does not exist.")
            ),
            constraints.unique(
                "bulletin_template_version_once",
                "incident",
                "area",
                "kind",
                "version",
                message=_("Somebody has saved this template meanwhile. Open it again."),
            ),
            constraints.check("bulletin_template_version_positive", Q(version__gte=1), _("Versions count from 1.")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} v{self.version}"
