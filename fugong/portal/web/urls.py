from __future__ import annotations

from django.urls import path

from fugong.portal.web import status, views

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz/", status.healthz, name="healthz"),
    path("readyz/", status.readyz, name="readyz"),
    path("metrics/", status.metrics_page, name="metrics"),
    path("system/", status.status, name="status"),
    path("language/", views.language, name="language"),
    path("large-type/", views.large_type, name="large_type"),
]
