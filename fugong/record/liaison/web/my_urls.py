from __future__ import annotations

from django.urls import path

from fugong.record.liaison.web.views import field, sending

app_name = "field"
urlpatterns = [
    path("", field.today, name="today"),
    path("paper/", field.paper, name="paper"),
    path("<int:pk>/", field.enterprise, name="enterprise"),
    path("<int:pk>/call/<int:contact>/", field.call, name="call"),
    path("<int:pk>/visit/", sending.visit, name="visit"),
    path("<int:pk>/visit/send/", sending.send_visit, name="send_visit"),
    path("<int:pk>/ask/", sending.ask, name="ask"),
    path("<int:pk>/ask/send/", sending.send_ask, name="send_ask"),
    path("<int:pk>/plan/", field.plan, name="plan"),
    path("<int:pk>/plan/<int:plan_pk>/cancel/", field.plan_cancel, name="plan_cancel"),
]
