"""The rollup: what was counted of a day, which days wait for a new count, and the number that tells boards to look."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from fugong.base.areas.models import Area
from fugong.core import constraints
from fugong.record.incidents.models import Incident


class Measure(models.Model):
    """What is counted, without names and words: metric, scope, exclusions, base and hour, told by their digest.

    Two indicators that count the same share one; a changed definition is another one, so that neither overwrites the
    other's figures.
    """

    digest = models.TextField(_("SHA-256 of what is counted"))
    metric = models.TextField(_("metric"))

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ["pk"]
        constraints = [
            constraints.unique("measure_once", "digest", message=_("This measure is known already.")),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.digest[:8]}"


class CountedDay(models.Model):
    """A day was counted by a measure; its cells are those of the whole incident as they stood at `as_of`."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="counted_days")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="days")
    day = models.DateField(_("day"))
    as_of = models.DateTimeField(_("as of"))

    class Meta:
        verbose_name = _("counted day")
        verbose_name_plural = _("counted days")
        ordering = ["day", "pk"]
        constraints = [
            constraints.unique(
                "counted_day_once", "incident", "day", "measure", message=_("This day is counted already.")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.measure_id}"


class FigureCell(models.Model):
    """What an area that manages enterprises adds to a figure of a day. A cell that would be 0 of 0 is no row.

    `is_bounded`: the numerator is a part of the denominator. Only capacity, and what is no rate, may exceed it.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="figure_cells")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="cells")
    day = models.DateField(_("day"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="figure_cells")
    numerator = models.DecimalField(_("numerator"), max_digits=20, decimal_places=3)
    denominator = models.DecimalField(_("denominator"), max_digits=20, decimal_places=3)
    is_bounded = models.BooleanField(_("a part of the whole"), default=True)

    class Meta:
        verbose_name = _("cell of a figure")
        verbose_name_plural = _("cells of figures")
        ordering = ["day", "area"]
        constraints = [
            constraints.unique(
                "figure_cell_once", "incident", "measure", "day", "area", message=_("This cell is counted already.")
            ),
            constraints.check(
                "figure_cell_not_negative",
                Q(numerator__gte=0, denominator__gte=0),
                _("A count cannot be negative."),
            ),
            constraints.check(
                "figure_cell_part_of_whole",
                Q(is_bounded=False) | Q(numerator__lte=F("denominator")),
                _("Only the capacity used may exceed 100 per cent."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.area_id} {self.numerator}/{self.denominator}"


class FigureMark(models.Model):
    """Days of an area that are to be counted anew; written in the transaction of what changed them.

    `area` None: every area of the incident; `last_day` None: up to today.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="figure_marks")
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="figure_marks")
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"), null=True)
    # When it was written, by the database's clock: how long it waits has nothing to do with the day of the incident.
    made_at = models.DateTimeField(_("made at"), db_default=Now())

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        ordering = ["pk"]
        constraints = [
            constraints.not_before(
                "figure_mark_in_order", "first_day", "last_day", _("A mark cannot end before it begins.")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.first_day}"


class FigureVersion(models.Model):
    """A number per incident and area that rises with each new count: boards ask for it alone."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="figure_versions")
    area = models.ForeignKey(Area, models.PROTECT, related_name="figure_versions")
    version = models.BigIntegerField(_("version"), default=1)
    as_of = models.DateTimeField(_("as of"))

    class Meta:
        verbose_name = _("version of figures")
        verbose_name_plural = _("versions of figures")
        ordering = ["pk"]
        constraints = [
            constraints.unique(
                "figure_version_once", "incident", "area", message=_("This area has a version already.")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} v{self.version}"
