from __future__ import annotations

from datetime import date

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fugong.base.areas.models import Area
from fugong.core import constraints
from fugong.core.text import in_language
from fugong.services.policies.enums import Aspect, TextState, VersionState
from fugong.services.policies.logic.parsing import read_rule
from fugong.services.policies.logic.rule import Rule, within_place
from fugong.services.policies.models.document import PolicyDocument


class Measure(models.Model):
    """A measure over time; what it says on a day stands in its versions. `area`: whose clerk keeps it."""

    code = models.TextField(_("short name"))
    title = models.TextField(_("title"))
    title_en = models.TextField(_("title in English"), blank=True)
    aspect = models.TextField(_("aspect"), choices=Aspect.choices)
    area = models.ForeignKey(Area, models.PROTECT, related_name="measures", verbose_name=_("kept in"))

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ["title", "pk"]
        constraints = [
            constraints.unique("policy_measure_once", "code", message=_("This short name is taken.")),
            constraints.check(
                "policy_measure_code_form",
                Q(code__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$"),
                _("A short name has small letters, digits and hyphens."),
            ),
            constraints.one_of(
                "policy_measure_aspect_known", "aspect", Aspect.values, _("This aspect does not exist.")
            ),
        ]

    def __str__(self) -> str:
        return in_language({"zh": self.title, "en": self.title_en})


class MeasureVersionQuerySet(models.QuerySet["MeasureVersion"]):
    def published(self) -> MeasureVersionQuerySet:
        return self.filter(state=VersionState.PUBLISHED)

    def begun_on(self, day: date) -> MeasureVersionQuerySet:
        """Of each measure the published version that stood last by the day; it may have ended since."""
        begun = self.published().filter(valid_from__lte=day)
        return begun.order_by("measure_id", "-valid_from").distinct("measure_id")

    def binding(self, area_code: str) -> MeasureVersionQuerySet:
        """Those that bind in the area of this code."""
        beginnings = [area_code[:length] for length in range(len(area_code) + 1)]
        return self.filter(document__place_code__in=beginnings)


class MeasureVersion(models.Model):
    """What a measure says from a day on. `rule` is data (logic/parsing.py); null where only the title is known.

    `deadline_on`: the last day to apply; null where none is known, or nothing is applied for. A published version is
    changed by the files it came from only (actions/loading.py); else a later one takes its place.
    """

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="versions")
    document = models.ForeignKey(PolicyDocument, models.PROTECT, related_name="versions")
    state = models.TextField(_("state"), choices=VersionState.choices, default=VersionState.DRAFT)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    deadline_on = models.DateField(_("apply by"), null=True, blank=True)
    competent_body = models.TextField(_("competent body"))
    text_state = models.TextField(_("state of the text"), choices=TextState.choices)
    how = models.TextField(_("how to get it"), blank=True)
    plain = models.TextField(_("in plain words"), blank=True)
    plain_en = models.TextField(_("in plain words, English"), blank=True)
    rule = models.JSONField(_("rule"), null=True, blank=True)
    # What is searched: pairs of Chinese characters, words of other letters (logic/searching.py).
    words = models.TextField(_("search words"), blank=True)
    entered_at = models.DateTimeField(_("entered at"))
    entered_by_name = models.TextField(_("entered by"))
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_by_name = models.TextField(_("published by"), blank=True)
    matched_on = models.DateField(_("matched as of"), null=True, blank=True)

    objects = MeasureVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a measure")
        verbose_name_plural = _("versions of measures")
        ordering = ["measure", "-valid_from", "pk"]
        constraints = [
            constraints.one_of(
                "policy_version_state_known", "state", VersionState.values, _("This state does not exist.")
            ),
            constraints.one_of(
                "policy_version_text_known", "text_state", TextState.values, _("This state of a text does not exist.")
            ),
            constraints.not_before(
                "policy_version_in_order", "valid_from", "valid_to", _("A measure cannot end before it begins.")
            ),
            constraints.unique(
                "policy_version_once",
                "measure",
                "valid_from",
                message=_("Another version of this measure begins on this day."),
                while_=Q(state=VersionState.PUBLISHED),
            ),
            constraints.check(
                "policy_version_title_decides_nothing",
                ~Q(text_state=TextState.TITLE) | Q(rule__isnull=True),
                _("Of a measure whose text is unknown nothing is decided: leave the rule out."),
            ),
            constraints.check(
                "policy_version_text_has_rule",
                Q(text_state=TextState.TITLE) | Q(rule__isnull=False),
                _("Say whom it is for; an empty rule means everybody."),
            ),
            constraints.check(
                "policy_version_published_at_a_time",
                Q(state=VersionState.DRAFT, published_at__isnull=True)
                | Q(state=VersionState.PUBLISHED, published_at__isnull=False),
                _("A published version has the time of its publication."),
            ),
        ]
        indexes = [
            GinIndex(SearchVector("words", config="simple"), name="policy_version_words"),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.valid_from}"

    @property
    def is_published(self) -> bool:
        return self.state == VersionState.PUBLISHED

    @property
    def last_day(self) -> date | None:
        """Its own last day, or that of its document where that comes first."""
        days = [day for day in (self.valid_to, self.document.valid_to) if day is not None]
        return min(days, default=None)

    def ended_by(self, day: date) -> bool:
        """It is over on the day: shown as a mark, never offered."""
        return self.last_day is not None and self.last_day < day

    def read(self) -> Rule | None:
        """The rule with its place; None where only the title is known."""
        return None if self.rule is None else within_place(read_rule(self.rule), self.document.place_code)

    @property
    def plain_words(self) -> str:
        """The explanation in the reader's language, else in Chinese."""
        return in_language({"zh": self.plain, "en": self.plain_en})
