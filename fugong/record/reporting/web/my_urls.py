from __future__ import annotations

from django.urls import path

from fugong.record.reporting.web.views import drafts, my, sending, together

app_name = "reporting"
urlpatterns = [
    path("", my.home, name="home"),
    path("worker.js", sending.worker, name="worker"),
    path("token/", sending.token, name="token"),
    path("together/", together.together, name="together"),
    path("outbox/", sending.outbox, name="outbox"),
    path("<int:pk>/history/", my.history, name="history"),
    path("<int:pk>/<slug:incident>/", my.report, name="report"),
    path("<int:pk>/<slug:incident>/draft/", drafts.draft, name="draft"),
    path("<int:pk>/<slug:incident>/send/", sending.send, name="send"),
    path("<int:pk>/<slug:incident>/same/", my.same_as_before, name="same"),
    path("<int:pk>/<slug:incident>/receipt/", my.receipt, name="receipt"),
]
