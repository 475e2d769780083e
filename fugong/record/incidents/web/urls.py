from __future__ import annotations

from django.urls import path

from fugong.record.incidents.web import views

app_name = "incidents"
urlpatterns = [
    path("", views.areas, name="areas"),
    path("<slug:code>/risk/", views.risk, name="risk"),
]
