from __future__ import annotations

from django.urls import path

from fugong.record.reporting.web.views import behalf, exports, items, missing, times, totals

app_name = "reports"
urlpatterns = [
    path("", missing.missing, name="missing"),
    path("export/", exports.export, name="export"),
    path("export/<int:pk>/", exports.export_run, name="export_run"),
    path("export/<int:pk>/file/", exports.export_file, name="export_file"),
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
