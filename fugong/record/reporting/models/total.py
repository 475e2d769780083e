from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fugong.base.areas.models import Area
from fugong.core import constraints
from fugong.record.incidents.models import Incident
from fugong.record.reporting.enums import PeopleUnit
from fugong.record.reporting.logic.totals import RATE, TotalValues

_NO_PEOPLE = Q(roster__isnull=True, on_post__isnull=True)


class AreaTotal(models.Model):
    """What a body states of an area for a day, where enterprises do not report singly.

    `scope` is the part of the economy in the body's words (规上工业, 房建项目), "" for all of the area. The rates
    stand as they were typed, in per cent, to be held against the counts. `counts` true: figures of this area, scope
    and day take this total and leave the single reports of the area out; false: it only stands beside them.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="area_totals")
    area = models.ForeignKey(Area, models.PROTECT, related_name="totals", verbose_name=_("area"))
    day = models.DateField(_("day"))
    scope = models.TextField(_("part of the economy"), blank=True)
    enterprises = models.IntegerField(_("enterprises in all"), null=True, blank=True)
    enterprises_open = models.IntegerField(_("enterprises open"), null=True, blank=True)
    roster = models.IntegerField(_("people on the roster"), null=True, blank=True)
    on_post = models.IntegerField(_("people on post"), null=True, blank=True)
    people_unit = models.TextField(
        _("unit of the people"), choices=PeopleUnit.choices, default=PeopleUnit.NONE, blank=True
    )
    opening_rate = models.TextField(_("opening rate as given"), blank=True)
    return_rate = models.TextField(_("return rate as given"), blank=True)
    as_of = models.TimeField(_("as of"), null=True, blank=True)
    source = models.TextField(_("source"))
    remark = models.TextField(_("remark"), blank=True)
    counts = models.BooleanField(_("counts instead of single reports"), default=False)
    entered_by_id = models.BigIntegerField(_("account"), null=True)
    entered_by_name = models.TextField(_("entered by"))
    entered_at = models.DateTimeField(_("entered at"))
    revision = models.IntegerField(_("revision"), default=1)

    class Meta:
        verbose_name = _("total of an area")
        verbose_name_plural = _("totals of areas")
        ordering = ["-day", "area", "scope"]
        constraints = [
            constraints.unique(
                "area_total_once_a_day",
                "incident",
                "area",
                "day",
                "scope",
                message=_("This area has a total of this day already."),
            ),
            constraints.check(
                "area_total_says_something",
                ~(Q(enterprises__isnull=True, enterprises_open__isnull=True) & _NO_PEOPLE),
                _("Write at least one number."),
            ),
            *(
                constraints.check(
                    f"area_total_{name}_not_negative",
                    Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__gte": 0}),
                    _("A count cannot be negative."),
                )
                for name in ("enterprises", "enterprises_open", "roster", "on_post")
            ),
            constraints.check(
                "area_total_open_within_all",
                Q(enterprises__isnull=True)
                | Q(enterprises_open__isnull=True)
                | Q(enterprises_open__lte=F("enterprises")),
                _("More enterprises are open than there are."),
            ),
            constraints.check(
                "area_total_on_post_within_roster",
                Q(roster__isnull=True) | Q(on_post__isnull=True) | Q(on_post__lte=F("roster")),
                _("More people on post than on the roster. Lower it, or change the roster first."),
            ),
            # Of one row both numbers of people are in one unit, so that no rate mixes people with person-times.
            constraints.check(
                "area_total_people_have_unit",
                Q(people_unit=PeopleUnit.NONE) & _NO_PEOPLE | ~Q(people_unit=PeopleUnit.NONE) & ~_NO_PEOPLE,
                _("Numbers of people need their unit: people or person-times."),
            ),
            constraints.one_of(
                "area_total_unit_known", "people_unit", PeopleUnit.values, _("This unit does not exist.")
            ),
            *(
                constraints.check(
                    f"area_total_{name}_readable",
                    Q(**{name: ""}) | Q(**{f"{name}__regex": RATE}),
                    _("A rate is written in per cent, such as 85.89."),
                )
                for name in ("opening_rate", "return_rate")
            ),
            constraints.check("area_total_has_source", ~Q(source=""), _("Say where the total comes from.")),
            constraints.check("area_total_revision_positive", Q(revision__gte=1), _("Revisions count from 1.")),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.day} {self.scope}"

    def said(self) -> TotalValues:
        """What the total says, as the checks read it."""
        return TotalValues(
            enterprises=self.enterprises,
            enterprises_open=self.enterprises_open,
            roster=self.roster,
            on_post=self.on_post,
            people_unit=self.people_unit,
            opening_rate=self.opening_rate,
            return_rate=self.return_rate,
        )


class SupersededAreaTotal(models.Model):
    """A total as it stood until a correction."""

    total = models.ForeignKey(AreaTotal, models.PROTECT, related_name="superseded")
    revision = models.IntegerField(_("revision"))
    values = models.JSONField(_("values"))
    entered_by_id = models.BigIntegerField(_("account"), null=True)
    entered_by_name = models.TextField(_("entered by"))
    entered_at = models.DateTimeField(_("entered at"))

    class Meta:
        verbose_name = _("superseded total of an area")
        verbose_name_plural = _("superseded totals of areas")
        ordering = ["total", "revision"]
        constraints = [
            constraints.unique(
                "superseded_total_once", "total", "revision", message=_("This revision is in the history already.")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.total_id} r{self.revision}"
