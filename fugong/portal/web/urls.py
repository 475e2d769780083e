from __future__ import annotations

from django.urls import path

from fugong.portal.web import api_pages, status, views

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz/", status.healthz, name="healthz"),
    path("readyz/", status.readyz, name="readyz"),
    path("metrics/", status.metrics_page, name="metrics"),
    path("system/", status.status, name="status"),
    path("language/", views.language, name="language"),
    path("api/v1/openapi.json", api_pages.openapi, name="api_openapi"),
    path("api/v1/docs", api_pages.docs, name="api_docs"),
    path("large-type/", views.large_type, name="large_type"),
]
