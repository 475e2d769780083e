from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import F, FilteredRelation, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from fugong.base.areas.models import Area
from fugong.core import constraints
from fugong.core.viewer import Viewer
from fugong.record.registry.enums import EnterpriseKind, GrantCapacity
from fugong.record.registry.models.search import looked_up, read_through


class EnterpriseQuerySet(models.QuerySet["Enterprise"]):
    def active_on(self, day: date) -> EnterpriseQuerySet:
        """Established on or before the day (or at an unknown time), not closed then, and never one that was merged.

        The days between a closing and a reopening stay closed days.
        """
        return self.active_on_or(day, Q())

    def active_on_or(self, day: date, also: Q) -> EnterpriseQuerySet:
        """The same, and those of which `also` holds, unless they were merged."""
        begun = Q(established_on__isnull=True) | Q(established_on__lte=day)
        shut = FilteredRelation("closures", condition=Q(closures__closed_on__lte=day, closures__reopened_on__gt=day))
        unclosed = Q(closed_on__isnull=True) | Q(closed_on__gt=day)
        # Asked of the column that joins: only so does PostgreSQL see an anti-join and estimate it rightly.
        active = begun & unclosed & Q(shut__enterprise__isnull=True)
        return self.standing().annotate(shut=shut).filter(active | also if also else active)

    def standing(self) -> EnterpriseQuerySet:
        """Without the tombstones of those that were merged into another."""
        return self.filter(merged_into__isnull=True)

    def with_area_on(self, day: date) -> EnterpriseQuerySet:
        """Each with `area_on_day`: the id of the area that managed it on the day."""
        stay = FilteredRelation(
            "moves",
            condition=Q(moves__moved_on__gt=day) & (Q(moves__held_since__isnull=True) | Q(moves__held_since__lte=day)),
        )
        return self.annotate(stay=stay, area_on_day=Coalesce("stay__from_area_id", "managing_area_id"))

    def managed_within(self, viewer: Viewer) -> EnterpriseQuerySet:
        """Those in the areas of the viewer's mandates."""
        return self if viewer.covers_root else self.filter(managing_area_id__in=viewer.area_ids)

    def granted_to(self, viewer: Viewer, capacity: GrantCapacity) -> EnterpriseQuerySet:
        """Those the viewer may act for in this capacity."""
        return self.filter(pk__in=viewer.enterprises(capacity))

    def named_like(self, text: str) -> EnterpriseQuerySet:
        """A part of the name, or the beginning of the code."""
        return self.filter(looked_up(text))

    def named_like_many(self, text: str) -> EnterpriseQuerySet:
        """The same rows, for words that very many names have."""
        return self.filter(read_through(text))


class Enterprise(models.Model):
    """A unit of the register. `managing_area` counts it; `registered_area` is what its code says.

    `uscc` is the unified social credit code (GB 32100-2015); a shop without one carries a provisional id. One with
    `merged_into` is a tombstone: it was the same as that one, leads to it, and counts on no day.
    """

    uscc = models.TextField(_("unified social credit code"), null=True, blank=True)
    provisional_id = models.TextField(_("provisional id"), null=True, blank=True)
    name = models.TextField(_("name"))
    kind = models.TextField(_("kind"), choices=EnterpriseKind.choices, default=EnterpriseKind.ENTERPRISE)
    managing_area = models.ForeignKey(
        Area, models.PROTECT, related_name="managed_enterprises", verbose_name=_("managing area")
    )
    registered_area = models.ForeignKey(
        Area,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="registered_enterprises",
        verbose_name=_("registered area"),
    )
    established_on = models.DateField(_("established on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    registered_address = models.TextField(_("registered address"), blank=True)
    business_scope = models.TextField(_("business scope"), blank=True)
    capital_amount = models.DecimalField(
        _("registered capital"), max_digits=20, decimal_places=2, null=True, blank=True
    )
    capital_currency = models.TextField(_("currency"), blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("merged into")
    )
    merged_at = models.DateTimeField(_("merged at"), null=True, blank=True)
    created_at = models.DateTimeField(_("entered at"))
    updated_at = models.DateTimeField(_("changed at"))

    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        verbose_name = _("enterprise")
        verbose_name_plural = _("enterprises")
        ordering = ["name", "pk"]
        constraints = [
            constraints.unique("enterprise_uscc_once", "uscc", message=_("This code is in the register already.")),
            constraints.unique(
                "enterprise_provisional_id_once", "provisional_id", message=_("This provisional id is taken.")
            ),
            constraints.check(
                "enterprise_identified",
                Q(uscc__isnull=False) | Q(provisional_id__isnull=False),
                _("An enterprise needs a credit code, or a provisional id until it has one."),
            ),
            constraints.check(
                "enterprise_uscc_form",
                Q(uscc__isnull=True) | Q(uscc__regex=r"^[0-9A-HJ-NPQRTUWXY]{18}$"),
                _("A credit code has 18 digits and capital letters, without I, O, S, V and Z."),
            ),
            constraints.one_of(
                "enterprise_kind_known", "kind", EnterpriseKind.values, _("This kind of enterprise does not exist.")
            ),
            constraints.not_before(
                "enterprise_life_in_order",
                "established_on",
                "closed_on",
                _("An enterprise cannot close before it is established."),
            ),
            constraints.check(
                "enterprise_capital_not_negative",
                Q(capital_amount__isnull=True) | Q(capital_amount__gte=Decimal(0)),
                _("Registered capital cannot be negative."),
            ),
            constraints.check(
                "enterprise_capital_has_currency",
                Q(capital_amount__isnull=True) | Q(capital_currency__regex=r"^[A-Z]{3}$"),
                _("Registered capital needs a currency."),
            ),
            constraints.check(
                "enterprise_merged_into_another",
                Q(merged_into__isnull=True) | ~Q(merged_into=F("pk")),
                _("An enterprise cannot be merged into itself."),
            ),
            constraints.check(
                "enterprise_merged_at_a_time",
                Q(merged_into__isnull=True, merged_at__isnull=True)
                | Q(merged_into__isnull=False, merged_at__isnull=False),
                _("A merged enterprise needs the time of the merge."),
            ),
        ]
        indexes = [
            models.Index(fields=["managing_area", "name", "id"], name="enterprise_by_area"),
            models.Index(fields=["name", "id"], name="enterprise_by_name"),
            # For conditions that few rows fulfil; the many are found by reading in order.
            models.Index(fields=["name", "id"], name="enterprise_closed", condition=Q(closed_on__isnull=False)),
            models.Index(fields=["name", "id"], name="enterprise_uncoded", condition=Q(uscc__isnull=True)),
            models.Index(
                fields=["kind", "name", "id"],
                name="enterprise_rare_kind",
                condition=Q(kind__in=[EnterpriseKind.BRANCH, EnterpriseKind.PUBLIC_BODY, EnterpriseKind.OTHER]),
            ),
            models.Index(fields=["uscc"], name="enterprise_code_begins", opclasses=["text_pattern_ops"]),
            models.Index(
                fields=["provisional_id"],
                name="enterprise_provisional_begins",
                opclasses=["text_pattern_ops"],
                condition=Q(provisional_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def in_business_on(self, day: date) -> bool:
        """The same as `active_on`, of a row at hand."""
        begun = self.established_on is None or self.established_on <= day
        return begun and (self.closed_on is None or self.closed_on > day)

    @property
    def code(self) -> str:
        """What identifies it on screens: the credit code, else the provisional id."""
        return self.uscc or self.provisional_id or ""
