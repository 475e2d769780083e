from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.core.plans import PlanSource, plan_sources
from fugong.core.registries import NavigationEntry, navigation
from fugong.core.roles import Role
from fugong.services.policies.logic.plan_words import plan_words
from fugong.services.policies.permissions import can_see_measures
from fugong.services.policies.selectors import plan

navigation.register(
    "policies.my",
    NavigationEntry(
        name="policies.my",
        order=20,
        label=_("Measures"),
        icon="gift",
        url_name="policies_my:mine",
        per_incident=False,
        may=lambda viewer: viewer.has(Role.REPORTER),
    ),
)
navigation.register(
    "policies.catalogue",
    NavigationEntry(
        name="policies.catalogue",
        order=45,
        label=_("Measures"),
        icon="gift",
        url_name="policies:catalogue",
        per_incident=True,
        may=lambda viewer: bool(can_see_measures(viewer)),
    ),
)
plan_sources.register(
    "policies", PlanSource("policies", 40, _("Measure"), plan.plan_facts, plan.plan_progress, plan_words)
)
