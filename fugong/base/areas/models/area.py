from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from fugong.base.areas.enums import AreaLevel
from fugong.core import constraints
from fugong.core.text import in_language


class AreaQuerySet(models.QuerySet["Area"]):
    def within(self, area: Area) -> AreaQuerySet:
        """The area and everything beneath it."""
        return self.filter(path__startswith=area.path)

    def valid_on(self, day: date) -> AreaQuerySet:
        ended = Q(valid_to__isnull=True) | Q(valid_to__gte=day)
        return self.filter(ended, Q(valid_from__isnull=True) | Q(valid_from__lte=day))


class Area(models.Model):
    """A place that is administered. `path` is the codes from the root down, each ended by `/`.

    `is_reporting`: one of the areas whose figures add up to the whole (8 counties and 3 zones in the first city).
    `successor` of an abolished area is the one that took it over.
    """

    code = models.TextField(_("code"), unique=True)
    name = models.TextField(_("name"))
    name_en = models.TextField(_("name in English"), blank=True)
    short_name = models.TextField(_("short name"), blank=True)
    level = models.TextField(_("level"), choices=AreaLevel.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.TextField(_("path"), unique=True)
    is_local = models.BooleanField(_("local code"), default=False)
    is_reporting = models.BooleanField(_("reporting area"), default=False)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors")

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["code"]
        constraints = [
            constraints.one_of("area_level_known", "level", AreaLevel.values, _("This level does not exist.")),
            constraints.not_before(
                "area_validity_in_order", "valid_from", "valid_to", _("An area cannot end before it begins.")
            ),
            constraints.check(
                "area_path_ends_with_code",
                Q(path__endswith=Concat(F("code"), Value("/"))),
                _("The path must end with the area's own code."),
            ),
            constraints.check(
                "area_reporting_level",
                Q(is_reporting=False) | Q(level__in=[AreaLevel.COUNTY, AreaLevel.ZONE]),
                _("Only counties, districts and zones are reporting areas."),
            ),
        ]

    def __str__(self) -> str:
        return in_language({"zh": self.name, "en": self.name_en or self.name})
