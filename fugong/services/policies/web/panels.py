from __future__ import annotations

from datetime import date

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fugong.core.registries import Panel, enterprise_panels
from fugong.core.viewer import Viewer
from fugong.record.incidents.selectors import incident_by_id
from fugong.record.registry.selectors.enterprises import enterprise_for
from fugong.services.policies.permissions import can_see_measures
from fugong.services.policies.selectors.offers import offers_for
from fugong.services.policies.web.tables import offer_row

_SHOWN = 5


def measures(viewer: Viewer, enterprise_id: int, incident_id: int, day: date) -> str:
    """What the enterprise is entitled to on the day, what is undecided, and the way to the whole."""
    slug = incident_by_id(incident_id).slug
    found = offers_for(viewer, enterprise_for(viewer, enterprise_id), day)
    context = {
        "rows": [
            offer_row(offer, reverse("policies:measure", args=[slug, offer.version.measure.code]))
            for offer in [*found.yes, *found.unknown][:_SHOWN]
        ],
        "counts": {"yes": len(found.yes), "unknown": len(found.unknown), "no": len(found.no)},
        "url": reverse("policies:offers", args=[slug, enterprise_id]),
    }
    return render_to_string("policies/includes/panel.html", context)


enterprise_panels.register(
    "policies.measures",
    Panel("policies.measures", 35, _("Measures"), measures, may=lambda viewer: bool(can_see_measures(viewer))),
)
