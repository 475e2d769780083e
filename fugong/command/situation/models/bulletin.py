from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fugong.base.areas.models import Area
from fugong.command.situation.enums import BulletinKind, BulletinState
from fugong.command.situation.models.bulletin_members import BulletinMembers
from fugong.core import constraints
from fugong.record.incidents.models import Incident

_PUBLISHED = Q(state=BulletinState.PUBLISHED)


class NotCounted(RuntimeError):
    """The figures of this draft are not counted yet."""


class BulletinQuerySet(models.QuerySet["Bulletin"]):
    def whole(self) -> BulletinQuerySet:
        """With its incident, its area and the figures it was given."""
        return self.select_related("members", "area", "incident")


class Bulletin(models.Model):
    """An official report on days of an area: its text, and the figures that it was given (`members`).

    A draft has no number. Published, it is never changed again (a trigger refuses); a later correction is a bulletin of
    its own with the same number and the next `revision`, which says in `reason` why. `edition` counts its savings, so
    that nobody overwrites what another has written meanwhile. `seal` is that of the day's trail.

    Figures are counted by a job: from `figures_asked_at` until it is done the draft waits for them; `figures_failed`
    says why they could not be counted.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="bulletins")
    area = models.ForeignKey(Area, models.PROTECT, related_name="bulletins")
    kind = models.TextField(_("kind"), choices=BulletinKind.choices)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    title = models.TextField(_("title"))
    text = models.TextField(_("text"))
    red_head = models.BooleanField(_("red head"), default=True)
    edition = models.IntegerField(_("edition"), default=1)
    state = models.TextField(_("state"), choices=BulletinState.choices, default=BulletinState.DRAFT)
    members = models.ForeignKey(BulletinMembers, models.PROTECT, null=True, blank=True, related_name="bulletins")
    figures_asked_at = models.DateTimeField(_("figures asked for at"), null=True, blank=True)
    figures_failed = models.TextField(_("why no figures"), blank=True)
    revises = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="revised_by")
    reason = models.TextField(_("reason for the revision"), blank=True)
    year = models.IntegerField(_("year"), null=True, blank=True)
    number = models.IntegerField(_("number"), null=True, blank=True)
    revision = models.IntegerField(_("revision"), default=1)
    drafted_by_id = models.BigIntegerField(_("drafted by"), null=True)
    drafted_by_name = models.TextField(_("drafted by"))
    drafted_at = models.DateTimeField(_("drafted at"))
    edited_by_id = models.BigIntegerField(_("last edited by"), null=True)
    edited_by_name = models.TextField(_("last edited by"))
    edited_at = models.DateTimeField(_("last edited at"))
    # Everybody who has written of it: none of them approves it.
    written_by_ids = ArrayField(models.BigIntegerField(), verbose_name=_("written by"), default=list, blank=True)
    returned_because = models.TextField(_("sent back because"), blank=True)
    approved_by_id = models.BigIntegerField(_("approved by"), null=True, blank=True)
    approved_by_name = models.TextField(_("approved by"), blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    seal = models.TextField(_("seal of the trail"), blank=True)

    objects = BulletinQuerySet.as_manager()

    class Meta:
        verbose_name = _("bulletin")
        verbose_name_plural = _("bulletins")
        ordering = ["-last_day", "-pk"]
        constraints = [
            constraints.one_of(
                "bulletin_kind_known", "kind", BulletinKind.values, _("This kind of bulletin does not exist.")
            ),
            constraints.one_of("bulletin_state_known", "state", BulletinState.values, _("This state does not exist.")),
            constraints.not_before(
                "bulletin_days_in_order", "first_day", "last_day", _("The last day lies before the first.")
            ),
            constraints.check(
                "bulletin_counted_before_approval",
                Q(state=BulletinState.DRAFT) | Q(members__isnull=False, figures_asked_at__isnull=True),
                _("A bulletin goes to approval with its figures, and they are counted for drafts only."),
            ),
            constraints.check(
                "bulletin_numbered_when_published",
                (_PUBLISHED & Q(year__isnull=False, number__gte=1, published_at__isnull=False))
                | (~_PUBLISHED & Q(year__isnull=True, number__isnull=True, published_at__isnull=True)),
                _("A bulletin has its number when it is published, and not before."),
            ),
            constraints.check(
                "bulletin_approved_by_another",
                Q(approved_by_id__isnull=True)
                | (
                    ~Q(approved_by_id=F("drafted_by_id"), drafted_by_id__isnull=False)
                    & ~Q(approved_by_id=F("edited_by_id"), edited_by_id__isnull=False)
                    & ~Q(written_by_ids__contains=[F("approved_by_id")])
                ),
                _("Whoever wrote a bulletin does not approve it."),
            ),
            constraints.check(
                "bulletin_published_by_somebody",
                ~_PUBLISHED | ~Q(approved_by_name=""),
                _("A published bulletin names who approved it."),
            ),
            constraints.check(
                "bulletin_revision_has_reason",
                Q(revision=1, revises__isnull=True) | (Q(revision__gte=2, revises__isnull=False) & ~Q(reason="")),
                _("A revision says which bulletin it revises, and why."),
            ),
            constraints.unique(
                "bulletin_number_once",
                "area",
                "year",
                "number",
                "revision",
                message=_("This number is given already."),
                while_=_PUBLISHED,
            ),
        ]
        indexes = [models.Index(fields=["incident", "area", "-last_day", "-id"], name="bulletin_by_area_and_day")]

    def __str__(self) -> str:
        return f"{self.year}/{self.number} r{self.revision}" if self.number else f"{self.kind} {self.last_day}"

    def note_writer(self, person: int | None) -> None:
        """Somebody writes of it; not saved yet."""
        if person is not None and person not in self.written_by_ids:
            self.written_by_ids = [*self.written_by_ids, person]

    @property
    def published_day(self) -> date | None:
        """The day of publishing at the place, which the document is dated with."""
        return timezone.localtime(self.published_at).date() if self.published_at else None

    @property
    def is_counting(self) -> bool:
        """A job is at work on its figures, or waits to be."""
        return self.figures_asked_at is not None

    @property
    def is_counted(self) -> bool:
        """It has figures; a job may be counting others for it."""
        return self.members_id is not None

    @property
    def made_of(self) -> str:
        """Which text and figures it consists of: equal when a document made of it would be."""
        if self.is_published:
            return f"published {self.number}.{self.revision}"
        return f"{self.state} {self.edition} {self.members_id}"

    @property
    def frozen(self) -> BulletinMembers:
        """Its figures with who is behind them. Raises `NotCounted` while there are none."""
        if self.members is None:
            raise NotCounted(str(self))
        return self.members

    @property
    def is_published(self) -> bool:
        return self.state == BulletinState.PUBLISHED


class BulletinSeries(models.Model):
    """The last number that an area's bulletins of a year have reached; taken under a lock, so that none is left out."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    year = models.IntegerField(_("year"))
    last = models.IntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("series of numbers")
        verbose_name_plural = _("series of numbers")
        ordering = ["area", "year"]
        constraints = [
            constraints.unique(
                "bulletin_series_once", "area", "year", message=_("The series of this year exists already.")
            ),
            constraints.check("bulletin_series_not_negative", Q(last__gte=0), _("Numbers count from 1.")),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.year} {self.last}"
