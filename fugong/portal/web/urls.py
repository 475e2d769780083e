from __future__ import annotations

from django.urls import path

from fugong.portal.web import views

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz/", views.healthz, name="healthz"),
    path("language/", views.language, name="language"),
    path("large-type/", views.large_type, name="large_type"),
]
