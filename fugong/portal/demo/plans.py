"""One plan per enterprise in the demonstration city, drafted four days before the morning it is shown."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation

from fugong.base.accounts.selectors import user_named, viewer_for
from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.portal.demo import people
from fugong.portal.demo.plan import MORNING
from fugong.record.incidents.models import Incident
from fugong.record.liaison.actions.plans import Wanted, add_item, agree_to_plan, change_item, draft_plans
from fugong.record.liaison.models import EnterprisePlan
from fugong.record.registry.models import Enterprise
from fugong.record.registry.selectors.officers import looked_after

_BEFORE = 4
_OTHERS = 120


def tell_plans(*, actor: Viewer, incident: Incident) -> None:
    """Plans of the officer's own enterprises, two of them agreed, and first drafts of others of her county."""
    her = user_named(people.LIAISON[0])
    assert her is not None
    day = MORNING - timedelta(days=_BEFORE)
    at = datetime.combine(day, time(16), ZoneInfo(settings.TIME_ZONE))
    with translation.override("zh-hans"), clock.set_to(at):
        viewer = viewer_for(her, day)
        own = list(looked_after(viewer).active_on(day))
        draft_plans(actor=viewer, incident=incident, enterprises=own)
        _written(viewer, day)
        county = Enterprise.objects.standing().active_on(day)
        county = county.filter(managing_area__path__contains=f"/{people.COUNTY}/", plans=None)
        others = list(county.select_related("managing_area").order_by("name", "pk")[:_OTHERS])
        draft_plans(actor=actor, incident=incident, enterprises=others)


def _written(viewer: Viewer, day: date) -> None:
    """What people wrote into the first two: an owner, a day, something that no fact asks for."""
    plans = EnterprisePlan.objects.filter(drafted_by_name=viewer.name).select_related("enterprise")
    for number, plan in enumerate(plans.exclude(items=None).distinct().order_by("pk")[:2]):
        first = plan.items.order_by("pk").first()
        assert first is not None
        change_item(
            actor=viewer,
            item=first,
            wanted=Wanted(is_enterprises=True, due_on=day + timedelta(days=3 + number)),
        )
        wanted = Wanted(
            title="食堂错时就餐", goal="同桌间隔1米以上", is_enterprises=True, due_on=day + timedelta(days=6)
        )
        add_item(actor=viewer, plan=plan, wanted=wanted)
        agree_to_plan(actor=viewer, plan=plan)
