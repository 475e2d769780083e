from __future__ import annotations

from django.urls import path

from fugong.record.reporting.web.views import behalf, items, missing, times, totals

app_name = "reports"
urlpatterns = [
    path("", missing.missing, name="missing"),
    path("export/", missing.export, name="export"),
    path("remind/", missing.remind, name="remind"),
    path("behalf/", behalf.behalf, name="behalf"),
    path("totals/", totals.totals, name="totals"),
    path("totals/state/", totals.state, name="state_total"),
    path("items/", items.items, name="items"),
    path("items/ask/", items.ask, name="ask_item"),
    path("items/<int:pk>/end/", items.end, name="end_item"),
    path("times/", times.times, name="times"),
    path("times/due/", times.due, name="due"),
    path("times/lock/", times.lock, name="lock"),
    path("times/open/", times.open_day, name="open"),
]
