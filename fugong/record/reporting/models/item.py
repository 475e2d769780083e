"""What an area asks besides the playbook."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fugong.base.areas.models import Area
from fugong.core import constraints
from fugong.record.incidents.models import Incident
from fugong.record.reporting.enums import ItemType


class AreaItem(models.Model):
    """A question that an area asks the enterprises managed in it or beneath it, from a day to a day (empty: on).

    Reports keep the answer under `key`, which no item of a playbook can have: area code, point, name. `unit` is written
    behind the answer. A question is not reworded, for its answers would change their meaning: it ends, another begins.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="area_items")
    area = models.ForeignKey(Area, models.PROTECT, related_name="report_items")
    name = models.SlugField(_("short name"), max_length=40, allow_unicode=False)
    label_zh = models.TextField(_("question in Chinese"))
    label_en = models.TextField(_("question in English"))
    type = models.TextField(_("kind of answer"), choices=ItemType.choices)
    unit = models.TextField(_("unit"), blank=True)
    is_required = models.BooleanField(_("must be answered"), default=False)
    valid_from = models.DateField(_("asked from"))
    valid_to = models.DateField(_("asked until"), null=True, blank=True)
    source = models.TextField(_("source document"))
    decided_by_name = models.TextField(_("decided by"))
    decided_at = models.DateTimeField(_("decided at"))

    class Meta:
        verbose_name = _("question of an area")
        verbose_name_plural = _("questions of areas")
        ordering = ["area", "valid_from", "pk"]
        constraints = [
            constraints.unique(
                "area_item_name_once",
                "incident",
                "area",
                "name",
                message=_("The area has a question of this short name already. Choose another one."),
            ),
            constraints.one_of("area_item_type_known", "type", ItemType.values, _("This kind does not exist.")),
            constraints.not_before(
                "area_item_ends_later", "valid_from", "valid_to", _("The last day lies before the first.")
            ),
            constraints.check(
                "area_item_has_labels", ~Q(label_zh="") & ~Q(label_en=""), _("Write the question in both languages.")
            ),
            constraints.check("area_item_has_source", ~Q(source=""), _("Name the document that orders the question.")),
        ]

    def __str__(self) -> str:
        return self.label_zh
