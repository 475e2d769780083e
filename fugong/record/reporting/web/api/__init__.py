"""This room's part of the interface: reports, what a playbook asks, totals of areas."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.core.registries import ApiRouter, api_routers
from fugong.record.reporting.web.api import reports, totals

api_routers.register("reports", ApiRouter("reports", 10, _("Daily reports"), reports.router))
api_routers.register("totals", ApiRouter("totals", 20, _("Totals of areas"), totals.router))
